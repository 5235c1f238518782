"""Judge the history of a project's migrations: against the base branch, and by running them in a sandbox."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.parse.encoding import decode_text
from routecomp.source.text import Span
from routecomp.sql.dialects.dialect import Sandbox, SandboxError
from routecomp.sql.dialects.registry import reference_dialect
from routecomp.sql.file_names import FILE
from routecomp.sql.lint import MAX_BYTES, scripts
from routecomp.sql.migrations import migration_files
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.row_edits import AUDIT
from routecomp.sql.read.script import Script
from routecomp.sql.replay import read_state
from routecomp.sql.state import DatabaseState
from routecomp.sql.tables import BY_NAME

_RESTORED = "run `routecomp compile`: it restores what is released, and writes your change as one migration more"


def changed_since(base: Mapping[str, bytes], files: Mapping[str, bytes], where: str) -> list[Diagnostic]:
    """RC631: what is released (path to bytes, as in `files`) and was edited or deleted; `where` says `on main`."""
    found: list[Diagnostic] = []
    for path, data in sorted(base.items()):
        now = files.get(path)
        if now is None:
            found.append(error("RC631", f"{path} is released ({where}), and is gone here", None, _RESTORED))
        elif now != data:
            source = decode_text(path, now, MAX_BYTES)[0]
            old = decode_text(path, data, MAX_BYTES)[0].text
            at = next(
                (at for at, (one, other) in enumerate(zip(source.text, old, strict=False)) if one != other),
                min(len(source.text), len(old)),
            )
            found.append(
                error(
                    "RC631",
                    f"this file is released ({where}), and reads otherwise there from here on",
                    Span(source, at, min(at + 1, len(source.text))),
                    _RESTORED,
                )
            )
    return found


@dataclass
class Replayed:
    """What running the migrations found, and the database they lead to (None where one does not run)."""

    diagnostics: list[Diagnostic]
    state: DatabaseState | None = None
    schema: Any = None


def replayed(files: Mapping[str, bytes], wanted: Collection[str]) -> Replayed:
    """Find RC633 and RC634: run each migration of the reference dialect, and the way back of those wanted.

    `files` is path to bytes, all migrations of the project. The ways back are missed in every dialect. Nothing is run
    where one of those wanted cannot be read: what comes behind it would fail for that reason alone.
    """
    read = scripts(files)
    if any(unreadable and script.source.path in wanted for script, unreadable in read):
        return Replayed([])
    every = [script for script, unreadable in read if not unreadable and FILE.fullmatch(_name(script))]
    downs = {(script.dialect, script.id): script for script in every if script.way == "down"}
    found = [
        error(
            "RC633",
            f"migration {script.id} has no way back",
            _start(script),
            f"write {script.id}.down.sql beside it, which undoes it without touching the ledgers",
        )
        for script in every
        if script.way == "up" and script.source.path in wanted and (script.dialect, script.id) not in downs
    ]
    dialect = reference_dialect(script.dialect.name for script in every)
    if dialect is None:
        return Replayed(found)
    with closing(dialect.sandbox()) as sandbox:
        for script in every:
            if script.way == "down" or script.dialect is not dialect:
                continue
            down = downs.get((dialect, script.id))
            before = (
                _snapshot(sandbox)
                if down is not None and not {down.source.path, script.source.path}.isdisjoint(wanted)
                else None
            )
            failed = _run(sandbox, script)
            if failed is not None:
                return Replayed([*found, failed])
            if down is not None and before is not None:
                found += _way_back(sandbox, down, before)
        return Replayed(found, read_state(sandbox), sandbox.schema())


def not_fresh(
    run: Replayed, last: Script, target: DatabaseState, tenants: tuple[str, str] | None
) -> Iterator[Diagnostic]:
    """Find RC634: what the migrations lead to and a fresh install does not; `last` is where that is said."""
    files = migration_files({}, target, (last.dialect.name,), tenants)
    path = next(path for path in files if path.endswith(".up.sql"))
    with closing(last.dialect.sandbox()) as sandbox:
        fresh = next(script for script, _ in scripts({path: files[path]}))
        failed = _run(sandbox, fresh)
        assert failed is None, failed
        state, schema = read_state(sandbox), sandbox.schema()
    assert run.state is not None
    help = "run `routecomp compile`, and leave to it what the YAML says"
    for table, rows in sorted(state.tables.items()):
        held = run.state.tables[table]
        if held != rows:
            keys = sorted((key for key in held.keys() | rows.keys() if held.get(key) != rows.get(key)), key=repr)
            first = " ".join(map(str, keys[0]))
            more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
            yield error(
                "RC634",
                f"after the last migration table `{table}` holds otherwise than the YAML says: {first}{more}",
                _start(last),
                help,
            )
    lost = sorted({row[:2] for row in schema} - {row[:2] for row in run.schema})
    other = sorted(row[1] for row in schema if row not in run.schema and row[:2] not in lost)
    for what, names in (("is missing", [name for _, name in lost]), ("is not what a fresh install has", other)):
        if names:
            more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
            yield error(
                "RC634",
                f"after the last migration `{names[0]}`{more} {what}",
                _start(last),
                "the schema is that of an earlier release of routecomp: write the migration that brings it here",
            )


def last_up(files: Mapping[str, bytes]) -> Script | None:
    """Return the last migration of the reference dialect."""
    ups = [script for script, unreadable in scripts(files) if script.way == "up" and not unreadable]
    dialect = reference_dialect(script.dialect.name for script in ups)
    return next((script for script in reversed(ups) if script.dialect is dialect), None)


def _name(script: Script) -> str:
    return script.source.path.rpartition("/")[2]


def _start(script: Script) -> Span:
    first: Token | None = script.statements[0].tokens[0] if script.statements else None
    return Span(script.source, 0, 0) if first is None else script.span(first)


def _run(sandbox: Sandbox, script: Script) -> Diagnostic | None:
    """Run a file; return what stopped it, at its statement. Nothing of it is left then."""
    for statement in script.statements:
        first, last = statement.tokens[0], statement.tokens[-1]
        if first.up == "PRAGMA":
            continue  # a setting of the connection, not of the database
        try:
            sandbox.run(script.source.text[first.start : last.end])
        except SandboxError as failure:
            sandbox.undo()
            return error(
                "RC634",
                f"migration {script.id} does not run after those before it: {failure.words}",
                script.span(first),
                "compile it anew on top of the base branch, or correct it",
            )
    return None


def _way_back(sandbox: Sandbox, down: Script, before: Any) -> Iterator[Diagnostic]:
    with closing(down.dialect.sandbox()) as copy:
        copy.copy(sandbox)
        failed = _run(copy, down)
        if failed is not None and failed.span is not None:
            said = failed.message.partition(": ")[2]
            yield error(
                "RC633",
                f"the way back of migration {down.id} does not run: {said}",
                failed.span,
                "let it undo what its migration does, in the opposite order",
            )
        elif (after := _snapshot(copy)) != before:
            names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
            yield error(
                "RC633",
                f"the way back of migration {down.id} does not lead back: `{names[0]}` is not what it was",
                _start(down),
                "let it undo what its migration does; rows of the ledgers stay",
            )


def _snapshot(sandbox: Sandbox) -> dict[str, Any]:
    """Return every table's rows and every object of the schema by name; of the ledgers, which only grow, no rows."""
    snapshot: dict[str, Any] = dict(read_state(sandbox).tables)
    for kind, name, table, definition in sandbox.schema():
        snapshot[f"{kind} {name}"] = (table, definition)
        if kind == "table" and name not in BY_NAME and name not in AUDIT:
            quoted = '"' + name.replace('"', '""') + '"'
            snapshot[name] = sorted(sandbox.rows(f"SELECT * FROM {quoted}"), key=repr)
    return snapshot
