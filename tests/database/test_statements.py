"""Test the SQL of migrations: PostgreSQL's own grammar parses it, and it keeps every text that an author may write."""

from __future__ import annotations

import random
import sqlite3
from typing import TYPE_CHECKING

import pglast
import pytest

from routecomp.sql.ddl import kept_files
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.dialects.sqlite import SQLITE
from routecomp.sql.literals import literal
from routecomp.sql.migrations import migration_files
from routecomp.sql.script_text import script, statements
from tests.database import proofs
from tests.database.databases import ask, dump, ledger, migrations, run, run_all, sqlite_database
from tests.database.histories import states
from tests.database.test_histories import walk, written_migrations
from tests.seeds import FRESH

if TYPE_CHECKING:
    import psycopg

PIECES = (
    "'",
    "''",
    '"',
    "\\",
    "\\'",
    ";",
    "--",
    "/*",
    "*/",
    "$$",
    "$body$",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "%s",
    ":x",
    "?",
    "\u0085",
    "\u2028",
    "\u202e",
    "\u200d",
    "\ufeff",
    "é",
    "漢",
    "💥",
    "{{ x }}",
    "{% raw %}",
    "a",
    " ",
    "0",
    "COMMIT",
    "-- +goose Down",
    "\x01",
    "\x7f",
    "\x1b",
    "GO",
    "\\g",
    "\\!",
    "E'",
    "U&'",
    "NULL",
)


def hostile(number: int) -> list[str]:
    """Yield `number` texts made of pieces that have ended somebody's literal."""
    dice = random.Random(FRESH)
    return [*PIECES, *("".join(dice.choices(PIECES, k=dice.randrange(1, 9))) for _ in range(number - len(PIECES)))]


def test_every_statement_parses() -> None:
    """The server's grammar reads every statement of histories and of the baseline as one statement."""
    for seed in range(3):
        for migration in written_migrations(list(states(seed, 6)), "postgres"):
            for data in (migration.up, migration.down):
                assert data is not None
                text = data.decode()
                said = statements(text)
                assert len(pglast.parse_sql(text)) == len(said)
                for statement in said:
                    assert len(pglast.parse_sql(statement)) == 1
                    if "$body$" in statement:
                        pglast.parse_plpgsql(statement)


def test_the_kept_schema_is_split_as_it_was_made() -> None:
    """Splitting a file gives the statements that it was written from."""
    for text in kept_files().values():
        assert script(statements(text)) == text


def test_hostile_texts_come_back() -> None:
    """Every text is one literal on SQLite, without a line end or a backslash, and comes back unchanged."""
    database = sqlite3.connect(":memory:")
    for text in hostile(3_000):
        said = literal(text, SQLITE)
        assert "\n" not in said
        assert "\\" not in said
        assert ask(database, f"SELECT {said}") == [(text,)]
    database.close()


def test_hostile_texts_come_back_from_postgres(postgres: psycopg.Connection) -> None:
    """Every text is one literal on PostgreSQL, with either meaning of backslashes, and comes back unchanged."""
    texts = hostile(3_000)
    for setting in ("on", "off"):
        ask(postgres, f"SET standard_conforming_strings = {setting}")
        for at in range(0, len(texts), 200):
            some = texts[at : at + 200]
            query = "SELECT " + ", ".join(literal(text, POSTGRES) for text in some)
            assert len(pglast.parse_sql(query)) == 1
            assert list(ask(postgres, query)[0]) == some


@pytest.mark.parametrize("text", ["\x00", "a\ud800"])
def test_texts_no_database_holds_are_refused(text: str) -> None:
    """NUL and lone surrogates are refused, never shortened."""
    for dialect in dialect_names():
        with pytest.raises(ValueError, match="NUL"):
            literal(text, dialect_named(dialect))


@pytest.mark.parametrize("seed", [0, pytest.param(FRESH, id="fresh")])
def test_incremental_is_fresh_on_postgres(seed: int, postgres: psycopg.Connection) -> None:
    """Edits one by one, each up, down and up, give on PostgreSQL the rows of a fresh SQLite."""
    history = list(states(seed, 6))
    fresh = sqlite_database()
    run(fresh, written_migrations(history[-1:], "sqlite")[0].up)
    walk(postgres, written_migrations(history, "postgres"))
    assert dump(postgres) == dump(fresh)
    fresh.close()


def test_the_second_promoter_is_told(postgres: psycopg.Connection) -> None:
    """Of two branches that promote, the second migration names the current primary, and changes nothing."""
    before = proofs.sample_state()
    found = []
    for model in ("fair", "poor"):
        rows = {key: dict(row) for key, row in before.tables["feature_models"].items()}
        rows["chat", "good"]["status"] = "retired"
        rows["chat", model] |= {"status": "primary", "sample_bp": None, "max_daily_cents": None}
        found.append(
            type(before)(
                {
                    **before.tables,
                    "feature_models": rows,
                    "feature_fallbacks": {},
                    "features": {("chat",): {**before.tables["features"]["chat",], "min_quality_bp": None}},
                    "default_banned_models": {},
                },
                {},
            )
        )
    base = migration_files({}, before, dialect_names())
    run_all(postgres, migrations(base, "postgres"))
    ups = []
    for state in found:
        files = {
            one: {name.removeprefix(f"{one}/"): data for name, data in base.items() if name.startswith(one)}
            for one in dialect_names()
        }
        ups.append(migrations(migration_files(files, state, dialect_names()), "postgres")[-1])
    run(postgres, ups[0].up)
    held = dump(postgres)
    with pytest.raises(Exception, match="CONFLICT: feature chat is already on fair"):
        run(postgres, ups[1].up)
    assert dump(postgres) == held
    assert [row[1:4] for row in ledger(postgres)][-1] == ("good", "fair", "promotion")
