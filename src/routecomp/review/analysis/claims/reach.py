"""Prove that no call reaches some models: by what their policies permit, or, of the pick alone, by walking regions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from routecomp.model.claim import Claim, NeverReaches
from routecomp.review.analysis.axes import Filters, State
from routecomp.review.analysis.cases import Slots
from routecomp.review.analysis.claims.sample import drawn_requests
from routecomp.review.analysis.claims.table import PROVEN, Breaks, Counterexample, Proof, Request, Table, View
from routecomp.review.analysis.compare import ProofError
from routecomp.review.analysis.explore import OverBudgetError, Region, Walk
from routecomp.review.analysis.fixed import LadderLens
from routecomp.review.analysis.lens import RankedLens
from routecomp.review.analysis.side import Ahead, policy_of
from routecomp.review.analysis.space import Space
from routecomp.review.analysis.witness import request_of, unit_of


def prove_never_reaches(table: Table, claim: Claim) -> Proof:
    """Prove that no call reaches a model, whatever it gives and whatever is unavailable.

    Any candidate that a policy permits is picked where the others are unavailable: permission alone decides. Of the
    pick alone (`by: pick`) the calls count in which nothing is unavailable.
    """
    assert claim.never_reaches is not None
    barred = barred_models(table, claim.never_reaches)
    if claim.never_reaches.by == "pick":
        return _prove_pick(table, claim, barred)

    def breaks(request: Request) -> str | None:
        decision = table.decide(request)
        slugs = set(decision.chain)
        for slug, role in [(decision.model, "picks"), *((slug, "falls back to") for slug in decision.chain[1:])]:
            if slug in barred:
                return f"{role} {_at(table, str(slug))}"
        for slug in decision.shadows:
            if slug in barred and slug not in slugs:
                return f"mirrors to {_at(table, slug)}"
        return None

    for view in table.views(claim, every_name=True):
        request = next(_plain_first(table, view, breaks), None)
        if request is None:
            request = _reaching(table, view, barred, breaks)
        if request is not None:
            return Proof(table.smallest(request, breaks))
        if (without := _without_table(table, view, barred)) is not None:
            return Proof(without)
    return PROVEN


def barred_models(table: Table, never: NeverReaches) -> frozenset[str]:
    """Return the slugs of the models that a claim says are never reached."""
    return frozenset(
        slug
        for slug, place in table.side.places.items()
        if (model := table.side.models[place]).stack in never.stacks
        or model.provider in never.providers
        or slug in never.models
        or model.logical in never.models
    )


def _at(table: Table, slug: str) -> str:
    """Name a model with its provider and stack."""
    model = table.side.models[table.side.places[slug]]
    return f"`{slug}` at `{model.provider}` (stack {model.stack})"


def _plain_first(table: Table, view: View, breaks: Breaks) -> Iterator[Request]:
    """Yield the call of a view without hints, where it breaks the claim."""
    request = table.request(view)
    if breaks(request) is not None:
        yield request


def _reaching(table: Table, view: View, barred: Collection[str], breaks: Breaks) -> Request | None:
    """Return a request of a view that reaches one of some models; None if none does."""
    lens = table.lens(view)
    if not isinstance(lens, RankedLens):
        return next((request for request in table.fixed_requests(view) if breaks(request) is not None), None)
    for place in lens.picks:
        if table.side.slugs[place] in barred:
            return table.request(view, min_quality=0, unavailable=table.only(lens, place))
    if lens.picks:
        for mirror in lens.mirrors:
            if lens.opened >> len(table.side.slugs) + mirror.place & 1 and table.side.slugs[mirror.place] in barred:
                slots = (Slots(mirror.salt, 0, mirror.sample - 1),) if mirror.salt else ()
                return table.request(view, min_quality=0, unit=unit_of(slots))
    return None


def _without_table(table: Table, view: View, barred: Collection[str]) -> Counterexample | None:
    """Return the call of a feature that is answered by a barred model where a service has no table; None if none is."""
    if table.kind(view) != "feature" or table.without is None:
        return None
    lens = LadderLens(table.side, policy_of(table.side, view.tenant), view.way.name)
    for slug in barred:
        if lens.opened >> table.side.places[slug] & 1:
            others = sorted(model.slug for _, _, model in table.side.decider.rungs(view.way.name) if model.slug != slug)
            request = table.request(view, **({"unavailable": others} if others else {}))
            if table.without.resolve(**request).model == slug:
                plain = table.request(view)
                is_plain = table.without.resolve(**plain).model == slug
                words = f"is answered by {_at(table, slug)} where a service has no table, by the ladder of section 6"
                return Counterexample((plain if is_plain else request,), words)
            raise ProofError(f"{request}: without a table the proof says {slug}")
    return None


class Picks:
    """The question whether one of some models is ever picked."""

    attempts: int | None = 1

    def __init__(self, barred: int) -> None:
        self._barred = barred

    def begin(self, walk: Walk, state: State) -> bool:
        """Return whether no model in question is permitted."""
        count = walk.count
        self._anywhere = self._barred | self._barred << count | self._barred << 2 * count
        return not walk.lenses[0].opened & self._anywhere

    def settled(self, walk: Walk, step: int, state: State) -> bool:
        """Return whether none of the models is left."""
        return state[0] < 0 or not state[0] & self._anywhere

    def report(self, walk: Walk, state: State, cell: int) -> dict[Any, Region]:
        """Return the first latency budget and slot at which one of the models is picked."""
        for case in walk.cases.of(state):
            pick = case.answers[0].pick
            if pick is not None and self._barred >> pick & 1:
                weight = (1 if case.budgets[0] else 0) + sum(slots.first is not None for slots in case.slots)
                return {"picked": Region(weight, (case.budgets[0], case.slots), (1 << case.budgets[0],))}
        return {}


def _prove_pick(table: Table, claim: Claim, barred: Collection[str]) -> Proof:
    """Prove that a model is never picked while nothing is unavailable."""
    mask = sum(1 << table.side.places[slug] for slug in barred)

    def breaks(request: Request) -> str | None:
        decision = table.decide(request)
        return f"picks {_at(table, str(decision.model))}" if decision.model in barred else None

    budget = table.budget()
    filters = Filters([table.side], Space(cost=False))
    open_views: list[tuple[View, Walk]] = []
    for view in table.views(claim, every_name=True):
        lens = table.lens(view)
        for space in (Filters([table.side], Space.without_hints()), filters):
            walk = Walk(space, [lens], Picks(mask), budget)
            try:
                regions = walk.run()
            except OverBudgetError:
                open_views.append((view, walk))
                break
            if regions:
                request = table.request(view) | request_of(walk, regions["picked"])
                return Proof(table.smallest(request, breaks))
        else:
            if isinstance(lens, RankedLens) and not _is_dominated(lens, mask):
                open_views.append((view, walk))
    if not open_views:
        return PROVEN
    return drawn_requests(table, open_views, breaks)


def _is_dominated(lens: RankedLens, barred: int) -> bool:
    """Return whether a cap of cost makes no model the pick either, which walks do not try.

    So it is where another model of its stack stands before it, costs no more, and passes whatever it passes.
    """
    side = lens.side
    dominators, before = (
        side.dominators(Ahead(side.capabilities, output=True, total=True, cost=True)),
        lens.outranking(),
    )
    for place in lens.picks:
        if barred >> place & 1:
            better = before.get(place, 0) & dominators[place] & lens.opened
            if not any(
                better >> other & 1 and side.models[other].stack == side.models[place].stack for other in lens.picks
            ):
                return False
    return True
