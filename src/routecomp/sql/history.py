"""Replay all migrations of a project in a database in memory: nothing else shows what they do, and lead back to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from routecomp.source.text import Span
from routecomp.sql.dialects.dialect import Dialect, Sandbox, SandboxError
from routecomp.sql.dialects.registry import dialects, reference_dialect
from routecomp.sql.file_names import FILE
from routecomp.sql.literals import quoted_name
from routecomp.sql.migration import Migration, list_migrations
from routecomp.sql.names import Names
from routecomp.sql.read.files import dialect_of, scripts
from routecomp.sql.read.normal_form import is_same
from routecomp.sql.read.objects import read_objects
from routecomp.sql.read.row_edits import AUDIT
from routecomp.sql.read.script import Script
from routecomp.sql.replay import read_state
from routecomp.sql.schema import Schema
from routecomp.sql.state import DatabaseState
from routecomp.sql.tables import BY_NAME


@dataclass(frozen=True, slots=True)
class Stop:
    """A statement that does not run: of which script, where it stands, and the database's words."""

    script: Script
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class WayBack:
    """A down file that was run behind its up file: where it stopped, or what is not as it was before (names)."""

    script: Script
    stop: Stop | None
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What running migrations showed.

    `ways_back` are those tried until then. `stop` is where an up file stopped; `state` is then None and `schema` empty,
    else they are those of the database at the end. `schema` is every object as (kind, name, table, definition). Where
    no migrations can be run all is empty.
    """

    ways_back: tuple[WayBack, ...] = ()
    stop: Stop | None = None
    state: DatabaseState | None = None
    schema: tuple[tuple[str, str, str, str], ...] = ()


class Since(NamedTuple):
    """Where the base branch has had its released migrations: the commit, and the folder if that is not today's."""

    commit: str
    folder: str | None = None


@dataclass(frozen=True, eq=False)
class History:
    """All migrations of a project, and what is known of its base branch and of its YAML.

    `files` and `released` are path to bytes: the project's migrations, and those of its base branch. `since` is where
    that had them, if it has changed them itself. `judged` are the paths of those whose ways back are tried. `clashes`
    is the path of a draft to the reason why it does not commute with what is released. `target` is the state that the
    YAML asks for, None if nothing is compared with it; `names` are what the settings call the tables, None if that is
    not compared, and `settings` is where they do. `schema` is what the migrations have to make, None if nothing is
    compared with it. `dialects` are the names of those that the settings want (None: all): the others have what they
    had when they were wanted. `compared` are the paths of those whose edits are compared with another dialect's.
    """

    files: Mapping[str, bytes]
    judged: Collection[str] = ()
    released: Mapping[str, bytes] = field(default_factory=dict)
    clashes: Mapping[str, str] = field(default_factory=dict)
    target: DatabaseState | None = None
    names: Names | None = None
    settings: Span | None = None
    schema: Schema | None = None
    dialects: Collection[str] | None = None
    since: Since | None = None
    compared: Collection[str] = ()

    @cached_property
    def wanted(self) -> dict[Dialect, list[Migration]]:
        """The migrations of each dialect that the settings want."""
        wanted = self.dialects
        return {dialect: own for dialect, own in self.by_dialect.items() if wanted is None or dialect.name in wanted}

    @cached_property
    def by_dialect(self) -> dict[Dialect, list[Migration]]:
        """The migrations of each dialect that has some, in the order they are applied."""
        files: dict[Dialect, dict[str, bytes]] = {}
        for path, data in self.files.items():
            dialect = dialect_of(path)
            if dialect is not None:
                files.setdefault(dialect, {})[path.rpartition("/")[2]] = data
        return {dialect: list_migrations(files[dialect]) for dialect in dialects() if dialect in files}

    @cached_property
    def scripts(self) -> list[Script]:
        """The migrations that can be read and have the name of a migration, in the order they are applied.

        Empty if no rule needs to run them, or if one of those judged cannot be read: what comes behind it would fail
        for that reason alone.
        """
        if not self.judged and self.target is None:
            return []
        every = scripts(self.files)
        if any(not script.is_readable and script.source.path in self.judged for script in every):
            return []
        return [
            script
            for script in every
            if script.is_readable and FILE.fullmatch(script.source.path.rpartition("/")[2]) is not None
        ]

    @cached_property
    def dialect(self) -> Dialect | None:
        """The dialect whose migrations are run, None if there is none that can be run in memory."""
        chosen = reference_dialect(script.dialect.name for script in self.scripts)
        named = (script.dialect for script in reversed(self.scripts))  # the last one knows the baseline's names
        return None if chosen is None else next(dialect for dialect in named if dialect.name == chosen.name)

    @cached_property
    def ways_there(self) -> list[Script]:
        """The up files of `dialect`, in the order they are run."""
        name = None if self.dialect is None else self.dialect.name
        return [script for script in self.scripts if script.way == "up" and script.dialect.name == name]

    @cached_property
    def ways_back(self) -> dict[tuple[str, str], Script]:
        """The down files of every dialect, by the name of the dialect and the id of the migration."""
        return {(script.dialect.name, script.id): script for script in self.scripts if script.way == "down"}

    @cached_property
    def replay(self) -> Replay:
        """What running the up files shows; each migration whose up or down file is judged is taken back in a copy."""
        if self.dialect is None:
            return Replay()
        returned: list[WayBack] = []
        with closing(self.dialect.sandbox()) as sandbox:
            for script in self.ways_there:
                down = self.ways_back.get((script.dialect.name, script.id))
                is_judged = script.source.path in self.judged or (down is not None and down.source.path in self.judged)
                before = _snapshot(sandbox) if is_judged and down is not None else None
                stop = _run(sandbox, script)
                if stop is not None:
                    return Replay(tuple(returned), stop)
                if down is not None and before is not None:
                    returned.append(_way_back(sandbox, down, before))
            return Replay(tuple(returned), None, read_state(sandbox), tuple(sandbox.schema()))


