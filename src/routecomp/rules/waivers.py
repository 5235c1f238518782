"""Read waivers from comments, leave out the diagnostics they excuse, and report waivers that are wrong or not needed.

In YAML a waiver stands behind its finding on the same line, or on a line of its own directly above. It holds until
a last day, and excuses warnings and rules of change:

    # routecomp:allow RC403 until=2026-12-01 reason="provider outage"

In a migration it stands on a line of its own directly above its statement, and covers the whole of it. It has no
last day: a migration runs once, and its file never changes. It excuses only the rules that say so:

    -- routecomp:allow RC608 reason="forty rows, measured: 2 ms"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, error, warning
from routecomp.diagnostics.rule import Rule, Scope
from routecomp.model.days import meant_day
from routecomp.model.suggest import suggestion
from routecomp.parse import Parsed
from routecomp.parse.comments import Comment, comments
from routecomp.rules.registry import rules
from routecomp.source.edits import Edit, Fix
from routecomp.source.text import Span

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NO_DAY = re.compile("YYYY-MM-DD")
_RULE = re.compile(r"RC[0-9]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver: the rule it silences, the last day it holds, why, and where it stands.

    `unit` is the part of the file it covers: a line number in YAML, the offset of a statement in a migration.
    A waiver in a migration has no last day: `until` is `date.max`.
    """

    rule: str
    until: date
    reason: str
    span: Span
    unit: int

    @property
    def place(self) -> tuple[str, str, int]:
        """What the waiver covers: diagnostics of its rule in its unit of its file."""
        return self.rule, self.span.path, self.unit


class Form(NamedTuple):
    """How waivers are written in one kind of file.

    A comment that `intends` matches was meant as a waiver. `scopes` are the rules whose findings stand in such a
    file; `dated` says whether a waiver must have a last day, or must not; `refusal` is why some cannot be waived.
    """

    intends: re.Pattern[str]
    sign: str
    scopes: tuple[Scope, ...]
    dated: bool
    example: str
    refusal: str = ""

    def match(self, comment: str) -> re.Match[str] | None:
        """Match a whole comment as a waiver, with the groups `rule`, `until` (where dated) and `reason`; else None."""
        until = r"until=(?P<until>\S+)\s+" if self.dated else ""
        return re.fullmatch(
            rf'{self.sign}\s*routecomp:allow\s+(?P<rule>\S+)\s+{until}reason="(?P<reason>[^"]*)"\s*', comment
        )


YAML = Form(
    re.compile(r"#+\s*routecomp\s*:|routecomp:allow"),
    "#+",
    (Scope.TEXT, Scope.PROJECT, Scope.CHANGE, Scope.REACH),
    dated=True,
    example='write # routecomp:allow RC403 until=YYYY-MM-DD reason="why it is right for now"',
    refusal=": it is no warning and no rule of change",
)
MIGRATION = Form(
    re.compile(r"routecomp\s*:\s*allow"),
    "--",
    (Scope.MIGRATION, Scope.HISTORY),
    dated=False,
    example='write -- routecomp:allow RC608 reason="why it is right here"',
)


def read_waiver(form: Form, comment: str, span: Span, unit: int) -> Waiver | Diagnostic:
    """Read a comment that was meant as a waiver for a unit of its file; return an error (RC123) where it is none.

    It is none if its form, its rule, its reason (blank) or its last day is wrong. An expired one is a waiver.
    """
    match = form.match(comment)
    if match is None:
        return error("RC123", "this waiver cannot be read", span, _example(form, comment))
    rule = _rule(form, match["rule"], span)
    if isinstance(rule, Diagnostic):
        return rule
    if not match["reason"].strip():
        return error("RC123", "this waiver gives no reason", span, _example(form, comment))
    until = _day(match["until"]) if form.dated else date.max
    if until is None:
        return error(
            "RC123",
            f"`until={match['until']}` is not a day of the calendar",
            span,
            f"write the last day it holds as until={meant_day(match['until']) or 'YYYY-MM-DD'}",
        )
    return Waiver(rule.id, until, match["reason"], span, unit)


def _example(form: Form, comment: str) -> str:
    """Return how a waiver is written, with the rule and the day that a comment names."""
    example = form.example
    for pattern in (_RULE, _DAY):
        named, own = pattern.search(comment), pattern.search(example) or _NO_DAY.search(example)
        if named is not None and own is not None:
            example = example.replace(own[0], named[0])
    return example


def _rule(form: Form, id: str, span: Span) -> Rule | Diagnostic:
    """Return the rule with this id, or the error (RC123) that says why it cannot be waived in this kind of file."""
    known = rules(*form.scopes)
    rule = known.get(id) or rules().get(id)
    if rule is None:
        remedy = suggestion(id, known, "list them with `routecomp rules`")
        return error("RC123", f"this waiver names the unknown rule `{id}`", span, remedy)
    if rule.scope not in form.scopes:
        return error(
            "RC123",
            f"{id} {rule.name} cannot be waived here: it reads {rule.chapter}",
            span,
            "write the waiver where the finding stands",
        )
    if not rule.waivable:
        return error(
            "RC123",
            f"{id} {rule.name} cannot be waived{form.refusal}",
            span,
            "repair what it finds, and remove the waiver",
        )
    return rule


