"""The commit that last moved a decision is found, whatever else a history holds; and so are the lines."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from routecomp.cli.output.why_changed import history_document
from routecomp.review.analysis.space import Bounds
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.why_changed import History, why_changed
from tests.cli.repository import Repository, promote, small
from tests.cli.transcripts import Ran, environment, in_process
from tests.review.histories import random_history, write

HARD = [
    pytest.mark.hard,
    pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard"),
]


def walked(root: Path, request: dict[str, Any], *, every: bool = False) -> History:
    """Walk the history of a repository."""
    project = open_project(str(root))
    with Snapshot(project.root) as snapshot:
        return why_changed(project, snapshot, request, Bounds(), every=every)


def asked(repository: Repository, *arguments: str) -> Ran:
    """Run `routecomp why-changed` on the feature."""
    return in_process(["why-changed", "support-chat", *arguments], repository.project)


def told(repository: Repository, *arguments: str) -> dict[str, Any]:
    """Return what `routecomp why-changed --json` prints."""
    ran = asked(repository, "--json", *arguments)
    assert ran.code == 0, ran
    document: dict[str, Any] = json.loads(ran.out)
    return document


def subjects(document: dict[str, Any]) -> list[str]:
    """Return the subjects of the commits that moved the decision."""
    return [commit["subject"] for commit in document["commits"]]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a repository with one feature in one commit."""
    return small(tmp_path / "r")


@pytest.mark.parametrize("seed", [*range(30), *[pytest.param(seed, marks=HARD) for seed in range(30, 130)]])
def test_each_culprit_of_a_random_history_is_found(seed: int, tmp_path: Path) -> None:
    """Every commit that moved the decision and no other, among renames, moved files and commits that do not compile."""
    history = random_history(random.Random(seed), 8)
    write(tmp_path / "h", history.commits)
    request = {"feature": history.end.feature, "tenant": history.end.tenant}
    found = walked(tmp_path / "h", request, every=True)
    assert [culprit.commit.subject for culprit in found.culprits] == history.culprits[::-1]
    assert {skip.commit.subject for skip in found.skipped} == set(history.broken)
    assert not found.unproven
    for commit in history_document(found)["commits"]:
        signs = {line["sign"] for cause in commit["causes"] for line in cause["lines"]}
        assert signs == {"-", "+"}, commit


def test_the_last_move_alone_is_told_with_its_lines(repository: Repository) -> None:
    """A promotion: what moved, for whom, a request that shows it, and both lines of the diff."""
    promote(repository, "mistral-large")
    repository.commit("Mistral answers")
    repository.edit("policies/tenants.yaml", ("  berlin:", "  berlin:  # in the EU"))
    repository.commit("a remark")
    document = told(repository, "--tenant", "acme")
    assert subjects(document) == ["Mistral answers"]
    (commit,) = document["commits"]
    move = commit["moves"][0]
    assert (move["change"], move["before"], move["after"]) == ("pick", "claude", "mistral-large")
    assert move["witness"] == {"feature": "support-chat", "tenant": "acme"}
    lines = {(line["sign"], line["text"].strip()) for cause in commit["causes"] for line in cause["lines"]}
    assert ("+", "mistral-large: primary") in lines
    assert ("-", "claude: primary") in lines
    assert "+ routes/features.yaml:6  mistral-large: primary" in asked(repository, "--tenant", "acme").out
    assert told(repository, "--since", "HEAD~1")["commits"] == []
    assert "no commit moved it since" in asked(repository, "--since", "HEAD~1").out
    assert "the only version there is to read" in " ".join(asked(repository, "--since", "HEAD").out.split())


def test_a_line_that_stayed_is_none_of_the_diff(repository: Repository) -> None:
    """A key that is new has a line that came and none that went; what the commit did to others is left out."""
    repository.edit(
        "policies/tenants.yaml",
        ("    preset: balanced\n", "    preset: balanced\n    min_quality: 0.90\n"),
        ("    stacks: [eu]\n", "    stacks: [eu]\n    min_quality: 0.60\n"),
    )
    repository.commit("floors")
    (commit,) = told(repository, "--tenant", "acme")["commits"]
    lines = [(line["sign"], line["text"].strip()) for cause in commit["causes"] for line in cause["lines"]]
    assert lines == [("+", "min_quality: 0.90")]


