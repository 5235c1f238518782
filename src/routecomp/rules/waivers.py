"""Comments in, waivers out, and findings with the waived ones left out.

A waiver stands where its finding stands: behind it on the same line, or on a line of its own directly above.

    # routecomp:allow RC403 until=2026-12-01 reason="provider outage"

It is never for ever: `until` is the last day it holds. Only warnings and rules of change may be waived.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, error, warning
from routecomp.model.vocabulary import suggestion
from routecomp.parse import Parsed
from routecomp.parse.comments import Comment, comments
from routecomp.rules.registry import rules
from routecomp.source.edits import Edit, Fix
from routecomp.source.text import Span

MARK = "routecomp:allow"
# What was meant as a waiver: a comment that begins with our name and a colon, or holds the mark.
_MEANT = re.compile(r"#+\s*routecomp\s*:|routecomp:allow")
_WAIVER = re.compile(r"#+\s*routecomp:allow\s+(?P<rule>\S+)\s+until=(?P<until>\S+)\s+reason=\"(?P<reason>[^\"]*)\"\s*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FORM = 'write # routecomp:allow RC403 until=2026-12-01 reason="why it is right for now"'


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver: the rule it silences, on which line of which file, until when and why."""

    rule: str
    until: date
    reason: str
    span: Span
    line: int

    @property
    def place(self) -> tuple[str, str, int]:
        """What it covers: findings of its rule on its line."""
        return self.rule, self.span.path, self.line


def read_waivers(parsed: Iterable[Parsed]) -> tuple[list[Waiver], list[Diagnostic]]:
    """The waivers of all files, and what is wrong with those that cannot be read as one."""
    waivers: list[Waiver] = []
    found: list[Diagnostic] = []
    for file in parsed:
        if file.root is None or not _MEANT.search(file.source.text):
            continue
        for comment in comments(file.source, file.root):
            if _MEANT.search(comment.text):
                one = _read(comment)
                if isinstance(one, Waiver):
                    waivers.append(one)
                else:
                    found.append(one)
    return waivers, found


def _read(comment: Comment) -> Waiver | Diagnostic:
    span = comment.span
    match = _WAIVER.fullmatch(comment.text)
    if match is None:
        return error("RC123", "this waiver cannot be read", span, _FORM)
    known = rules().get(match["rule"])
    if known is None:
        return error(
            "RC123",
            f"this waiver names the unknown rule `{match['rule']}`",
            span,
            suggestion(match["rule"], rules(), "list them with `routecomp rules`"),
        )
    if not _may_be_waived(known.id, known.severity):
        return error(
            "RC123",
            f"{known.id} {known.name} cannot be waived: it is no warning and no rule of change",
            span,
            "repair what it finds, and remove the waiver",
        )
    if not match["reason"].strip():
        return error("RC123", "this waiver gives no reason", span, _FORM)
    until = _day(match["until"])
    if until is None:
        return error(
            "RC123",
            f"`until={match['until']}` is not a day of the calendar",
            span,
            "write the last day it holds as until=YYYY-MM-DD",
        )
    line = _line_below(span) if comment.own_line else span.line
    return Waiver(known.id, until, match["reason"], span, line)


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:  # 2026-02-30
        return None


def _may_be_waived(id: str, severity: Severity) -> bool:
    return _is_of_change(id) or (severity is Severity.WARNING and not id.startswith("RC1"))


def _is_of_change(id: str) -> bool:
    return id.startswith("RC5")


def _line_below(span: Span) -> int:
    """The next line that holds more than a comment."""
    line, last = span.line + 1, len(span.file.line_starts)
    while line < last and (not (text := span.file.line_text(line).strip()) or text.startswith("#")):
        line += 1
    return line


def apply_waivers(
    found: Sequence[Diagnostic], waivers: Sequence[Waiver], today: date, is_new: Callable[[Waiver], bool] | None = None
) -> list[Diagnostic]:
    """The findings that stand, with those about the waivers themselves: expired ones, and ones nothing needs.

    Whether anything needs a waiver of a rule of change is known only of one that came with the change: `is_new`
    tells, and is None where no change was looked at. One that stood in the base has done its work, and goes when
    it expires. As long as there are errors nothing is known of any: the rules keep silent about what they
    cannot see.
    """
    if not waivers:
        return list(found)
    ruled = {waiver.rule for waiver in waivers}
    in_force = {waiver.place for waiver in waivers if waiver.until >= today}
    kept: list[Diagnostic] = []
    met: set[tuple[str, str, int]] = set()
    for one in found:
        if one.rule in ruled and one.span is not None:
            place = (one.rule, one.span.path, one.span.line)
            met.add(place)
            if place in in_force:
                continue
        kept.append(one)
    sure = not any(one.severity is Severity.ERROR for one in kept)
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
        elif (
            sure
            and waiver.place not in met
            and (not _is_of_change(waiver.rule) or (is_new is not None and is_new(waiver)))
        ):
            kept.append(
                warning(
                    "RC125",
                    f"this waiver is not needed: line {waiver.line} has no finding of {waiver.rule}",
                    waiver.span,
                    "remove it",
                    fix=Fix("remove the waiver", (_removal(waiver.span),)),
                )
            )
    return kept


def _removal(comment: Span) -> Edit:
    """The comment with its line if it has one of its own, else with the white space before it."""
    text = comment.file.text
    line = text.rfind("\n", 0, comment.start) + 1
    before = text[line : comment.start].rstrip(" \t")
    if before:
        return Edit(Span(comment.file, line + len(before), comment.end), "")
    end = text.find("\n", comment.end)
    return Edit(Span(comment.file, line, len(text) if end == -1 else end + 1), "")
