"""Diagnostics in, one JSON object out: the report for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.render.shown import encodable, place
from routecomp.diagnostics.rule import Rule
from routecomp.source.edits import Fix
from routecomp.source.text import Span


def render_json(diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule], *, version: str, checked: int) -> str:
    """One JSON object in ASCII, keys in a fixed order, with a line end.

    Lines and columns count from 1, columns in characters (Unicode code points), ends are exclusive; a
    finding without a place has null for `path` and the four positions, one without a fix null for `fix`.
    """
    import json

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
    if span is None:
        return {"path": None, "line": None, "column": None, "end_line": None, "end_column": None}
    at = place(span)
    return {
        "path": encodable(span.path),
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = []
    for edit in fix.edits:
        at = place(edit.span)
        edits.append(
            {
                "path": encodable(edit.span.path),
                "start": {"line": at.line, "column": at.column},
                "end": {"line": at.end_line, "column": at.end_column},
                "replacement": encodable(edit.replacement),
            }
        )
    return {"title": encodable(fix.title), "edits": edits}
