"""Test that PostgreSQL and SQLite accept and refuse the same rows, and that independent changes commute."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import Any

import psycopg
import pytest

from routecomp.sql.ddl import ALL_TABLES
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.dialects.sqlite import SQLITE
from routecomp.sql.invariants import INVARIANTS, condition, every
from routecomp.sql.literals import literal
from routecomp.sql.migrations import migration_files
from routecomp.sql.schema import Column
from routecomp.sql.state import DatabaseState
from tests.database import proofs
from tests.database.databases import ask, dump, migrations, run, run_all, run_within, sqlite_database
from tests.database.histories import pairs
from tests.database.test_constraints import fill_database, refusal
from tests.database.test_histories import gathered_migrations
from tests.seeds import FRESH, HARD

TEXTS = (
    "",
    "a",
    "A",
    "a b",
    "é",
    "nobody",
    "good",
    "chat",
    "live",
    "x" * 64,
    "a/b",
    "-a",
    "1e",
    "a:b",
    "https://x",
    "http://x",
    "weighted",
    "active",
    "primary",
    "balanced",
    "KEY",
)
NUMBERS = ("0", "1", "-1", "0.5", "10000", "10001", "9999.999", "-0.004", "1e3", "'12'", "'abc'", "'NaN'", "NULL")


def value(dice: random.Random, column: Column, own: Any) -> Any:
    """Draw SQL for a cell, by dialect: mostly the row's own value, else one near to it or far from it."""
    if dice.random() < 0.75:
        return {one: literal(own, dialect_named(one)) for one in dialect_names()}
    if column.kind == "flag":
        flag = dice.choice([True, False, None])
        return {one: literal(flag, dialect_named(one)) for one in dialect_names()}
    if column.kind == "moment":
        return {one: "NULL" if column.nullable else literal(own, dialect_named(one)) for one in dialect_names()}
    near = dice.random() < 0.5
    if column.kind == "whole":
        ends = [str(bound + step) for bound in (column.low, column.high) for step in (-1, 0, 1)]
        said = dice.choice([*ends, f"{column.low}.5", f"{column.high}.0001"] if near else NUMBERS)
    else:
        own_kind = [*proofs.refused_values(column), *proofs.edge_values(column)]
        said = (
            dice.choice(own_kind) if near and own_kind else literal(dice.choice([*TEXTS, *column.words, None]), SQLITE)
        )
    return dict.fromkeys(dialect_names(), said)


def test_the_same_rows_are_accepted(postgres: psycopg.Connection) -> None:
    """Random rows of every table are stored by both databases or refused by both."""
    check_same_rows(postgres, 1_000)


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
def test_the_same_ten_thousand_rows_are_accepted(postgres: psycopg.Connection) -> None:
    """Ten thousand random rows are stored by both databases or refused by both."""
    check_same_rows(postgres, 10_000)


def check_same_rows(postgres: psycopg.Connection, count: int) -> None:
    """Try `count` random rows on both databases and undo each; most lie at a bound or just beyond it.

    Both databases must judge the row alike, and also what the tables then hold together.
    """
    dice = random.Random(FRESH)
    lite = sqlite_database()
    fill_database(lite, "sqlite")
    fill_database(postgres, "postgres")
    ask(lite, "PRAGMA foreign_keys = ON")
    state = proofs.sample_state()
    accepted = whole = 0
    for number in range(count):
        table = dice.choice(ALL_TABLES)
        row = dice.choice(proofs.rows_of(table, state))
        cells = {column.name: value(dice, column, row[column.name]) for column in table.columns if column.name in row}
        if table.live_only and dice.random() < 0.7:
            cells["version"] = dict.fromkeys(dialect_names(), str(number + 10))
        if table.key != ("id",) and dice.random() < 0.7:  # another row, unless it is to meet the one that is there
            for name in table.key:
                if name != "single":
                    cells[name] = dict.fromkeys(
                        dialect_names(),
                        literal(dice.choice(["fair", "south", "chat", "live", "a", f"new-{number}"]), SQLITE),
                    )
        held: dict[str, tuple[bool, bool]] = {}
        texts: list[str] = []
        both: tuple[tuple[str, Any], ...] = (("postgres", postgres), ("sqlite", lite))
        for dialect, database in both:
            texts.append(proofs.insert_row(table, row, {name: one[dialect] for name, one in cells.items()}, dialect))
            held[dialect] = stores(database, texts[-1])
        assert held["postgres"] == held["sqlite"], f"{table.name}: {texts}"
        accepted += held["sqlite"][0]
        whole += held["sqlite"][1]
    assert accepted > count // 20
    assert 0 < whole < accepted
    assert refusal(postgres, ["SELECT 1"]) is None
    lite.close()


