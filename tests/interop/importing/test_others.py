"""TensorZero, Portkey and OpenRouter: what their files say becomes a project that chooses the same first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from routecomp.interop.catalogue import bundled
from routecomp.interop.environment import Environment
from routecomp.interop.located import NotThisError, read_json, read_toml
from routecomp.interop.sources import Given, read_source
from routecomp.interop.value import Kind, Value
from routecomp.interop.writer import project_files
from tests.interop.importing.project import checked, fates, imported, picks, router

DATA = Path(__file__).parents[4] / "shared" / "data" / "configs"

TENSORZERO = """\
[gateway]
debug = true

[models.fast]
routing = ["openai", "azure"]
[models.fast.providers.openai]
type = "openai"
model_name = "gpt-4o-mini"
api_key_location = "env::FAST_API_KEY"
timeouts = { non_streaming.total_ms = 9000, streaming.ttft_ms = 500 }
cost = [
  { pointer = "/usage/prompt_tokens", cost_per_million = 1.25 },
  { pointer = "/usage/completion_tokens", cost_per_million = 10.00 },
]
[models.fast.providers.azure]
type = "azure"
deployment_id = "mini"
endpoint = "env::AZURE_ENDPOINT"

[models."own model"]
routing = ["vllm"]
[models."own model".providers.vllm]
type = "vllm"
api_base = "http://10.0.0.9:8000/v1/"
model_name = "qwen"
api_key_location = "none"

[functions.draft]
type = "chat"
[functions.draft.experimentation]
type = "static"
candidate_variants = { a = 3.0, b = 1.0 }
fallback_variants = ["c"]
[functions.draft.variants.a]
type = "chat_completion"
model = "openai::gpt-4o"
temperature = 0.2
templates.system.path = "system.minijinja"
[functions.draft.variants.b]
type = "chat_completion"
model = "own model"
retries = { num_retries = 2, max_delay_s = 10 }
[functions.draft.variants.c]
type = "chat_completion"
model = "anthropic::claude-x"
max_tokens = 100
[functions.draft.variants.d]
type = "experimental_best_of_n_sampling"
candidates = ["a"]

[functions.alone.variants.only]
type = "chat_completion"
model = "fast"

[functions.lost.variants.best]
type = "experimental_best_of_n_sampling"

