"""Test that each dialect holds the policy: one that is added later, and one that comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect
from routecomp.sql.migration import covered, lacking, list_migrations
from routecomp.sql.migrations import migration_files
from routecomp.sql.reference import Reference
from tests.database import proofs
from tests.database.branches import git, run_ok
from tests.database.databases import run as run_file
from tests.database.releasing import BOTH, Releasing, change, configure, ids, release, run, start, url_of
from tests.database.steps import folders
from tests.database.wanted import every_change, with_new_columns


def bring_back(repository: Releasing) -> None:
    """Release changes while PostgreSQL is left out, then ask for it again."""
    configure(repository, "sqlite")
    for number in (3, 4):
        change(repository, number)
        release(repository, f"change {number}")
    repository.edit(
        "routes/all.yaml", ("claude: primary", "claude: shadow"), ("mistral-large: shadow", "mistral-large: primary")
    )
    release(repository, "swap")
    configure(repository, BOTH)


def test_a_dialect_that_comes_back_gets_what_it_lacks(tmp_path: Path, postgres: psycopg.Connection) -> None:
    """Until then `check`, `lint-migrations`, `verify` and `up` say what it lacks, and `up` runs nothing."""
    repository, url = start(tmp_path), url_of(postgres)
    run_ok(repository, "migrate", "up", "--database", url)
    bring_back(repository)
    for command in (["check"], ["lint-migrations"], ["lint-migrations", "--all"]):
        ran = run(repository, *command)
        assert ran.code == 1
        assert "error[RC637]: PostgreSQL has not got migration 0004_tenant-t3 (and 2 more)" in ran.out
    for command in (["verify"], ["up"], ["up", "--dry-run"]):
        ran = run(repository, "migrate", *command, "--database", url)
        assert ran.code == 1
        assert "there is no migration 0004_tenant-t3 (and 2 more) for PostgreSQL" in ran.out + ran.err
    ran = run(repository, "migrate", "status", "--database", url)
    assert ran.code == 1
    assert "there is no migration 0004_tenant-t3 (and 2 more) for PostgreSQL" in ran.out
    run_ok(repository, "migrate", "up", "--database", f"sqlite:///{tmp_path}/here.db")
    change(repository, 5)
    release(repository, "back")
    assert [id.partition("_")[2].partition("_")[0] for id in ids(repository, "postgres")] == [
        "baseline",
        "tenant-t0",
        "tenant-t1",
        "catch-up",
        "tenant-t5",
    ]
    for command in (["check"], ["lint-migrations", "--all"], ["compile", "--check"]):
        run_ok(repository, *command)
    run_ok(repository, "migrate", "up", "--database", url)
    run_ok(repository, "migrate", "verify", "--database", url)
    swaps = postgres.execute("SELECT feature, from_model, to_model FROM model_promotions ORDER BY id").fetchall()
    assert swaps[-1] == ("support-chat", "claude", "mistral-large"), "the ledger tells what was missed"
    run_ok(repository, "migrate", "down", "--to", "0003_tenant-t1", "--database", url)
    run_ok(repository, "migrate", "up", "--database", url)
    run_ok(repository, "migrate", "verify", "--database", url)


def test_a_dialect_that_is_added_later(tmp_path: Path, postgres: psycopg.Connection) -> None:
    """Its first migration is the state of that day, in place of older numbers; `verify` and `adopt` know."""
    repository, url = start(tmp_path, "sqlite"), url_of(postgres)
    configure(repository, BOTH)
    release(repository, "postgres, too")
    assert ids(repository, "postgres") == ["0001_baseline"]
    text = (repository.project / "generated/migrations/postgres/0001_baseline.up.sql").read_text()
    assert "-- routecomp:stands-for 0001_baseline 0002_tenant-t0 0003_tenant-t1\n" in text
    change(repository, 3)
    release(repository, "more")
    assert ids(repository, "postgres") == ["0001_baseline", "0004_tenant-t3"]
    for command in (["check"], ["lint-migrations", "--all"], ["compile", "--check"]):
        run_ok(repository, *command)
    run_ok(repository, "migrate", "up", "--to", "1", "--database", url)
    assert "no drift" not in run(repository, "migrate", "verify", "--database", url).out, "0004 is pending"
    run_ok(repository, "migrate", "up", "--database", url)
    run_ok(repository, "migrate", "verify", "--database", url)
    postgres.execute("UPDATE tenant_routing_policy SET min_quality_bp = 7 WHERE tenant = 't0'")
    assert "min_quality_bp of row t0 is 7, not 1000" in run(repository, "migrate", "verify", "--database", url).out


def test_a_dialect_that_is_added_while_another_branch_is_released(tmp_path: Path, postgres: psycopg.Connection) -> None:
    """The merge of both is refused by `check` until it is compiled; no number is run in the wrong place."""
    repository, url = start(tmp_path, "sqlite"), url_of(postgres)
    repository.git("switch", "-qc", "adds")
    configure(repository, BOTH)
    release(repository, "postgres, too")
    repository.git("switch", "-q", "main")
    change(repository, 3)
    release(repository, "meanwhile")
    repository.git("merge", "-q", "--no-edit", "adds")
    assert "error[RC637]: PostgreSQL has not got migration 0004_tenant-t3" in run(repository, "check").out
    assert run(repository, "compile", "--check").code == 1
    release(repository, "compiled")
    run_ok(repository, "check")
    run_ok(repository, "migrate", "up", "--database", url)
    run_ok(repository, "migrate", "verify", "--database", url)


def test_a_draft_does_not_run_before_what_a_dialect_has_missed(tmp_path: Path) -> None:
    """A draft from before a dialect came back is written anew, to be run behind what that dialect gets."""
    repository = start(tmp_path)
    repository.git("switch", "-qc", "late")
    change(repository, 9)
    release(repository, "late")
    assert ids(repository, "postgres")[-1] == "0004_tenant-t9"
    repository.git("switch", "-q", "main")
    bring_back(repository)
    release(repository, "back")
    repository.git("switch", "-q", "late")
    git(repository, "merge", "-q", "--no-edit", "-X", "theirs", "main")
    assert "error[RC632]" in run(repository, "check").out
    release(repository, "merged")
    assert ids(repository, "postgres")[-1] == "0008_tenant-t9"
    run_ok(repository, "check")
    run_ok(repository, "lint-migrations", "--all")


def test_two_branches_bring_a_dialect_back(tmp_path: Path) -> None:
    """What is done twice on their merge is found by `check`, and `compile` takes away what is not released."""
    repository = start(tmp_path)
    configure(repository, "sqlite")
    change(repository, 3)
    release(repository, "without")
    repository.git("switch", "-qc", "early")
    configure(repository, BOTH)
    release(repository, "back, early")
    repository.git("switch", "-q", "main")
    change(repository, 4)
    release(repository, "without, again")
    configure(repository, BOTH)
    release(repository, "back")
    repository.git("switch", "-qc", "merged")
    repository.git("merge", "-q", "--no-edit", "early")
    ran = run(repository, "check")
    assert ran.code == 1
    assert "error[RC637]: PostgreSQL does the work of migration 0004_tenant-t3 twice: in 0005_catch-up_" in ran.out
    run_ok(repository, "compile")
    run_ok(repository, "check")
    run_ok(repository, "lint-migrations", "--all")
    assert [id[:13] for id in ids(repository, "postgres")[3:]] == ["0006_catch-up"]


def test_what_a_dialect_lacks_and_cannot_get_is_said(tmp_path: Path) -> None:
    """Where it has run a migration that needs what it lacks, nothing is written and both are named."""
    repository = start(tmp_path, changes=0)
    change(repository, 1)
    release(repository, "one")
    change(repository, 1)
    repository.edit("policies/t1.yaml", ("0.11", "0.12"))
    release(repository, "two")
    for way in ("up", "down"):
        repository.git("rm", "-q", f"llm/generated/migrations/postgres/0002_tenant-t1.{way}.sql")
    repository.git("commit", "-q", "-m", "lost")
    repository.git("switch", "-q", "--orphan", "main2")
    repository.git("checkout", "main", "--", ".")
    repository.git("commit", "-q", "-m", "without a history")
    repository.git("branch", "-q", "-M", "main2", "main")
    change(repository, 2)
    ran = run(repository, "compile")
    assert ran.code == 1
    assert "PostgreSQL lacks 0002_tenant-t1" in ran.out + ran.err


def test_a_dialect_comes_back_behind_a_schema_step(postgres: psycopg.Connection) -> None:
    """What it has missed of rows in columns that are new to it runs behind a step of its own; both end alike."""
    schema = every_change()
    before = proofs.sample_state()
    after = with_new_columns(before, schema, lambda column: column.high if column.kind == "whole" else column.default)
    base = folders(migration_files({}, before, dialect_names()))
    alone = folders(migration_files(base, after, ["sqlite"], schema=schema))
    assert alone["postgres"] == base["postgres"]
    whole = folders(migration_files(alone, after, dialect_names(), schema=schema))
    assert [name for name in whole["sqlite"] if name not in alone["sqlite"] and "_schema_" not in name] == []
    names = [migration.id.partition("_")[2] for migration in list_migrations(whole["postgres"])]
    assert names[0] == "baseline"
    assert names[1].startswith("schema_")
    assert names[-1].startswith("catch-up_")
    assert not lacking({name: list_migrations(files) for name, files in whole.items()})
    for migration in list_migrations(whole["postgres"]):
        run_file(postgres, migration.up)
    fresh = list_migrations(folders(migration_files({}, after, dialect_names(), schema=schema))["sqlite"])
    assert Reference(dialect("sqlite"), fresh).state(schema).tables == after.tables
    for table in schema.policy:
        columns = [column.name for column in table.declared]
        rows = postgres.execute(f"SELECT {', '.join(columns)} FROM public.{table.name}".encode()).fetchall()
        wanted = [tuple(row[name] for name in columns) for row in after.tables[table.name].values()]
        assert sorted(map(repr, rows_of(rows))) == sorted(map(repr, wanted)), table.name
    known = covered(list_migrations(whole["postgres"]))
    reference = Reference(dialect("sqlite"), list_migrations(whole["sqlite"]))
    assert reference.only(known).state(schema).tables == after.tables


def rows_of(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows with whole numbers as such."""
    return [tuple(int(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in rows]


@pytest.mark.parametrize(
    "lost", ["sqlite/0001_baseline", "*/0001_baseline", "sqlite/0002_tenant-t0", "*/0002_tenant-t0"]
)
def test_a_file_that_is_gone_is_one_difference(tmp_path: Path, lost: str) -> None:
    """What follows from it is silent; a file that was edited besides is a second one."""
    repository, url = start(tmp_path), f"sqlite:///{tmp_path}/here.db"
    run_ok(repository, "migrate", "up", "--database", url)
    for path in list((repository.project / "generated/migrations").glob(f"{lost}.*")):
        path.unlink()
    id = lost.partition("/")[2]
    gone = (
        f"migration {id} is applied, and its file is missing: `routecomp compile` restores what is on the base branch"
    )
    assert messages(repository, url) == [gone]
    edited = repository.project / "generated/migrations/sqlite/0003_tenant-t1.up.sql"
    edited.write_bytes(edited.read_bytes() + b"\n-- by hand\n")
    assert messages(repository, url) == ["migration 0003_tenant-t1 was edited after it was applied", gone]


def messages(repository: Releasing, url: str) -> list[str]:
    """Return the differences that `verify` tells."""
    drift = json.loads(run(repository, "migrate", "verify", "--database", url, "--json").out)["drift"]
    return [each["message"] for each in drift]
