"""Run migrations on a database, and read what it holds as plain data that is the same for both dialects."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routecomp.sql.ddl import ALL_TABLES, create_schema
from routecomp.sql.dialects.dialect import Sandbox
from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.dialects.sqlite import SqliteSandbox
from routecomp.sql.migration import Migration, list_migrations
from routecomp.sql.names import DEFAULT, Names
from routecomp.sql.script_text import statements
from routecomp.sql.tables import TABLES

if TYPE_CHECKING:
    import psycopg

    Database = sqlite3.Connection | psycopg.Connection

Files = Mapping[str, bytes]
Dump = dict[str, list[tuple[Any, ...]]]


def migrations(files: Files, dialect: str) -> list[Migration]:
    """Return the migrations of one dialect among the files of `migrations/`."""
    return list_migrations(
        {name.removeprefix(f"{dialect}/"): data for name, data in files.items() if name.startswith(f"{dialect}/")}
    )


def sqlite_database(path: str = ":memory:") -> sqlite3.Connection:
    """Open an empty SQLite database in autocommit: migrations bring their own transactions."""
    return sqlite3.connect(path, isolation_level=None)


def sandbox_of(database: sqlite3.Connection) -> Sandbox:
    """Wrap a database as one in which migrations are replayed."""
    return SqliteSandbox(database)


def ask(database: Database, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows."""
    if isinstance(database, sqlite3.Connection):
        return database.execute(statement).fetchall()
    cursor = database.execute(statement.encode())
    return cursor.fetchall() if cursor.description else []


def run(database: Database, data: bytes | None) -> None:
    """Run a migration's file statement by statement; where one fails, nothing of the file is left."""
    assert data is not None
    try:
        for statement in statements(data.decode()):
            ask(database, statement)
    except Exception as failure:
        failure.add_note(f"in: {statement}")
        database.execute("ROLLBACK")
        raise


_SCHEMA = frozenset(create_schema(POSTGRES))


def run_within(database: psycopg.Connection, data: bytes | None) -> None:
    """Run a migration's file within the open transaction, with the checks of COMMIT at its end.

    The statements of the schema are left out, because the database has it. So one database serves many histories.
    """
    assert data is not None
    said = [text for text in statements(data.decode()) if text not in ("BEGIN", "COMMIT") and text not in _SCHEMA]
    said += ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"]
    database.execute(";\n".join(said).encode())


def run_all(database: Database, ups: Iterable[Migration]) -> None:
    """Run the up files in order."""
    for migration in ups:
        run(database, migration.up)


def dump(database: Database, names: Names = DEFAULT) -> Dump:
    """Return every row of the policy tables, sorted; columns that the database fills by itself are left out."""
    schema = "" if isinstance(database, sqlite3.Connection) else f"{names.schema}."
    queries = []
    for table in TABLES:
        columns = ", ".join(column.name for column in table.declared)
        live = " WHERE NOT withdrawn" if table.live_only else ""
        queries.append(f"SELECT {columns} FROM {schema}{names.of(table.name)}{live}")
    if isinstance(database, sqlite3.Connection):
        rows = [ask(database, query) for query in queries]
    else:
        cursor = database.execute("; ".join(queries).encode())  # one trip for all
        rows = [cursor.fetchall()]
        while cursor.nextset():
            rows.append(cursor.fetchall())
    return {
        table.name: sorted((tuple(_plain(cell) for cell in row) for row in found), key=repr)
        for table, found in zip(TABLES, rows, strict=True)
    }


def _plain(cell: Any) -> Any:
    return int(cell) if isinstance(cell, Decimal | bool) else cell


def refuser(diagnosis: psycopg.errors.Diagnostic) -> str:
    """Return what of PostgreSQL refused a row: a column (`table.column`) that is required, else a constraint.

    What a partition refuses is named as its table names it.
    """
    table = str(diagnosis.table_name)
    whole = table.removesuffix("_default")
    if diagnosis.column_name is not None:
        return f"{whole}.{diagnosis.column_name}"
    return str(diagnosis.constraint_name).replace(f"{table}_pkey", f"{whole}_pkey")


def schema(database: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Return every object of a SQLite database as its CREATE statement."""
    return sorted(ask(database, "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))


def ledger(database: Database) -> list[tuple[Any, ...]]:
    """Return the ledger of promotions, oldest first: feature, from, to, kind, migration."""
    table = next(table.name for table in ALL_TABLES if table.name == "model_promotions")
    query = f"SELECT feature, from_model, to_model, kind, migration FROM {table} ORDER BY id"
    return ask(database, query)
