"""An import into a project replaces what an import wrote, never what is one's own; figures stay where they belong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from routecomp.interop.writer import mark_of
from tests.cli.transcripts import Ran, in_process

ONE = "model: azure/one, api_base: 'https://one.example', api_key: os.environ/ONE_KEY"
TWO = "model: azure/two, api_base: 'https://two.example', api_key: os.environ/TWO_KEY"
ZERO = "model: azure/zero, api_base: 'https://zero.example', api_key: os.environ/ZERO_KEY"


def group(*params: str, more: str = "") -> str:
    listed = "".join(f"- {{model_name: g, litellm_params: {{{each}}}}}\n" for each in params)
    return f"model_list:\n{listed}{more}"


def import_(folder: Path, text: str, *arguments: str) -> Ran:
    (folder / "config.yaml").write_text(text)
    return in_process(["import", "litellm", "config.yaml", "--into", "p", "--yes", *arguments], folder)


def models(folder: Path) -> dict[str, str]:
    """Return the qualities of the models by what tells them: the model's name upstream, and its key."""
    text = "\n".join(path.read_text() for path in sorted((folder / "p/routes").rglob("models.yaml")))
    bodies = re.split(r"(?m)^  (?=[a-z0-9._-]+:$)", text)[1:]
    slugs = {body.partition(":")[0]: body for body in bodies}
    return {slug: match[1] for slug, body in slugs.items() if (match := re.search(r"quality: (\S+)", body))}


def state(folder: Path, **qualities: str) -> None:
    """Write the quality of each model, and one of everything else, as an author would."""
    path = folder / "p/routes/models.yaml"
    text = path.read_text()
    for slug, quality in qualities.items():
        text = re.sub(rf"(?s)(\n  {slug.replace('_', '-')}:\n.*?quality: )TODO", rf"\g<1>{quality}", text, count=1)
    for key in ("input", "output", "latency_ms", "context_window"):
        text = text.replace(f"{key}: TODO", f"{key}: 7")
    path.write_text(text)


@pytest.mark.parametrize(
    ("later", "qualities"),
    [
        (group(ONE, TWO), {"g-1": "0.11", "g-2": "0.22"}),
        (group(TWO, ONE), {"g-1": "0.22", "g-2": "0.11"}),
        (group(ZERO, ONE, TWO), {"g-1": "TODO", "g-2": "0.11", "g-3": "0.22"}),
        (group(ONE, ZERO, TWO), {"g-1": "0.11", "g-2": "TODO", "g-3": "0.22"}),
        (group(TWO, ZERO), {"g-1": "0.22", "g-2": "TODO"}),
        (group(TWO), {"g": "0.22"}),
        (group(ONE, TWO).replace("name: g", "name: h"), {"h-1": "0.11", "h-2": "0.22"}),
        (group(ONE.replace("one.example", "uno.example"), TWO), {"g-1": "TODO", "g-2": "0.22"}),
        (group(ONE.replace("azure/one", "azure/uno"), TWO), {"g-1": "TODO", "g-2": "0.22"}),
        (group(ONE.replace("ONE_KEY", "UNO_KEY"), TWO), {"g-1": "TODO", "g-2": "0.22"}),
        (group(f"{ONE}, api_version: '2024-10-21', temperature: 0.2", TWO), {"g-1": "0.11", "g-2": "0.22"}),
        (group(f"{ONE}, reasoning_effort: high", TWO), {"g-1": "TODO", "g-2": "0.22"}),
        (group(f"{ONE}, extra_headers: {{x-team: a}}", TWO), {"g-1": "TODO", "g-2": "0.22"}),
        (group(ONE, ONE, TWO), {"g-1": "0.11", "g-2": "0.11", "g-3": "0.22"}),
    ],
)
def test_figures_follow_the_deployment_and_never_its_number(
    tmp_path: Path, later: str, qualities: dict[str, str]
) -> None:
    import_(tmp_path, group(ONE, TWO))
    state(tmp_path, g_1="0.11", g_2="0.22")
    assert import_(tmp_path, later).code == 0
    assert models(tmp_path) == qualities
    before = (tmp_path / "p/routes/models.yaml").read_bytes()
    assert "nothing changes" in import_(tmp_path, later).out
    assert (tmp_path / "p/routes/models.yaml").read_bytes() == before


