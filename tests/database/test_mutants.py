"""Remove every constraint, index and trigger of both databases, one at a time, and assert that a statement notices."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from routecomp.sql.ddl import ALL_TABLES
from routecomp.sql.dialects.names import dialect_names
from tests.database import proofs
from tests.database.databases import ask, refuser, sqlite_database
from tests.database.mutants import (
    FILLING,
    Mutant,
    candidates,
    invariant_names,
    postgres_mutants,
    sqlite_mutants,
)
from tests.database.test_constraints import fill_database

if TYPE_CHECKING:
    import psycopg


def refusal(database: sqlite3.Connection | psycopg.Connection, statements: list[str]) -> str | None:
    """Run statements, undo them, and return the database's name for what refuses them; None if nothing does."""
    try:
        ask(database, "SAVEPOINT refusal")
        for statement in statements:
            ask(database, statement)
        if isinstance(database, sqlite3.Connection):
            ask(database, "COMMIT")  # deferred keys are looked at here
        else:
            ask(database, "SET CONSTRAINTS ALL IMMEDIATE")
        return None
    except sqlite3.Error as failure:
        return str(failure)
    except Exception as failure:
        diagnosis = getattr(failure, "diag", None)
        if diagnosis is None:
            raise
        return refuser(diagnosis)
    finally:
        if isinstance(database, sqlite3.Connection):
            if database.in_transaction:
                ask(database, "ROLLBACK")
        else:
            ask(database, "ROLLBACK TO SAVEPOINT refusal; RELEASE SAVEPOINT refusal")


def names_it(name: str, said: str | None) -> bool:
    """Return whether a database's message is about one constraint."""
    if said is None:
        return False
    table = next((one for one in ALL_TABLES if name == f"{one.name}_pkey"), None)
    index = next(((one, found) for one in ALL_TABLES for found in one.indexes if found.name == name), None)
    unique = "UNIQUE constraint failed: "
    if table is not None and said == unique + ", ".join(f"{table.name}.{key}" for key in table.key):
        return True
    if index is not None and said == unique + ", ".join(f"{index[0].name}.{column}" for column in index[1].columns):
        return True
    if name.endswith("_fkey") and said == "FOREIGN KEY constraint failed":
        return True
    return name in re.split(r"[: ]+", said)


def first(lists: list[list[str]], wanted: Callable[[list[str]], bool]) -> list[list[str]]:
    """Return the first of the lists of statements that is wanted, in a list of its own."""
    return next(([one] for one in lists if wanted(one)), [])


def filled_by(trigger: str, database: sqlite3.Connection | psycopg.Connection, dialect: str) -> bool:
    """Return whether a trigger that refuses nothing has done its work."""
    texts, experiment = FILLING[trigger]
    table = "public.model_experiment" if dialect == "postgres" else "model_experiment"
    ask(database, "SAVEPOINT filling")
    for text in texts:
        ask(database, proofs.translate(text, dialect)[0])
    found = ask(database, f"SELECT started_at IS NOT NULL FROM {table} WHERE experiment = '{experiment}'")
    ask(database, "ROLLBACK TO SAVEPOINT filling")
    return bool(found[0][0])


def test_every_mutant_of_postgres_is_noticed(postgres: psycopg.Connection) -> None:
    """Each entry of the catalogs refuses a statement by name; without it the statement passes or meets another."""
    fill_database(postgres, "postgres")
    mutants = list(postgres_mutants(postgres))
    known = candidates("postgres")
    watched = {*proofs.WATCHED_PROOFS, *proofs.HOLDS_PROOFS}
    assert invariant_names() <= {one.name for one in mutants}
    assert len(mutants) > 400
    ask(postgres, "BEGIN")
    for mutant in mutants:
        if mutant.name in FILLING:
            before = filled_by(mutant.name, postgres, "postgres")
        else:
            # A deferred trigger speaks by its invariants' names: what it notices, nothing else must.
            def tells(one: list[str], name: str = mutant.name) -> bool:
                said = refusal(postgres, one)
                return said is not None and (name in watched or names_it(name, said))

            telling = first(known.get(mutant.name, []), tells)
            before = bool(telling)
        assert before, f"nothing is refused by {mutant.name}"
        ask(postgres, "SAVEPOINT mutant")
        for statement in mutant.without.split(";") if mutant.without.startswith("ALTER") else [mutant.without]:
            ask(postgres, statement)
        if mutant.name in FILLING:
            assert not filled_by(mutant.name, postgres, "postgres")
        elif mutant.name in watched:
            assert refusal(postgres, telling[0]) is None, mutant.name
        else:
            assert not names_it(mutant.name, refusal(postgres, telling[0])), mutant.name
        ask(postgres, "ROLLBACK TO SAVEPOINT mutant; RELEASE SAVEPOINT mutant")
    ask(postgres, "ROLLBACK")