def _day(text: str) -> date | None:
    """Parse a day written as YYYY-MM-DD; None for any other text."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:  # 2026-02-30
        return None


def excuse(
    diagnostics: Iterable[Diagnostic], waivers: Sequence[Waiver], unit_of: Callable[[Span], int], today: date = date.min
) -> tuple[list[Diagnostic], list[Waiver]]:
    """Return the diagnostics that no waiver in force excuses, and the waivers that cover no diagnostic.

    `unit_of` returns the unit of the file in which a span begins. A waiver whose last day is before `today` excuses
    nothing, but it may cover a diagnostic. A diagnostic without a span is never excused.
    """
    waived = {waiver.rule for waiver in waivers}
    in_force = {waiver.place for waiver in waivers if waiver.until >= today}
    kept: list[Diagnostic] = []
    met: set[tuple[str, str, int]] = set()
    for diagnostic in diagnostics:
        if diagnostic.rule in waived and diagnostic.span is not None:
            also = () if diagnostic.cause is None else diagnostic.cause.also
            places = {(diagnostic.rule, span.path, unit_of(span)) for span in (diagnostic.span, *also)}
            met |= places
            if not places.isdisjoint(in_force):
                continue
        kept.append(diagnostic)
    return kept, [waiver for waiver in waivers if waiver.place not in met]


def not_needed(
    waiver: Waiver, unit: str, findings: Iterable[Diagnostic] = (), removal: Edit | None = None
) -> Diagnostic:
    """Return the warning that a waiver excuses nothing in its unit of the file, which is given in words.

    Where the file has findings of its rule, which are among `findings`, it stands in the wrong place. Else `removal` is
    a fix.
    """
    message = f"this waiver is not needed: {unit} has no finding of {waiver.rule}"
    lines = [each.span for each in findings if each.rule == waiver.rule and each.span is not None]
    lines = [span for span in lines if span.path == waiver.span.path]
    if lines:
        nearest = min(lines, key=lambda span: abs(span.line - waiver.span.line))
        help = f"move it to a line of its own directly above line {nearest.line}: {waiver.rule} is found there"
        return warning("RC125", message, waiver.span, help, labels=(Label(nearest, "this is found"),))
    fix = None if removal is None else Fix("remove the waiver", (removal,), is_safe=True)
    return warning("RC125", message, waiver.span, "remove it", fix=fix)


def read_waivers(parsed: Iterable[Parsed]) -> tuple[list[Waiver], list[Diagnostic]]:
    """Return the waivers of all YAML files, and a diagnostic for each comment that was meant as one and is none.

    A file without a tree has none. Expired waivers are among them.
    """
    waivers: list[Waiver] = []
    malformed: list[Diagnostic] = []
    for file in parsed:
        if file.root is None or not YAML.intends.search(file.source.text):
            continue
        for comment in comments(file.source, file.root):
            if YAML.intends.search(comment.text):
                waiver = read_waiver(YAML, comment.text, comment.span, _covered_line(comment))
                if isinstance(waiver, Waiver):
                    waivers.append(waiver)
                else:
                    malformed.append(waiver)
    return waivers, malformed


def _covered_line(comment: Comment) -> int:
    """Return the comment's own line, or, if nothing else stands there, the next line with more than a comment.

    Lines count from 1. Without such a line it is the last line of the file.
    """
    span = comment.span
    if not comment.own_line:
        return span.line
    line, last = span.line + 1, len(span.file.line_starts)
    while line < last and (not (text := span.file.line_text(line).strip()) or text.startswith("#")):
        line += 1
    return line


def apply_waivers(
    diagnostics: Sequence[Diagnostic],
    waivers: Sequence[Waiver],
    today: date,
    is_new: Callable[[Waiver], bool] | None = None,
) -> list[Diagnostic]:
    """Return the diagnostics of YAML files that no waiver excuses, and those about expired and unneeded waivers.

    Whether a waiver of a rule of change is needed is known only if the waiver came with the change: `is_new` tells,
    and is None where there is no change. One that stood in the base has done its work, and goes when it expires.
    While there are errors, no waiver is called unneeded: rules keep silent about what they cannot see. Nor is one of
    reach, which is looked for only where it is asked for: see `apply_to_reach`.
    """
    kept, unneeded = excuse(diagnostics, waivers, lambda span: span.line, today)
    left = tuple(kept)
    are_complete = not any(diagnostic.severity is Severity.ERROR for diagnostic in kept)
    for waiver in waivers:
        if waiver.until < today:
            kept.append(
                error(
                    "RC124",
                    f"this waiver of {waiver.rule} expired on {waiver.until.isoformat()}",
                    waiver.span,
                    "repair what it waived, or agree on a later day and say why",
                )
            )
    if are_complete:
        for waiver in unneeded:
            is_judged = waiver.rule not in rules(Scope.CHANGE) or (is_new is not None and is_new(waiver))
            is_judged = is_judged and waiver.rule not in rules(Scope.REACH)
            if waiver.until >= today and is_judged:
                kept.append(not_needed(waiver, f"line {waiver.unit}", left, _removal(waiver.span)))
    return kept


def apply_to_reach(findings: Sequence[Diagnostic], waivers: Sequence[Waiver], today: date) -> list[Diagnostic]:
    """Return the findings of reach that no waiver excuses, and those about waivers of reach that are not needed."""
    of_reach = [waiver for waiver in waivers if waiver.rule in rules(Scope.REACH)]
    kept, unneeded = excuse(findings, of_reach, lambda span: span.line, today)
    left = tuple(kept)
    kept += [
        not_needed(waiver, f"line {waiver.unit}", left, _removal(waiver.span))
        for waiver in unneeded
        if waiver.until >= today
    ]
    return kept


def _removal(comment: Span) -> Edit:
    """Return the edit that removes a comment: with its line if it stands alone there, else with the space before it."""
    text = comment.file.text
    line = text.rfind("\n", 0, comment.start) + 1
    before = text[line : comment.start].rstrip(" \t")
    if before:
        return Edit(Span(comment.file, line + len(before), comment.end), "")
    end = text.find("\n", comment.end)
    return Edit(Span(comment.file, line, len(text) if end == -1 else end + 1), "")