BEDROCK = "model: bedrock/anthropic.claude-3-haiku-20240307-v1:0"
VERTEX = "model: vertex_ai/gemini-2.5-pro, vertex_project: p"
LITERAL = "model: openai/m, api_base: 'https://own.example/v1', api_key: sk-{}abcdefabcdefabcdef012345"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{BEDROCK}, aws_region_name: us-east-1", f"{BEDROCK}, aws_region_name: eu-west-1"),
        (f"{VERTEX}, vertex_location: us-east1", f"{VERTEX}, vertex_location: europe-west1"),
        (f"{VERTEX}a, vertex_location: us-east1", f"{VERTEX}b, vertex_location: us-east1"),
        ("model: openai/gpt-4o, api_key: os.environ/A_KEY", "model: openai/gpt-4o, api_key: os.environ/B_KEY"),
        ("model: openai/x, api_base: os.environ/A_BASE", "model: openai/x, api_base: os.environ/B_BASE"),
    ],
)
def test_every_part_of_what_is_called_tells_deployments_apart(tmp_path: Path, first: str, second: str) -> None:
    import_(tmp_path, group(first, second))
    state(tmp_path, g_1="0.11", g_2="0.22")
    import_(tmp_path, group(second, first))
    assert models(tmp_path) == {"g-1": "0.22", "g-2": "0.11"}


def test_a_figure_that_may_be_anothers_is_not_kept(tmp_path: Path) -> None:
    a, b, c = (LITERAL.format(number) for number in (1, 2, 3))
    import_(tmp_path, group(a, b))
    state(tmp_path, g_1="0.11", g_2="0.22")
    assert "nothing changes" not in import_(tmp_path, group(a, b)).out  # a comment says where figures are from
    assert models(tmp_path) == {"g-1": "0.11", "g-2": "0.22"}
    import_(tmp_path, group(c, a, b))
    assert models(tmp_path) == {"g-1": "TODO", "g-2": "TODO", "g-3": "TODO"}


CHAIN = "router_settings: {fallbacks: [{g: [h]}]}\n"
OTHER = f"- {{model_name: h, litellm_params: {{{ZERO}}}}}\n"


def test_a_file_that_an_import_no_longer_writes_is_removed_and_shown(tmp_path: Path) -> None:
    import_(tmp_path, group(ONE, TWO, more=OTHER + CHAIN))
    (tmp_path / "p/routes/features-own.yaml").write_text("features: {}\n")
    (tmp_path / "p/routes/moved.yaml").write_text(f"{mark_of('litellm')}.\nfeatures: {{}}\n")
    (tmp_path / "config.yaml").write_text(group(ONE, TWO, more=OTHER))
    shown = in_process(["import", "litellm", "config.yaml", "--into", "p"], tmp_path)
    assert shown.code == 1
    assert "-features:" in shown.out
    assert "would remove  routes/features.yaml" in shown.out
    assert (tmp_path / "p/routes/features.yaml").exists()
    told = json.loads(in_process(["import", "litellm", "config.yaml", "--into", "p", "--json"], tmp_path).out)
    assert (told["removed"], "routes/features.yaml" in told["would_change"]) == ([], True)
    ran = import_(tmp_path, group(ONE, TWO, more=OTHER))
    assert (ran.code, "removed  routes/features.yaml" in ran.out) == (0, True)
    left = {path.name for path in (tmp_path / "p/routes").iterdir()}
    assert left == {"features-own.yaml", "moved.yaml", "defaults.yaml", "models.yaml", "providers.yaml"}


@pytest.mark.parametrize("name", ["models", "providers", "features", "defaults"])
@pytest.mark.parametrize("change", ["mark gone", "all gone", "another's"])
def test_a_file_of_ones_own_is_never_written_over(tmp_path: Path, name: str, change: str) -> None:
    text = group(ONE, TWO, more=OTHER + CHAIN)
    import_(tmp_path, text)
    path = tmp_path / f"p/routes/{name}.yaml"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(
        {
            "mark gone": "".join(lines[1:]),
            "all gone": f"{name}: {{}}\n# notes\n",
            "another's": "".join([f"{mark_of('portkey')}.\n", *lines[1:]]),
        }[change]
    )
    before = {each: each.read_bytes() for each in (tmp_path / "p").rglob("*") if each.is_file()}
    ran = import_(tmp_path, text.replace("ONE_KEY", "UNO_KEY"))
    after = {each: each.read_bytes() for each in (tmp_path / "p").rglob("*") if each.is_file()}
    assert after[path] == before[path]
    if f"routes/{name}.yaml is your own" in ran.err:
        assert (ran.code, after) == (1, before)
        assert f"routes/{name}-own.yaml" in ran.err
    elif name == "features":  # the name of the chain is taken
        assert change == "all gone" or "the project around has this name already" in ran.out
    else:  # defaults of one's own stay, and the import writes none
        assert name == "defaults"


