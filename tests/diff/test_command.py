"""The command: where the other side comes from, what it says when there is none, and how it ends."""

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
    """The small project in a Git repository: `main` is its start, HEAD a branch that has not moved."""
    with project(SMALL) as folder:
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "start")
        git(folder, "checkout", "-qb", "change")
        yield folder


def git(folder: Path, *arguments: str) -> None:
    """A Git command that must work."""
    who = {f"GIT_{role}_{key}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    subprocess.run(
        ["git", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent), "GIT_CONFIG_NOSYSTEM": "1", **who},
    )


def edit(root: Path, path: str, old: str, new: str) -> None:
    """One edit of a file, which must hit."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def test_the_default_is_the_base_branch(root: Path) -> None:
    """Without --against the change since main is shown, whether committed or not; its places are main's and ours."""
    assert in_process(["diff", "--exit-code"], root).code == 0
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    ran = in_process(["diff", "--exit-code"], root)
    assert ran.code == 4
    assert "main:policies/tenants.yaml:5 → policies/tenants.yaml:5" in ran.out
    git(root, "commit", "-qam", "a change")
    assert in_process(["diff", "--exit-code"], root).out == ran.out
    assert in_process(["diff", "--against", "HEAD", "--exit-code"], root).code == 0


def test_a_compiled_table_is_a_side(root: Path) -> None:
    """Against a table the decisions are those against the YAML it was made from; a broken table is refused in words."""
    assert in_process(["compile"], root).code == 0
    (root / "old.json").write_bytes((root / "generated/routing_table.json").read_bytes())
    assert in_process(["diff", "--against", "old.json", "--exit-code"], root).code == 0
    edit(root, "routes/all.yaml", "quality: 0.70", "quality: 0.45")
    with_table, with_git = (
        json.loads(in_process(["diff", "--json", "--against", other], root).out) for other in ("old.json", "main")
    )
    assert with_table["decisions"] == with_git["decisions"]
    assert with_table["decisions"]["changed"] > 0
    assert {"model"} == {one["kind"] for one in with_table["changes"] if one["what"] == "quality_bp"}
    (root / "old.json").write_bytes(b'{"format": "9.0"}')
    refused = in_process(["diff", "--against", "old.json"], root)
    assert (refused.code, refused.out) == (2, "")
    assert "old.json is no routing table that can be read" in refused.err


def test_every_witness_can_be_piped_into_resolve(root: Path) -> None:
    """The requests of a report are answered by `resolve` as the report says."""
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    groups = json.loads(in_process(["diff", "--json"], root).out)["decisions"]["groups"]
    (root / "requests.jsonl").write_text("".join(json.dumps(group["witness"]) + "\n" for group in groups))
    answers = [json.loads(line) for line in run("routecomp resolve < requests.jsonl", root).out.splitlines()]
    assert len(answers) == len(groups) > 0
    for answer, group in zip(answers, groups, strict=True):
        del answer["ruleset_hash"]
        assert answer == group["after"] != group["before"]


def test_a_broken_rule_of_change_fails_and_is_shown(root: Path) -> None:
    """The report is whole, names the rule, and the exit code is that of findings, in every format."""
    edit(root, "routes/all.yaml", "claude: primary\n      mistral-large: shadow", "mistral-large: primary")
    for format in ("text", "json", "markdown", "html"):
        ran = in_process(["diff", "--format", format], root)
        assert ran.code == 1
        assert "RC503" in ran.out
        assert "support-chat" in ran.out


def test_a_base_with_errors_is_named(root: Path) -> None:
    """When main itself cannot be compiled, the message says that it is main, at its line."""
    edit(root, "policies/tenants.yaml", "stacks: [eu]", "stacks: [mars]")
    git(root, "commit", "-qam", "broken")
    git(root, "branch", "-qf", "main", "HEAD")
    edit(root, "policies/tenants.yaml", "stacks: [mars]", "stacks: [eu]")
    ran = in_process(["diff"], root)
    assert (ran.code, ran.out) == (1, "")
    assert "main:policies/tenants.yaml:5" in ran.err
    assert ran.err.endswith("nothing was compared: what is on main has errors\n")


def test_hostile_texts_of_the_yaml_stay_in_their_cells(root: Path) -> None:
    """A description made to break a comment is one code span in it, and shows no control character anywhere."""
    hostile = "x` | </td> <script> @team [l](https://e.example) \\| ``"
    edit(root, "policies/tenants.yaml", "    preset: balanced", f"    description: '{hostile}'")
    comment = in_process(["diff", "--format", "markdown"], root).out
    assert "`x\\x60 \\x7c </td> <script> @team [l](https://e.example) \\x5c\\x7c \\x60\\x60`" in comment
    assert "&lt;script&gt; @team" in in_process(["diff", "--format", "html"], root).out


def test_a_credential_in_the_base_is_not_shown(root: Path) -> None:
    """What was committed as a key by mistake is not printed by the diff that takes it out."""
    key = "sk-" + "proj-" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z" * 2
    edit(root, "routes/all.yaml", "api_key_env: MISTRAL_API_KEY", f"description: {key}")
    git(root, "commit", "-qam", "oh no")
    git(root, "branch", "-qf", "main", "HEAD")
    edit(root, "routes/all.yaml", f"description: {key}", "api_key_env: MISTRAL_API_KEY")
    for format in ("text", "json", "markdown", "html"):
        ran = in_process(["diff", "--format", format], root)
        assert ran.code == 0
        assert key not in ran.out + ran.err
        assert key[:20] not in ran.out + ran.err


@pytest.mark.parametrize("format", ["text", "html"])
def test_all_shows_all(root: Path, format: str) -> None:
    """What a report leaves out, and a comment says `diff --all` shows, is there with --all."""
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
    """One message, exit code 2, nothing on standard output."""
    ran = in_process(["diff", *arguments], root)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")


def test_a_side_without_a_project_makes_everything_new(root: Path) -> None:
    """The change that brings routecomp into a repository is shown in one row, whatever the format, and is no error."""
    git(root, "checkout", "-q", "--orphan", "empty")
    git(root, "rm", "-rq", "--cached", ".")
    git(root, "commit", "-q", "--allow-empty", "-m", "nothing yet")
    git(root, "branch", "-f", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "the project")
    ran = in_process(["diff", "--exit-code"], root)
    assert ran.code == 4, ran.err
    assert "`project`\n    everything is new: (none) → 2 models" in ran.out
    for format in ("json", "markdown", "html"):
        shown = in_process(["diff", "--format", format, "--against", "main..."], root)
        assert shown.code == 0, shown.err
        assert "everything is new" in shown.out
