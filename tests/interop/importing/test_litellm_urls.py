"""A call goes to the URL, and under the name, that the real LiteLLM calls: all providers, and their forms of a base."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from routecomp.interop.from_litellm.hosts import HOSTS
from tests.interop.importing.project import imported, router
from tests.interop.importing.test_litellm import config, deployment
from tests.interop.importing.test_litellm_names import CALLED
from tests.interop.peers import environment

RECORD = environment.ROOT / "tests" / "interop" / "peers" / "record_litellm.py"
KEY = "k-1234567890abcdef"
HOST = "https://gw.example.com"
OTHER = "https://unread.example.com"
BASES = ("", HOST, f"{HOST}/v1", f"{HOST}/x/", f"{HOST}/x/v1", f"{HOST}/v1/chat/completions")
BY_OTHER_MEANS = ("vertex_ai", "ollama", "openai_like")
"""Needs Google's own package; is asked what it has first; is refused by LiteLLM."""
LOST_AT: dict[str, set[str] | None] = {
    f"{HOST}/v1/chat/completions": None,
    f"{HOST}/v1": {"anthropic", "perplexity"},
    f"{HOST}/x/v1": {"anthropic", "perplexity"},
}
"""Bases at which LiteLLM's own URL repeats a path, and the providers of which it is so; None for any."""
Params = dict[str, str]


def cases() -> list[Params]:
    """Return the parameters of all calls: each provider at its own host and at others, and with `responses/`."""
    made: list[Params] = []
    for kind, host in HOSTS.items():
        for base in BASES if kind not in BY_OTHER_MEANS else ():
            if base or host.base or kind == "bedrock":
                made.append(call(f"{kind}/mm", base))
                if kind not in ("bedrock", "volcengine"):
                    made.append(call(f"{kind}/responses/mm", base))
        if kind not in BY_OTHER_MEANS:
            made.append(call(f"{kind}/mm", OTHER) | {"base_url": HOST})
    made.append(call("bedrock/mm", OTHER) | {"aws_bedrock_runtime_endpoint": HOST})
    made.append(call("bedrock/mm", OTHER) | {"aws_bedrock_runtime_endpoint": HOST, "base_url": f"{OTHER}/x"})
    made += [call("some-model", host.base) for kind, host in HOSTS.items() if host.base.startswith("https://")]
    return made


def call(model: str, base: str) -> Params:
    """Return the parameters of one call."""
    key = {} if model.startswith("bedrock/") else {"api_key": KEY}
    return {"model": model, **key} | ({"api_base": base} if base else {})


def read(lines: tuple[str, ...]) -> Params:
    """Return the parameters that lines of YAML say."""
    pairs = (line.partition(": ") for line in lines[1:])
    key = {} if lines[0].startswith("bedrock/") else {"api_key": KEY}
    return {"model": lines[0], **key, **{name: text.strip("'") for name, _, text in pairs}}


@pytest.mark.hard
@environment.NEEDED
def test_every_provider_is_called_where_litellm_calls_it(tmp_path: Path) -> None:
    calls = cases()
    entries = (deployment(f"m{n}", params["model"], *lines(params)) for n, params in enumerate(calls))
    made = imported(tmp_path, config(*entries))
    table = router(made)
    told = {field.key.split(".")[0] for field in made.report.fields if field.status in ("lost", "left-out")}
    wrong: list[tuple[Params, str | None, str | None]] = []
    for n, (params, (url, model)) in enumerate(zip(calls, environment.run(RECORD, {"calls": calls}), strict=True)):
        kind, base = params["model"].partition("/")[0], params.get("api_base", "")
        if not any(f"m{n}" in names.names for names in made.project.models):
            is_known = base in LOST_AT and kind in (LOST_AT[base] or HOSTS)
            if not (is_known or url is None) or f"model_list[{n}]" not in told:
                wrong.append((params, url, None))
            continue
        ours = table.resolve(model=f"m{n}")
        called = f"{HOST}/" if url == HOST else url  # the same request
        if (ours.url, ours.upstream_model) != (called, model or ours.upstream_model):
            wrong.append((params, url, ours.url))
    assert wrong == [], wrong


def lines(params: Params) -> list[str]:
    """Return parameters as lines of YAML."""
    return [f"{name}: {text}" for name, text in params.items() if name != "model"]


@pytest.mark.parametrize(
    ("model", "stated", "unread"),
    [
        ("openai/mm", {"base_url": HOST, "api_base": OTHER}, ["api_base"]),
        ("anthropic/mm", {"api_base": OTHER, "base_url": HOST}, ["api_base"]),
        ("deepseek/mm", {"base_url": HOST, "api_base": OTHER}, ["api_base"]),
        ("bedrock/mm", {"aws_bedrock_runtime_endpoint": HOST, "api_base": OTHER}, ["api_base"]),
        ("bedrock/mm", {"aws_bedrock_runtime_endpoint": HOST, "base_url": OTHER, "api_base": OTHER}, 2),
        ("openai/mm", {"base_url": HOST, "aws_bedrock_runtime_endpoint": OTHER}, []),
        ("openai/mm", {"api_base": HOST}, []),
    ],
)
def test_of_two_bases_the_one_that_is_called_counts(
    tmp_path: Path, model: str, stated: Params, unread: list[str] | int
) -> None:
    """The other one is told as lost, whatever their order."""
    made = imported(tmp_path, config(deployment("m", model, "api_key: os.environ/K", *lines(stated))))
    assert str(router(made).resolve(model="m").url).startswith(HOST)
    lost = [field.key.split(".")[-1] for field in made.report.fields if field.status == "lost"]
    assert (len(lost) if isinstance(unread, int) else lost) == unread, lost


@pytest.mark.hard
@environment.NEEDED
def test_the_table_of_names_is_what_litellm_calls() -> None:
    answers = environment.run(RECORD, {"calls": [read(each) for each in CALLED]})
    urls = (unquote(url).replace("/invoke", "/converse") for url, _ in answers)
    assert dict(zip(CALLED, urls, strict=True)) == {each: unquote(url) for each, url in CALLED.items()}
