"""A difference in, one JSON object with stable keys (docs/diff.md) out."""

from __future__ import annotations

import json
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render.shown import place
from routecomp.review.diff.difference import Difference, Group, Row
from routecomp.review.diff.render.wording import first
from routecomp.source.text import Span

FORMAT = "1.0"
_NAMED = 20


def render(difference: Difference, limit: int | None = None) -> str:
    """The difference as JSON, ASCII alone."""
    rows, fewer_rows = first(difference.rows, limit)
    groups, fewer_groups = first(difference.decisions.groups, limit)
    document = {
        "format": FORMAT,
        "where": difference.where,
        "changed": difference.changed,
        "before": {"ruleset_hash": difference.before_hash},
        "after": {"ruleset_hash": difference.after_hash},
        "counts": {str(severity): count for severity, count in difference.counts().items()},
        "changes": [_row(row) for row in rows],
        "decisions": {
            "compared": difference.decisions.compared,
            "changed": difference.decisions.changed,
            "hints_left_out": difference.decisions.left_out,
            "groups": [_group(group) for group in groups],
        },
        "refused": [_finding(one) for one in difference.refused],
        "waivers": [
            {"rule": one.rule, "until": one.until.isoformat(), "reason": one.reason, "at": _at(one.span)}
            for one in difference.waivers
        ],
        "migrations": [
            {"id": one.id, "dialect": one.dialect, "way": one.way, "statements": list(one.statements)}
            for one in difference.migrations
        ],
        "left_out": {"changes": fewer_rows, "groups": fewer_groups},
    }
    return json.dumps(document, indent=2) + "\n"


def _row(row: Row) -> dict[str, Any]:
    return {
        "severity": str(row.severity),
        "kind": row.kind,
        "name": row.name,
        "what": row.what,
        "before": row.before,
        "after": row.after,
        "note": row.note,
        "was": _at(row.was),
        "now": _at(row.now),
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
            "names": tenants[:_NAMED],
            "none": any(one.nobody for one in callers),
            "undeclared": any(one.stranger for one in callers),
        },
        "preferences": group.preferences,
        "hints": {key: value for key, value in group.cases[0].hints if key != "unit"},
        "before": _decision(group.before.to_dict()),
        "after": _decision(group.after.to_dict()),
        "witness": dict(group.witness),
        "gates": list(group.gates),
    }


def _decision(decision: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in decision.items() if key != "ruleset_hash"}


def _finding(one: Diagnostic) -> dict[str, Any]:
    return {"rule": one.rule, "message": one.message, "help": one.help, "at": _at(one.span)}


def _at(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    where = place(span)
    return {"path": span.path, "line": where.line, "column": where.column}