def _run(sandbox: Sandbox, script: Script) -> Stop | None:
    """Run a script; return the statement that stopped it, after undoing the others of its transaction, or None."""
    for statement in script.statements:
        first, last = statement.tokens[0], statement.tokens[-1]
        if first.up == "PRAGMA":
            continue  # a setting of the connection, not of the database
        try:
            sandbox.run(script.source.text[first.start : last.end])
        except SandboxError as failure:
            sandbox.undo()
            return Stop(script, script.span(first), failure.words)
    return None


def _way_back(sandbox: Sandbox, down: Script, before: dict[str, Any]) -> WayBack:
    """Run a down file in a copy of the database, and compare the copy with a snapshot from before the up file."""
    with closing(down.dialect.sandbox()) as copy:
        copy.copy(sandbox)
        stop = _run(copy, down)
        if stop is not None:
            return WayBack(down, stop, ())
        after = _snapshot(copy)
        names = sorted(before.keys() | after.keys())
        changed = (name for name in names if not _is_same(before.get(name), after.get(name), down.dialect))
        return WayBack(down, None, tuple(changed))


class _Definition(NamedTuple):
    """How an object of the schema is defined, and on which table."""

    table: str
    text: str


def _is_same(before: Any, after: Any, dialect: Dialect) -> bool:
    """Return whether rows are equal, or definitions say the same: a table may have been made anew in other words."""
    if before == after or not isinstance(before, _Definition) or not isinstance(after, _Definition):
        return bool(before == after)
    was, now = (read_objects([definition.text], dialect) for definition in (before, after))
    return was.keys() == now.keys() and all(is_same(was[thing], now[thing], dialect) for thing in was)


def _snapshot(sandbox: Sandbox) -> dict[str, Any]:
    """Return every table's rows and every object of the schema by name; of the ledgers, which only grow, no rows."""
    snapshot: dict[str, Any] = dict(read_state(sandbox).tables)
    for kind, name, table, definition in sandbox.schema():
        snapshot[f"{kind} {name}"] = _Definition(table, definition)
        bare = sandbox.dialect.names.bare(name)
        if kind == "table" and bare not in BY_NAME and bare not in AUDIT:
            snapshot[name] = sorted(sandbox.rows(f"SELECT * FROM {quoted_name(name)}"), key=repr)
    return snapshot
