"""Test random histories: their migrations one by one give the rows of a fresh install, and lead back again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.diff import change, inverse
from routecomp.sql.file_names import BASELINE
from routecomp.sql.migration import Migration
from routecomp.sql.migrations import baseline, migration_files, title
from routecomp.sql.replay import read_state
from routecomp.sql.script_text import statements
from routecomp.sql.state import DatabaseState
from routecomp.sql.statements import change_statements as sql
from routecomp.sql.statements import transaction
from tests.database.databases import ask, dump, ledger, migrations, run, run_within, sandbox_of, schema, sqlite_database
from tests.database.histories import states
from tests.seeds import FRESH, HARD

if TYPE_CHECKING:
    import psycopg


def written_migrations(history: list[DatabaseState], dialect: str) -> list[Migration]:
    """Return the migrations of a history as a project would have gathered them, merge by merge."""
    files: dict[str, dict[str, bytes]] = {one: {} for one in dialect_names()}
    for state in history:
        made = migration_files(files, state, dialect_names())
        files = {
            one: {name.removeprefix(f"{one}/"): data for name, data in made.items() if name.startswith(one)}
            for one in dialect_names()
        }
    return migrations({f"{dialect}/{name}": data for name, data in files[dialect].items()}, dialect)


def gathered_migrations(history: list[DatabaseState]) -> dict[str, list[Migration]]:
    """Return the migrations of a history for both dialects, without replaying earlier ones at every step."""
    steps: dict[str, list[Migration]] = {one: [] for one in dialect_names()}
    with closing(sqlite_database()) as database:
        for state in history:
            before = read_state(sandbox_of(database))
            forward = change(before, state)
            number = len(steps["sqlite"]) + 1
            if not forward:
                continue
            id = BASELINE if number == 1 else f"{number:04}_{title(forward)}"
            back = inverse(forward, before, state)
            for dialect in dialect_names():
                files = (
                    baseline(forward, dialect_named(dialect))
                    if number == 1
                    else (
                        transaction(id, "up", sql(forward, id, dialect_named(dialect)), dialect_named(dialect)),
                        transaction(id, "down", sql(back, id, dialect_named(dialect)), dialect_named(dialect)),
                    )
                )
                steps[dialect].append(Migration(id, *files))
            for statement in statements(steps["sqlite"][-1].up.decode()):
                ask(database, statement)
    return steps


def walk(
    database: sqlite3.Connection | psycopg.Connection, steps: list[Migration], run: Callable[..., None] = run
) -> dict[str, Any]:
    """Run each migration up, down and up again, and return the final dump.

    Down restores the dump from before; the ledger only grows.
    """
    run(database, steps[0].up)
    after = dump(database)
    for step in steps[1:]:
        before, known = after, ledger(database)
        run(database, step.up)
        after = dump(database)
        run(database, step.down)
        assert dump(database) == before, step.id
        run(database, step.up)
        assert dump(database) == after, step.id
        assert ledger(database)[: len(known)] == known, step.id
    return after


def check_on_both(postgres: psycopg.Connection, seed: int | str, edits: int) -> int:
    """Run a history on both databases, which must end with the rows of a fresh install; return its length."""
    history = list(states(seed, edits))
    steps = gathered_migrations(history)
    with closing(sqlite_database()) as database, closing(sqlite_database()) as fresh:
        run(fresh, gathered_migrations(history[-1:])["sqlite"][0].up)
        wanted = dump(fresh)
        assert walk(database, steps["sqlite"]) == wanted, seed
        assert schema(database) == schema(fresh)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    ask(postgres, "BEGIN")
    try:
        assert walk(postgres, steps["postgres"], run_within) == wanted, seed
    finally:
        ask(postgres, "ROLLBACK")
    return len(steps["sqlite"]) - 1


def check_on_sqlite(seed: int | str, edits: int) -> None:
    """Run a history on SQLite."""
    history = list(states(seed, edits))
    steps = written_migrations(history, "sqlite")
    database, fresh = sqlite_database(), sqlite_database()
    run(fresh, written_migrations(history[-1:], "sqlite")[0].up)
    walk(database, steps)
    assert dump(database) == dump(fresh)
    assert schema(database) == schema(fresh)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()
    fresh.close()


@pytest.mark.parametrize("seed", [*range(3), pytest.param(FRESH, id="fresh")])
def test_incremental_is_fresh_on_sqlite(seed: int) -> None:
    """Ten edits with a migration each give the rows of a fresh install; up, down, up changes nothing."""
    check_on_sqlite(seed, 10)


def test_gathered_is_what_is_written() -> None:
    """The fast way to the migrations of a history gives the statements that the compiler writes."""
    history = list(states(3, 6))
    quick = gathered_migrations(history)
    for dialect in dialect_names():
        slow = written_migrations(history, dialect)
        assert [one.id for one in slow] == [one.id for one in quick[dialect]]
        for one, other in zip(slow, quick[dialect], strict=True):
            assert statements(one.up.decode()) == statements(other.up.decode())
            assert statements((one.down or b"").decode()) == statements((other.down or b"").decode())


@pytest.mark.parametrize("group", range(5))
def test_histories_on_postgres(group: int, one_postgres: psycopg.Connection) -> None:
    """Histories of ten edits give the rows of a fresh install; up, down, up changes nothing."""
    seeds = [f"{FRESH}/{group}/{number}" for number in range(5)]
    assert sum(check_on_both(one_postgres, seed, 10) for seed in seeds) > 25


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
def test_a_thousand_histories(one_postgres: psycopg.Connection) -> None:
    """A thousand histories of ten edits hold on both databases."""
    count = int(os.environ.get("ROUTECOMP_HISTORIES", "1000"))
    assert sum(check_on_both(one_postgres, f"{FRESH}/{number}", 10) for number in range(count)) > 8 * count
