"""Test many pull requests a day: branches that change different things merge without conflicts, and reverts compile."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.repository import Repository, small
from tests.cli.transcripts import environment, in_process

EXAMPLE = Path(__file__).parents[2]
PROMOTIONS = (
    ("ticket-triage", "mistral-small-2603"),
    ("typing-help", "codestral-2508"),
    ("conversation-summary", "qwen3-30b-nebius"),
    ("sentiment", "ministral-8b-2512"),
)
BRANCHES = 20


@pytest.fixture
def example(tmp_path: Path) -> Repository:
    """Return the living example in one compiled commit on `main`, with the merge driver installed."""
    repository = Repository(tmp_path / "example")
    for folder in ("routes", "policies", "experiments"):
        shutil.copytree(EXAMPLE / folder, repository.project / folder)
    return _ready(repository)


def _plain(repository: Repository) -> Repository:
    """Set up a repository without migrations, so that branches only change the files that the driver merges."""
    repository.write({"routecomp.yaml": "dialects: []\n"})
    return _ready(repository)


def _ready(repository: Repository) -> Repository:
    repository.git("config", "user.name", "Ada")
    repository.git("config", "user.email", "ada@example.com")
    run_ok(repository, "compile")
    run_ok(repository, "merge-driver", "--install")
    repository.commit("begin")
    return repository


def run_ok(repository: Repository, *arguments: str) -> str:
    """Run the command line; it must succeed."""
    result = in_process(list(arguments), repository.project)
    assert result.code == 0, result.out + result.err
    return result.out


def git(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Git with `routecomp` on its path, as a user's shell has it; Git may fail."""
    return subprocess.run(
        ["git", *arguments],
        cwd=repository.root,
        env=environment(repository.root),
        check=False,
        capture_output=True,
        text=True,
    )


def clean(repository: Repository) -> None:
    """Assert that the work tree is HEAD, that it checks clean, and that generated/ is what it compiles to."""
    assert repository.git("status", "--porcelain") == ""
    assert repository.check("--no-base").code == 0
    run_ok(repository, "compile", "--check")


def tenants(repository: Repository) -> list[str]:
    """Return every tenant, in the order of the files."""
    names = []
    for path in sorted((repository.project / "policies/tenants").glob("*.yaml")):
        names += [
            line.strip(" :")
            for line in path.read_text().splitlines()
            if line.startswith("  ") and line[2] != " " and line.endswith(":")
        ]
    return names


