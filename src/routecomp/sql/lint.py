"""Judge the text of migrations by the rules over SQL.

Each file is judged by itself, knowing the files before it; `history` judges the folder as a whole, and what the base
branch holds of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.diagnostics.rule import Scope
from routecomp.parse.encoding import decode_text
from routecomp.rules.registry import rules
from routecomp.rules.waivers import MIGRATION, Waiver, excuse, not_needed, read_waiver
from routecomp.source.text import Span
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.registry import dialects
from routecomp.sql.file_names import FILE
from routecomp.sql.read.script import Script, Way

MAX_BYTES = 1 << 28
_CONFLICT = re.compile(r"^<{7} [^\r\n]*(?=(?s:.*)^>{7} )", re.MULTILINE)  # where the first side of a merge begins


@dataclass
class Linted:
    """What linting found, how many files it read, and the waivers it heeded."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    files: int = 0


def dialect_of(path: str) -> Dialect | None:
    """Return the dialect of a file: the last of its folders that is called after one."""
    known = {dialect.name: dialect for dialect in dialects()}
    return next((known[part] for part in reversed(path.split("/")[:-1]) if part in known), None)


def lint_text(
    files: Mapping[str, bytes], wanted: Collection[str] | None = None, dialect: Dialect | None = None
) -> Linted:
    """Return what the rules find in the text of migrations, path (`.../<dialect>/0002_x.up.sql`) to bytes.

    `wanted` are those that are judged (by default all); the others are what they stand on. `dialect` is for files
    whose folder names none.
    """
    linted = Linted()
    for script, unreadable in scripts(files, dialect):
        if wanted is not None and script.source.path not in wanted:
            continue
        linted.files += 1
        if unreadable:
            linted.diagnostics += unreadable
            continue
        diagnostics = [
            diagnostic
            for rule in rules(Scope.MIGRATION).values()
            if rule.find is not None and (rule.applies is None or rule.applies(script.dialect))
            for diagnostic in rule.find(script)
        ]
        kept, waivers = _waived(script, diagnostics)
        linted.diagnostics += kept
        linted.waivers += waivers
    linted.diagnostics.sort(key=Diagnostic.sort_key)
    return linted


def _waived(script: Script, diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Waiver]]:
    """Return the diagnostics that stand, with those about waivers; and the waivers that excuse a diagnostic."""
    waivers: list[Waiver] = []
    malformed: list[Diagnostic] = []
    starts = [statement.tokens[0].start for statement in script.statements]
    for comment in script.comments:
        if MIGRATION.intends.search(comment.text):
            below = bisect_left(starts, comment.end)
            unit = starts[below] if below < len(starts) else len(script.source.text)
            waiver = read_waiver(MIGRATION, comment.text, script.span(comment), unit)
            if isinstance(waiver, Waiver):
                waivers.append(waiver)
            else:
                malformed.append(waiver)

    def statement_of(span: Span) -> int:
        before = bisect_right(starts, span.start)
        return starts[before - 1] if before else -1

    kept, unneeded = excuse(diagnostics, waivers, statement_of)
    kept = [*malformed, *kept, *(not_needed(waiver, "its statement") for waiver in unneeded)]
    return kept, [waiver for waiver in waivers if waiver not in unneeded]


def scripts(files: Mapping[str, bytes], given: Dialect | None = None) -> list[tuple[Script, list[Diagnostic]]]:
    """Each file as a script that knows those before it, in the order they are applied; and why it cannot be read."""
    found: list[tuple[Script, list[Diagnostic]]] = []
    ups: dict[tuple[str, str], Script] = {}
    earlier: dict[Dialect, list[Script]] = {dialect: [] for dialect in dialects()}
    for path in sorted(files, key=_order):
        dialect = dialect_of(path) or given
        if dialect is None:
            continue
        folder, _, name = path.rpartition("/")
        match = FILE.fullmatch(name)
        way: Way = "down" if ".down." in name else "up"
        id = match["id"] if match is not None else name.removesuffix(".sql").removesuffix(f".{way}")
        source, _, findings = decode_text(path, files[path], MAX_BYTES)
        script = Script(
            source, dialect, id, way, tuple(earlier[dialect]), ups.get((folder, id)) if way == "down" else None
        )
        unreadable = findings.list() or list(_broken(script))
        found.append((script, unreadable))
        if way == "up" and not unreadable:
            ups[folder, id] = script
            earlier[dialect].append(script)
    return found


def _order(path: str) -> tuple[str, int, str, bool]:
    """By folder, then as they are applied; the way back behind its way there."""
    folder, _, name = path.rpartition("/")
    match = FILE.fullmatch(name)
    return folder, int(match["number"]) if match is not None else 1 << 62, name.partition(".")[0], ".down." in name


def _broken(script: Script) -> Iterable[Diagnostic]:
    conflict = _CONFLICT.search(script.source.text)
    if conflict is not None:  # every other finding would be of a text that nobody wrote
        yield error(
            "RC600",
            "an unresolved merge conflict",
            Span(script.source, *conflict.span()),
            "settle the YAML first; `routecomp compile` then writes this file anew",
        )
        return
    token = script.broken
    if token is not None:
        said = "is a command of psql, and no SQL" if token.text == "\\" else "is not closed before the file ends"
        what = token.text[:1] if token.text == "\\" else "this literal, name or comment"
        start = script.span(token)
        yield error(
            "RC600",
            f"{what} {said}",
            type(start)(start.file, start.start, start.start + 1),
            "write plain SQL that every client reads alike" if token.text == "\\" else "close it",
        )
