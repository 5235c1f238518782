"""Make the folders of schema steps, and read what databases that came through them have."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from routecomp.database.connection import read_only
from routecomp.database.drift import verify
from routecomp.database.driver import Database
from routecomp.database.ledger import entries
from routecomp.database.plan import make_plan
from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.sqlite import SQLITE
from routecomp.sql.migration import Migration, list_migrations
from routecomp.sql.migrations import migration_files
from routecomp.sql.read.normal_form import normal_form
from routecomp.sql.read.objects import read_objects
from routecomp.sql.reference import reference
from routecomp.sql.schema import Column, Schema
from routecomp.sql.state import DatabaseState
from routecomp.sql.tables import state_key
from tests.database.wanted import CHANGES

Folders = dict[str, dict[str, bytes]]


PROBES = (
    "INSERT INTO provider_health_checks (provider, model, outcome) VALUES ('north', 'good', 'ok'),"
    " ('north', 'good', 'timeout')"
)
"""Two rows of a service's, which the database numbers."""


def folders(files: Mapping[str, bytes]) -> Folders:
    """Return files by dialect and name."""
    return {
        dialect: {
            name.removeprefix(f"{dialect}/"): data for name, data in files.items() if name.startswith(f"{dialect}/")
        }
        for dialect in dialect_names()
    }


def compiled(history: list[DatabaseState], base: Folders | None = None, schema: Schema = SCHEMA) -> Folders:
    """Return the folders that compiling each state of a history leaves, on top of a base."""
    files = base or folders({})
    for state in history:
        files = folders(migration_files(files, state, dialect_names(), schema=schema))
    return files


def added(files: Folders, base: Folders) -> dict[str, bytes]:
    """Return the files that a base has not, by path."""
    return {
        f"{dialect}/{name}": data
        for dialect, own in files.items()
        for name, data in own.items()
        if name not in base[dialect]
    }


def other_cells(dice: random.Random) -> Any:
    """Return a function that fills new columns with their default or another value."""

    def cell(column: Column) -> Any:
        if column.kind == "whole":
            return dice.choice([column.default, column.low, column.high])
        return (
            dice.choice([column.default, None if column.nullable else column.default]) if column.kind != "free" else "x"
        )

    return cell


def schema_of(database: sqlite3.Connection) -> dict[Any, str]:
    """Return every object of a SQLite database in a normal form."""
    rows = database.execute("SELECT sql FROM sqlite_master WHERE sql <> ''").fetchall()
    objects = read_objects((text for (text,) in rows), SQLITE)
    return {thing: _normal(text) for thing, text in objects.items()}


@cache
def _normal(text: str) -> str:
    return normal_form(text, SQLITE)


def everything(database: sqlite3.Connection, schema: Schema) -> dict[str, list[Any]]:
    """Return every row of every table of a schema, by columns in the schema's order; of policies what is declared."""
    found: dict[str, list[Any]] = {}
    for table in schema.tables:
        columns = ", ".join(column.name for column in (table.declared if table.policy else table.columns))
        live = " WHERE NOT withdrawn" if table.live_only else ""
        key = ", ".join(state_key(table))
        found[table.name] = database.execute(f"SELECT {columns} FROM {table.name}{live} ORDER BY {key}").fetchall()
    return found


def migrations_of(files: Folders, dialect: str) -> list[Migration]:
    """Return the migrations of a dialect."""
    return list_migrations(files[dialect])


def changed(names: Iterable[str], schema: Schema = SCHEMA) -> Schema:
    """Return a schema with some changes."""
    for name in names:
        schema = CHANGES[name](schema)
    return schema


def verified(database: Database, files: Folders, schema: Schema = SCHEMA) -> list[str]:
    """Return the differences that the `verify` of a routecomp finds which wants this schema."""
    own = migrations_of(files, database.dialect.name)
    with read_only(database):
        ledger = entries(database)
        compared = verify(database, ledger, make_plan(ledger, own), own, reference(files, dialect_names()), schema)
    assert compared.skipped == ""
    return [drift.message for drift in compared.drifts]


def catalogue(database: Database, schema: Schema) -> dict[Any, str]:
    """Return what a database says that its schema is, each definition in a normal form."""
    names = {table.name for table in schema.tables} | {view.name for view in schema.views}
    with read_only(database):
        found = database.catalogue(names)
    return {thing: normal_form(text, database.dialect) for thing, text in found.items()}