def test_twenty_branches_merge_with_no_hand_work(example: Repository) -> None:
    """Twenty branches change a tenant each and four promote too; all merge, and the result is current."""
    chosen = tenants(example)[:BRANCHES]
    assert len(chosen) == BRANCHES
    for number, tenant in enumerate(chosen):
        example.git("switch", "-q", "-c", f"branch-{number}", "main")
        if number % 5 == 0:
            feature, model = PROMOTIONS[number // 5]
            run_ok(example, "promote", feature, model, "--commit")
        run_ok(
            example,
            "tenant",
            "set",
            tenant,
            f"max_quality_loss=0.0{number % 9 + 1}",
            f"owner=team {number}",
            "--commit",
        )
    example.git("switch", "-q", "main")
    for number in range(BRANCHES):
        merged = git(example, "merge", "-q", "--no-ff", "--no-edit", f"branch-{number}")
        assert merged.returncode == 0, merged.stdout + merged.stderr
        assert example.git("status", "--porcelain") == ""
    clean(example)
    for number, tenant in enumerate(chosen):
        assert f"team {number}" in run_ok(example, "show", "tenant", tenant)
    for feature, model in PROMOTIONS:
        line = run_ok(example, "audit", feature).splitlines()[0]
        assert f"-> {model}" in line + run_ok(example, "audit", feature)
    # And the way back: a revert of an early promotion, with everything else on top of it.
    merge = example.git("log", "--merges", "--format=%H", "--grep", "branch-0'")
    reverted = git(example, "revert", "--no-edit", "-m", "1", merge)
    assert reverted.returncode == 0, reverted.stdout + reverted.stderr
    assert example.check("--no-base").code == 0
    run_ok(example, "compile")  # a migration that was released stays: its inverse follows it
    example.commit("compiled")
    clean(example)
    assert "rollback" in run_ok(example, "audit", "ticket-triage").splitlines()[0]


def _two_branches(tmp_path: Path) -> Repository:
    """Make a small project whose two branches change the same line of generated/, and different lines of YAML."""
    repository = _plain(small(tmp_path / "r"))
    repository.git("switch", "-q", "-c", "side")
    run_ok(repository, "tenant", "set", "acme", "banned_models=llama", "--commit")
    run_ok(repository, "shadow", "support-chat", "gemini", "--commit")
    repository.git("switch", "-q", "main")
    repository.edit("routes/all.yaml", ("quality: 0.86", "quality: 0.87"))
    run_ok(repository, "compile")
    repository.commit("quality")
    repository.edit("routes/more.yaml", ("quality: 0.60", "quality: 0.91"))
    run_ok(repository, "compile")
    repository.commit("another")
    return repository


def test_rebase_and_cherry_pick_and_revert(tmp_path: Path) -> None:
    """generated/ is current after a rebase, a cherry-pick and a revert."""
    repository = _two_branches(tmp_path)
    for command in (("cherry-pick", "side"), ("revert", "--no-edit", "HEAD~1"), ("revert", "--no-edit", "HEAD~1")):
        result = git(repository, *command)
        assert result.returncode == 0, result.stdout + result.stderr
        clean(repository)
    repository.git("switch", "-q", "side")
    result = git(repository, "rebase", "-q", "main~3")
    assert result.returncode == 0, result.stdout + result.stderr
    clean(repository)


def test_yaml_in_conflict_is_left_to_people(tmp_path: Path) -> None:
    """With YAML in conflict, generated/ is in conflict without markers, and the printed steps end the merge."""
    repository = _plain(small(tmp_path / "r"))
    repository.git("switch", "-q", "-c", "side")
    run_ok(repository, "tenant", "set", "acme", "preset=cost_first", "--commit")
    repository.git("switch", "-q", "main")
    run_ok(repository, "tenant", "set", "acme", "preset=quality_first", "--commit")
    merge = git(repository, "merge", "--no-edit", "side")
    assert merge.returncode == 1
    assert "the YAML has conflicts (policies/tenants.yaml)" in merge.stdout + merge.stderr
    assert "<<<<" not in (repository.project / "generated/routing_table.json").read_text()
    repository.git("checkout", "--theirs", "--", "policies/tenants.yaml")
    run_ok(repository, "compile")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--no-edit")
    clean(repository)


def test_a_merge_with_errors_is_left_to_people(tmp_path: Path) -> None:
    """Two branches that promote different shadows merge as text to two primaries, and the driver refuses."""
    repository = _plain(small(tmp_path / "r"))
    repository.git("switch", "-q", "-c", "side")
    run_ok(repository, "promote", "support-chat", "mistral-large", "--commit")
    repository.git("switch", "-q", "main")
    run_ok(repository, "promote", "support-chat", "llama", "--commit")
    merge = git(repository, "merge", "--no-edit", "side")
    assert merge.returncode == 1
    message = merge.stdout + merge.stderr
    assert "RC303" in message
    assert "the merged YAML has errors" in message
    assert repository.git("diff", "--name-only", "--diff-filter=U") == "generated/routing_table.json"


def test_a_project_below_the_top(tmp_path: Path) -> None:
    """The driver finds the project that writes a file in any folder of the repository."""
    repository = _plain(small(tmp_path / "r", "config/llm"))
    repository.git("switch", "-q", "-c", "side")
    run_ok(repository, "tenant", "set", "acme", "banned_models=llama", "--commit")
    repository.git("switch", "-q", "main")
    run_ok(repository, "tenant", "set", "berlin", "banned_models=qwen", "--commit")
    merge = git(repository, "merge", "-q", "--no-edit", "side")
    assert merge.returncode == 0, merge.stdout + merge.stderr
    clean(repository)


def test_files_of_nobody_are_merged_as_text(tmp_path: Path) -> None:
    """A file that the compiler does not write is merged as Git would, conflicts included."""
    repository = _plain(small(tmp_path / "r"))
    text = "one\ntwo\nthree\nfour\nfive\n"
    repository.write({"generated/notes.txt": text})
    repository.commit("notes")
    repository.git("switch", "-q", "-c", "side")
    repository.write({"generated/notes.txt": text.replace("five", "5")})
    repository.commit("five")
    repository.git("switch", "-q", "main")
    repository.write({"generated/notes.txt": text.replace("one", "1")})
    repository.commit("one")
    assert git(repository, "merge", "-q", "--no-edit", "side").returncode == 0
    assert (repository.project / "generated/notes.txt").read_text() == "1\ntwo\nthree\nfour\n5\n"
    repository.git("switch", "-q", "-c", "other", "main~2")
    repository.write({"generated/notes.txt": text.replace("one", "I")})
    repository.commit("roman")
    assert git(repository, "merge", "-q", "--no-edit", "main").returncode == 1
    assert "<<<<<<<" in (repository.project / "generated/notes.txt").read_text()


def test_the_driver_is_found_without_a_path(tmp_path: Path) -> None:
    """Where `routecomp` is not on the path, the installed driver has the program's full path."""
    repository = small(tmp_path / "r")
    program = Path(sys.executable).parent / "routecomp"
    variables = {**environment(repository.root), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        [program, "merge-driver", "--install"],
        cwd=repository.project,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert repository.git("config", "merge.routecomp.driver") == f"{program} merge-driver %O %A %B %P"


@pytest.mark.parametrize("moved_side", ["ours", "theirs"])
def test_a_branch_that_moves_the_project_merges(moved_side: str, tmp_path: Path) -> None:
    """A branch that moves the project and one that changes it merge: from the moved one as they are.

    From the other one Git finds no driver in the new folder, and leaves generated/ in conflict: `compile` ends it.
    """
    repository = small(tmp_path / "r", "llm")
    _plain(repository)
    repository.git("switch", "-q", "-c", "move")
    repository.git("mv", "llm", "routing")
    repository.project = repository.root / "routing"
    repository.edit("policies/tenants.yaml", ("preset: balanced", "preset: cost_first"))
    run_ok(repository, "compile")
    repository.commit("moved")
    repository.git("switch", "-q", "main")
    repository.project = repository.root / "llm"
    repository.edit("routes/all.yaml", ("quality: 0.70", "quality: 0.71"), ("quality: 0.86", "quality: 0.87"))
    run_ok(repository, "compile")
    repository.commit("changed")
    if moved_side == "ours":
        repository.git("switch", "-q", "move")
    merged = git(repository, "merge", "-q", "--no-edit", "main" if moved_side == "ours" else "move")
    repository.project = repository.root / "routing"
    if moved_side == "theirs":
        assert "CONFLICT (content): Merge conflict in routing/generated/routing_table.json" in merged.stdout
        run_ok(repository, "compile")
        repository.commit("merged")
    else:
        assert merged.returncode == 0, merged.stdout + merged.stderr
    clean(repository)