def test_in_a_project_of_ones_own_only_the_imports_own_folder_is_its_place(tmp_path: Path) -> None:
    import_(tmp_path, group(ONE))
    for path in (tmp_path / "p").rglob("*.yaml"):
        path.write_text(path.read_text().partition("\n")[2])
    import_(tmp_path, group(TWO))
    assert (
        import_(tmp_path, group(TWO.replace("TWO_KEY", "TWO"))).code == 1
    )  # settings of one's own forbid the variable
    assert {path.name for path in (tmp_path / "p/routes/litellm").iterdir()} == {"models.yaml", "providers.yaml"}
    own = tmp_path / "p/routes/litellm/models.yaml"
    own.write_text("# mine\n" + own.read_text())
    ran = import_(tmp_path, group(TWO, ZERO))
    assert "routes/litellm/models.yaml is your own" in ran.err
    assert own.read_text().startswith("# mine")


def test_another_sources_import_is_no_import_of_this_one(tmp_path: Path) -> None:
    import_(tmp_path, group(ONE))
    (tmp_path / "req.json").write_text('{"model": "openai/gpt-4o", "models": ["openai/gpt-4o-mini"]}')
    before = (tmp_path / "p/routes/models.yaml").read_bytes()
    in_process(["import", "openrouter", "req.json", "--into", "p", "--yes"], tmp_path)
    assert (tmp_path / "p/routes/models.yaml").read_bytes() == before
    assert (tmp_path / "p/routes/openrouter/models.yaml").exists()


def test_a_project_that_check_refuses_for_more_than_todo_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "p/routes").mkdir(parents=True)
    (tmp_path / "p/routes/own.yaml").write_text(
        "features:\n  f:\n    models: {ghost: primary}\ndefaults: {model: ghost}\n"
    )
    ran = import_(tmp_path, group("model: openai/gpt-4o"))
    assert (ran.code, "`check` refuses the project" in ran.err) == (1, True)
    assert "ghost" in ran.err


def test_a_folder_must_be_named(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(group(ONE))
    ran = in_process(["import", "litellm", "config.yaml", "--into", ""], tmp_path)
    assert (ran.code, "--into names no folder" in ran.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ""] == ["config.yaml"]


@pytest.mark.parametrize(
    "path",
    [
        *("p/routes/models.yaml", "p/routes/new.yaml", "p/routecomp.yaml", "p/policies/a.yaml", "p/pyproject.toml"),
        *("config.yaml", "./config.yaml", "p/../config.yaml", "link.yaml", "f.csv", "v.env", "part.yaml"),
    ],
)
def test_a_report_is_never_written_over_what_is_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "part.yaml").write_text(group(ZERO))
    (tmp_path / "f.csv").write_text("model,quality\n*,0.5\n")
    (tmp_path / "v.env").write_text("A=1\n")
    (tmp_path / "link.yaml").symlink_to("config.yaml")
    text = f"include: [part.yaml]\n{group(ONE)}"
    import_(tmp_path, text)
    before = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    ran = import_(tmp_path, text, "--report", path, "--figures", "f.csv", "--env-file", "v.env")
    assert (ran.code, "error: " in ran.err, "name another file with --report" in ran.err) == (2, True, True)
    assert {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()} == before
    if path.startswith("p/"):
        for option in ("--output", "--losses"):
            ran = in_process(["export", "litellm", "--root", "p", option, path], tmp_path)
            assert {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()} == before


