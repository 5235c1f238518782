"""Migrations for SQLite in, the state they lead to out: they are run, in memory, and the tables are read.

So the state a change starts from is what the migrations say, and there is no second copy of the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import said_by, statements
from routecomp.sql.schema import Value
from routecomp.sql.state import DatabaseState, Key, Row
from routecomp.sql.tables import TABLES, state_key

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
    with replayed(migrations) as database:
        return read_state(database)


@contextmanager
def replayed(migrations: Iterable[tuple[str, bytes]]) -> Iterator[sqlite3.Connection]:
    """A database in memory that migrations were run on; `ReplayError` where one does not run."""
    from contextlib import closing

    with closing(_empty()) as database:
        for id, data in migrations:
            _run(database, id, data)
        yield database


@dataclass(frozen=True, slots=True)
class Clash:
    """Two migrations that do not commute: the id of the other one, and what happens (the database's words, or ours)."""

    other: str
    reason: str


def clash(
    before: Iterable[tuple[str, bytes]], one: tuple[str, bytes], after: Iterable[tuple[str, bytes]]
) -> Clash | DatabaseState:
    """The first of the migrations `after` that one does not commute with; where there is none, the state they all
    lead to, whether `one` is run on those `before`, at the end, or anywhere between.

    Two databases are walked side by side: one that ran `one` at once, and one that did not run it yet. After each
    step, running it late must give what running it early gave: so it may come at any place, and at each step the
    ledger's rows of other features may lie before or behind its own.
    """
    from contextlib import closing

    with closing(_empty()) as late, closing(_empty()) as early, closing(_empty()) as tried:
        for id, data in before:
            _run(late, id, data)
        late.backup(early)
        refused = _failure(early, *one)
        state = read_state(early)
        for id, data in after:
            _run(late, id, data)
            late.backup(tried)
            failure = _failure(tried, *one)
            if refused is not None:  # it needs something that came later: the first step after which it runs
                if failure is None:
                    return Clash(id, refused)
                continue
            failure = failure or _failure(early, id, data)
            if failure is not None:
                return Clash(id, failure)
            state = read_state(early)
            if state != read_state(tried):
                return Clash(id, "the order in which they run decides what the database holds")
        return state if refused is None else Clash("", refused)


def _failure(database: sqlite3.Connection, id: str, data: bytes) -> str | None:
    """Run a migration; why it fails, or None. What it has done until then stays undone."""
    try:
        _run(database, id, data)
    except ReplayError as failure:
        if database.in_transaction:
            database.execute("ROLLBACK")
        return failure.reason
    return None


def _empty() -> sqlite3.Connection:
    import sqlite3

    return sqlite3.connect(":memory:", isolation_level=None)


def _run(database: sqlite3.Connection, id: str, data: bytes) -> None:
    """Run a migration; `ReplayError` where it fails."""
    import sqlite3

    asked = ""
    try:
        for asked in statements(data.decode("utf-8")):
            # The company's own table of tenants is not here; what is here was checked when it was written.
            if not asked.startswith("PRAGMA foreign_keys"):
                database.execute(asked)
    except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError, ValueError) as failure:
        raise ReplayError(id, _said(database, asked) or str(failure)) from None


def _said(database: sqlite3.Connection, statement: str) -> str:
    """The message of an assertion that failed; empty for other statements, or where it cannot be asked for."""
    import sqlite3

    query = said_by(statement)
    try:
        found = None if query is None else database.execute(query).fetchone()
    except sqlite3.Error:
        return ""
    return "" if found is None else str(found[0])


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
            f"SELECT feature, from_model, to_model, kind FROM {PROMOTIONS} ORDER BY id"
        ):
            latest[feature] = (old, new, kind)
    return DatabaseState(tables, latest)
