"""An import into a folder: nothing that lies there changes unseen, and a project of one's own keeps its names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.transcripts import SMALL, contents, in_process, project

ONE = "model_list:\n- {model_name: claude, litellm_params: {model: openai/gpt-4o, api_key: os.environ/ODD_NAME}}\n"
ANY = "model,quality,latency_ms,input,output,context_window\n*,0.5,1000,1,2,32000\n"
IMPORT = ["import", "litellm", "one.yaml", "--into", "."]


@pytest.fixture
def empty() -> Iterator[Path]:
    with project({"one.yaml": ONE, "figures.csv": ANY}) as root:
        yield root


def test_a_new_project_is_written_checked_and_compiled(empty: Path) -> None:
    ran = in_process([*IMPORT, "--figures", "figures.csv", "--json"], empty)
    assert ran.code == 0
    document = json.loads(ran.out)
    assert (document["missing"], document["faults"]) == ([], [])
    assert "routes/models.yaml" in document["written"]
    assert in_process(["check"], empty).code == 0
    assert in_process(["compile"], empty).code == 0
    before = contents(empty)
    again = in_process([*IMPORT, "--figures", "figures.csv"], empty)
    assert (again.code, contents(empty)) == (0, before)


def test_a_change_is_shown_first_and_written_with_yes(empty: Path) -> None:
    assert in_process(IMPORT, empty).code == 0
    before = contents(empty)
    shown = in_process([*IMPORT, "--figures", "figures.csv"], empty)
    assert shown.code == 1
    assert "-    quality: TODO\n+    quality: 0.5" in shown.out
    assert contents(empty) == before
    assert json.loads(in_process([*IMPORT, "--figures", "figures.csv", "--json"], empty).out)["written"] == []
    assert contents(empty) == before
    assert in_process([*IMPORT, "--figures", "figures.csv", "--yes"], empty).code == 0
    assert in_process(["check"], empty).code == 0


def test_figures_that_were_put_in_by_hand_stay(empty: Path) -> None:
    assert in_process(IMPORT, empty).code == 0
    models = empty / "routes" / "models.yaml"
    models.write_text(models.read_text().replace("quality: TODO", "quality: 0.81"))
    assert in_process([*IMPORT, "--yes"], empty).code == 0
    assert "quality: 0.81" in models.read_text()


def test_a_project_of_ones_own_keeps_its_files_and_its_names() -> None:
    with project({**SMALL, "one.yaml": ONE, "figures.csv": ANY, "routecomp.yaml": "key_names: ['*']\n"}) as root:
        before = contents(root)
        shown = in_process([*IMPORT, "--figures", "figures.csv"], root)
        assert (shown.code, contents(root)) == (1, before)
        assert "+  claude-2:" in shown.out
        assert in_process([*IMPORT, "--figures", "figures.csv", "--yes"], root).code == 0
        after = contents(root)
        assert {path: after[path] for path in before} == before
        assert sorted(set(after) - set(before)) == ["routes/litellm/models.yaml", "routes/litellm/providers.yaml"]
        assert in_process(["check"], root).code == 0
        assert "claude-2:" in (root / "routes/litellm/models.yaml").read_text()
        assert in_process([*IMPORT, "--figures", "figures.csv"], root).out.endswith("nothing changes\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["import", "litellm", "gone.yaml", "--into", "x"], 2),
        (["import", "litellm", "routes", "--into", "x"], 2),
        (["import", "litellm", "one\0.yaml", "--into", "x"], 2),
        (["import", "litellm", "one.yaml"], 2),
        (["import", "litellm", "one.yaml", "--into", "one.yaml"], 2),
        (["import", "litellm", "one.yaml", "--into", "x", "--set", "=1"], 2),
        (["import", "litellm", "one.yaml", "--into", "x", "--figures", "one.yaml"], 2),
        (["import", "litellm", "one.yaml", "--into", "x", "--quality", "figures.csv"], 0),
        (["import", "litellm", "one.yaml", "--into", "x", "--prices", "figures.csv"], 2),
        (["import", "litellm", "figures.csv", "--into", "x"], 1),
        (["import", "tensorzero", "one.yaml", "--into", "x"], 2),
        (["import", "portkey", "one.yaml", "--into", "x"], 2),
        (["import", "openrouter", "one.yaml", "--into", "x"], 2),
        (["import", "else", "one.yaml", "--into", "x"], 2),
        (["import", "catalogue", "one.yaml", "x.gz", "--source", "x", "--day", "2026-12-01"], 2),
    ],
)
def test_what_cannot_be_imported_ends_in_words(empty: Path, arguments: list[str], code: int) -> None:
    ran = in_process(arguments, empty)
    assert ran.code == code, ran
    assert "Traceback" not in ran.err
    if code:
        assert ran.err
        assert not (empty / "x").exists()


def test_a_snapshot_is_made_and_used(empty: Path) -> None:
    (empty / "prices.json").write_text('{"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 7e-06}}')
    made = in_process(["import", "catalogue", "prices.json", "p.gz", "--source", "us", "--day", "2026-12-01"], empty)
    assert made.code == 0
    assert in_process([*IMPORT, "--prices", "p.gz"], empty).code == 0
    text = (empty / "routes" / "models.yaml").read_text()
    assert "input: 7, output: TODO" in text
    assert "The catalogue is us, 2026-12-01." in text


def test_variables_come_from_options_and_files_never_from_the_process(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASE", "https://of.the.process.example/v1")
    text = "model_list: [{model_name: a, litellm_params: {model: openai/x, api_base: os.environ/BASE}}]\n"
    (empty / "one.yaml").write_text(text)
    (empty / "env").write_text("# a comment\nexport BASE='https://of.the.file.example/v1'  \n")
    assert "base_url: TODO" in _provider(empty, [])
    assert "https://of.the.file.example" in _provider(empty, ["--env-file", "env"])
    assert "https://said.example" in _provider(empty, ["--env-file", "env", "--set", "BASE=https://said.example"])


def _provider(root: Path, options: list[str]) -> str:
    assert in_process([*IMPORT, "--yes", *options], root).code == 0
    return (root / "routes" / "providers.yaml").read_text()
