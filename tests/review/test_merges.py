"""Many pull requests a day: branches that change different things merge with no hand work, and reverts compile."""

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
    """The living example in one commit on `main`, compiled, with the merge driver installed."""
    repository = Repository(tmp_path / "example")
    for folder in ("routes", "policies", "experiments"):
        shutil.copytree(EXAMPLE / folder, repository.project / folder)
    return _ready(repository)


def _plain(repository: Repository) -> Repository:
    """Made ready without migrations: the files of generated/ that change are those the driver merges."""
    repository.write({"routecomp.yaml": "dialects: []\n"})
    return _ready(repository)


def _ready(repository: Repository) -> Repository:
    repository.git("config", "user.name", "Ada")
    repository.git("config", "user.email", "ada@example.com")
    done(repository, "compile")
    done(repository, "merge-driver", "--install")
    repository.commit("begin")
    return repository


def done(repository: Repository, *arguments: str) -> str:
    """Run the command line; it must succeed."""
    ran = in_process(list(arguments), repository.project)
    assert ran.code == 0, ran.out + ran.err
    return ran.out


def git(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git with `routecomp` on its path, as a user's shell has it; it may fail."""
    return subprocess.run(
        ["git", *arguments],
        cwd=repository.root,
        env=environment(repository.root),
        check=False,
        capture_output=True,
        text=True,
    )


def clean(repository: Repository) -> None:
    """The work tree is what HEAD holds, checks clean, and generated/ is what it compiles to."""
    assert repository.git("status", "--porcelain") == ""
    assert repository.check("--no-base").code == 0
    done(repository, "compile", "--check")


def tenants(repository: Repository) -> list[str]:
    """Every tenant, in the order of the files."""
    found = []
    for path in sorted((repository.project / "policies/tenants").glob("*.yaml")):
        found += [
            line.strip(" :")
            for line in path.read_text().splitlines()
            if line.startswith("  ") and line[2] != " " and line.endswith(":")
        ]
    return found


def test_twenty_branches_merge_with_no_hand_work(example: Repository) -> None:
    """Each changes a tenant of its own, four promote a model too; merged one after another, all is in and clean."""
    chosen = tenants(example)[:BRANCHES]
    assert len(chosen) == BRANCHES
    for number, tenant in enumerate(chosen):
        example.git("switch", "-q", "-c", f"branch-{number}", "main")
        if number % 5 == 0:
            feature, model = PROMOTIONS[number // 5]
            done(example, "promote", feature, model, "--commit")
        done(
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
        assert f"team {number}" in done(example, "show", "tenant", tenant)
    for feature, model in PROMOTIONS:
        line = done(example, "audit", feature).splitlines()[0]
        assert f"-> {model}" in line + done(example, "audit", feature)
    # And the way back: a revert of an early promotion, with everything else on top of it.
    merge = example.git("log", "--merges", "--format=%H", "--grep", "branch-0'")
    reverted = git(example, "revert", "--no-edit", "-m", "1", merge)
    assert reverted.returncode == 0, reverted.stdout + reverted.stderr
    assert example.check("--no-base").code == 0
    done(example, "compile")  # a migration that was released stays: its inverse follows it
    example.commit("compiled")
    clean(example)
    assert "rollback" in done(example, "audit", "ticket-triage").splitlines()[0]


def _two_branches(tmp_path: Path) -> Repository:
    """A small project whose two branches change the same line of generated/, and different ones of the YAML."""
    repository = _plain(small(tmp_path / "r"))
    repository.git("switch", "-q", "-c", "side")
    done(repository, "tenant", "set", "acme", "banned_models=llama", "--commit")
    done(repository, "shadow", "support-chat", "gemini", "--commit")
    repository.git("switch", "-q", "main")
    repository.edit("routes/all.yaml", ("quality: 0.86", "quality: 0.87"))
    done(repository, "compile")
    repository.commit("quality")
    repository.edit("routes/more.yaml", ("quality: 0.60", "quality: 0.91"))
    done(repository, "compile")
    repository.commit("another")
    return repository


def test_rebase_and_cherry_pick_and_revert(tmp_path: Path) -> None:
    """The driver finds out what is going on without being told, and generated/ is right after each."""
    repository = _two_branches(tmp_path)
    for command in (("cherry-pick", "side"), ("revert", "--no-edit", "HEAD~1"), ("revert", "--no-edit", "HEAD~1")):
        ran = git(repository, *command)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        clean(repository)
    repository.git("switch", "-q", "side")
    ran = git(repository, "rebase", "-q", "main~3")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    clean(repository)


def test_yaml_in_conflict_is_left_to_people(tmp_path: Path) -> None:
    """Then generated/ is in conflict too, without markers in it, and what to do is said; doing it ends the merge."""
    repository = _plain(small(tmp_path / "r"))
    repository.git("switch", "-q", "-c", "side")
    done(repository, "tenant", "set", "acme", "preset=cost_first", "--commit")
    repository.git("switch", "-q", "main")
    done(repository, "tenant", "set", "acme", "preset=quality_first", "--commit")
    merged = git(repository, "merge", "--no-edit", "side")
    assert merged.returncode == 1
    assert "the YAML has conflicts (policies/tenants.yaml)" in merged.stdout + merged.stderr
    assert "<<<<" not in (repository.project / "generated/routing_table.json").read_text()
    repository.git("checkout", "--theirs", "--", "policies/tenants.yaml")
    done(repository, "compile")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--no-edit")
    clean(repository)


def test_a_merge_with_errors_is_left_to_people(tmp_path: Path) -> None:
    """Two branches that each promote another shadow are clean as text and hold two primaries: the driver says so."""
    repository = _plain(small(tmp_path / "r"))
    repository.git("switch", "-q", "-c", "side")
    done(repository, "promote", "support-chat", "mistral-large", "--commit")
    repository.git("switch", "-q", "main")
    done(repository, "promote", "support-chat", "llama", "--commit")
    merged = git(repository, "merge", "--no-edit", "side")
    assert merged.returncode == 1
    said = merged.stdout + merged.stderr
    assert "RC303" in said
    assert "the merged YAML has errors" in said
    assert repository.git("diff", "--name-only", "--diff-filter=U") == "generated/routing_table.json"


def test_a_project_below_the_top(tmp_path: Path) -> None:
    """The driver finds the project that writes the file, in whatever folder of the repository it lies."""
    repository = _plain(small(tmp_path / "r", "config/llm"))
    repository.git("switch", "-q", "-c", "side")
    done(repository, "tenant", "set", "acme", "banned_models=llama", "--commit")
    repository.git("switch", "-q", "main")
    done(repository, "tenant", "set", "berlin", "banned_models=qwen", "--commit")
    merged = git(repository, "merge", "-q", "--no-edit", "side")
    assert merged.returncode == 0, merged.stdout + merged.stderr
    clean(repository)


def test_files_of_nobody_are_merged_as_text(tmp_path: Path) -> None:
    """A file the compiler does not write is merged as Git would, conflicts included."""
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
    """Where `routecomp` is not on the path, the installed driver names the program by where it lies."""
    repository = small(tmp_path / "r")
    program = Path(sys.executable).parent / "routecomp"
    variables = {**environment(repository.root), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [program, "merge-driver", "--install"],
        cwd=repository.project,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert repository.git("config", "merge.routecomp.driver") == f"{program} merge-driver %O %A %B %P"
