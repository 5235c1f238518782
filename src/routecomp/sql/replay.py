"""Run migrations in a sandbox and read the state they lead to.

So the state a change starts from is what the migrations say, and there is no second copy of the truth.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.dialect import Dialect, Sandbox, SandboxError
from routecomp.sql.file_names import BASELINE
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import table_name
from routecomp.sql.migration import read_promoted
from routecomp.sql.read.renamed_rows import Renamed, renamed_slugs
from routecomp.sql.renames import renamed_promotions
from routecomp.sql.schema import Schema
from routecomp.sql.script_text import statements
from routecomp.sql.state import DatabaseState, Key, Promotion, Row
from routecomp.sql.tables import state_key

File = tuple[str, bytes]
"""A migration: its id, and the bytes of its up file."""


class ReplayError(Exception):
    """A migration that cannot be run on top of those before it: its id, and the database's words."""

    def __init__(self, id: str, reason: str) -> None:
        super().__init__(f"{id}: {reason}")
        self.id = id
        self.reason = reason


class Walk:
    """A sandbox in which migrations are run, one behind the other.

    `renames` are what these renamed, each with the id of the ledger's last row before it; `promoted` are the promotions
    of features from before the baseline, where it names them.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.renames: list[tuple[int, Renamed]] = []
        self.promoted: dict[str, Promotion] = {}

    def run(self, id: str, data: bytes) -> None:
        """Run a migration; raise `ReplayError` where it fails, with its transaction left open."""
        try:
            texts = statements(data.decode("utf-8"))
            self.promoted |= read_promoted(data) if id == BASELINE else {}
            renamed = renamed_slugs(texts, self.sandbox.dialect)
            if renamed:
                last = _last_promotion(self.sandbox)
                self.renames += [(last, each) for each in renamed]
            for text in texts:
                self.sandbox.run(text)
        except SandboxError as failure:
            raise ReplayError(id, failure.message) from None
        except UnicodeDecodeError as failure:
            raise ReplayError(id, str(failure)) from None

    def failure(self, id: str, data: bytes) -> str | None:
        """Run a migration; return why it fails, or None. What it has done until then is undone."""
        count = len(self.renames)
        try:
            self.run(id, data)
        except ReplayError as failure:
            self.sandbox.undo()
            del self.renames[count:]
            return failure.reason
        return None

    def copy(self, other: Walk) -> None:
        """Become what another one is."""
        self.sandbox.copy(other.sandbox)
        self.renames, self.promoted = list(other.renames), dict(other.promoted)

    def state(self, schema: Schema) -> DatabaseState:
        """Return what the policy tables hold, and each feature's last promotion by the names of today."""
        return read_state(self.sandbox, schema, self.renames, self.promoted)


def replay(dialect: Dialect, migrations: Iterable[File], schema: Schema = SCHEMA) -> DatabaseState:
    """Return the state that migrations, in order, lead to from an empty database; raise as `Walk.run`."""
    return states_along(dialect, migrations, (), schema)[0]


def states_along(
    dialect: Dialect, before: Iterable[File], after: Iterable[File], schema: Schema = SCHEMA
) -> list[DatabaseState]:
    """Return the state behind the migrations `before`, and then behind each of `after`; raise as `Walk.run`."""
    with closing(dialect.sandbox()) as sandbox:
        walk = Walk(sandbox)
        for id, data in before:
            walk.run(id, data)
        states = [walk.state(schema)]
        for id, data in after:
            walk.run(id, data)
            states.append(walk.state(schema))
        return states


@contextmanager
def run_in_sandbox(dialect: Dialect, migrations: Iterable[File]) -> Iterator[Sandbox]:
    """Open a sandbox on which migrations were run, and close it after the block; raise as `Walk.run`."""
    with closing(dialect.sandbox()) as sandbox:
        walk = Walk(sandbox)
        for id, data in migrations:
            walk.run(id, data)
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
    with ExitStack() as stack:
        late, early, trial = (Walk(stack.enter_context(closing(dialect.sandbox()))) for _ in range(3))
        for id, data in before:
            late.run(id, data)
        early.copy(late)
        refused = early.failure(*draft)
        state = early.state(schema)
        for id, data in after:
            late.run(id, data)
            trial.copy(late)
            failure = trial.failure(*draft)
            if refused is not None:  # it needs something that came later: the first step after which it runs
                if failure is None:
                    return Clash(id, refused)
                continue
            failure = failure or early.failure(id, data)
            if failure is not None:
                return Clash(id, failure)
            state = early.state(schema)
            if state != trial.state(schema):
                return Clash(id, "the order in which they run decides what the database holds")
        return state if refused is None else Clash("", refused)


def read_state(
    sandbox: Sandbox,
    schema: Schema = SCHEMA,
    renames: Sequence[tuple[int, Renamed]] = (),
    promoted: Mapping[str, Promotion] | None = None,
) -> DatabaseState:
    """Return what the policy tables hold, without withdrawn rows; a table that is not there is empty.

    A column that is not there yet holds its default in every row, which is what the migration that brings it writes.
    Of the ledger it keeps each feature's last row, which goes along with `renames`: each with the id of the ledger's
    last row before it. For what the baseline records, `promoted` says what was there before, if it knows the feature.
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
    latest = _latest_promotions(sandbox, known, renames, promoted or {})
    return DatabaseState(tables, latest, tuple(each for _, each in renames))


def _latest_promotions(
    sandbox: Sandbox,
    known: Collection[str],
    renames: Sequence[tuple[int, Renamed]],
    promoted: Mapping[str, Promotion],
) -> dict[str, Promotion]:
    """Return each feature's last row of the ledger; features and models are called as `renames` left them."""
    latest: dict[str, Promotion] = {}
    if sandbox.dialect.names.of(PROMOTIONS) not in known:
        return latest
    waiting = deque(renames)
    ledger = table_name(PROMOTIONS, sandbox.dialect)
    for id, feature, old, new, kind, migration in sandbox.rows(
        f"SELECT id, feature, from_model, to_model, kind, migration FROM {ledger} ORDER BY id"
    ):
        while waiting and waiting[0][0] < id:
            latest = renamed_promotions(latest, waiting.popleft()[1])
        before = promoted.get(feature) if migration == BASELINE else None
        latest[feature] = before if before is not None and before[1] == new else (old, new, kind)
    for _, renamed in waiting:
        latest = renamed_promotions(latest, renamed)
    return latest


def _last_promotion(sandbox: Sandbox) -> int:
    """Return the id of the ledger's last row; 0 without one."""
    if sandbox.dialect.names.of(PROMOTIONS) not in sandbox.tables():
        return 0
    ((last,),) = sandbox.rows(f"SELECT coalesce(max(id), 0) FROM {table_name(PROMOTIONS, sandbox.dialect)}")
    return int(last)
