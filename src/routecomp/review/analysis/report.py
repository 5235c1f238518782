"""Sum up a comparison for readers: few rows of moves, each with who, where, when, a request to paste."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from routecomp.model.vocabulary import MOVE_CHANGES
from routecomp.review.analysis.compare import Comparison, Moved
from routecomp.review.analysis.conditions import conditions, joined_spans
from routecomp.review.analysis.moves import Move
from routecomp.review.analysis.side import UNDECLARED
from routecomp.runtime.resolver import Decision

MOST_ROWS = 30
"""The most rows that a report for people shows."""


@dataclass(frozen=True)
class MoveRow:
    """Moves that are alike, on all routes and for all callers that have them.

    `names` are the names that requests give, by argument. `callers` are tenants, `without_tenant` and `undeclared`
    the other two kinds of caller. `conditions` hold for every request that moves so; `request` is one, the simplest,
    with what both sides answer. `has_hints` says that it takes more than the route and the tenant. `who` are the
    names each with the callers that move there; None is a call without a tenant.
    """

    move: Move
    names: tuple[tuple[str, str], ...]
    callers: tuple[str, ...]
    without_tenant: bool
    undeclared: bool
    conditions: tuple[str, ...]
    request: Mapping[str, Any]
    before: Decision
    after: Decision
    views: int
    who: tuple[tuple[tuple[str, str], tuple[str | None, ...]], ...] = ()

    @property
    def has_hints(self) -> bool:
        """Whether the simplest request gives more than the route and the tenant."""
        return not {*self.request} <= {"feature", "model", "tenant"}


@dataclass(frozen=True)
class MoveReport:
    """What a comparison of all requests says: rows, and how many views (policy × route) were walked to their end.

    `space` says which requests were compared. `unproven` is the number of views that were over the bound: of each,
    `samples` random requests were asked, drawn from `seed`. Without `chains` the fallbacks were not compared.
    `names` are those that calls may give, by argument, each with the name by which rows know it; `tenants` are those
    that a side declares.
    """

    rows: tuple[MoveRow, ...]
    views: int
    unproven: int
    space: str
    samples: int = 0
    seed: int = 0
    chains: bool = True
    names: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    tenants: frozenset[str] = frozenset()

    @property
    def is_proven(self) -> bool:
        """Whether every view was walked to its end: then nothing else changes."""
        return not self.unproven


@dataclass(frozen=True)
class WholeReport(MoveReport):
    """A report with the comparison that it sums up: each move on each route, for each policy."""

    comparison: Comparison = field(kw_only=True, repr=False, compare=False)


def report_of(comparison: Comparison) -> WholeReport:
    """Return the report of a comparison; moves that no hint is needed for come first, then the heaviest."""
    alike: dict[Move, list[Moved]] = {}
    for moved in comparison.moved:
        alike.setdefault(moved.move, []).append(moved)
    rows = sorted((_row(move, each) for move, each in alike.items()), key=_weight)
    return WholeReport(
        tuple(rows),
        comparison.views,
        len(comparison.unproven),
        comparison.space.words(),
        comparison.samples,
        comparison.seed,
        comparison.chains,
        comparison.ways.names(),
        comparison.tenants,
        comparison=comparison,
    )


def request_json(request: Mapping[str, Any]) -> str:
    """Write a request as JSON on one line, numbers as they are declared."""
    parts = []
    for name, value in request.items():
        text = format(value, "f") if isinstance(value, Decimal) else json.dumps(value)
        parts.append(f"{json.dumps(name)}: {text}")
    return "{" + ", ".join(parts) + "}"


def _row(move: Move, alike: Iterable[Moved]) -> MoveRow:
    """Return one row of moves that are alike."""
    moved = sorted(alike, key=lambda each: (each.region.weight, each.tenants[0] is not None))
    first = moved[0]
    callers = {tenant for each in moved for tenant in each.tenants}
    spans = first.region.spans
    for each in moved[1:]:
        spans = joined_spans(spans, each.region.spans)
    tenants = tuple(sorted(tenant for tenant in callers if tenant is not None and tenant != UNDECLARED))
    names = tuple(dict.fromkeys((each.called.argument, each.called.name) for each in moved))
    return MoveRow(
        move,
        tuple(sorted(names)),
        tenants,
        None in callers,
        UNDECLARED in callers,
        tuple(conditions(first.walk.filters, spans)),
        first.request,
        first.before,
        first.after,
        len(moved),
        tuple([((each.called.argument, each.called.name), each.tenants) for each in moved]),
    )


def _weight(row: MoveRow) -> tuple[object, ...]:
    return row.has_hints, MOVE_CHANGES.index(row.move.change), -row.views, row.move