def without(whole: bytes, mutant: Mutant) -> sqlite3.Connection:
    """Return a copy of a SQLite database that lacks one object; its rows stay."""
    copy = sqlite_database()
    copy.deserialize(whole)
    if not mutant.table:
        ask(copy, mutant.without)
    elif mutant.name.endswith("_pkey"):  # its index would be left over: the table is made anew
        ask(copy, "PRAGMA legacy_alter_table = ON")
        ask(copy, "PRAGMA writable_schema = ON")
        kept = ask(
            copy,
            f"SELECT sql FROM sqlite_master WHERE tbl_name = '{mutant.table}' AND type <> 'table' AND sql IS NOT NULL",
        )
        ask(copy, f"CREATE TEMP TABLE kept AS SELECT * FROM {mutant.table}")
        columns = [row[1] for row in ask(copy, f"PRAGMA table_info({mutant.table})")]
        for (trigger,) in ask(
            copy, f"SELECT name FROM sqlite_master WHERE tbl_name = '{mutant.table}' AND type = 'trigger'"
        ):
            ask(copy, f"DROP TRIGGER {trigger}")
        ask(copy, f"DROP TABLE {mutant.table}")
        ask(copy, mutant.without)
        ask(copy, f"INSERT INTO {mutant.table} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM kept")
        for (sql,) in kept:
            ask(copy, sql)
    else:
        ask(copy, "PRAGMA writable_schema = ON")
        copy.execute(
            "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (mutant.without, mutant.table)
        )
        ask(copy, "PRAGMA writable_schema = RESET")
    ask(copy, "PRAGMA foreign_keys = ON")
    return copy


def test_every_mutant_of_sqlite_is_noticed() -> None:
    """Each object refuses a statement by name; a foreign key, which SQLite does not name, is the only one to do so."""
    database = sqlite_database()
    fill_database(database, "sqlite")
    whole = database.serialize()
    known = candidates("sqlite")
    mutants = list(sqlite_mutants(database))
    assert len(mutants) > 400
    for mutant in mutants:
        intact = sqlite_database()
        intact.deserialize(whole)
        ask(intact, "PRAGMA foreign_keys = ON")
        mutated = without(whole, mutant)
        if mutant.name in FILLING:
            assert filled_by(mutant.name, intact, "sqlite")
            assert not filled_by(mutant.name, mutated, "sqlite")
        else:

            def tells(one: list[str], name: str = mutant.name, on: sqlite3.Connection = intact) -> bool:
                on.deserialize(whole)
                return names_it(name, refusal(on, one))

            telling = first(known.get(mutant.name, []), tells)
            assert telling, f"nothing is refused by {mutant.name}"
            assert not names_it(mutant.name, refusal(mutated, telling[0])), mutant.name
        intact.close()
        mutated.close()
    database.close()


@pytest.mark.parametrize("dialect", dialect_names())
def test_every_proof_has_its_mutant(dialect: str, request: pytest.FixtureRequest) -> None:
    """Every name in the proofs is in a catalog of the database."""
    mutants: set[str] = set()
    if dialect == "postgres":
        server = request.getfixturevalue("postgres")
        fill_database(server, "postgres")
        mutants = {one.name for one in postgres_mutants(server)}
        elsewhere = {
            name for name in proofs.TRIGGER_PROOFS if name.endswith(("_update", "_delete", "_replace", "_insert"))
        }
    else:
        with closing(sqlite_database()) as database:
            fill_database(database, "sqlite")
            mutants = {one.name for one in sqlite_mutants(database)}
        elsewhere = (
            {name for name in proofs.TRIGGER_PROOFS if name.endswith(("_only", "_truncate"))}
            | invariant_names()
            | set(proofs.WATCHED_PROOFS)
            | set(proofs.HOLDS_PROOFS)
            | {f"{table.name}.single" for table in ALL_TABLES if table.key == ("single",)}
        )
    assert set(candidates(dialect)) - mutants == elsewhere


@pytest.mark.parametrize("dialect", dialect_names())
def test_every_index_is_used(dialect: str, request: pytest.FixtureRequest) -> None:
    """An index that refuses nothing is used by its query, and without it the query has another plan."""
    wanted = {index.name: (table.name, index) for table in ALL_TABLES for index in table.indexes if not index.unique}
    of_table = {table.name: table for table in ALL_TABLES}
    prefix, plan = ("public.", "EXPLAIN ") if dialect == "postgres" else ("", "EXPLAIN QUERY PLAN ")
    database = request.getfixturevalue("postgres") if dialect == "postgres" else sqlite_database()
    fill_database(database, dialect)
    held = {
        name
        for (name,) in ask(
            database,
            (
                "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON"
                " n.oid = relnamespace WHERE nspname = 'public' AND NOT indisunique AND NOT c.relispartition"
                if dialect == "postgres"
                else "SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%'"
            ),
        )
    }
    assert held == set(wanted)
    if dialect == "postgres":
        ask(database, "SET enable_seqscan = off")
    for name, (table, index) in wanted.items():
        *equal, last = index.columns
        asked = equal if last.endswith(" DESC") else index.columns
        where = " AND ".join(
            f"{column} = '{'2026-11-20T12:00:00Z' if column.endswith('_at') else 'x'}'" for column in asked
        )
        order = f" ORDER BY {last}" if last.endswith(" DESC") else ""
        question = f"{plan}SELECT 1 FROM {prefix}{table}" + f" WHERE {where}" * bool(where) + order
        used = name
        if dialect == "postgres" and of_table[table].by_day:  # a plan names the index of the partition
            (used,) = ask(
                database, f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{name}'::regclass"
            )[0]
        assert used in str(ask(database, question)), question
        ask(database, f"DROP INDEX {prefix}{name}")
        assert used not in str(ask(database, question + " "))  # a plan that is asked for again is remembered
    database.close()
