"""Test the scripts of the workflow that `init` writes, run as a runner runs them, except the one that needs `gh`."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from routecomp.workspace.new_project import project_files
from tests.ci.test_action import edit, expect, git, project
from tests.cli.command_server import search_path
from tests.cli.transcripts import Ran

__all__ = ["project"]
WORKFLOW = project_files("github")[".github/workflows/routecomp.yml"]


def run_workflow(project: Path, temporary: Path, event: dict[str, str]) -> Ran:
    """Run every script but the installation and the comment until one fails; return summary, log and exit code."""
    log, code = "", 0
    summary, shared = temporary / "summary", temporary / "env"
    summary.touch()
    (temporary / "event.json").write_text(event.get("file", "{}"))
    shared.touch()
    steps = yaml.safe_load(WORKFLOW)["jobs"]["check"]["steps"]
    for step in steps:
        script = step.get("run", "")
        if not script or "pip install" in script or "gh api" in script:
            continue
        values = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: event.get(m[1], ""), value)
            for name, value in step.get("env", {}).items()
        }
        kept = dict(line.split("=", 1) for line in shared.read_text().splitlines())
        environment = {
            "PATH": search_path(),
            "HOME": str(temporary),
            "LC_ALL": "C.UTF-8",
            "RUNNER_TEMP": str(temporary),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_ENV": str(shared),
            "GITHUB_EVENT_PATH": str(temporary / "event.json"),
            **kept,
            **values,
        }
        result = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        log, code = log + result.stdout + result.stderr, result.returncode
        if code:
            break
    return Ran(summary.read_text(), log, code)


@pytest.mark.parametrize(
    ("event", "compared"),
    [
        ({"github.base_ref": "main"}, "both"),
        ({"github.event.merge_group.base_sha": "HEAD~1"}, "last"),
        ({"github.event.before": "HEAD~2"}, "both"),
        ({"github.event.before": "0" * 40}, "last"),
        ({}, "last"),
    ],
    ids=["pull request", "merge queue", "push", "first push", "by hand"],
)
def test_each_event_is_compared_with_what_was_there(
    project: Path, tmp_path: Path, event: dict[str, str], compared: str
) -> None:
    """A pull request is compared with its base, a merge group with the queue's, a push with the commit before."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    edit(project, "policies/tenants.yaml", "preset: balanced", "preset: cost_first")
    result = run_workflow(project, tmp_path, event)
    assert result.code == 0, result.err
    assert ("`stacks`" in result.out) == (compared == "both")
    assert "preset" in result.out
    assert json.loads((tmp_path / "routecomp.sarif").read_text())["version"] == "2.1.0"


def test_more_may_not_move_than_a_pull_request_says(project: Path, tmp_path: Path) -> None:
    """The diff is in the summary, and the job fails, where a decision moves outside of the intent of the text."""
    edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [us]")
    for number, (text, code) in enumerate(
        [("intent: {tenants: [berlin]}", 0), ("intent: {tenants: [acme]}", 1), ("", 0)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        file = json.dumps({"pull_request": {"body": f"Hello\n\n{text}\n$(exit 9)"}})
        result = run_workflow(project, folder, {"github.base_ref": "main", "file": file})
        assert result.code == code, result.err
        assert "`stacks`" in result.out
        assert ("**not allowed**" in result.out) == bool(code)


def test_an_illegal_push_is_refused(project: Path, tmp_path: Path) -> None:
    """A push to the main branch that breaks a rule of change fails: it is not compared with itself."""
    edit(project, "routes/all.yaml", "mistral-large: shadow", "mistral-large: primary", compile=False)
    edit(project, "routes/all.yaml", "claude: primary", "claude: retired", compile=True)
    git(project, "update-ref", "refs/remotes/origin/main", "HEAD")
    result = run_workflow(project, tmp_path, {"github.event.before": "HEAD~2"})
    assert "RC504" in result.err


def test_a_pull_request_whose_base_is_not_there_fails(project: Path, tmp_path: Path) -> None:
    """A clone without the base branch fails and says so; it is not compared with another commit."""
    git(project, "update-ref", "-d", "refs/remotes/origin/main")
    result = run_workflow(project, tmp_path, {"github.base_ref": "main"})
    assert result.code == 2
    assert "origin/main..." in result.err


@pytest.mark.parametrize("broken", [True, False], ids=["main has errors", "main holds no project"])
def test_what_repairs_or_founds_the_main_branch_passes(project: Path, tmp_path: Path, broken: bool) -> None:
    """Where the main branch cannot be compiled, a pull request passes by its own checks, so that it can repair it."""
    if broken:
        edit(project, "policies/tenants.yaml", "stacks: [eu]", "stacks: [nowhere]", compile=False)
    else:
        git(project, "rm", "-rq", "--ignore-unmatch", "routes", "policies", "experiments", "generated")
        git(project, "commit", "-qm", "no project")
    git(project, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(project, "revert", "--no-edit", "HEAD")
    result = run_workflow(project, tmp_path, {"github.base_ref": "main"})
    assert result.code == 0, result.err
    assert ("everything is new" in result.out) != broken
    assert ("nothing was compared: what is on origin/main has errors" in result.err) == broken


def test_an_expectation_that_is_not_met(project: Path, tmp_path: Path) -> None:
    """It fails the job, which has said before what the change does."""
    expect(project)
    result = run_workflow(project, tmp_path, {"github.base_ref": "main"})
    assert result.code == 1
    assert "::error file=policies/expectations.yaml,line=2," in result.err
    assert "expectation `berlin`" in result.out
