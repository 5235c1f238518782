"""Compare two tables for every request: which decisions move, for whom, under which conditions, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from routecomp.review.analysis.alike import Alike
from routecomp.review.analysis.axes import Filters
from routecomp.review.analysis.cost_axis import CostAxis
from routecomp.review.analysis.explore import Budget, OverBudgetError, Region, Walk
from routecomp.review.analysis.lens import Lens
from routecomp.review.analysis.moves import Endpoints, Move, Moves, move_of_decisions
from routecomp.review.analysis.routes import Called, Ways, lens_of
from routecomp.review.analysis.side import UNDECLARED, Side, load_sides, tenants_by_policy
from routecomp.review.analysis.space import WORDS, Bounds, Space
from routecomp.review.analysis.witness import drawn_request, request_of
from routecomp.review.diff.decisions.compiled_side import CompiledSide, open_gates
from routecomp.runtime.resolver import Decision


class ProofError(AssertionError):
    """The resolver answers a witness otherwise than the proof says: one of them is wrong."""


@dataclass(frozen=True)
class Moved:
    """One move on one way in, for callers whose policies are the same on both sides.

    `tenants` are those callers: None is a call without a tenant, `UNDECLARED` any tenant that nobody declares.
    `walk` and `region` say where: `analysis.conditions` puts them into words. `request` is the simplest one.
    """

    called: Called
    tenants: tuple[str | None, ...]
    move: Move
    request: Mapping[str, Any]
    before: Decision
    after: Decision
    walk: Walk
    region: Region


@dataclass
class Comparison:
    """All moves between two tables, the number of views (policy × route) that were compared, and what was left out.

    `unproven` are the views that were over the bound of time or memory, `tenants` those that a side declares.
    """

    ways: Ways
    space: Space
    moved: list[Moved] = field(default_factory=list)
    views: int = 0
    unproven: list[tuple[Called, tuple[str | None, ...]]] = field(default_factory=list)
    samples: int = 0
    seed: int = 0
    chains: bool = True
    tenants: frozenset[str] = frozenset()

    @property
    def is_proven(self) -> bool:
        """Whether every view was walked to its end."""
        return not self.unproven


class Asked(NamedTuple):
    """One view: requests that give a name in an argument (`feature` or `model`), for a tenant or for none."""

    argument: str
    name: str
    tenant: str | None


def compare_tables(
    before: bytes,
    after: bytes,
    bounds: Bounds | None = None,
    space: Space | None = None,
    asked: Asked | None = None,
) -> Comparison:
    """Compare two tables over a space of requests, by default every request, as far as the bounds allow.

    With `asked`, only that view is compared. Raises ValueError for a table that the resolver refuses.
    """
    with open_gates(CompiledSide(before), CompiledSide(after)):
        sides, bounds = load_sides((before, after)), bounds or Bounds()
        space = space or Space()
        alike = Alike([json.loads(table) for table in (before, after)], sides)
        return _compare(sides, alike, space.with_outages(sides) if bounds.outages else space, bounds, asked)


def _compare(sides: tuple[Side, ...], alike: Alike, space: Space, bounds: Bounds, asked: Asked | None) -> Comparison:
    budget, attempts = Budget(seconds=bounds.seconds), None if bounds.chains else 1
    dice = Random(bounds.seed)
    declared = frozenset(tenant for side in sides for tenant in side.table.tenants)
    comparison = Comparison(Ways(sides), space, chains=bounds.chains, tenants=declared)
    endpoints = Endpoints(*sides)
    filters = Filters(sides, space, streams=bool(endpoints.streams))
    callers = [*tenants_by_policy(sides).values()]
    ways = comparison.ways.all
    if asked is not None:
        ways = [comparison.ways.of(asked.argument, asked.name)]
        callers = [[caller for group in callers for caller in group if caller == caller_of(sides, asked.tenant)]]
    known: dict[object, tuple[Walk, dict[Move, Region] | None]] = {}
    for way in ways:
        for tenants in callers:
            comparison.views += 1
            if alike.are_settled(tenants[0], way):
                continue
            lenses = [lens_of(side, tenants[0], route) for side, route in zip(sides, way.routes, strict=True)]
            signature = tuple([_signature(lens) for lens in lenses])
            if signature not in known:
                walk = Walk(filters, lenses, Moves(endpoints, attempts), budget)
                try:
                    known[signature] = walk, walk.run()
                except OverBudgetError:
                    known[signature] = walk, None
            walk, moves = known[signature]
            if moves is None:
                comparison.unproven.append((way, tuple(tenants)))
                comparison.samples, comparison.seed = bounds.samples, bounds.seed
                comparison.moved += _sampled(sides, way, tuple(tenants), walk, bounds.samples, dice)
                continue
            walked: list[tuple[Move, Region, Mapping[str, Any]]] = [
                (move, region, {}) for move, region in moves.items()
            ]
            for move, region, request in [*walked, *_flagged(sides, way, tenants[0], filters)]:
                try:
                    comparison.moved.append(_moved(sides, way, tuple(tenants), move, walk, region, request))
                except OverBudgetError:  # no request was come by that shows it
                    comparison.unproven.append((way, tuple(tenants)))
                    break
    return comparison


def caller_of(sides: Sequence[Side], tenant: str | None) -> str | None:
    """Return what a tenant is called among the callers: `UNDECLARED` where no side declares it."""
    if tenant is None or any(tenant in side.table.tenants for side in sides):
        return tenant
    return UNDECLARED


def _signature(lens: Lens) -> tuple[object, ...]:
    """Return all that the answers of a route depend on: routes of one signature answer alike."""
    places = [place for place in range(len(lens.side.slugs)) if lens.opened >> place & 1]
    return (
        lens.opened,
        lens.binds,
        lens.attempts,
        lens.context,
        lens.floors,
        lens.order_of(lens.opened),
        tuple([lens.load_of(place) for place in places]),
        tuple([lens.mirror_of(place) for place in range(len(lens.side.slugs))]),
    )


def _sampled(
    sides: Sequence[Side], way: Called, tenants: tuple[str | None, ...], walk: Walk, count: int, dice: Random
) -> list[Moved]:
    """Return what random requests of a view show: the first request of each move."""
    moved: dict[Move, Moved] = {}
    for _ in range(count):
        request = _asked(sides, way, tenants[0]) | drawn_request(walk.filters, dice)
        before, after = decisions_of(sides, request)
        move = move_of_decisions(before, after)
        if move is not None:
            moved.setdefault(move, Moved(way, tenants, move, request, before, after, walk, Region(1, (), ())))
    return list(moved.values())


def _asked(sides: Sequence[Side], way: Called, tenant: str | None) -> dict[str, Any]:
    """Return the request of a way and a tenant, without hints."""
    request: dict[str, Any] = {way.argument: way.name}
    if tenant is not None:
        request["tenant"] = undeclared_tenant(sides) if tenant == UNDECLARED else tenant
    return request


def decisions_of(sides: Sequence[Side], request: Mapping[str, Any]) -> tuple[Decision, Decision]:
    """Return what both sides answer, without the hash of the table."""
    before, after = [side.router.resolve(**request)._replace(ruleset_hash=None) for side in sides]
    return before, after


def _flagged(
    sides: Sequence[Side], way: Called, tenant: str | None, filters: Filters
) -> Iterator[tuple[Move, Region, Mapping[str, Any]]]:
    """Yield the moves of which only a flag of the name, of the tenant or of a preference differs, with a request."""
    flags = [{"alias"} if route.is_alias else set[str]() for route in way.routes]
    for side, words in zip(sides, flags, strict=True):
        if tenant is not None and tenant not in side.table.tenants:
            words.add("tenant_unknown")
    yield from _told_apart(sides, way, tenant, flags, {}, ())
    by_word = {word: [_flags_of(side, word) for side in sides] for word in WORDS if filters.space.preference}
    for word, (before, after) in by_word.items():
        alike = [other for other, pair in by_word.items() if pair == [before, after]]
        if before != after and word == alike[0]:
            spans = _spans_of(filters, alike)
            yield from _told_apart(
                sides, way, tenant, [flags[0] | before, flags[1] | after], {"preference": word}, spans
            )


def _flags_of(side: Side, word: str) -> set[str]:
    """Return the flags of each call that gives a preference."""
    return {*side.decider.dial_to(word, live=side.decider.gate is not None)[1]}


def _spans_of(filters: Filters, words: Sequence[str]) -> tuple[int, ...]:
    """Return the atoms of requests that give one of some preferences, whatever else they give."""
    spans = [*[filter_.atoms for filter_ in filters.plain], filters.output.atoms, filters.total.atoms, filters.floors]
    spans += [CostAxis.atoms] * filters.space.cost
    every = [(1 << len(atoms)) - 1 for atoms in (*spans, filters.budgets)]
    place = len(filters.plain) + 2
    every[place] = sum(1 << number for number, atom in enumerate(filters.floors) if atom.word in words)
    return tuple(every)


def _told_apart(
    sides: Sequence[Side],
    way: Called,
    tenant: str | None,
    flags: Sequence[set[str]],
    request: Mapping[str, Any],
    spans: tuple[int, ...],
) -> Iterator[tuple[Move, Region, Mapping[str, Any]]]:
    """Yield the move of a request whose flags differ, where nothing else of its answer does.

    Where it is answered otherwise too, others with its flags are not: such as one for a stack that nobody has.
    """
    if flags[0] == flags[1]:
        return
    only = tuple(sorted(flags[0] - flags[1])), tuple(sorted(flags[1] - flags[0]))
    for more in ({}, {"stack": UNDECLARED}):
        asked = {**request, **more}
        decisions = decisions_of(sides, _asked(sides, way, tenant) | asked)
        before, after = [str(d.model if d.status == "ok" else d.status) for d in decisions]
        if before == after and decisions[0].chain == decisions[1].chain:
            yield Move("said", before, after, *only), Region(len(more), (0, ()), spans), asked
            return


def _moved(
    sides: Sequence[Side],
    way: Called,
    tenants: tuple[str | None, ...],
    move: Move,
    walk: Walk,
    region: Region,
    request: Mapping[str, Any],
) -> Moved:
    """Return a move with its witness, as both resolvers answer it; raise ProofError where they say otherwise.

    `request` is what the witness gives; without anything, it is found by the region.
    """
    request = _asked(sides, way, tenants[0]) | dict(request or request_of(walk, region))
    before, after = decisions_of(sides, request)
    for decision, words in ((before, move.before), (after, move.after)):
        if (decision.model if decision.status == "ok" else decision.status) != words:
            raise ProofError(f"{request}: the proof says {move}, the resolver {before} and {after}")
    if before == after:
        raise ProofError(f"{request}: the proof says {move}, the resolver {before} on both sides")
    return Moved(way, tenants, move, request, before, after, walk, region)


def undeclared_tenant(sides: Sequence[Side]) -> str:
    """Return a name for a tenant that no side declares."""
    names = {name for side in sides for name in side.table.tenants}
    return next(
        name
        for name in ("undeclared-tenant", *(f"undeclared-tenant-{n}" for n in range(len(names) + 1)))
        if name not in names
    )
