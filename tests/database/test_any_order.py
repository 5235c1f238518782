"""Migrations of branches that have nothing in common: any order will do, and Git's guesses at renames harm nothing."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.cli.repository import Repository
from tests.database.branches import OUTPUT, applied, as_fresh, begun, done, git, merged, names, saved, tenant

FRESH = int(os.environ.get("ROUTECOMP_SEED", str(random.SystemRandom().randrange(10**9))))
HARD = os.environ.get("ROUTECOMP_HARD") == "1"
EDITS = ("acme", "berlin", "preset", "model", "feature", "scoring", "new-one", "new-two")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A compiled project on main, whose clone merges generated/ with the driver."""
    return begun(tmp_path)


def _edit(repository: Repository, what: str, dice: random.Random) -> None:
    """An edit that has nothing in common with the others of `EDITS`."""
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
            tenant(repository, what, value)


def check_any_order(repository: Repository, seed: int | str, most: int) -> None:
    """Independent edits on branches, merged in a random order in random ways: main is always clean, and databases that
    were brought up to date now and then, or not at all, hold the same in the end."""
    dice = random.Random(seed)
    chosen = dice.sample(EDITS, dice.randrange(2, most + 1))
    for what in chosen:
        repository.git("switch", "-qc", f"b-{what}", "main")
        _edit(repository, what, dice)
        saved(repository, what)
    databases: list[list[str]] = [names(repository)[:1] for _ in range(3)]
    for what in dice.sample(chosen, len(chosen)):
        if dice.random() < 0.5:
            repository.git("switch", "-q", f"b-{what}")
            repository.git(*dice.choice([["merge", "-q", "--no-edit", "main"], ["rebase", "-q", "main"]]))
            as_fresh(repository)
        merged(repository, f"b-{what}", *dice.choice([["--no-ff"], ["--squash"]]))
        if repository.git("status", "--porcelain"):
            repository.commit(what)
        as_fresh(repository)
        for ran in databases[1:]:
            if dice.random() < 0.5:
                ran += [name for name in names(repository) if name not in ran]
    states = []
    for ran in databases:
        ran += [name for name in names(repository) if name not in ran]
        states.append(applied(repository, ran))
    assert states[1:] == states[:-1], databases


@pytest.mark.parametrize("seed", [*range(2), pytest.param(FRESH, id="fresh")])
def test_independent_edits_in_any_order(repository: Repository, seed: int) -> None:
    """Two or three branches."""
    check_any_order(repository, seed, 3)


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
@pytest.mark.parametrize("number", range(60))
def test_many_independent_edits_in_any_order(repository: Repository, number: int) -> None:
    """Up to seven branches at once."""
    check_any_order(repository, f"{FRESH}/{number}", 7)


def _looks_renamed(repository: Repository) -> None:
    """main has the migration of one tenant, the branch `two` rewrites the draft of another in its second commit."""
    repository.edit("policies/tenants.yaml", ("  berlin:\n", "  berlin:\n    min_quality: 0.1\n"))
    repository.edit("policies/tenants.yaml", ("    stacks: [eu]\n", "    stacks: [eu]\n    max_quality_loss: 0.2\n"))
    saved(repository, "a tenant with more lines")
    repository.git("switch", "-qc", "two")
    repository.edit("policies/tenants.yaml", ("    min_quality: 0.1", "    min_quality: 0.2"))
    saved(repository, "a draft")
    repository.edit("policies/tenants.yaml", ("    max_quality_loss: 0.2", "    max_quality_loss: 0.3"))
    saved(repository, "rewritten in place")
    tenant(repository, "three")
    saved(repository, "another name")
    repository.git("switch", "-qc", "one", "main")
    repository.edit("policies/tenants.yaml", ("preset: balanced", "preset: balanced\n    max_quality_loss: 0.4"))
    saved(repository, "one")
    merged(repository, "one")


def test_a_picked_draft_leaves_released_ones_alone(repository: Repository) -> None:
    """Where Git takes a released migration for the renamed draft of a picked commit, the driver keeps it."""
    _looks_renamed(repository)
    before = names(repository)
    released = (repository.project / OUTPUT / f"sqlite/{before[-1]}.up.sql").read_bytes()
    picked = git(repository, "cherry-pick", "two~1")
    assert picked.returncode == 0, picked.stdout + picked.stderr
    assert (repository.project / OUTPUT / f"sqlite/{before[-1]}.up.sql").read_bytes() == released
    saved(repository, "compiled")
    assert names(repository) == [*before, "0004_tenant-berlin"]
    as_fresh(repository)


def test_a_picked_commit_that_renames_a_draft(repository: Repository) -> None:
    """Git's renames make a conflict; `compile` and `git add -A generated` settle it."""
    _looks_renamed(repository)
    before = names(repository)
    picked = git(repository, "cherry-pick", "two")
    assert picked.returncode == 1, picked.stdout + picked.stderr
    assert "CONFLICT (rename" in picked.stdout
    done(repository, "compile")
    repository.git("add", "-A", "generated")
    repository.git("-c", "core.editor=true", "cherry-pick", "--continue")
    assert names(repository) == [*before, "0004_tenant-three"]
    as_fresh(repository)
