"""The comments of a migration in, the waivers among them out, and findings with the waived ones left out.

    -- routecomp:allow RC608 reason="forty rows, measured: 2 ms"

A waiver stands on a line of its own directly above its statement, and covers the whole of it. It has no last day:
a migration runs once, and its file never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from routecomp.diagnostics.diagnostic import Diagnostic, error, warning
from routecomp.source.text import Span
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.script import Script, Statement
from routecomp.sql.rule_registry import sql_rules

_MEANT = re.compile(r"routecomp\s*:\s*allow")
_WAIVER = re.compile(r'--\s*routecomp:allow\s+(?P<rule>\S+)\s+reason="(?P<reason>[^"]*)"\s*')
_FORM = 'write -- routecomp:allow RC608 reason="why it is right here"'


@dataclass(frozen=True, slots=True)
class SqlWaiver:
    """One waiver: the rule it silences, why, where it stands, and the statement it covers."""

    rule: str
    reason: str
    span: Span
    covers: Statement | None


def applied(script: Script, found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[SqlWaiver]]:
    """The findings that stand, with those about the waivers themselves; and the waivers that waive something."""
    waivers: list[SqlWaiver] = []
    kept: list[Diagnostic] = []
    for comment in script.comments:
        if _MEANT.search(comment.text):
            one = _read(script, comment)
            if isinstance(one, SqlWaiver):
                waivers.append(one)
            else:
                kept.append(one)
    used: set[SqlWaiver] = set()
    for finding in found:
        waiver = next((one for one in waivers if one.rule == finding.rule and _covers(one, finding)), None)
        if waiver is None:
            kept.append(finding)
        else:
            used.add(waiver)
    kept += [
        warning(
            "RC125", f"this waiver is not needed: its statement has no finding of {one.rule}", one.span, "remove it"
        )
        for one in waivers
        if one not in used
    ]
    return kept, [one for one in waivers if one in used]


def _covers(waiver: SqlWaiver, finding: Diagnostic) -> bool:
    some = () if waiver.covers is None else waiver.covers.tokens
    return bool(some) and finding.span is not None and some[0].start <= finding.span.start < some[-1].end


def _read(script: Script, comment: Token) -> SqlWaiver | Diagnostic:
    span = script.span(comment)
    match = _WAIVER.fullmatch(comment.text)
    if match is None:
        return error("RC123", "this waiver cannot be read", span, _FORM)
    known = sql_rules().get(match["rule"])
    if known is None:
        return error(
            "RC123", f"this waiver names the unknown rule `{match['rule']}`", span, "list them with `routecomp rules`"
        )
    if not known.waivable:
        return error(
            "RC123",
            f"{known.info.id} {known.info.name} cannot be waived",
            span,
            "repair what it finds, and remove the waiver",
        )
    if not match["reason"].strip():
        return error("RC123", "this waiver gives no reason", span, _FORM)
    below = next((one for one in script.statements if one.tokens[0].start > comment.end), None)
    return SqlWaiver(known.info.id, match["reason"], span, below)