[embedding_models.e]
routing = ["x"]
"""


def test_tensorzero_models_functions_and_variants(tmp_path: Path) -> None:
    made = imported(tmp_path, TENSORZERO, "tensorzero", {"AZURE_ENDPOINT": "https://r.openai.azure.com"}, name="t.toml")
    upstream = {model.slug: (model.upstream, model.params) for model in made.project.models}
    table = router(made)
    chain = table.resolve(model="fast").chain
    assert [upstream[slug][0] for slug in chain] == ["gpt-4o-mini", "mini"]
    assert table.resolve(model="tensorzero::model_name::fast").chain == chain
    assert table.resolve(model="tensorzero::function_name::alone").chain == chain
    assert table.resolve(model="fast").api_key_env == "FAST_API_KEY"
    assert table.resolve(model="own model").url == "http://10.0.0.9:8000/v1/chat/completions"
    draft = "tensorzero::function_name::draft"
    assert [upstream[slug] for slug in table.resolve(model=draft).chain] == [
        ("gpt-4o", {"temperature": upstream["draft-a"][1]["temperature"]}),
        ("qwen", {}),
        ("claude-x", {"max_tokens": upstream["draft-c"][1]["max_tokens"]}),
    ]
    counts = picks(table, draft)
    assert set(counts) == {"draft-a", "draft-b"}
    assert 0.65 < counts["draft-a"] / 400 < 0.85
    first = made.project.models[0]
    assert [first.figure(f"price.{kind}").text for kind in ("input", "output")] == ["1.25", "10"]
    assert first.timeouts == {"total_ms": 9000, "first_token_ms": 500}
    assert made.project.resilience["retries"] == 2
    told = fates(made)
    assert told["functions.draft.variants.d.type"] == "left-out"
    assert [field.key for field in made.report.routes_lost] == ["functions.lost.variants.best.type"]
    assert told["embedding_models.e.routing[0]"] == "left-out"


def test_what_tensorzero_takes_from_the_environment_is_to_be_said(tmp_path: Path) -> None:
    made = imported(tmp_path, TENSORZERO, "tensorzero", name="t.toml")
    assert "provider `azure-azure_endpoint`: base_url" in made.project.missing
    findings = checked(made).diagnostics
    assert [each.rule for each in findings] == ["RC126"] * len(made.project.missing)


FIXED = '[functions.f.variants.{}]\nmodel = "openai::{}"\n{}\n'


@pytest.mark.parametrize(
    ("more", "shares"),
    [
        ("", {"f-a": 5000, "f-b": 5000}),
        ('[functions.f.experimentation]\ntype = "uniform"\ncandidate_variants = ["b"]\n', {}),
        (
            '[functions.f.experimentation]\ntype = "adaptive"\ncandidate_variants = ["a", "b"]\n',
            {"f-a": 5000, "f-b": 5000},
        ),
    ],
)
def test_the_shares_of_variants(tmp_path: Path, more: str, shares: dict[str, int]) -> None:
    text = FIXED.format("a", "x", "") + FIXED.format("b", "y", "") + more
    made = imported(tmp_path, text, "tensorzero", name="t.toml")
    assert {model.slug: model.share for model in made.project.models if model.share} == shares
    assert router(made).resolve(model="tensorzero::function_name::f", request_id="r").status == "ok"


def test_weights_of_variants_themselves(tmp_path: Path) -> None:
    text = FIXED.format("a", "x", "weight = 0.9") + FIXED.format("b", "y", "weight = 0.1") + FIXED.format("c", "z", "")
    made = imported(tmp_path, text, "tensorzero", name="t.toml")
    assert [model.share for model in made.project.models] == [9000, 1000, None]


def test_places_of_toml(tmp_path: Path) -> None:
    text = (
        "# a comment [with] = signs\n[[rules]]\nid = 1\n[[rules]]\n\"odd key\".b = '[x]'\n[rules.sub]\n"
        'list = [\n  { a = """\n]}\n""", b = 2 }, # [\n  { a = 3 },\n]\nend = 2020-01-01\n'
    )
    value = read_toml("t.toml", text.encode())
    assert {leaf.dotted: leaf.span.line for leaf in value.leaves()} == {
        "rules[0].id": 3,
        "rules[1].odd key.b": 5,
        "rules[1].sub.list[0].a": 8,
        "rules[1].sub.list[0].b": 10,
        "rules[1].sub.list[1].a": 11,
        "rules[1].sub.end": 13,
    }


def test_places_of_json() -> None:
    value = read_json("t.json", b'{"a": [1, {"b": "x, }]", "c\\u0041": 2.50}],\n\t"api_key": "hunter2", "d": null}')
    assert {leaf.dotted: leaf.span.line for leaf in value.leaves()} == {
        "a[0]": 1,
        "a[1].b": 1,
        "a[1].cA": 1,
        "api_key": 2,
        "d": 2,
    }
    key = value.get("api_key")
    assert key is not None
    assert (key.kind, key.text) == (Kind.CREDENTIAL, "********")
    assert str(value.get("a", 1, "cA").number) == "2.50"  # type: ignore[union-attr]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"a = ", b"[" * 5000, b"strategy: x", b"[]", b"1", b"{}"])
@pytest.mark.parametrize("source", ["tensorzero", "portkey", "openrouter"])
def test_what_is_another_file_is_refused_in_words(tmp_path: Path, source: str, data: bytes) -> None:
    with pytest.raises(NotThisError) as refused:
        imported(tmp_path, data, source, name="x")
    assert refused.value.help


def portkey(tmp_path: Path, text: str) -> list[tuple[str | None, int | None]]:
    """Return the models of a config in the order of its chain, with their shares."""
    made = imported(tmp_path, text, "portkey", name="my.json")
    models = {model.slug: model for model in made.project.models}
    return [(models[slug].upstream, models[slug].share) for slug in router(made).resolve(model="my").chain]


A, B, C = (
    f'{{"provider": "openai", "api_key": "sk-x", "override_params": {{"model": "{name}"}}, "weight": W}}'
    for name in "abc"
)


def test_portkey_chains_and_shares(tmp_path: Path) -> None:
    def config(mode: str, *targets: str) -> str:
        return f'{{"strategy": {{"mode": "{mode}"}}, "targets": [{", ".join(targets)}]}}'

    a, b, c = (target.replace("W", str(weight)) for target, weight in ((A, 3), (B, 1), (C, 0)))
    assert portkey(tmp_path, config("fallback", a, b, c)) == [("a", None), ("b", None), ("c", None)]
    assert portkey(tmp_path, config("loadbalance", a, b, c)) == [("a", 7500), ("b", 2500)]  # nothing is sent to c
    inner = config("loadbalance", a, b)
    assert portkey(tmp_path, config("fallback", inner, c)) == [("a", 7500), ("b", 2500), ("c", None)]
    assert portkey(tmp_path, config("fallback", c, inner)) == [("c", None), ("a", None), ("b", None)]
    assert portkey(tmp_path, a) == [("a", None)]


def test_portkey_tells_what_only_it_knows(tmp_path: Path) -> None:
    text = '{"strategy": {"mode": "fallback"}, "targets": ['
    text += '{"virtual_key": "mine"}, {"provider": "openai", "api_key": "sk-x"}]}'
    made = imported(tmp_path, text, "portkey", name="my.json")
    assert [each for each in made.project.missing if not each.startswith("model") or "provider_model_name" in each] == [
        "provider `unsaid-1`: adapter",
        "provider `unsaid-1`: base_url",
        "model `my-1`: provider_model_name",
        "model `my-2`: provider_model_name",
    ]
    assert [each.rule for each in checked(made).diagnostics] == ["RC126"] * len(made.project.missing)
    assert "sk-x" not in str(project_files(made.project))
    lost = imported(tmp_path, '{"strategy": {"mode": "conditional"}, "targets": [{"provider": "openai"}]}', "portkey")
    assert [field.key for field in lost.report.routes_lost] == ["strategy.mode"]


def test_hosts_that_portkey_keeps_are_each_to_be_said(tmp_path: Path) -> None:
    targets = '{"virtual_key": "one"}, {"virtual_key": "two"}, {"provider": "@aws"}, {"provider": "@aws"}'
    targets += ', {"provider": "openai", "override_params": {"model": "@openai-prod/gpt-4o"}}'
    text = f'{{"strategy": {{"mode": "fallback"}}, "targets": [{targets}]}}'
    made = imported(tmp_path, text, "portkey", name="my.json")
    assert [model.provider for model in made.project.models] == ["unsaid-1", "unsaid-2", "aws", "aws", "openai-prod"]
    assert made.project.models[-1].upstream == "gpt-4o"


def test_a_key_of_another_host_has_a_variable_of_its_own(tmp_path: Path) -> None:
    target = '{"provider": "openai", "api_key": "sk-x", "custom_host": "https://h.example/v1",'
    target += ' "override_params": {"model": "m"}}'
    azure = '{"provider": "azure-openai", "api_key": "sk-x", "resource_name": "RES", "deployment_id": "d",'
    azure += ' "api_version": "2024-10-21"}'
    azures = ", ".join(azure.replace("RES", name) for name in ("r", "s"))
    text = f'{{"strategy": {{"mode": "fallback"}}, "targets": [{target}, {azures}]}}'
    made = imported(tmp_path, text, "portkey", name="my.json")
    assert made.project.providers[0].api_key_env == "H_EXAMPLE_API_KEY"
    assert router(made).resolve(model="my-2").api_key_env != router(made).resolve(model="my-3").api_key_env
    own = '[models.m]\nrouting = ["o", "p"]\n[models.m.providers.o]\ntype = "openai"\nmodel_name = "x"\n{}\n'
    own += '[models.m.providers.p]\ntype = "openai"\nmodel_name = "x"\napi_key_location = "sk-y"\n'
    own = own.format('api_base = "https://h.example/v1"\napi_key_location = "sk-x"')
    keys = [each.api_key_env for each in imported(tmp_path, own, "tensorzero", name="t.toml").project.providers]
    assert keys == ["H_EXAMPLE_API_KEY", "OPENAI_API_KEY"]


def test_a_share_that_portkey_tries_alone_is_nearly_carried(tmp_path: Path) -> None:
    inner = '{"strategy": {"mode": "loadbalance"}, "targets": [{"provider": "openai"}, {"provider": "groq"}]}'
    text = f'{{"strategy": {{"mode": "fallback"}}, "targets": [{inner}, {{"provider": "anthropic"}}]}}'
    told = fates(imported(tmp_path, text, "portkey", name="my.json"))
    assert (told["targets[0].strategy.mode"], told["strategy.mode"]) == ("hint", "mapped")


def test_providers_of_a_variant_follow_it_before_another_variant(tmp_path: Path) -> None:
    model = '[models.{0}]\nrouting = ["x", "y"]\n' + "".join(
        f'[models.{{0}}.providers.{name}]\ntype = "openai"\nmodel_name = "{{0}}-{name}"\n' for name in "xy"
    )
    single = FIXED.format("a", "single", "weight = 0.4")
    several = '[functions.f.variants.{0}]\nmodel = "m{0}"\nweight = 0.3\n'
    made = imported(tmp_path, model.format("mb") + single + several.format("b"), "tensorzero", name="t.toml")
    upstream = {each.slug: each.upstream for each in made.project.models}
    table = router(made)
    chains = {
        tuple(upstream[slug] for slug in table.resolve(model="tensorzero::function_name::f", request_id=f"{n}").chain)
        for n in range(60)
    }
    assert chains == {("mb-x", "mb-y", "single"), ("single", "mb-x", "mb-y")}
    assert "hint" not in fates(made).values()
    text = model.format("mb") + model.format("mc") + several.format("b") + several.format("c")
    told = fates(imported(tmp_path, text, "tensorzero", name="t.toml"))
    assert [key for key, status in told.items() if status == "hint"] == ["functions.f.variants.c.model"]


def test_openrouter_requests_and_lists(tmp_path: Path) -> None:
    request = (
        '{"models": ["openai/gpt-4o", "x/y:free"], "provider": {"order": ["azure"]}, "messages": [{"role": "user"}]}'
    )
    made = imported(tmp_path, request, "openrouter", name="ask.json")
    upstream = {model.slug: model.upstream for model in made.project.models}
    table = router(made)
    assert [upstream[slug] for slug in table.resolve(model="ask").chain] == ["openai/gpt-4o", "x/y:free"]
    assert made.project.models[0].params == {"provider": {"order": ["azure"]}}
    listed = (
        '{"data": [{"id": "a/b", "context_length": 9000, "pricing": {"prompt": "0.0000025", "completion": "0"},'
        ' "architecture": {"input_modalities": ["text", "image"]}, "supported_parameters": ["tools"]},'
        ' {"id": "a/b:free", "pricing": {"prompt": "0", "completion": "0"}, "name": "A"}]}'
    )
    made = imported(tmp_path, listed, "openrouter", name="models.json")
    first, second = made.project.models
    assert [first.figure(key).text for key in ("price.input", "price.output", "context_window")] == ["2.5", "", "9000"]
    assert first.capabilities == ["streaming", "tools", "vision"]
    assert second.figure("price.output").text == "0"
    assert router(made).resolve(model="a/b:free").upstream_model == "a/b:free"


@pytest.mark.parametrize(
    "path",
    [*sorted((DATA / "tensorzero").glob("*")), *sorted((DATA / "portkey").glob("*"))],
    ids=lambda path: path.stem[-40:],
)
def test_real_files_report_every_field(path: Path, tmp_path: Path) -> None:
    source, read = ("tensorzero", read_toml) if path.suffix == ".toml" else ("portkey", read_json)
    made = imported(tmp_path, path.read_bytes(), source, name=path.name)
    walked = Counter(value.dotted for value in read(path.name, path.read_bytes()).leaves())
    assert Counter(field.key for field in made.report.fields) == walked
    if made.project.models:
        errors = [each.rule for each in checked(made).diagnostics if each.severity == "error"]
        assert errors == ["RC126"] * len(made.project.missing)


@pytest.mark.parametrize(
    ("reader", "data", "place"),
    [
        (read_json, b'{"a": 1,\n "b": }', "f:2:7"),
        (read_json, b'{"a": 1', "f:1:8"),
        (read_json, b'{"a": 1,\n "b": [{"c": 1}, {"c": 2, "c": 3}]}', "f:2:27"),
        (read_json, b'{"\\u0061": 1, "a": 2}', "f:1:15"),
        (read_json, b'{"a":\n "\xff"}', "f:2:3"),
        (read_json, b"[" * 100_000, "f:1:1"),
        (read_json, b'{"a":' * 70 + b"1" + b"}" * 70, "f:1:"),
        (read_toml, b"[a]\nx = \n", "f:2:5"),
        (read_toml, b"[a]\nx = 1\nx = 2\n", "f:3:6"),
        (read_toml, b"[a\n", "f:1:3"),
        (read_toml, b"[a]\nx = [", "f:2:6"),
        (read_toml, b"\xef\xbb\xbfa = '\xff'", "f:1:6"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_place(
    reader: Callable[[str, bytes], Value], data: bytes, place: str
) -> None:
    with pytest.raises(NotThisError) as refused:
        reader("f", data)
    assert str(refused.value).startswith(place)
    assert refused.value.help


def test_all_keys_that_stand_twice_are_told() -> None:
    with pytest.raises(NotThisError) as refused:
        read_json("f", b'{"a": 1, "a": 2, "b": {"c": 1, "c": 2}}')
    assert [str(refused.value).split(":")[2], *(other.split(":")[2] for other, _ in refused.value.others)] == [
        "10",
        "32",
    ]


def test_a_name_that_is_taken_stays_the_other_ones(tmp_path: Path) -> None:
    path = tmp_path / "my.json"
    path.write_text('{"strategy": {"mode": "fallback"}, "targets": [{"provider": "openai"}, {"provider": "groq"}]}')
    given = Given(Environment(), bundled(), {"call": {"my"}})
    assert [each.aliases for each in read_source("portkey", [path], given).project.features] == [[]]
