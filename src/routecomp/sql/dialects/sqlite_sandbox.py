"""Run migrations for SQLite in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from routecomp.sql.dialects.dialect import Dialect, Sandbox, SandboxError


class SqliteSandbox:
    """A database of SQLite in memory; `message_query` gives the query for the message of an assertion that failed."""

    def __init__(
        self,
        dialect: Dialect,
        message_query: Callable[[str], str | None],
        connection: sqlite3.Connection | None = None,
    ) -> None:
        self.dialect = dialect
        self.message_query = message_query
        self.connection = connection or sqlite3.connect(":memory:", isolation_level=None)

    def run(self, statement: str) -> None:
        # The company's own table of tenants is not here; what is here was checked when it was written.
        if statement.startswith("PRAGMA foreign_keys"):
            return
        try:
            self.connection.execute(statement)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as failure:
            raise SandboxError(str(failure), self._message(statement)) from None

    def _message(self, statement: str) -> str:
        query = self.message_query(statement)
        try:
            row = None if query is None else self.connection.execute(query).fetchone()
        except sqlite3.Error:
            return ""
        return "" if row is None else str(row[0])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def tables(self) -> set[str]:
        return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def schema(self) -> list[tuple[str, str, str, str]]:
        return self.rows(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
        )

    def copy(self, other: Sandbox) -> None:
        assert isinstance(other, SqliteSandbox)
        other.connection.backup(self.connection)

    def undo(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def close(self) -> None:
        self.connection.close()
