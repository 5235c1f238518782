"""Test independent migrations of branches: any order works, and Git's guesses at renames do no harm."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.cli.repository import Repository
from tests.database.branches import (
    OUTPUT,
    assert_fresh,
    compile_and_commit,
    database_after,
    declare_tenant,
    git,
    merge_branch,
    migration_ids,
    run_ok,
    start_repository,
)
from tests.seeds import FRESH, HARD

EDITS = ("acme", "berlin", "preset", "model", "feature", "scoring", "new-one", "new-two")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a compiled project on `main`, with the merge driver installed."""
    return start_repository(tmp_path)


def _edit(repository: Repository, what: str, dice: random.Random) -> None:
    """Make an edit that is independent of the others in `EDITS`."""
    value = dice.randrange(1, 9)
    match what:
        case "acme":
            repository.edit("policies/tenants.yaml", ("balanced", f"balanced\n    min_quality: 0.{value}"))
        case "berlin":
            repository.edit("policies/tenants.yaml", ("[eu]", dice.choice(["[us]", "[us, eu]"])))
        case "preset":
            repository.write({"policies/presets.yaml": f"presets:\n  cost_first: {{min_quality: 0.{value}}}\n"})
        case "model":
            repository.edit("routes/all.yaml", ("latency_ms: 900", f"latency_ms: 90{value}"))
        case "feature":
            repository.edit(
                "routes/all.yaml",
                ("claude: primary", "claude: shadow"),
                ("mistral-large: shadow", "mistral-large: primary"),
            )
        case "scoring":
            repository.edit("routes/all.yaml", ("worst: 10000", f"worst: 1000{value}"))
        case _:
            declare_tenant(repository, what, value)


def check_any_order(repository: Repository, seed: int | str, most: int) -> None:
    """Merge independent edits in a random order and in random ways.

    `main` is clean after each merge, and databases hold the same rows in the end, whether they were migrated in
    between or not.
    """
    dice = random.Random(seed)
    chosen = dice.sample(EDITS, dice.randrange(2, most + 1))
    for what in chosen:
        repository.git("switch", "-qc", f"b-{what}", "main")
        _edit(repository, what, dice)
        compile_and_commit(repository, what)
    databases: list[list[str]] = [migration_ids(repository)[:1] for _ in range(3)]
    for what in dice.sample(chosen, len(chosen)):
        if dice.random() < 0.5:
            repository.git("switch", "-q", f"b-{what}")
            repository.git(*dice.choice([["merge", "-q", "--no-edit", "main"], ["rebase", "-q", "main"]]))
            assert_fresh(repository)
        merge_branch(repository, f"b-{what}", *dice.choice([["--no-ff"], ["--squash"]]))
        if repository.git("status", "--porcelain"):
            repository.commit(what)
        assert_fresh(repository)
        for ran in databases[1:]:
            if dice.random() < 0.5:
                ran += [name for name in migration_ids(repository) if name not in ran]
    states = []
    for ran in databases:
        ran += [name for name in migration_ids(repository) if name not in ran]
        states.append(database_after(repository, ran))
    assert states[1:] == states[:-1], databases


@pytest.mark.parametrize("seed", [*range(2), pytest.param(FRESH, id="fresh")])
def test_independent_edits_in_any_order(repository: Repository, seed: int) -> None:
    """Two or three independent branches merge in any order."""
    check_any_order(repository, seed, 3)


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
@pytest.mark.parametrize("number", range(60))
def test_many_independent_edits_in_any_order(repository: Repository, number: int) -> None:
    """Up to seven independent branches merge in any order."""
    check_any_order(repository, f"{FRESH}/{number}", 7)


def _looks_renamed(repository: Repository) -> None:
    """Make a `main` with the migration of one tenant, and a branch that rewrites another tenant's draft."""
    repository.edit("policies/tenants.yaml", ("  berlin:\n", "  berlin:\n    min_quality: 0.1\n"))
    repository.edit("policies/tenants.yaml", ("    stacks: [eu]\n", "    stacks: [eu]\n    max_quality_loss: 0.2\n"))
    compile_and_commit(repository, "a tenant with more lines")
    repository.git("switch", "-qc", "two")
    repository.edit("policies/tenants.yaml", ("    min_quality: 0.1", "    min_quality: 0.2"))
    compile_and_commit(repository, "a draft")
    repository.edit("policies/tenants.yaml", ("    max_quality_loss: 0.2", "    max_quality_loss: 0.3"))
    compile_and_commit(repository, "rewritten in place")
    declare_tenant(repository, "three")
    compile_and_commit(repository, "another name")
    repository.git("switch", "-qc", "one", "main")
    repository.edit("policies/tenants.yaml", ("preset: balanced", "preset: balanced\n    max_quality_loss: 0.4"))
    compile_and_commit(repository, "one")
    merge_branch(repository, "one")


def test_a_picked_draft_leaves_released_ones_alone(repository: Repository) -> None:
    """Where Git takes a released migration for the renamed draft of a picked commit, the driver keeps it."""
    _looks_renamed(repository)
    before = migration_ids(repository)
    released = (repository.project / OUTPUT / f"sqlite/{before[-1]}.up.sql").read_bytes()
    picked = git(repository, "cherry-pick", "two~1")
    assert picked.returncode == 0, picked.stdout + picked.stderr
    assert (repository.project / OUTPUT / f"sqlite/{before[-1]}.up.sql").read_bytes() == released
    compile_and_commit(repository, "compiled")
    assert migration_ids(repository) == [*before, "0004_tenant-berlin"]
    assert_fresh(repository)


def test_a_picked_commit_that_renames_a_draft(repository: Repository) -> None:
    """Where Git's renames make a conflict, `compile` and `git add -A generated` resolve it."""
    _looks_renamed(repository)
    before = migration_ids(repository)
    picked = git(repository, "cherry-pick", "two")
    assert picked.returncode == 1, picked.stdout + picked.stderr
    assert "CONFLICT (rename" in picked.stdout
    run_ok(repository, "compile")
    repository.git("add", "-A", "generated")
    repository.git("-c", "core.editor=true", "cherry-pick", "--continue")
    assert migration_ids(repository) == [*before, "0004_tenant-three"]
    assert_fresh(repository)
