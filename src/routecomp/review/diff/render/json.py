"""Render a difference as one JSON object with stable keys (docs/diff.md)."""

from __future__ import annotations

import json
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render.shown import place
from routecomp.review.analysis.guards import Judged
from routecomp.review.analysis.report import MoveRow, request_json
from routecomp.review.diff.difference import Difference, Group, MoveLines, Row
from routecomp.review.diff.render.wording import is_outside, move_lines, take_first
from routecomp.review.diff.rows.url import safe_text
from routecomp.source.text import Span

FORMAT = "1.0"
_MAX_TENANTS = 20


def render(difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """Write the difference as ASCII JSON with at most `limit` rows and as many groups; None is all of them.

    Groups with the same model and chain are among them. `color` does nothing.
    """
    rows, rows_left_out = take_first(difference.rows, limit)
    groups, groups_left_out = take_first(difference.decisions.groups, limit)
    document = {
        "format": FORMAT,
        "where": difference.where,
        "changed": difference.changed,
        "before": {"ruleset_hash": difference.before_hash},
        "after": {"ruleset_hash": difference.after_hash},
        "security": len(difference.security),
        "counts": {str(severity): count for severity, count in difference.counts().items()},
        "changes": [row_document(row) for row in rows],
        "decisions": {
            "compared": difference.decisions.compared,
            "changed": difference.decisions.changed,
            "hints_left_out": difference.decisions.hints_left_out,
            "groups": [_group(group) for group in groups],
        },
        "moves": None if difference.moves is None else _moves(difference),
        "guards": _judged(difference.judged),
        "refused": [_diagnostic(diagnostic) for diagnostic in difference.refused],
        "waivers": [
            {
                "rule": waiver.rule,
                "until": waiver.until.isoformat(),
                "reason": waiver.reason,
                "at": _span(waiver.span),
            }
            for waiver in difference.waivers
        ],
        "migrations": [
            {
                "id": migration.id,
                "dialect": migration.dialect,
                "way": migration.way,
                "statements": list(migration.statements),
            }
            for migration in difference.migrations
        ],
        "left_out": {"changes": rows_left_out, "groups": groups_left_out},
    }
    return json.dumps(document, indent=2) + "\n"


def row_document(row: Row) -> dict[str, Any]:
    return {
        "severity": str(row.severity),
        "kind": row.kind,
        "name": row.name,
        "what": row.what,
        "before": row.before,
        "after": row.after,
        "note": row.note,
        "security": row.is_security,
        "was": _span(row.old_span),
        "now": _span(row.new_span),
    }


def _group(group: Group) -> dict[str, Any]:
    callers = group.callers
    tenants = sorted(tenant for caller in callers for tenant in caller.tenants)
    return {
        "severity": str(group.severity),
        "argument": group.argument,
        "name": group.name,
        "route": group.route,
        "change": group.change,
        "count": group.count,
        "tenants": {
            "count": len(tenants),
            "names": tenants[:_MAX_TENANTS],
            "none": any(caller.without_tenant for caller in callers),
            "undeclared": any(caller.undeclared for caller in callers),
        },
        "preferences": group.preferences,
        "hints": {key: value for key, value in group.cases[0].hints if key != "unit"},
        "before": _decision(group.before.to_dict()),
        "after": _decision(group.after.to_dict()),
        "witness": dict(group.witness),
        "gates": list(group.gates),
    }


def _moves(difference: Difference) -> dict[str, Any]:
    moves = difference.moves
    assert moves is not None
    rows = zip(moves.rows, move_lines(difference), strict=True)
    return {
        "proven": moves.is_proven,
        "views": moves.views,
        "unproven": moves.unproven,
        "samples": moves.samples,
        "seed": moves.seed,
        "space": moves.space,
        "chains": moves.chains,
        "rows": [
            move_document(row) | _lines(causes) | {"allowed": not is_outside(difference, number)}
            for number, (row, causes) in enumerate(rows)
        ],
    }


def move_document(row: MoveRow) -> dict[str, Any]:
    return {
        "change": row.move.change,
        "before": row.move.before,
        "after": row.move.after,
        "left": list(row.move.left),
        "entered": list(row.move.entered),
        "names": [{"argument": argument, "name": name} for argument, name in row.names],
        "tenants": {
            "count": len(row.callers),
            "names": list(row.callers[:_MAX_TENANTS]),
            "none": row.without_tenant,
            "undeclared": row.undeclared,
        },
        "conditions": list(row.conditions),
        "witness": json.loads(request_json(row.request)),
        "decisions": {"before": _decision(row.before.to_dict()), "after": _decision(row.after.to_dict())},
    }


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "broken": [
            {
                "what": guard.words,
                "witness": json.loads(guard.request) if guard.request else None,
                "moves": guard.moves,
            }
            for guard in judged.broken
        ],
        "intents": [intent._asdict() for intent in judged.intents],
        "findings": [_diagnostic(finding) for finding in judged.findings],
    }


def _lines(causes: MoveLines | None) -> dict[str, Any]:
    if causes is None:
        return {"lines": None, "lines_left_out": 0}
    return {"lines": [line._asdict() for line in causes.lines], "lines_left_out": causes.left_out}


def _decision(decision: dict[str, Any]) -> dict[str, Any]:
    return {
        key: safe_text(value) if key == "url" and value is not None else value
        for key, value in decision.items()
        if key != "ruleset_hash"
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "rule": diagnostic.rule,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "at": _span(diagnostic.span),
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    where = place(span)
    return {"path": span.path, "line": where.line, "column": where.column}
