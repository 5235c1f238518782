"""Prove that raising the dial never lowers the quality of the pick."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final, NamedTuple

from routecomp.model.claim import Claim
from routecomp.review.analysis.claims.sample import drawn_requests
from routecomp.review.analysis.claims.table import PROVEN, Counterexample, Proof, Request, Table, View
from routecomp.review.analysis.lens import RankedLens
from routecomp.rules.lookup import share

POSITIONS: Final = ("cost", "balanced", "quality")
"""The dial from its lowest position to its highest."""


class _Lowered(NamedTuple):
    """Two requests that differ in the dial alone, of which the higher position picks the worse model."""

    words: str
    lower: Request
    higher: Request


def prove_dial(table: Table, claim: Claim, *, served: bool) -> Proof:
    """Prove that no position of the dial picks a model of lower quality than a lower position does.

    A higher floor leaves fewer candidates in the same order, so its pick is the same or better; unless nothing reaches
    it. Then its base counts, and where that is below the floor of the lower position, a pick may be worse. `served`
    asks for the pick after models with shares divide the load.
    """
    unsettled = []

    def breaks(request: Request) -> str | None:
        lowered = _lowered(table, request, served=served)
        return None if lowered is None else lowered.words

    def shown(example: Counterexample) -> Proof:
        lowered = _lowered(table, example.requests[0], served=served)
        assert lowered is not None
        return Proof(example._replace(requests=(lowered.lower, lowered.higher)))

    for view in table.views(claim, every_name=True):
        lens = table.lens(view)
        if not isinstance(lens, RankedLens):
            continue
        request = next(_lowering(table, view, lens), None)
        if request is None and served and not _shares_are_even(lens):
            if _dial_is_idle(lens):
                continue
            unsettled.append((view, table.whole_walk(lens)))
        elif request is not None:
            plain = table.request(view)
            return shown(table.smallest(plain if breaks(plain) is not None else request, breaks))
    if not unsettled:
        return PROVEN
    proof = drawn_requests(table, unsettled, breaks)
    return proof if proof.counterexample is None else shown(proof.counterexample)


def _lowering(table: Table, view: View, lens: RankedLens) -> Iterator[Request]:
    """Yield requests, of which a higher position of the dial lowers the quality of the pick before the spread.

    Two candidates are left. The better one reaches the lower floor and not the higher one, which gives way to a base
    that both reach; and the other stands first, or is quick enough for a latency budget that the better one misses.
    """
    models, ranks = lens.side.models, {place: rank for rank, place in enumerate(lens.picks)}
    for lower, higher in combinations(POSITIONS, 2):
        low, (high, base) = lens.floor(lower)[0], lens.floor(higher)
        if base >= low:
            continue
        better = [place for place in lens.picks if low <= models[place].quality < high]
        worse = [place for place in lens.picks if base <= models[place].quality < low]
        for best in better:
            for other in worse:
                down = table.only(lens, best, other)
                if ranks[other] < ranks[best]:
                    yield table.request(view, unavailable=down)
                elif (
                    models[other].latency < models[best].latency
                    and models[other].quality >= models[best].quality - lens.max_loss
                ):
                    yield table.request(view, unavailable=down, latency_budget_ms=models[other].latency)


def _shares_are_even(lens: RankedLens) -> bool:
    """Return whether models that divide a load are of one quality each: then the spread changes none."""
    loads: dict[str, set[int]] = {}
    for place in lens.picks:
        load: Any = lens.shares.get(lens.side.slugs[place])
        if load is not None:
            loads.setdefault(load.salt, set()).add(lens.side.models[place].quality)
    return all(len(qualities) == 1 for qualities in loads.values())


def _dial_is_idle(lens: RankedLens) -> bool:
    """Return whether the same candidates reach the floors of all positions and their bases."""
    candidates = sum(1 << place for place in lens.picks)
    floors = {bound for word in POSITIONS for bound in lens.floor(word)}
    return len({lens.side.of_quality(floor) & candidates for floor in floors}) == 1


def _lowered(table: Table, request: Request, *, served: bool) -> _Lowered | None:
    """Return where the pick of a request has a lower quality at a higher position of the dial; None where it has not.

    The pick before the spread is that of a call without an id.
    """
    left_out = ("preference", "min_quality") if served else ("preference", "min_quality", "unit", "request_id")
    plain = {key: value for key, value in request.items() if key not in left_out}
    asked = [{**plain, "preference": word} for word in POSITIONS]
    answered = []
    for each in asked:
        decision = table.decide(each)
        if decision.status == "ok":
            answered.append((each, table.side.models[table.side.places[str(decision.model)]]))
    for (lower, before), (higher, after) in combinations(answered, 2):
        if after.quality < before.quality:
            words = (
                f"picks `{before.slug}` (quality {share(before.quality)}) at `{lower['preference']}`, "
                f"and `{after.slug}` ({share(after.quality)}) at `{higher['preference']}`"
            )
            return _Lowered(words, lower, higher)
    return None
