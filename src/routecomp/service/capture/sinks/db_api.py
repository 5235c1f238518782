"""Insert rows into a database, through any driver that follows Python's DB-API (PEP 249)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

from routecomp.service.capture.rows import Row
from routecomp.service.paramstyles import MARKS, ORPHANS, ParamStyle

_KEYS: Final = {"routing_outcomes": "day, outcome_id", "routing_attempts": "day, outcome_id, number"}
_FIRST_S: Final = 0.25
_LONGEST_S: Final = 15.0
_FEW: Final = 3
"""How many rows are tried in vain before the others are left for later."""
_STRIKES: Final = 5
_OWN_FAULT: Final = frozenset({"IntegrityError", "DataError"})
"""The classes of PEP 249 that blame the row."""


class NotWrittenError(ConnectionError):
    """Some rows of a write are not written, and all others are."""

    def __init__(self, unwritten: int) -> None:
        super().__init__(f"{unwritten} rows are not written")
        self.unwritten = unwritten


class _UnreachableError(Exception):
    """There is no connection."""


class DbApi:
    """A sink that inserts outcomes and attempts into the tables of docs/database.md; the audit event has no table.

    A row that is there already is left alone, so to write twice is to write once. A row that the database refuses for
    what it holds is set aside alone and counted; so is one that fails in any other way, several times, while others of
    its table are taken. If the database cannot be reached, cannot be written, lacks a table or refuses the role, the
    sink connects again and tries again, less and less often, while calls wait in its queue.
    """

    kinds = frozenset(_KEYS)
    quiet_at_fork = True  # a fork within a transaction of SQLite's would lock the child's own connections for ever

    def __init__(
        self,
        connect: Callable[[], Any],
        paramstyle: ParamStyle = "qmark",
        *,
        schema: str | None = None,
        table_prefix: str = "",
    ) -> None:
        """Take a function that connects. `schema` and `table_prefix` are those of the settings."""
        self._connect = connect
        self._mark = MARKS[paramstyle]
        self._is_named = paramstyle in ("named", "pyformat")
        self._where = f"{schema}." if schema else ""
        self._prefix = table_prefix
        self._connection: Any = None
        self._process = os.getpid()
        self._stopped = threading.Event()
        self._statements: dict[tuple[str, tuple[str, ...]], str] = {}
        self._taken: dict[str, Row] = {}  # by table, a row that the database took
        self._strikes: dict[int, int] = {}  # by row of the write under way: how often it failed while others were taken
        self.is_waiting = False
        """Whether it waits for a database that cannot take rows now."""
        self.set_aside = 0
        self.last_error: str | None = None
        """The class of the last exception that the database raised."""

    def write(self, rows: Sequence[Row]) -> None:
        """Insert rows, and wait for a database that cannot take them now; raise only if it is to wait no longer."""
        left = [row for row in rows if row.kind in _KEYS]
        wait_s = _FIRST_S
        self._strikes = {}
        try:
            while True:
                before = len(left)
                left = self._try(left)
                if not left:
                    return
                if len(left) < before:
                    wait_s = _FIRST_S
                self.is_waiting = True
                if self._stopped.wait(wait_s):
                    raise NotWrittenError(len(left))
                wait_s = min(2 * wait_s, _LONGEST_S)
        finally:
            self.is_waiting = False

    def stop(self) -> None:
        """Wait no longer for a database that cannot take rows."""
        self._stopped.set()

    def close(self) -> None:
        """Close the connection."""
        self._disconnect()

    def _try(self, rows: list[Row]) -> list[Row]:
        """Insert rows, all at once or else each alone; return those to try again."""
        try:
            self._insert(rows)
        except Exception as error:
            self._note(error)
        else:
            return []
        left: list[Row] = []
        closed: set[str] = set()  # tables that took nothing just now
        is_any_taken = False
        for place, row in enumerate(rows):
            try:
                self._insert([row])
                is_any_taken = True
            except Exception as error:
                self._note(error)
                if _is_of_the_row(error) or self._is_hopeless(row, error, closed):
                    self.set_aside += 1
                    continue
                left.append(row)
                if not is_any_taken and len(left) >= _FEW:  # so will others; next time others are the first
                    return rows[place + 1 :] + left
        return left

    def _is_hopeless(self, row: Row, error: Exception, closed: set[str]) -> bool:
        """Return whether a row has failed several times while the database took another one of its table."""
        sample = self._taken.get(row.kind)
        if sample is None or row.kind in closed or isinstance(error, _UnreachableError):
            return False
        try:
            self._insert([sample])  # it is there already
        except Exception as fault:
            self._note(fault)
            closed.add(row.kind)
            return False
        strikes = self._strikes[id(row)] = self._strikes.get(id(row), 0) + 1
        return strikes >= _STRIKES

    def _insert(self, rows: Sequence[Row]) -> None:
        connection = self._open()
        cursor = connection.cursor()
        try:
            for row in rows:
                values: Any = dict(row.values) if self._is_named else list(row.values.values())
                cursor.execute(self._statement(row), values)
            connection.commit()
        finally:
            cursor.close()
        for row in rows:
            self._taken[row.kind] = row._replace(record=None)

    def _statement(self, row: Row) -> str:
        columns = tuple(row.values)
        statement = self._statements.get((row.kind, columns))
        if statement is None:
            marks = ", ".join(self._mark(name, number) for number, name in enumerate(columns, start=1))
            statement = self._statements[row.kind, columns] = (
                f"INSERT INTO {self._where}{self._prefix}{row.kind} ({', '.join(columns)}) VALUES ({marks}) "
                f"ON CONFLICT ({_KEYS[row.kind]}) DO NOTHING"
            )
        return statement

    def _open(self) -> Any:
        if self._process != os.getpid():
            ORPHANS.append(self._connection)
            self._connection, self._process = None, os.getpid()
        if self._connection is None:
            try:
                self._connection = self._connect()
            except Exception as error:
                raise _UnreachableError from error
        return self._connection

    def _note(self, error: Exception) -> None:
        """Undo what is half done; the next insert connects anew unless the row alone is to blame."""
        self.last_error = type(error.__cause__ or error).__name__
        try:
            if self._connection is not None:
                self._connection.rollback()
        except Exception:
            self._disconnect()
        if not _is_of_the_row(error):
            self._disconnect()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if self._process != os.getpid():
            ORPHANS.append(connection)
        elif connection is not None:
            try:
                connection.close()
            except Exception:  # it was lost
                return


def _is_of_the_row(error: Exception) -> bool:
    """Return whether a row is to blame for an error: by the classes of PEP 249, or because it is none of the driver's.

    What the driver cannot pass on (a number that is too large, a text with a surrogate) is a Python error of its own.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & _OWN_FAULT) or (
        isinstance(error, OverflowError | ValueError | TypeError) and "Error" not in names
    )
