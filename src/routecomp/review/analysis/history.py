"""Say what one version of a project moved of one decision, against the version before it, and which lines did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from routecomp.model.project import Program
from routecomp.model.renamed import Renames
from routecomp.review.analysis.causes import Causes
from routecomp.review.analysis.compare import Asked, Comparison, compare_tables
from routecomp.review.analysis.moves import Move, move_of_decisions
from routecomp.review.analysis.report import MoveReport, MoveRow, report_of
from routecomp.review.analysis.space import Bounds, Space
from routecomp.review.diff.compare import with_names_of
from routecomp.review.diff.decisions.compiled_side import CompiledSide, open_gates
from routecomp.review.diff.difference import Row
from routecomp.review.diff.rows.declared import declared_rows
from routecomp.review.diff.rows.renames import rename_rows

PICKS: Final = frozenset({"rejected", "answered", "pick", "endpoint", "refusal"})
"""The changes of a move that change which model answers, or whether one does."""
_ARGUMENTS: Final = {"feature": ("feature",), "tenant": ("tenant",), "model": ("target", "model", "logical model")}
"""Argument of a request to the kinds of things that it names."""


@dataclass(frozen=True)
class Version:
    """A project that compiles, and its table."""

    program: Program
    table: bytes

    def knows(self, argument: str, name: str) -> bool:
        """Return whether a name in an argument of a request leads to anything that is declared."""
        side = CompiledSide(self.table)
        if argument == "feature":
            return name in side.content["features"] or name in side.content["defaults"]["routes"]
        return side.route_kind(name) is not None


class Moved(NamedTuple):
    """What a version moved: the moves, the lines that cause them, and the request as the version before names it."""

    report: MoveReport
    rows: tuple[Row, ...]
    earlier: Mapping[str, Any]

    @property
    def is_proven(self) -> bool:
        """Whether the moves are all that there are."""
        return self.report.is_proven


def moved_between(old: Version, new: Version, request: Mapping[str, Any], bounds: Bounds) -> Moved:
    """Compare two versions for the decisions on a request, which names things as `new` does.

    A request that gives nothing but the route and the tenant stands for every request that gives them; one with hints
    is asked as it is. What got another name is followed: that alone moves nothing.
    """
    renames, named, table = with_names_of(old.program, old.table, new.program)
    earlier = _earlier(request, renames)
    argument = "feature" if "feature" in request else "model"
    asked = Asked(argument, request[argument], request.get("tenant"))
    if table == new.table:
        report = MoveReport((), 1, 0, "", chains=bounds.chains)
    elif {*request} <= {"feature", "model", "tenant"}:
        report = _without_others(compare_tables(table, new.table, bounds, Space(cost=False), asked), bounds)
    else:
        report = _asked_once(table, new.table, request, asked, bounds)
    if not report.rows:
        return Moved(report, (), earlier)
    contents = CompiledSide(table).content, CompiledSide(new.table).content
    rows = [*rename_rows(renames, old.program, new.program), *declared_rows(named, new.program, contents)]
    tenants = () if asked.tenant is None else (asked.tenant,)
    is_nobody = asked.tenant is None or asked.tenant not in new.program.tenants
    causes = Causes(report.rows, [asked.name], tenants, contents, new.program, has_default_policy=is_nobody)
    return Moved(report, tuple(row for row in rows if causes.may_cause(row)), earlier)


def _earlier(request: Mapping[str, Any], renames: Renames) -> dict[str, Any]:
    """Return a request under the names that things had before they were renamed."""
    old = {kind: {new: old for old, new in names.items()} for kind, names in renames.items()}

    def name_of(name: str, kinds: Sequence[str]) -> str:
        return next((old[kind][name] for kind in kinds if name in old.get(kind, ())), name)

    earlier = dict(request)
    for argument, kinds in _ARGUMENTS.items():
        if isinstance(earlier.get(argument), str):
            earlier[argument] = name_of(earlier[argument], kinds)
    if isinstance(down := earlier.get("unavailable"), list):
        kinds = ("model", "provider", "logical model")
        earlier["unavailable"] = [name_of(name, kinds) if isinstance(name, str) else name for name in down]
    return earlier


def _without_others(comparison: Comparison, bounds: Bounds) -> MoveReport:
    """Return the report of a comparison; where picks alone are compared, without what leaves them as they were."""
    if not bounds.chains:
        comparison.moved = [moved for moved in comparison.moved if moved.move.change in PICKS]
    return report_of(comparison)


def _asked_once(before: bytes, after: bytes, request: Mapping[str, Any], asked: Asked, bounds: Bounds) -> MoveReport:
    """Return the report of one request, with the gate of preferences open."""
    sides = CompiledSide(before), CompiledSide(after)
    with open_gates(*sides):
        decisions = [side.decide(request) for side in sides]
    move = move_of_decisions(*decisions)
    is_moved = move is not None and (bounds.chains or move.change in PICKS)
    rows = (_row(move, request, asked, decisions, sides),) if move is not None and is_moved else ()
    return MoveReport(rows, 1, 0, "this one request", chains=bounds.chains)


def _row(
    move: Move, request: Mapping[str, Any], asked: Asked, decisions: Sequence[Any], sides: Sequence[CompiledSide]
) -> MoveRow:
    """Return the move of one request as a row."""
    tenant = asked.tenant
    is_declared = tenant is not None and any(tenant in side.content["tenants"] for side in sides)
    return MoveRow(
        move,
        ((asked.argument, asked.name),),
        (tenant,) if tenant is not None and is_declared else (),
        tenant is None,
        tenant is not None and not is_declared,
        (),
        request,
        decisions[0],
        decisions[1],
        1,
    )
