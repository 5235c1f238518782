"""Test the written steps in a merge queue: what waits before a pull request is released before it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ci import test_gitlab
from tests.ci.test_action import git, project, runner
from tests.ci.test_gitlab import GitLab, gitlab
from tests.ci.test_workflow import run_workflow
from tests.cli.transcripts import Ran, in_process

__all__ = ["gitlab", "project"]
BASE = "github.event.merge_group.base_sha"
CHANGES = {
    "one": ("routes/all.yaml", "latency_ms: 900", "latency_ms: 910"),
    "two": ("policies/tenants.yaml", "stacks: [eu]", "stacks: [us]"),
    "three": ("routes/all.yaml", "latency_ms: 1800", "latency_ms: 1900"),
}
SAME = ("routes/all.yaml", "quality: 0.70", "quality: 0.71")


def by_workflow(clone: Path, temporary: Path, base: str, _: GitLab) -> Ran:
    """Run the workflow that `init` writes."""
    return run_workflow(clone, temporary, {BASE: base})


def by_action(clone: Path, temporary: Path, base: str, _: GitLab) -> Ran:
    """Run the action."""
    job = runner(clone, temporary, comment="false")
    job.event = {BASE: base}
    job.run()
    return Ran("", job.log, job.code)


def by_gitlab(clone: Path, temporary: Path, base: str, server: GitLab) -> Ran:
    """Run GitLab's job as the pipeline of a merge train does."""
    words = {"CI_MERGE_REQUEST_EVENT_TYPE": "merge_train", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    done = test_gitlab.run(clone, server, ROUTECOMP_TOKEN="", **words)
    return Ran(done.stdout, done.stdout + done.stderr, done.returncode)


def edit(project: Path, path: str, old: str, new: str) -> None:
    """Replace a text in a file, compile and commit."""
    text = (project / path).read_text()
    assert old in text
    (project / path).write_text(text.replace(old, new))
    assert in_process(["compile"], project).code == 0
    git(project, "add", "-A")
    git(project, "commit", "-qm", path)


def queued(project: Path, changes: dict[str, tuple[str, str, str]]) -> Path:
    """Make the clone of a repository whose queue has a group for each pull request, with those before it."""
    for name, change in changes.items():
        git(project, "switch", "-q", "-C", name, "main")
        edit(project, *change)
    git(project, "checkout", "-q", "--detach", "main")
    for name in changes:
        git(project, "merge", "-q", "--no-ff", "--no-edit", "-X", "theirs", name)
        git(project, "branch", f"queue/{name}")
    git(project, "switch", "-q", "main")
    clone = project.parent / "clone"
    subprocess.run(["git", "clone", "-q", str(project), str(clone)], check=True)
    return clone


@pytest.mark.parametrize("run", [by_workflow, by_action, by_gitlab])
def test_each_group_of_a_queue_is_green(
    run: Callable[[Path, Path, str, GitLab], Ran], project: Path, tmp_path: Path, gitlab: GitLab
) -> None:
    """The second and the third of three that touch different things pass, as they are."""
    clone = queued(project, CHANGES)
    for name, base in (("two", "origin/queue/one"), ("three", "origin/queue/two")):
        git(clone, "checkout", "-q", "--detach", f"origin/queue/{name}")
        temporary = tmp_path / name
        temporary.mkdir()
        ran = run(clone, temporary, base, gitlab)
        assert ran.code == 0, ran.err
        assert in_process(["compile", "--check"], clone).code == 1, "main alone lacks what waits before"


def test_one_that_does_not_fit_is_red(project: Path, tmp_path: Path, gitlab: GitLab) -> None:
    """Of two that change the same rows, the second is thrown out, and the job names its migration."""
    clone = queued(project, {"one": CHANGES["one"], "same": SAME})
    git(clone, "checkout", "-q", "--detach", "origin/queue/same")
    ran = by_workflow(clone, tmp_path, "origin/queue/one", gitlab)
    assert ran.code == 1
    assert "0002_model-mistral-large" in ran.err


@pytest.mark.parametrize(
    "arguments", ["--against main", "--check --against nowhere", "--check --against main --from ."]
)
def test_what_makes_no_sense_is_refused(project: Path, arguments: str) -> None:
    """Only a commit, and only where nothing is written, says what is merged before."""
    assert in_process(["compile", *arguments.split()], project).code == 2
