"""Run statements that no transaction may hold on PostgreSQL: indexes that are built beside everyone's work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from routecomp.database.driver import Database
from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.postgres import LOCK, POSTGRES
from routecomp.sql.literals import literal

if TYPE_CHECKING:
    import psycopg

_APART = ((14, "idle_session_timeout"), (17, "transaction_timeout"))
"""Settings of others that would end a session which builds an index, each with the first version that knows it."""
_BUILT = re.compile(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (?P<name>\w+) ON (?P<schema>\w+\.)?")


class PostgresApart:
    """A connection outside of transactions, under the lock of migrations."""

    def __init__(self, database: Database, raw: psycopg.Connection, major: int) -> None:
        self._database = database
        self._raw = raw
        self._major = major

    def begin_apart(self) -> None:
        """End the transaction of `begin`, and keep its lock."""
        # The lock of the session, which has it already until the end of this transaction.
        self._database.run(f"SELECT pg_advisory_lock({LOCK})")
        self._database.rollback()
        steady = [f"{name} = 0" for since, name in _APART if self._major >= since]
        self._database.run("; ".join(f"SET {setting}" for setting in ["default_transaction_read_only = off", *steady]))

    def step_apart(self, statement: str) -> None:
        """Run such a statement; what an earlier attempt left half done is done anew."""
        match = _BUILT.match(statement)
        if match is not None:
            index = f"{match['schema'] or ''}{match['name']}"
            known = f"SELECT 1 FROM pg_index WHERE indexrelid = to_regclass({literal(index, POSTGRES)})"
            if self._database.run(f"{known} AND NOT indisvalid"):
                self._database.step(f"DROP INDEX CONCURRENTLY {index}")
        self._database.step(statement)

    def end_apart(self) -> None:
        """Give the lock back; where the connection is gone it is free already."""
        if self._raw.closed or self._raw.broken:
            return
        names = ["lock_timeout", "statement_timeout", "default_transaction_read_only"]
        names += [name for since, name in _APART if self._major >= since]
        self._database.run("; ".join(f"RESET {name}" for name in names))
        if not self._database.run(f"SELECT pg_advisory_unlock({LOCK})")[0][0]:
            raise DatabaseError(
                "the lock of migrations went to another session: a pool in transaction mode stands before the server",
                "what was run stays; connect to the server itself, or to a pool in session mode, and see `routecomp "
                "migrate status`; the session that has the lock now is in pg_locks (locktype advisory)",
            )
