"""Count the moves between two tables that requests cover: which of them somebody looked at, and which nobody did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from routecomp.review.analysis.compare import Comparison, Moved, caller_of, decisions_of
from routecomp.review.analysis.moves import Move, move_of_decisions
from routecomp.review.analysis.report import WholeReport, report_of
from routecomp.review.diff.decisions.compiled_side import open_gates
from routecomp.runtime.resolver import Decision


@dataclass(frozen=True)
class Coverage:
    """How many regions (move × route × policy) of a comparison have a request that moves so; `left` are the others.

    `moves` counts the moves, those that are alike as one.
    """

    moves: int
    regions: int
    covered: int
    left: WholeReport

    @property
    def percent(self) -> int:
        """The part that is covered, rounded down: 100 only where all is; 100 where nothing moves."""
        return 100 * self.covered // self.regions if self.regions else 100


def coverage_of(comparison: Comparison, requests: Iterable[Mapping[str, Any]]) -> Coverage:
    """Return which moves of a comparison some requests cover.

    A request covers a move where both sides answer it as the move says, by the same name, for a tenant who moves so.
    One with arguments that the comparison leaves out (a cap of cost, something unavailable) covers nothing.
    """
    sides, space = comparison.ways.sides, comparison.space
    shown = set()
    with open_gates(*sides):
        for request in requests:
            if not space.has(request):
                continue
            argument = "feature" if request.get("feature") is not None else "model"
            way = comparison.ways.of(argument, str(request.get(argument)))
            tenant = caller_of(sides, request.get("tenant"))
            shown.add((way.argument, way.name, tenant, _shown_move(comparison, *decisions_of(sides, request))))
    left = [moved for moved in comparison.moved if not _is_covered(comparison, moved, shown)]
    regions = len(comparison.moved)
    moves = len({moved.move for moved in comparison.moved})
    return Coverage(moves, regions, regions - len(left), report_of(replace(comparison, moved=left)))


def _is_covered(comparison: Comparison, moved: Moved, shown: set[tuple[str, str, str | None, Move | None]]) -> bool:
    """Return whether a request that was shown moves so, by that name, for one of those tenants."""
    move = _shown_move(comparison, moved.before, moved.after)
    return any((moved.called.argument, moved.called.name, tenant, move) in shown for tenant in moved.tenants)


def _shown_move(comparison: Comparison, before: Decision, after: Decision) -> Move | None:
    """Return the move between two decisions; chains count where the comparison has them."""
    if not comparison.chains:
        before, after = [each._replace(chain=each.chain[:1]) for each in (before, after)]
    return move_of_decisions(before, after)
