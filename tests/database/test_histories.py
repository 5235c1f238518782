"""Whatever a project went through, the migrations one by one lead where a fresh install leads, and back again."""

from __future__ import annotations

import os
import random
import sqlite3
from typing import TYPE_CHECKING

import pytest

from routecomp.emit.sql.migrations import Migration, migration_files
from routecomp.emit.sql.schema import DIALECTS, Dialect
from routecomp.emit.sql.state import DatabaseState
from tests.database.databases import dump, ledger, migrations, run, schema, sqlite_database
from tests.database.histories import states

if TYPE_CHECKING:
    import psycopg

FRESH = int(os.environ.get("ROUTECOMP_SEED", str(random.SystemRandom().randrange(10**9))))
HARD = os.environ.get("ROUTECOMP_HARD") == "1"


def written(history: list[DatabaseState], dialect: Dialect) -> list[Migration]:
    """The migrations of a history, as a project would have gathered them merge by merge."""
    files: dict[Dialect, dict[str, bytes]] = {one: {} for one in DIALECTS}
    for state in history:
        made = migration_files(files, state, DIALECTS)
        files = {one: {name.removeprefix(f"{one}/"): data for name, data in made.items() if name.startswith(one)}
                 for one in DIALECTS}
    return migrations({f"{dialect}/{name}": data for name, data in files[dialect].items()}, dialect)


def walk(database: sqlite3.Connection | psycopg.Connection, steps: list[Migration]) -> None:
    """Run each migration up, down and up again: down leads where it came from, the ledger only grows."""
    run(database, steps[0].up)
    for step in steps[1:]:
        before, known = dump(database), ledger(database)
        run(database, step.up)
        after = dump(database)
        run(database, step.down)
        assert dump(database) == before, step.id
        run(database, step.up)
        assert dump(database) == after, step.id
        assert ledger(database)[: len(known)] == known, step.id


def check_on_sqlite(seed: int | str, edits: int) -> None:
    """One history on SQLite."""
    history = list(states(seed, edits))
    steps = written(history, "sqlite")
    database, fresh = sqlite_database(), sqlite_database()
    run(fresh, written(history[-1:], "sqlite")[0].up)
    walk(database, steps)
    assert dump(database) == dump(fresh)
    assert schema(database) == schema(fresh)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()
    fresh.close()


@pytest.mark.parametrize("seed", [*range(12), pytest.param(FRESH, id="fresh")])
def test_incremental_is_fresh_on_sqlite(seed: int) -> None:
    """Ten edits, one migration each: the same rows as a fresh install, and up, down, up changes nothing."""
    check_on_sqlite(seed, 10)


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
def test_a_thousand_histories_on_sqlite() -> None:
    """A thousand histories of ten edits."""
    for number in range(1_000):
        check_on_sqlite(f"{FRESH}/{number}", 10)
