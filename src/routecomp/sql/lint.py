"""Run the rules over SQL: over the text of each migration, and over the history of all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import rules
from routecomp.rules.waivers import MIGRATION, Waiver, excuse, not_needed, read_waiver
from routecomp.source.text import Span
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.history import History
from routecomp.sql.read.files import scripts
from routecomp.sql.read.script import Script

_UNREADABLE = "RC600"


@dataclass
class Linted:
    """The result of linting: diagnostics, the waivers that excuse one, and how many files were judged."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    files: int = 0


def lint_text(
    files: Mapping[str, bytes], judged: Collection[str] | None = None, dialect: Dialect | None = None
) -> Linted:
    """Run every rule over the text of migrations, path (`.../<dialect>/0002_x.up.sql`) to bytes.

    `judged` are the paths of those that are linted (None: all); the others are what they stand on. `dialect` is for
    files whose folder names none; without it they are left out. The diagnostics are sorted, without those that a waiver
    excuses, and with those about waivers.
    """
    linted = Linted()
    for script in scripts(files, dialect):
        if judged is not None and script.source.path not in judged:
            continue
        linted.files += 1
        kept, waivers = _waived(script, _find(script))
        linted.diagnostics += kept
        linted.waivers += waivers
    linted.diagnostics.sort(key=Diagnostic.sort_key)
    return linted


def lint_history(history: History) -> list[Diagnostic]:
    """Run every rule over the history of migrations, as far as the history knows what a rule asks for.

    The diagnostics stand rule by rule; nothing waives them.
    """
    finders = (rule.find for rule in rules(Scope.HISTORY).values())
    return [diagnostic for find in finders if find is not None for diagnostic in find(history)]


def _find(script: Script) -> list[Diagnostic]:
    """Return what the rules find in a script; where it cannot be read, only why."""
    if script.refused:
        return list(script.refused)
    return [
        diagnostic
        for id, rule in rules(Scope.MIGRATION).items()
        if rule.find is not None
        and (script.is_readable or id == _UNREADABLE)
        and (rule.applies is None or rule.applies(script.dialect))
        for diagnostic in rule.find(script)
    ]


def _waived(script: Script, diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Waiver]]:
    """Return the diagnostics that stand, with those about waivers; and the waivers that excuse a diagnostic.

    In a script that cannot be read nothing is waived.
    """
    if not script.is_readable:
        return list(diagnostics), []
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

    first = {waiver.place: waiver for waiver in reversed(waivers)}
    kept, unneeded = excuse(diagnostics, list(first.values()), statement_of)
    unneeded += [waiver for waiver in waivers if waiver is not first[waiver.place]]  # one above the statement is enough
    kept = [*malformed, *kept, *(not_needed(waiver, "its statement", kept) for waiver in unneeded)]
    return kept, [waiver for waiver in waivers if waiver not in unneeded]