def test_an_export_is_never_written_over_a_source(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("model,quality,latency_ms,input,output,context_window\n*,0.5,900,1,2,32000\n")
    assert import_(tmp_path, group(ONE), "--figures", "f.csv").code == 0
    for option in ("--output", "--losses"):
        for path in ("p/routes/models.yaml", "p/routes/x/y.md", "p/routecomp.yaml"):
            ran = in_process(["export", "litellm", "--allow-loss", "--root", "p", option, path], tmp_path)
            assert (ran.code, f"name another file with {option}" in ran.err) == (2, True)
    asked = ["export", "litellm", "--allow-loss", "--root", "p", "--output", "o.yaml"]
    assert in_process([*asked, "--losses", "./o.yaml"], tmp_path).code == 2
    assert in_process(asked, tmp_path).code == 0
    assert mark_of("litellm") in (tmp_path / "p/routes/models.yaml").read_text()


def test_a_named_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "config.yaml").write_text(group(ONE))
    (tmp_path / "a.yaml").write_text("include: [pipe]\n")
    for arguments in (
        ["import", "litellm", "pipe", "--into", "p"],
        ["import", "portkey", "pipe", "--into", "p"],
        *(
            ["import", "litellm", "config.yaml", "--into", "p", option, "pipe"]
            for option in ("--figures", "--quality", "--prices", "--env-file", "--report")
        ),
        ["lint-litellm", "pipe"],
        ["lint-litellm", "--staged", "pipe"],
        ["lint-litellm", "config.yaml", "--env-file", "pipe"],
    ):
        ran = in_process(arguments, tmp_path)
        assert (ran.code, "no regular file" in ran.err) == (2, True), arguments
    assert "cannot be read" in in_process(["lint-litellm", "a.yaml"], tmp_path).out
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("damage", ["quality: 0.5: 0.6", "quality: 'x", "\t- x"])
def test_figures_in_a_file_that_cannot_be_read_are_not_lost(tmp_path: Path, damage: str) -> None:
    import_(tmp_path, group(ONE, TWO))
    path = tmp_path / "p/routes/models.yaml"
    path.write_text(path.read_text().replace("quality: TODO", damage, 1))
    before = path.read_bytes()
    ran = import_(tmp_path, group(TWO))
    assert (ran.code, "routes/models.yaml cannot be read" in ran.err) == (1, True)
    assert path.read_bytes() == before


def test_a_provider_says_by_which_variable_it_is_to_be_said(tmp_path: Path) -> None:
    import_(tmp_path, group("model: openai/x, api_base: os.environ/OWN_BASE"))
    assert "# `--set OWN_BASE=…` says what is still to be said" in (tmp_path / "p/routes/providers.yaml").read_text()


def write_into(folder: Path, name: str, **words: str) -> None:
    """Put words in the place of the first `TODO` of some keys of a file, as an author would."""
    path = folder / f"p/routes/{name}.yaml"
    text = path.read_text()
    for key, word in words.items():
        text = re.sub(
            rf"{key.replace('_version', '-version')}: TODO", f"{key.replace('_version', '-version')}: {word}", text
        )
    path.write_text(text)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ("model: openai/x, api_base: os.environ/OWN_BASE", {"base_url": "https://own.example"}),
        (f"{ONE}, api_version: os.environ/OWN_VERSION", {"api_version": '"2024-10-21"'}),
        (
            f"{BEDROCK}, aws_region_name: os.environ/OWN_REGION",
            {"base_url": "https://bedrock-runtime.eu-west-1.amazonaws.com"},
        ),
        ("model: openai/gpt-4o, rpm: os.environ/OWN_RPM", {"rpm": "70"}),
        ("model: openai/gpt-4o, timeout: os.environ/OWN_TIME", {"total_ms": "7000"}),
    ],
)
def test_what_is_written_in_the_place_of_todo_stays(tmp_path: Path, params: str, words: dict[str, str]) -> None:
    text = group(params, "model: anthropic/claude-sonnet-4-5")
    import_(tmp_path, text)
    write_into(tmp_path, "providers", **words)
    write_into(tmp_path, "models", **words)
    state(tmp_path, g_1="0.11", g_2="0.22")
    written = (tmp_path / "p/routes/providers.yaml").read_text()
    import_(tmp_path, group("model: anthropic/claude-sonnet-4-5", params))
    assert models(tmp_path) == {"g-1": "0.22", "g-2": "0.11"}
    assert "TODO" not in "".join(path.read_text() for path in (tmp_path / "p/routes").iterdir())
    for word in words.values():
        assert (word in written) == (word in (tmp_path / "p/routes/providers.yaml").read_text())


def test_what_is_written_for_another_variable_does_not_stay(tmp_path: Path) -> None:
    params = "model: openai/x, api_base: os.environ/{}"
    import_(tmp_path, group(params.format("A_BASE")))
    write_into(tmp_path, "providers", base_url="https://a.example")
    state(tmp_path, g="0.11")
    import_(tmp_path, group(params.format("B_BASE")))
    assert models(tmp_path) == {"g": "TODO"}
    assert "base_url: TODO" in (tmp_path / "p/routes/providers.yaml").read_text()


