"""Compare two ways of asking one route: for two tenants, and with `balanced` beside no preference."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any, Final, NamedTuple

from routecomp.model.claim import Claim
from routecomp.review.analysis.cases import Slots
from routecomp.review.analysis.claims.sample import drawn_requests
from routecomp.review.analysis.claims.table import PROVEN, Counterexample, Proof, Request, Table, View
from routecomp.review.analysis.lens import RankedLens
from routecomp.review.analysis.side import standing
from routecomp.review.analysis.space import WORDS
from routecomp.review.analysis.witness import unit_of
from routecomp.runtime.resolver import Decision

_MOST_ORDERS: Final = 20_000
"""The most orders of two or three candidates that are asked for on one route."""


class Facts(NamedTuple):
    """All that the answers of a ranked route depend on, besides the request and the models' figures.

    Two routes of one table with the same facts answer every request alike. A floor is the candidates that reach it and
    those that reach its base; a loss the candidates that a latency budget may pick in place of each one.
    """

    opened: int
    picks: tuple[int, ...]
    chain: tuple[int, ...]
    attempts: int
    floors: tuple[tuple[int, int], ...]
    losses: tuple[int, ...]
    shared: frozenset[str]


def facts_of(lens: RankedLens) -> Facts:
    """Return the facts of a ranked route; figures that make no difference among its candidates are left out."""
    side, candidates = lens.side, sum(1 << place for place in lens.picks)
    floors = []
    for word in (None, *WORDS):
        above, base = (side.of_quality(bound) & candidates for bound in lens.floor(word))
        floors.append((above, base))
    losses = [side.of_quality(side.models[place].quality - lens.max_loss) & candidates for place in lens.picks]
    attempts = min(lens.attempts, max(len(lens.picks), 1))
    chain = lens.chain if attempts > 1 else ()
    return Facts(lens.opened, lens.picks, chain, attempts, tuple(floors), tuple(losses), frozenset(lens.shares))


def prove_alike(table: Table, claim: Claim) -> Proof:
    """Prove that all tenants of a claim are answered alike, whatever the request gives."""
    first, *others = dict.fromkeys(claim.tenants or ())
    drawn = 0
    for other in others:
        if standing(table.side, first) == standing(table.side, other):
            continue

        def breaks(request: Request, other: str = other) -> str | None:
            asked = {**request, "tenant": first}, {**request, "tenant": other}
            return _difference(table, asked, (f"`{first}`", f"`{other}`"))

        unsettled = []
        for way in table.ways_of(claim, every_name=True):
            views = View(way, first), View(way, other)
            lenses = [table.lens(view) for view in views]
            if isinstance(lenses[0], RankedLens):
                if facts_of(lenses[0]) == facts_of(lenses[1]):
                    continue
                requests = telling_requests(table, views[0], lenses)
            else:
                if lenses[0].opened == lenses[1].opened:
                    continue
                requests = (request for view in views for request in table.fixed_requests(view))
            telling = next((request for request in requests if breaks(request) is not None), None)
            if telling is not None:
                return Proof(_for_both(table.smallest(telling, breaks), first, other))
            if isinstance(lenses[0], RankedLens):
                unsettled.append((views[0], table.whole_walk(lenses[0])))
        if unsettled:
            proof = drawn_requests(table, unsettled, breaks)
            if proof.counterexample is not None:
                return Proof(_for_both(proof.counterexample, first, other))
            drawn += proof.drawn
    return Proof(drawn=drawn) if drawn else PROVEN


def prove_balanced(table: Table, claim: Claim) -> Proof:
    """Prove that the preference `balanced` changes nothing: its floor leaves the same candidates as no preference."""

    def breaks(request: Request) -> str | None:
        asked = request, {**request, "preference": "balanced"}
        return _difference(table, asked, ("no preference", "`balanced`"))

    for view in table.views(claim, every_name=True):
        lens = table.lens(view)
        if not isinstance(lens, RankedLens):
            continue
        (plain, _), _, (balanced, _), _ = facts_of(lens).floors
        if plain == balanced:
            continue
        requests: list[Any] = [table.request(view)]
        requests += [
            table.request(view, unavailable=table.only(lens, place))
            for place in lens.picks
            if (plain ^ balanced) >> place & 1
        ]
        request = next(request for request in requests if breaks(request) is not None)
        example = table.smallest(request, breaks)
        (plain_request,) = example.requests
        return Proof(example._replace(requests=(plain_request, {**plain_request, "preference": "balanced"})))
    return PROVEN


def _for_both(example: Counterexample, first: str, other: str) -> Counterexample:
    """Return a counterexample with a request for each of two tenants."""
    (request,) = example.requests
    return example._replace(requests=tuple([{**request, "tenant": tenant} for tenant in (first, other)]))


def telling_requests(table: Table, view: View, lenses: list[Any]) -> Iterator[Request]:
    """Yield requests of which two ranked routes with other facts answer one otherwise, the simplest first."""
    side = table.side
    places = list(dict.fromkeys(place for lens in lenses for place in lens.picks))
    yield table.request(view)
    for word in WORDS:
        yield table.request(view, preference=word)
    yield table.request(view, min_quality=0)
    latencies = sorted({side.models[place].latency for place in places})
    for latency in latencies:
        yield table.request(view, latency_budget_ms=latency)
    for mirror in lenses[0].mirrors:
        slots = (Slots(mirror.salt, 0, mirror.sample - 1),) if mirror.salt else ()
        yield table.request(view, unit=unit_of(slots))
    for count in (1, 2, 3):
        for kept in islice(combinations(places, count), _MOST_ORDERS):
            down = sorted(side.slugs[place] for place in places if place not in kept)
            yield table.request(view, min_quality=0, unavailable=down)
            if count == 1:
                yield table.request(view, unavailable=down)
                for word in WORDS:
                    yield table.request(view, unavailable=down, preference=word)
            for place in kept if count > 1 else ():
                latency = side.models[place].latency
                yield table.request(view, min_quality=0, unavailable=down, latency_budget_ms=latency)


def _difference(table: Table, asked: tuple[Request, Request], who: tuple[str, str]) -> str | None:
    """Say how two requests are answered otherwise; None where they are answered alike."""
    before, after = (_without_remarks(table.decide(request)) for request in asked)
    if before == after:
        return None
    for key in ("status", "model", "chain", "shadows", "variant", "reasons"):
        values = getattr(before, key), getattr(after, key)
        if values[0] != values[1]:
            words = [", ".join(value) or "none" if isinstance(value, tuple) else str(value) for value in values]
            return f"has {key} {words[0]} ({who[0]}) and {words[1]} ({who[1]})"
    return f"is answered otherwise ({who[0]}) than ({who[1]})"


def _without_remarks(decision: Decision) -> Decision:
    """Return a decision without what tells of the floor and of the gate, and changes nothing."""
    reasons = tuple(reason for reason in decision.reasons if reason != "preference_inert")
    return decision._replace(floor_bp=None, reasons=reasons)