def test_a_revert_moves_it_back(repository: Repository) -> None:
    """A decision that is today what it was long ago was moved last by the revert."""
    promote(repository, "mistral-large")
    repository.commit("Mistral answers")
    repository.git("revert", "--no-edit", "HEAD")
    assert subjects(told(repository)) == ['Revert "Mistral answers"']
    document = told(repository, "--all")
    assert subjects(document) == ['Revert "Mistral answers"', "Mistral answers"]
    assert document["oldest"]["subject"] == "begin"


def test_a_request_with_hints_is_followed_alone(repository: Repository) -> None:
    """A change of what else a call may ask for is no change of this one request."""
    repository.edit("routes/all.yaml", ("context_window: 200000", "context_window: 300000"))
    repository.commit("a wider window")
    repository.edit("routes/all.yaml", ("latency_ms: 1800", "latency_ms: 1700"))
    repository.commit("faster")
    assert subjects(told(repository)) == ["faster"]
    assert subjects(told(repository, "--input-tokens", "250000")) == ["a wider window"]
    assert told(repository, "--input-tokens", "1000")["commits"] == []


def test_what_stands_behind_a_commit_that_does_not_compile(repository: Repository) -> None:
    """Where the version before does not compile, the one before that counts, and the one between may be it."""
    promote(repository, "mistral-large")
    repository.edit("routes/features.yaml", ("mistral-large: primary", "mistral-large: primry"))
    repository.commit("a slip")
    repository.edit("routes/features.yaml", ("primry", "primary"))
    repository.commit("the repair")
    (commit,) = told(repository)["commits"]
    assert commit["subject"] == "the repair"
    assert [skip["subject"] for skip in commit["or_skipped"]] == ["a slip"]
    assert "routes/features.yaml:" in commit["or_skipped"][0]["reason"]
    assert "or one of these before it, which do not compile" in asked(repository).out


def test_a_merge_and_a_folder_that_moved(repository: Repository) -> None:
    """What a merge brought is the merge's; a project that was moved within its repository goes on."""
    repository.git("switch", "-q", "-c", "side")
    promote(repository, "mistral-large")
    repository.commit("Mistral answers")
    repository.git("switch", "-q", "main")
    repository.write({"notes.txt": "nothing"})
    repository.commit("notes")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    repository.root.joinpath("llm").mkdir()
    repository.git("mv", "routes", "policies", "llm")
    repository.commit("into a folder")
    ran = in_process(["why-changed", "support-chat", "--root", str(repository.root / "llm")], repository.root)
    assert "Merge side" in ran.out, ran
    assert "a merge: `git log" in ran.out
    assert "into a folder" not in ran.out


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path) -> None:
    """What was cut off is said, in words and in JSON."""
    promote(repository, "mistral-large")
    repository.commit("Mistral answers")
    repository.edit("routes/all.yaml", ("latency_ms: 900", "latency_ms: 900  # measured"))
    repository.commit("a remark")
    clone = ["git", "clone", "-q", "--depth", "1", f"file://{repository.root}", str(tmp_path / "clone")]
    subprocess.run(clone, env=environment(tmp_path), check=True)
    ran = in_process(["why-changed", "support-chat", "--json"], tmp_path / "clone")
    document = json.loads(ran.out)
    assert document["shallow"] is True
    assert document["commits"] == []
    assert "this clone is shallow" in ran.err


def test_names_that_no_version_declares(repository: Repository) -> None:
    """A mistyped feature is refused with the nearest name; an undeclared tenant is decided as one, with a note."""
    ran = in_process(["why-changed", "suport-chat"], repository.project)
    assert ran.code == 2
    assert "did you mean `support-chat`" in ran.err
    assert "declares tenant `nobody`" in asked(repository, "--tenant", "nobody").err
    repository.edit("routes/features.yaml", ("support-chat", "help-chat"))
    repository.commit("another feature")
    assert subjects(told(repository)) == ["another feature"]


def test_what_is_over_the_bound_is_never_called_proven(repository: Repository) -> None:
    """Without time for the proof requests are sampled: it says so, and --require-proof fails."""
    repository.edit("routes/all.yaml", ("latency_ms: 1800", "latency_ms: 1700"))
    repository.commit("faster")
    ran = asked(repository, "--proof-seconds", "0", "--require-proof")
    if told(repository, "--proof-seconds", "0")["unproven"]:
        assert ran.code == 1
        assert "sampled, not proven" in ran.err
    else:
        assert ran.code == 0