@pytest.mark.parametrize(
    ("params", "values"),
    [
        ("model: openai/x, api_base: os.environ/OWN_BASE", ["OWN_BASE=https://own.example/v1"]),
        (f"{ONE}, api_version: os.environ/OWN_VERSION", ["OWN_VERSION=2024-10-21"]),
        (f"{BEDROCK}, aws_region_name: os.environ/OWN_REGION", ["OWN_REGION=eu-west-1"]),
        (
            "model: azure/x, api_base: os.environ/OWN_BASE, api_version: os.environ/OWN_VERSION",
            ["OWN_BASE=https://own.example", "OWN_VERSION=2024-10-21"],
        ),
    ],
)
def test_figures_stay_when_a_host_is_said_later(tmp_path: Path, params: str, values: list[str]) -> None:
    text = group(params, params.replace("OWN_", "ELSE_"), "model: anthropic/claude-sonnet-4-5")
    import_(tmp_path, text)
    state(tmp_path, g_1="0.11", g_2="0.22", g_3="0.33")
    said = [word for value in values for word in ("--set", value)]
    import_(tmp_path, text, *said)
    assert models(tmp_path) == {"g-1": "0.11", "g-2": "0.22", "g-3": "0.33"}


def test_a_project_of_ones_own_without_defaults_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "p/routes/models.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("models: {}\n")
    for _ in range(2):
        assert import_(tmp_path, group(ONE, TWO)).code == 0
        names = {path.relative_to(tmp_path / "p").as_posix() for path in (tmp_path / "p").rglob("*.yaml")}
        below = {f"routes/litellm/{name}.yaml" for name in ("models", "providers", "defaults")}
        assert (own.read_text(), names) == ("models: {}\n", {"routes/models.yaml", "routecomp.yaml", *below})


def test_a_snapshot_is_never_written_over_what_is_read(tmp_path: Path) -> None:
    import_(tmp_path, group(ONE))
    (tmp_path / "c.json").write_text('{"m": {"mode": "chat", "input_cost_per_token": 1e-6}}')
    for path in ("c.json", "p/routes/models.yaml", "p/routecomp.yaml"):
        before = (tmp_path / path).read_bytes()
        ran = in_process(["import", "catalogue", "c.json", path, "--source", "x", "--day", "2026-12-01"], tmp_path)
        assert (ran.code, (tmp_path / path).read_bytes()) == (2, before)


def keys(folder: Path) -> dict[str, str]:
    """Return the variables of keys by the names upstream."""
    table = {}
    text = (folder / "p/routes/providers.yaml").read_text()
    hosts = dict(re.findall(r"(?s)\n  ([^\s:]+):\n(?:(?!\n\n).)*?api_key_env: (\S+)", text))
    for body in re.split(r"\n\n", (folder / "p/routes/models.yaml").read_text().partition("models:")[2]):
        name, provider = re.search(r"provider_model_name: (\S+)", body), re.search(r"provider: (\S+)", body)
        own = re.search(r"api_key_env: (\S+)", body)
        assert provider is not None
        table[name[1] if name else "?"] = own[1] if own else hosts[provider[1]]
    return table


OWN = "model: azure/{0}, api_base: 'https://{0}.example', api_key: '{1}abcdefabcdefabcdef012345'"
A, B, C = OWN.format("one", "sk-a"), OWN.format("two", "sk-b"), OWN.format("zero", "sk-c")


@pytest.mark.parametrize(
    ("later", "upstream"),
    [
        (group(C, A, B), ("zero", "one", "two")),
        (group(B, A), ("two", "one")),
        (group(B), ("two",)),
        (group(A, C, B), ("one", "zero", "two")),
        (group(C, B), ("zero", "two")),
    ],
)
def test_the_variable_of_a_key_follows_the_deployment_too(
    tmp_path: Path, later: str, upstream: tuple[str, ...]
) -> None:
    import_(tmp_path, group(A, B))
    before = keys(tmp_path)
    assert len(set(before.values())) == 2
    import_(tmp_path, later)
    after = keys(tmp_path)
    assert {name: key for name, key in after.items() if name in before} == {
        name: key for name, key in before.items() if name in upstream
    }
    assert not {key for name, key in after.items() if name not in before} & set(before.values())
    assert "nothing changes" in import_(tmp_path, later).out


def test_a_variable_is_never_that_of_a_key_that_cannot_be_told_apart(tmp_path: Path) -> None:
    first, second, third = (LITERAL.format(number) for number in (1, 2, 3))
    import_(tmp_path, group(first, second))
    before = set(re.findall(r"api_key_env: (\S+)", "".join(p.read_text() for p in (tmp_path / "p/routes").iterdir())))
    import_(tmp_path, group(third, first, second))
    after = set(re.findall(r"api_key_env: (\S+)", "".join(p.read_text() for p in (tmp_path / "p/routes").iterdir())))
    assert (len(after), after & before) == (3, set())
    assert "nothing changes" in import_(tmp_path, group(third, first, second)).out


