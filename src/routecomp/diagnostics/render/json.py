"""Render diagnostics as one JSON object: the report for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.render.shown import encodable, place
from routecomp.diagnostics.rule import Rule
from routecomp.source.edits import Fix
from routecomp.source.text import Span


def render(
    diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule], *, color: bool, version: str, checked: int
) -> str:
    """Return one JSON object in ASCII, keys in a fixed order, with a line end.

    Lines and columns count from 1, columns in characters (Unicode code points), ends are exclusive; a
    finding without a place has null for `path` and the four positions, one without a fix null for `fix`.
    """
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    report = {
        "version": version,
        "findings": [_finding(d, rules) for d in diagnostics],
        "errors": errors,
        "warnings": len(diagnostics) - errors,
        "files": checked,
    }
    return json.dumps(report, indent=2) + "\n"


def _finding(d: Diagnostic, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """Return one finding as an object."""
    rule = rules.get(d.rule)
    return {
        "rule": d.rule,
        "name": rule.name if rule else None,
        "severity": str(d.severity),
        "message": encodable(d.message),
        "help": encodable(d.help),
        "note": encodable(d.note),
        **_position(d.span),
        "labels": [{**_position(label.span), "text": encodable(label.text)} for label in d.labels],
        "fix": _fix(d.fix) if d.fix else None,
    }


def _position(span: Span | None) -> dict[str, Any]:
    """Return the place of a span as its path and four numbers, all null without a span."""
    if span is None:
        return {"path": None, "line": None, "column": None, "end_line": None, "end_column": None}
    position = place(span)
    return {
        "path": encodable(span.path),
        "line": position.line,
        "column": position.column,
        "end_line": position.end_line,
        "end_column": position.end_column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    """Return a fix as its title, its applicability and its edits."""
    edits = []
    for edit in fix.edits:
        position = place(edit.span)
        edits.append(
            {
                "path": encodable(edit.span.path),
                "start": {"line": position.line, "column": position.column},
                "end": {"line": position.end_line, "column": position.end_column},
                "replacement": encodable(edit.replacement),
            }
        )
    return {"title": encodable(fix.title), "applicability": fix.applicability, "edits": edits}