def stores(database: sqlite3.Connection | psycopg.Connection, statement: str) -> tuple[bool, bool]:
    """Return whether a database accepts a statement and the rows that result; then undo it.

    PostgreSQL judges all rows together by deferred triggers, SQLite by the assertions of its migrations.
    """
    if isinstance(database, psycopg.Connection):
        try:
            database.execute(f"BEGIN; {statement}; SAVEPOINT whole".encode())  # one trip
        except psycopg.Error:
            ask(database, "ROLLBACK")
            return False, False
        try:
            ask(database, "SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK")
        except psycopg.Error:
            ask(database, "ROLLBACK")
            return True, False
        return True, True
    ask(database, "BEGIN")
    try:
        ask(database, statement)
        broken = [ask(database, question) for question in _WHOLE]
        return True, not any(broken)
    except sqlite3.Error:
        return False, False
    finally:
        ask(database, "ROLLBACK")


_WHOLE = [
    "PRAGMA foreign_key_check",
    *(
        f"SELECT 1 FROM ({every(one.subject, str)}) whole WHERE {condition(one, 'whole.subject', str)} LIMIT 1"
        for one in INVARIANTS
    ),
]
"""What SQLite's migrations assert, of everything there is: each gives a row where it does not hold."""


def edit_row(state: DatabaseState, table: str, key: Any, **cells: Any) -> DatabaseState:
    """Return the state with other cells in one row."""
    rows = {**state.tables[table], key: {**state.tables[table][key], **cells}}
    return DatabaseState({**state.tables, table: rows}, {})


def test_changes_apart_commute() -> None:
    """Any two changes of different cells give the same rows in both orders."""
    state = proofs.sample_state()
    changes = [
        edit_row(state, "models", ("good",), latency_ms=1),
        edit_row(state, "models", ("good",), listed=False),
        edit_row(state, "tenant_routing_policy", ("acme",), min_quality_bp=1),
        edit_row(state, "models", ("fair",), quality_bp=1),
        edit_row(state, "features", ("chat",), description="x"),
        edit_row(state, "providers", ("south",), owner="it's"),
        edit_row(state, "model_experiment", ("live",), on_pause="control"),
        edit_row(state, "feature_models", ("chat", "fair"), sample_bp=7),
        edit_row(state, "preference_floors", ("good",), quality_bp=9),
    ]
    base = migration_files({}, state, dialect_names())
    files = {
        one: {name.removeprefix(f"{one}/"): data for name, data in base.items() if name.startswith(one)}
        for one in dialect_names()
    }
    ups = [migrations(migration_files(files, one, dialect_names()), "sqlite")[-1] for one in changes]
    with closing(sqlite_database()) as made:
        run_all(made, migrations(base, "sqlite"))
        whole = made.serialize()
    for first in ups:
        for second in ups:
            if first is second:
                continue
            dumps = []
            for order in ((first, second), (second, first)):
                database = sqlite_database()
                database.deserialize(whole)
                for one in order:
                    run(database, one.up)
                dumps.append(dump(database))
                database.close()
            assert dumps[0] == dumps[1]


def check_commutes(postgres: psycopg.Connection, pair: tuple[DatabaseState, ...]) -> None:
    """Run two migrations of one state in both orders on both databases, and return the resulting rows."""
    before, first, second, both = pair
    with closing(sqlite_database()) as fresh:
        run(fresh, gathered_migrations([both])["sqlite"][0].up)
        wanted = dump(fresh)
    ways = [gathered_migrations([before, one]) for one in (first, second)]
    for order in (ways, ways[::-1]):
        with closing(sqlite_database()) as lite:
            for number, way in enumerate((order[0], *order)):
                run(lite, way["sqlite"][min(number, 1)].up)
            assert dump(lite) == wanted
        ask(postgres, "BEGIN")
        try:
            for number, way in enumerate((order[0], *order)):
                run_within(postgres, way["postgres"][min(number, 1)].up)
            assert dump(postgres) == wanted
        finally:
            ask(postgres, "ROLLBACK")


def test_independent_edits_commute(one_postgres: psycopg.Connection) -> None:
    """Random edits of different rows, each on its own branch, give in both orders what both together give."""
    for pair in pairs(FRESH, 15):
        check_commutes(one_postgres, pair)


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
def test_a_thousand_pairs_commute(one_postgres: psycopg.Connection) -> None:
    """A thousand pairs of edits commute."""
    for pair in pairs(f"{FRESH}/hard", 1_000):
        check_commutes(one_postgres, pair)
