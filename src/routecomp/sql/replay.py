"""Run migrations in a sandbox and read the state they lead to.

So the state a change starts from is what the migrations say, and there is no second copy of the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.dialect import Dialect, Sandbox, SandboxError
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import table_name
from routecomp.sql.renames import written_renames
from routecomp.sql.schema import Schema, Value
from routecomp.sql.script_text import statements
from routecomp.sql.state import DatabaseState, Key, Row
from routecomp.sql.tables import state_key

File = tuple[str, bytes]
"""A migration: its id, and the bytes of its up file."""


class ReplayError(Exception):
    """A migration that cannot be run on top of those before it: its id, and the database's words."""

    def __init__(self, id: str, reason: str) -> None:
        super().__init__(f"{id}: {reason}")
        self.id = id
        self.reason = reason


def replay(dialect: Dialect, migrations: Iterable[File], schema: Schema = SCHEMA) -> DatabaseState:
    """Return the state that migrations, in order, lead to from an empty database; raise as `run_in_sandbox`."""
    files = list(migrations)
    with run_in_sandbox(dialect, files) as sandbox:
        return replace(read_state(sandbox, schema), renames=_renames(files))


def states_along(
    dialect: Dialect, before: Iterable[File], after: Iterable[File], schema: Schema = SCHEMA
) -> list[DatabaseState]:
    """Return the state behind the migrations `before`, and then behind each of `after`; raise as `run_in_sandbox`."""
    files = list(before)
    with run_in_sandbox(dialect, files) as sandbox:
        states = [replace(read_state(sandbox, schema), renames=_renames(files))]
        for id, data in after:
            _run(sandbox, id, data)
            files.append((id, data))
            states.append(replace(read_state(sandbox, schema), renames=_renames(files)))
        return states


def _renames(files: Iterable[File]) -> tuple[tuple[str, str, str], ...]:
    """Return what migrations renamed, in order."""
    return tuple(names for _, data in files for names in written_renames(data))


@contextmanager
def run_in_sandbox(dialect: Dialect, migrations: Iterable[File]) -> Iterator[Sandbox]:
    """Open a sandbox on which migrations were run, and close it after the block.

    Raises `ReplayError` where one does not run.
    """
    with closing(dialect.sandbox()) as sandbox:
        for id, data in migrations:
            _run(sandbox, id, data)
        yield sandbox


@dataclass(frozen=True, slots=True)
class Clash:
    """Two migrations that do not commute: the id of the other one, and what happens (the database's words, or ours).

    `other` is empty where no other one is to blame.
    """

    other: str
    reason: str


def clash(
    dialect: Dialect, before: Iterable[File], draft: File, after: Iterable[File], schema: Schema = SCHEMA
) -> Clash | DatabaseState:
    """Return the first of the migrations `after` that a draft does not commute with.

    If it commutes with all, return the state they lead to, whether the draft is run behind those `before`, at the end,
    or anywhere between. If it runs nowhere, the clash names no other. Two databases are walked side by side: one that
    ran the draft at once, and one that did not run it yet. After each step, running it late must give what running it
    early gave: so it may come at any place, and at each step the ledger's rows of other features may lie before or
    behind its own. Raises `ReplayError` where the others do not run without the draft.
    """
    with closing(dialect.sandbox()) as late, closing(dialect.sandbox()) as early, closing(dialect.sandbox()) as trial:
        for id, data in before:
            _run(late, id, data)
        early.copy(late)
        refused = _failure(early, *draft)
        state = read_state(early, schema)
        for id, data in after:
            _run(late, id, data)
            trial.copy(late)
            failure = _failure(trial, *draft)
            if refused is not None:  # it needs something that came later: the first step after which it runs
                if failure is None:
                    return Clash(id, refused)
                continue
            failure = failure or _failure(early, id, data)
            if failure is not None:
                return Clash(id, failure)
            state = read_state(early, schema)
            if state != read_state(trial, schema):
                return Clash(id, "the order in which they run decides what the database holds")
        return state if refused is None else Clash("", refused)


def _failure(sandbox: Sandbox, id: str, data: bytes) -> str | None:
    """Run a migration; return why it fails, or None. What it has done until then is undone."""
    try:
        _run(sandbox, id, data)
    except ReplayError as failure:
        sandbox.undo()
        return failure.reason
    return None


def _run(sandbox: Sandbox, id: str, data: bytes) -> None:
    """Run a migration; raise `ReplayError` where it fails, with its transaction left open."""
    try:
        for statement in statements(data.decode("utf-8")):
            sandbox.run(statement)
    except SandboxError as failure:
        raise ReplayError(id, failure.message) from None
    except UnicodeDecodeError as failure:
        raise ReplayError(id, str(failure)) from None


def read_state(sandbox: Sandbox, schema: Schema = SCHEMA) -> DatabaseState:
    """Return what the policy tables hold, without withdrawn rows; a table that is not there is empty.

    A column that is not there yet holds its default in every row, which is what the migration that brings it writes.
    Of the ledger it keeps each feature's last row.
    """
    known = sandbox.tables()
    tables: dict[str, dict[Key, Row]] = {}
    for table in schema.policy:
        rows: dict[Key, Row] = {}
        present = known.get(sandbox.dialect.names.of(table.name), ())
        if present:
            flags = [column.name for column in table.declared if column.kind == "flag" and column.name in present]
            names = [column.name for column in table.declared if column.name in present]
            later = {column.name: column.default for column in table.declared if column.name not in present}
            live = " WHERE NOT withdrawn" if table.live_only else ""
            for cells in sandbox.rows(
                f"SELECT {', '.join(names)} FROM {table_name(table.name, sandbox.dialect)}{live}"
            ):
                row: Row = dict(zip(names, cells, strict=True)) | later
                for flag in flags:
                    row[flag] = bool(row[flag])
                rows[tuple(row[name] for name in state_key(table))] = row
        tables[table.name] = rows
    latest: dict[str, tuple[Value, Value, str]] = {}
    if sandbox.dialect.names.of(PROMOTIONS) in known:
        ledger = table_name(PROMOTIONS, sandbox.dialect)
        for feature, old, new, kind in sandbox.rows(
            f"SELECT feature, from_model, to_model, kind FROM {ledger} ORDER BY id"
        ):
            latest[feature] = (old, new, kind)
    return DatabaseState(tables, latest)
