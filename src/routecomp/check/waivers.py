"""Comments in, waivers out, and findings with the waived ones left out.

A waiver stands where its finding stands: behind it on the same line, or on a line of its own directly above.

    # routecomp:allow RC403 until=2026-12-01 reason="provider outage"

It is never for ever: `until` is the last day it holds. Only warnings and rules of change may be waived.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from routecomp.check.registry import rules
from routecomp.diagnostics.diagnostic import Diagnostic, Severity, error, warning
from routecomp.model.words import suggestion
from routecomp.parse import Parsed
from routecomp.parse.comments import comments
from routecomp.source import Span

MARK = "routecomp:allow"
_MENTION = "routecomp:"
_WAIVER = re.compile(r"#\s*routecomp:allow\s+(?P<rule>\S+)\s+until=(?P<until>\S+)\s+reason=\"(?P<reason>[^\"]*)\"\s*")
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

    def covers(self, found: Diagnostic) -> bool:
        """Whether it stands where the finding stands."""
        return (found.rule == self.rule and found.span is not None and found.span.path == self.span.path
                and found.span.line == self.line)


def read_waivers(parsed: Iterable[Parsed]) -> tuple[list[Waiver], list[Diagnostic]]:
    """The waivers of all files, and what is wrong with those that cannot be read as one."""
    waivers: list[Waiver] = []
    found: list[Diagnostic] = []
    for file in parsed:
        if file.root is None or _MENTION not in file.source.text:
            continue
        for comment in comments(file.source, file.root):
            if _MENTION in comment.text:
                one = _read(comment.text, comment.span, comment.own_line)
                if isinstance(one, Waiver):
                    waivers.append(one)
                else:
                    found.append(one)
    return waivers, found


def _read(text: str, span: Span, own_line: bool) -> Waiver | Diagnostic:
    match = _WAIVER.fullmatch(text)
    if match is None:
        return error("RC123", "this waiver cannot be read", span, _FORM)
    known = rules().get(match["rule"])
    if known is None:
        return error("RC123", f"this waiver names the unknown rule `{match['rule']}`", span,
                     suggestion(match["rule"], rules(), "list them with `routecomp rules`"))
    if not _may_be_waived(known.id, known.severity):
        return error("RC123", f"{known.id} {known.name} is an invariant; it cannot be waived", span,
                     "repair what it finds and remove the waiver")
    if not match["reason"].strip():
        return error("RC123", "this waiver gives no reason", span, _FORM)
    until = _day(match["until"])
    if until is None:
        return error("RC123", f"`until={match['until']}` is not a day of the calendar", span,
                     "write the last day it holds as until=YYYY-MM-DD")
    return Waiver(known.id, until, match["reason"], span, _line_below(span) if own_line else span.line)


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:  # 2026-02-30
        return None


def _may_be_waived(id: str, severity: Severity) -> bool:
    return id.startswith("RC5") or (severity is Severity.WARNING and not id.startswith("RC1"))


def _line_below(span: Span) -> int:
    """The next line that holds more than a comment."""
    line, last = span.line + 1, len(span.file.line_starts)
    while line < last and (not (text := span.file.line_text(line).strip()) or text.startswith("#")):
        line += 1
    return line


def apply_waivers(found: Sequence[Diagnostic], waivers: Sequence[Waiver], today: date) -> list[Diagnostic]:
    """The findings that stand, with those about the waivers themselves: expired ones, and ones nothing needs."""
    kept: list[Diagnostic] = []
    used: set[int] = set()
    for one in found:
        covering = [at for at, waiver in enumerate(waivers) if waiver.covers(one)]
        used.update(covering)
        if not any(waivers[at].until >= today for at in covering):
            kept.append(one)
    for at, waiver in enumerate(waivers):
        if waiver.until < today:
            kept.append(error("RC124", f"this waiver of {waiver.rule} expired on {waiver.until.isoformat()}",
                              waiver.span, "repair what it waived, or agree on a later day, and say why"))
        elif at not in used and not waiver.rule.startswith("RC5"):
            kept.append(warning("RC125", f"nothing here is a finding of {waiver.rule}", waiver.span,
                                "remove the waiver"))
    return kept