def test_a_variable_that_nothing_refers_to_is_told(tmp_path: Path) -> None:
    text = group("model: openai/x, api_base: os.environ/OWN_BASE, rpm: os.environ/OWN_RPM")
    ran = import_(tmp_path, text, "--set", "OWN_BSE=https://h.example", "--set", "OWN_RPM=7")
    assert "nothing of the input refers to OWN_BSE" in ran.err
    assert "OWN_RPM" not in ran.err


KNOWN = "model_list:\n- {model_name: a, litellm_params: {model: openai/gpt-4o, api_key: os.environ/K}%s}\n"
SAID = "model,quality,latency_ms,input,output,context_window\na,0.7,900,1.25,5.00,64000\n"


def price(folder: Path) -> str:
    """The price and the window that the imported files state."""
    text = (folder / "p/routes/models.yaml").read_text()
    prices, window = re.search(r"price: (\{.*\})", text), re.search(r"context_window: (\d+)", text)
    assert prices is not None
    assert window is not None
    return prices[1] + window[1]


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_price_that_was_said_stays_where_the_catalogue_has_another(tmp_path: Path, by_hand: bool) -> None:
    """By --figures or by hand; the file tells what the catalogue says, and the next import changes nothing."""
    (tmp_path / "f.csv").write_text(SAID)
    import_(tmp_path, KNOWN % "", *([] if by_hand else ["--figures", "f.csv"]))
    path = tmp_path / "p/routes/models.yaml"
    if by_hand:
        path.write_text(
            re.sub(r"price: .*", "price: {input: 1.25, output: 5}", path.read_text()).replace("128000", "64000")
        )
    assert price(tmp_path) == "{input: 1.25, output: 5}64000"
    import_(tmp_path, KNOWN % "")
    assert price(tmp_path) == "{input: 1.25, output: 5}64000"
    assert "catalogue `gpt-4o` says 2.5" in path.read_text()
    before = path.read_text()
    import_(tmp_path, KNOWN % "")
    assert path.read_text() == before


def test_a_price_that_only_the_catalogue_stated_follows_it(tmp_path: Path) -> None:
    """To another name of the catalogue, and to another catalogue; what was said stays there too."""
    other = {"gpt-4o": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6} | WINDOW}
    (tmp_path / "new.json").write_text(json.dumps(other))
    (tmp_path / "f.csv").write_text(SAID)
    import_(tmp_path, KNOWN % "")
    import_(tmp_path, KNOWN % ", model_info: {base_model: gpt-4o-mini}")
    assert price(tmp_path) == "{input: 0.15, output: 0.6}128000"
    import_(tmp_path, KNOWN % "")
    assert price(tmp_path) == "{input: 2.5, output: 10}128000"
    import_(tmp_path, KNOWN % "", "--prices", "new.json")
    assert price(tmp_path) == "{input: 1, output: 2}1000"
    import_(tmp_path, KNOWN % "", "--figures", "f.csv")
    import_(tmp_path, KNOWN % "", "--prices", "new.json")
    assert price(tmp_path) == "{input: 1.25, output: 5}64000"


WINDOW = {"output_cost_per_token": 2e-6, "max_input_tokens": 1000}


def test_each_answer_is_judged_when_it_is_given(tmp_path: Path) -> None:
    """One that its figure cannot be is asked for again, before the next model is; nothing that was answered is lost."""
    (tmp_path / "config.yaml").write_text(group(ONE, TWO))
    answers = "0.5, free, 1, 900, 1000\n0.5, 3, 1, 900, 1000\n0.6, 3, 1, 900, 1000, 7\n0.6\n"
    command = [sys.executable, "-m", "routecomp", "import", "litellm", "config.yaml", "--into", "p", "--yes", "--ask"]
    ran = subprocess.run(command, cwd=tmp_path, input=answers, capture_output=True, text=True, timeout=60)
    assert "`price.input` of g-1 cannot be `free`; write" in ran.stderr
    assert "6 answers for 5 figures of g-2; write" in ran.stderr
    assert ran.stderr.count("g-1 (") == ran.stderr.count("g-2 (") == 2
    assert models(tmp_path) == {"g-1": "0.5", "g-2": "0.6"}
