"""PostgreSQL and SQLite accept and refuse the same rows, and changes that are apart commute."""

from __future__ import annotations

import random
import sqlite3
from typing import Any

import psycopg

from routecomp.emit.sql.ddl import ALL_TABLES
from routecomp.emit.sql.literals import literal
from routecomp.emit.sql.migrations import migration_files
from routecomp.emit.sql.schema import DIALECTS, Column, Dialect
from routecomp.emit.sql.state import DatabaseState
from tests.database import proofs
from tests.database.databases import ask, dump, migrations, run, run_all, sqlite_database
from tests.database.test_constraints import filled, refusal
from tests.database.test_histories import FRESH, HARD

TEXTS = ("", "a", "A", "a b", "é", "nobody", "good", "chat", "live", "x" * 64, "a/b", "-a", "1e", "a:b", "https://x",
         "http://x", "weighted", "active", "primary", "balanced", "KEY")
NUMBERS = ("0", "1", "-1", "0.5", "10000", "10001", "9999.999", "-0.004", "1e3", "'12'", "'abc'", "'NaN'", "NULL")


def value(dice: random.Random, column: Column, own: Any) -> Any:
    """SQL for a cell, by dialect: mostly what the row has, else something near or far."""
    if dice.random() < 0.75:
        return {one: literal(own, one) for one in DIALECTS}
    if column.kind == "flag":
        flag = dice.choice([True, False, None])
        return {one: literal(flag, one) for one in DIALECTS}
    if column.kind == "moment":
        return {one: "NULL" if column.nullable else literal(own, one) for one in DIALECTS}
    said = dice.choice(NUMBERS) if column.kind == "whole" else literal(
        dice.choice([*TEXTS, *column.words, None]), "sqlite")
    return dict.fromkeys(DIALECTS, said)


def test_the_same_rows_are_accepted(postgres: psycopg.Connection) -> None:
    """Random rows of every table: each is stored by both databases or refused by both."""
    dice = random.Random(FRESH)
    lite = sqlite_database()
    filled(lite, "sqlite")
    filled(postgres, "postgres")
    ask(lite, "PRAGMA foreign_keys = ON")
    state = proofs.sample_state()
    tables = [table for table in ALL_TABLES if table.name != "model_experiment_variant_version"]
    accepted = 0
    for number in range(10_000 if HARD else 700):
        table = dice.choice(tables)
        row = dice.choice(proofs.rows_of(table, state))
        cells = {column.name: value(dice, column, row[column.name]) for column in table.columns if column.name in row}
        if table.key != ("id",) and dice.random() < 0.7:  # another row, unless it is to meet the one that is there
            for name in table.key:
                if name != "single":
                    cells[name] = dict.fromkeys(DIALECTS, literal(dice.choice(["fair", "south", "chat", "live", "a",
                                                                               f"new-{number}"]), "sqlite"))
        held: dict[str, bool] = {}
        texts: list[str] = []
        both: tuple[tuple[Dialect, Any], ...] = (("postgres", postgres), ("sqlite", lite))
        for dialect, database in both:
            texts.append(proofs.inserted(table, row, {name: one[dialect] for name, one in cells.items()}, dialect))
            ask(database, "BEGIN")
            try:
                ask(database, texts[-1])
                held[dialect] = True
            except (psycopg.Error, sqlite3.Error):
                held[dialect] = False
            finally:
                ask(database, "ROLLBACK")
        assert held["postgres"] == held["sqlite"], f"{table.name}: {texts}"
        accepted += held["sqlite"]
    assert accepted > 20
    assert refusal(postgres, ["SELECT 1"]) is None
    lite.close()


def edited(state: DatabaseState, table: str, key: Any, **cells: Any) -> DatabaseState:
    """The state with other cells in one row."""
    rows = {**state.tables[table], key: {**state.tables[table][key], **cells}}
    return DatabaseState({**state.tables, table: rows}, {})


def test_changes_apart_commute() -> None:
    """Of every pair of changes that touch other cells, both orders lead to the same rows."""
    state = proofs.sample_state()
    changes = [
        edited(state, "models", ("good",), latency_ms=1), edited(state, "models", ("good",), listed=False),
        edited(state, "tenant_routing_policy", ("acme",), min_quality_bp=1),
        edited(state, "models", ("fair",), quality_bp=1),
        edited(state, "features", ("chat",), description="x"), edited(state, "providers", ("south",), owner="it's"),
        edited(state, "model_experiment", ("live",), on_pause="control"),
        edited(state, "feature_models", ("chat", "fair"), sample_bp=7),
        edited(state, "preference_floors", ("good",), quality_bp=9)]
    base = migration_files({one: {} for one in DIALECTS}, state, DIALECTS)
    files = {one: {name.removeprefix(f"{one}/"): data for name, data in base.items() if name.startswith(one)}
             for one in DIALECTS}
    ups = [migrations(migration_files(files, one, DIALECTS), "sqlite")[-1] for one in changes]
    for first in ups:
        for second in ups:
            if first is second:
                continue
            dumps = []
            for order in ((first, second), (second, first)):
                database = sqlite_database()
                run_all(database, migrations(base, "sqlite"))
                for one in order:
                    run(database, one.up)
                dumps.append(dump(database))
                database.close()
            assert dumps[0] == dumps[1]
