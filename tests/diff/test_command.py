"""Test the command `routecomp diff`: how it finds the other side, its messages and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.transcripts import SMALL, in_process, project, run


@pytest.fixture
def root() -> Iterator[Path]:
    """Yield the small project in a Git repository: `main` is its first commit, HEAD a branch at the same commit."""
    with project(SMALL) as folder:
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "start")
        git(folder, "checkout", "-qb", "change")
        yield folder


def git(folder: Path, *arguments: str) -> None:
    """Run a Git command that must succeed."""
    who = {f"GIT_{role}_{key}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    subprocess.run(
        ["git", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent), "GIT_CONFIG_NOSYSTEM": "1", **who},
    )


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replace a text in a file; the file must hold it."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def test_the_default_is_the_base_branch(root: Path) -> None:
    """Without --against the changes since `main` are shown, committed or not, with the places on both sides."""
    assert in_process(["diff", "--exit-code"], root).code == 0
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    result = in_process(["diff", "--exit-code"], root)
    assert result.code == 4
    assert "main:policies/tenants.yaml:5 → policies/tenants.yaml:5" in result.out
    git(root, "commit", "-qam", "a change")
    assert in_process(["diff", "--exit-code"], root).out == result.out
    assert in_process(["diff", "--against", "HEAD", "--exit-code"], root).code == 0


def test_a_compiled_table_is_a_side(root: Path) -> None:
    """Comparing with a table gives the same decisions as with its YAML; a broken table is refused with a message."""
    assert in_process(["compile"], root).code == 0
    (root / "old.json").write_bytes((root / "generated/routing_table.json").read_bytes())
    assert in_process(["diff", "--against", "old.json", "--exit-code"], root).code == 0
    edit(root, "routes/all.yaml", "quality: 0.70", "quality: 0.45")
    with_table, with_git = (
        json.loads(in_process(["diff", "--json", "--against", other], root).out) for other in ("old.json", "main")
    )
    assert with_table["decisions"] == with_git["decisions"]
    assert with_table["decisions"]["changed"] > 0
    assert {"model"} == {change["kind"] for change in with_table["changes"] if change["what"] == "quality_bp"}
    (root / "old.json").write_bytes(b'{"format": "9.0"}')
    refused = in_process(["diff", "--against", "old.json"], root)
    assert (refused.code, refused.out) == (2, "")
    assert "old.json is no routing table that can be read" in refused.err


def test_every_witness_can_be_piped_into_resolve(root: Path) -> None:
    """`resolve` answers the witness of each group with the decision in the report."""
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    groups = json.loads(in_process(["diff", "--json"], root).out)["decisions"]["groups"]
    (root / "requests.jsonl").write_text("".join(json.dumps(group["witness"]) + "\n" for group in groups))
    answers = [json.loads(line) for line in run("routecomp resolve < requests.jsonl", root).out.splitlines()]
    assert len(answers) == len(groups) > 0
    for answer, group in zip(answers, groups, strict=True):
        del answer["ruleset_hash"]
        assert answer == group["after"] != group["before"]


def test_a_broken_rule_of_change_fails_and_is_shown(root: Path) -> None:
    """A change that breaks a rule is reported whole in every format, with the rule and exit code 1."""
    edit(root, "routes/all.yaml", "claude: primary\n      mistral-large: shadow", "mistral-large: primary")
    for format in ("text", "json", "markdown", "html"):
        result = in_process(["diff", "--format", format], root)
        assert result.code == 1
        assert "RC503" in result.out
        assert "support-chat" in result.out


def test_a_base_with_errors_is_named(root: Path) -> None:
    """Where `main` cannot be compiled, the message names `main` and the line."""
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [mars]")
    git(root, "commit", "-qam", "broken")
    git(root, "branch", "-qf", "main", "HEAD")
    edit(root, "policies/tenants.yaml", "stacks: [mars]", "stacks: [eu]")
    result = in_process(["diff"], root)
    assert (result.code, result.out) == (1, "")
    assert "main:policies/tenants.yaml:5" in result.err
    assert result.err.endswith("nothing was compared: what is on main has errors\n")


def test_hostile_texts_of_the_yaml_stay_in_their_cells(root: Path) -> None:
    """A description made to break a comment stays one code span in markdown, and is escaped in HTML."""
    hostile = "x` | </td> <script> @team [l](https://e.example) \\| ``"
    edit(root, "policies/tenants.yaml", "    preset: balanced", f"    description: '{hostile}'")
    comment = in_process(["diff", "--format", "markdown"], root).out
    assert "`x\\x60 \\x7c </td> <script> @team [l](https://e.example) \\x5c\\x7c \\x60\\x60`" in comment
    assert "&lt;script&gt; @team" in in_process(["diff", "--format", "html"], root).out


def test_a_credential_in_the_base_is_not_shown(root: Path) -> None:
    """An API key that was committed by mistake is not printed by the diff of the change that removes it."""
    key = "sk-" + "proj-" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z" * 2
    edit(root, "routes/all.yaml", "api_key_env: MISTRAL_API_KEY", f"description: {key}\n    auth: none")
    git(root, "commit", "-qam", "oh no")
    git(root, "branch", "-qf", "main", "HEAD")
    edit(root, "routes/all.yaml", f"description: {key}\n    auth: none", "api_key_env: MISTRAL_API_KEY")
    for format in ("text", "json", "markdown", "html"):
        result = in_process(["diff", "--format", format], root)
        assert result.code == 0
        assert key not in result.out + result.err
        assert key[:20] not in result.out + result.err


@pytest.mark.parametrize("format", ["text", "html"])
def test_all_shows_all(root: Path, format: str) -> None:
    """--all shows what a report leaves out, as a comment says it does."""
    policies = "tenants:\n" + "".join(f"  t{number}: {{preset: balanced}}\n" for number in range(2_100))
    (root / "policies/more.yaml").write_text(policies)
    short = in_process(["diff", "--format", format], root)
    comment = in_process(["diff", "--format", "markdown"], root).out
    assert "left out here: `routecomp diff --all` shows all" in comment
    assert "--all shows all" in short.out
    whole = in_process(["diff", "--all", "--format", format], root)
    assert (whole.code, whole.err) == (0, "")
    assert all(f">t{number}<" in whole.out or f"tenant `t{number}`" in whole.out for number in range(2_100))
    assert "shows all" not in whole.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--all", "--limit", "3"],
        ["--limit", "0"],
        ["--format", "xml"],
        ["--json", "--format", "html"],
        ["--against", "no-such-branch"],
        ["--against", "none.json"],
        ["--against", ""],
    ],
)
def test_wrong_usage(root: Path, arguments: list[str]) -> None:
    """Wrong arguments give one message, exit code 2, and nothing on standard output."""
    result = in_process(["diff", *arguments], root)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: ")


def test_a_side_without_a_project_makes_everything_new(root: Path) -> None:
    """The change that brings routecomp into a repository is one row in every format, and no error."""
    git(root, "checkout", "-q", "--orphan", "empty")
    git(root, "rm", "-rq", "--cached", ".")
    git(root, "commit", "-q", "--allow-empty", "-m", "nothing yet")
    git(root, "branch", "-f", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "the project")
    result = in_process(["diff", "--exit-code"], root)
    assert result.code == 4, result.err
    assert "`project`\n    everything is new: (none) → 2 models" in result.out
    for format in ("json", "markdown", "html"):
        shown = in_process(["diff", "--format", format, "--against", "main..."], root)
        assert shown.code == 0, shown.err
        assert "everything is new" in shown.out


def test_guards_hold_a_change_to_what_it_may_move(root: Path) -> None:
    """--only and --no-decision-change exit 1 with a request to paste where more moves; a refactoring passes."""
    assert in_process(["diff", "--no-decision-change", "--require-proof"], root).code == 0
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    assert in_process(["diff", "--only", "tenant=berlin"], root).code == 0
    for guard in (
        ["--only", "tenant=acme"],
        ["--no-decision-change"],
        ["--only", "tenant=berlin", "--only", "feature=x"],
    ):
        result = in_process(["diff", *guard], root)
        assert result.code == 1, guard
        assert '"tenant": "berlin"}' in result.err
    moves = json.loads(in_process(["diff", "--json"], root).out)["moves"]
    assert moves["proven"]
    assert not moves["chains"]
    assert {name for row in moves["rows"] for name in row["tenants"]["names"]} == {"berlin"}
    assert not any(row["tenants"]["none"] or row["tenants"]["undeclared"] for row in moves["rows"])


def test_guards_that_say_nothing_are_refused(root: Path) -> None:
    """A guard of an unknown kind, and one without any comparison, are wrong usage."""
    assert in_process(["diff", "--only", "stack=eu"], root).code == 2
    assert in_process(["diff", "--only", "tenant"], root).code == 2
    assert in_process(["diff", "--moves", "none", "--no-decision-change"], root).code == 2


def test_a_comparison_without_time_is_no_proof(root: Path) -> None:
    """What is over the bound is sampled: the report says so, and --require-proof fails."""
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    result = in_process(["diff", "--proof-seconds", "0", "--require-proof"], root)
    assert result.code == 1
    assert "sampled, not proven" in result.out
    assert "proven: all" not in result.out
