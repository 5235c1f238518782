"""Migrations for SQLite in, the state they lead to out: they are run, in memory, and the tables are read.

So the state a change starts from is what the migrations say, and there is no second copy of the truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from routecomp.emit.sql.ledgers import PROMOTIONS
from routecomp.emit.sql.literals import statements
from routecomp.emit.sql.schema import Value
from routecomp.emit.sql.state import DatabaseState, Key, Row
from routecomp.emit.sql.tables import TABLES, state_key

if TYPE_CHECKING:
    import sqlite3


class ReplayError(Exception):
    """A migration that cannot be run on top of those before it: which one, and the database's words."""

    def __init__(self, id: str, reason: str) -> None:
        super().__init__(f"{id}: {reason}")
        self.id = id
        self.reason = reason


def replay(migrations: Iterable[tuple[str, bytes]]) -> DatabaseState:
    """The state that migrations (id and bytes of the up file, in order) lead to from an empty database."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for id, data in migrations:
            try:
                for statement in statements(data.decode("utf-8")):
                    # The company's own table of tenants is not here; what is here was checked when it was written.
                    if not statement.startswith("PRAGMA foreign_keys"):
                        database.execute(statement)
            except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError, ValueError) as failure:
                raise ReplayError(id, str(failure)) from None
        return read_state(database)


def read_state(database: sqlite3.Connection) -> DatabaseState:
    """What the policy tables of a SQLite database hold; a table that is not there is empty."""
    known = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables: dict[str, dict[Key, Row]] = {}
    for table in TABLES:
        rows: dict[Key, Row] = {}
        if table.name in known:
            columns = table.declared
            flags = [column.name for column in columns if column.kind == "flag"]
            names = [column.name for column in columns]
            live = " WHERE NOT withdrawn" if table.live_only else ""
            for found in database.execute(f"SELECT {', '.join(names)} FROM {table.name}{live}"):
                row: Row = dict(zip(names, found, strict=True))
                for flag in flags:
                    row[flag] = bool(row[flag])
                rows[tuple(row[name] for name in state_key(table))] = row
        tables[table.name] = rows
    latest: dict[str, tuple[Value, Value, str]] = {}
    if PROMOTIONS in known:
        for feature, old, new, kind in database.execute(
                f"SELECT feature, from_model, to_model, kind FROM {PROMOTIONS} ORDER BY id"):
            latest[feature] = (old, new, kind)
    return DatabaseState(tables, latest)
