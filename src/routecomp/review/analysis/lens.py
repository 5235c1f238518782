"""Hold a route as one policy of one side sees it, with its models in the numbering that the sides share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, Protocol

from routecomp.model.vocabulary import SLOTS
from routecomp.review.analysis.answer import Answer, Dealt, Mirror, Step
from routecomp.review.analysis.side import Side
from routecomp.review.analysis.space import WORDS, Atom
from routecomp.runtime.resolver import _Request

ALL_FILTERS: Final = frozenset({"permission", "ability", "demand"})
POLICY, UNAVAILABLE, FLOOR, COST = -1, -2, -3, -4
"""What is left of a side in place of a mask, after the filter that left no model."""
STATUSES: Final = {
    POLICY: "rejected_policy",
    UNAVAILABLE: "rejected_unavailable",
    FLOOR: "rejected_floor",
    COST: "rejected_cost",
}


class Lens(Protocol):
    """A route under one policy of one side.

    `opened` is what a walk begins with: in the lowest bits the candidates that the policy permits before any request;
    above them the shadows, which only permission and ability filter; above those models that only permission filters.
    `binds` names the groups of filters that bind the candidates. Where nothing of `needed` is left of a mask, the
    request is rejected; where it is 0, no request is.
    """

    side: Side
    opened: int
    needed: int
    binds: frozenset[str]
    attempts: int

    @property
    def context(self) -> tuple[object, ...]:
        """All that an answer depends on, but the candidates, their figures and loads, the shadows and the floors."""

    @property
    def floors(self) -> tuple[object, ...]:
        """The floors of all positions of the dial."""

    def load_of(self, place: int) -> tuple[object, ...]:
        """Return how the load is dealt that a model has a share of; nothing for others."""

    def mirror_of(self, place: int) -> Mirror | None:
        """Return the row by which calls are mirrored to a model; None for others."""

    def order_of(self, mask: int) -> tuple[tuple[int, ...], ...]:
        """Return the places of a mask in each order that the route ranks by."""

    def outranking(self) -> dict[int, int]:
        """Return, for each candidate that may be left out, those that stand before it in every order."""

    def floor(self, word: str | None) -> tuple[int, int]:
        """Return the floor at a position of the dial, and the base to which it gives way; None is no preference."""

    def steps(self, left: int, budgets: Sequence[Atom], most: int) -> list[Step]:
        """Return what is answered where `left` remains, by latency budget; chains name at most so many models."""


class RankedLens:
    """A feature, a target or a logical model under one policy of one side.

    `picks` and `chain` are the places of the candidates in the order of the pick and in that of the fallbacks.
    """

    binds = ALL_FILTERS

    def __init__(self, side: Side, policy: Any, kind: Literal["feature", "target", "logical"], name: str) -> None:
        views = side.decider.views
        assert views is not None
        view = views.view(policy, kind, name)
        self.side, self.kind, self.name = side, kind, name
        self._count = len(side.slugs)
        self._relaxed = 1 << 3 * self._count
        candidates: int = side.mask(view.open)
        self.needed = (1 << self._count) - 1
        head = [side.places[model.slug] for model in view.head]
        self.picks = tuple([place for place in _ranked(side, view.pick, head) if candidates >> place & 1])
        self.chain = tuple([place for place in _ranked(side, view.chain, head) if candidates >> place & 1])
        self.attempts: int = view.attempts
        self._max_loss: int = view.max_loss
        self._shares: dict[str, Any] = view.shares
        request = _Request.of({})
        self._floors: dict[str | None, tuple[int, int]] = {None: side.decider.floor(view, request, 0)}
        for word in WORDS:
            delta, _ = side.decider.dial_to(word, live=side.decider.gate is not None)
            self._floors[word] = side.decider.floor(view, request, delta)
        # Every call is mirrored where the sample is 1, whatever the salt.
        self._mirrors = tuple(
            [Mirror(side.places[s.model.slug], s.sample, s.salt if s.sample < SLOTS else "") for s in view.shadows]
        )
        shadows = 0
        for mirror in self._mirrors:
            shadows |= 1 << mirror.place
        self.opened = candidates | shadows << self._count

    @property
    def context(self) -> tuple[object, ...]:
        """All that an answer depends on, but the candidates, their figures and loads, the shadows and the floors."""
        return "ranked", self._max_loss

    @property
    def floors(self) -> tuple[object, ...]:
        """The floors of all positions of the dial."""
        return tuple(self._floors.items())

    def load_of(self, place: int) -> tuple[object, ...]:
        """Return how the load is dealt that a model has a share of; nothing for others."""
        load = self._shares.get(self.side.slugs[place])
        return () if load is None else (load.salt, *load.starts, *[model.slug for model in load.models])

    def mirror_of(self, place: int) -> Mirror | None:
        """Return the row by which calls are mirrored to a model; None for others."""
        return next((mirror for mirror in self._mirrors if mirror.place == place), None)

    @property
    def mirrors(self) -> tuple[Mirror, ...]:
        """The shadows of the route, permitted or not."""
        return self._mirrors

    @property
    def max_loss(self) -> int:
        """What a latency budget may cost in quality, in basis points."""
        return self._max_loss

    @property
    def shares(self) -> Mapping[str, Any]:
        """The load that each model divides with others, by its slug."""
        return self._shares

    def floor(self, word: str | None) -> tuple[int, int]:
        """Return the floor at a position of the dial, and the base to which it gives way; None is no preference."""
        return self._floors[word]

    def order_of(self, mask: int) -> tuple[tuple[int, ...], ...]:
        """Return the places of a mask in the order of the pick and in that of fallbacks."""
        return (
            tuple([place for place in self.picks if mask >> place & 1]),
            tuple([place for place in self.chain if mask >> place & 1]),
        )

    def outranking(self) -> dict[int, int]:
        """Return, for each candidate that shares no load, those that stand before it in both orders."""
        before: dict[int, int] = {}
        mask = 0
        for place in self.picks:
            before[place] = mask
            mask |= 1 << place
        mask = 0
        for place in self.chain:
            before[place] &= mask
            mask |= 1 << place
        return {place: mask for place, mask in before.items() if self.side.slugs[place] not in self._shares}

    def chain_of(self, mask: int, pick: int, most: int) -> tuple[int, ...]:
        """Return up to `most` places of a mask: the pick, then the others in the order of fallbacks."""
        chain = [pick]
        for place in self.chain:
            if len(chain) >= most:
                break
            if mask >> place & 1 and place != pick:
                chain.append(place)
        return tuple(chain)

    def steps(self, left: int, budgets: Sequence[Atom], most: int) -> list[Step]:
        """Return what is answered where `left` remains, by latency budget."""
        last = len(budgets) - 1
        if left < 0:
            return [Step(0, last, Answer(STATUSES[left]))]
        picks = self._picks(left & self.needed, budgets)
        steps = []
        ends = [*(number - 1 for number, _, _ in picks[1:]), last]
        for (number, pick, missed), end in zip(picks, ends, strict=True):
            if self.side.slugs[pick] in self._shares:  # which of those that share a load serve depends on each budget
                for each in range(number, end + 1):
                    steps.append(Step(each, each, self._dealt(left, pick, missed, budgets[each].low, most)))
            else:
                steps.append(Step(number, end, self._answer(left, pick, missed, most)))
        return steps

    def _picks(self, mask: int, budgets: Sequence[Atom]) -> list[tuple[int, int, bool]]:
        """Return the pick before the spread from each budget on where it changes, and whether it misses the budget."""
        models = self.side.models
        pick = next(place for place in self.picks if mask >> place & 1)
        least = models[pick].quality - self._max_loss
        quick = [place for place in self.picks if mask >> place & 1 and models[place].quality >= least]
        picks = [(0, pick, False)]
        for number in range(1, len(budgets)):
            low = budgets[number].low or 0
            served: int | None = pick
            if low < models[pick].latency:
                served = next((place for place in quick if models[place].latency <= low), None)
            now = (pick, True) if served is None else (served, False)
            if number == 1 or now != picks[-1][1:]:
                picks.append((number, *now))
        return picks

    def _answer(self, left: int, pick: int, missed: bool, most: int, *reasons: str) -> Answer:
        """Return the answer with a pick that is final."""
        if missed:
            reasons += ("latency_budget_missed",)
        if left & self._relaxed:
            reasons += ("preference_relaxed",)
        shadows = left >> self._count
        mirrors = tuple([m for m in self._mirrors if shadows >> m.place & 1 and m.place != pick])
        chain = self.chain_of(left & self.needed, pick, most)
        return Answer("ok", pick, chain, mirrors, tuple(sorted(reasons)))

    def _dealt(self, left: int, pick: int, missed: bool, budget: int | None, most: int) -> Dealt:
        """Return the answer with a pick that states a share: the owner of the slot serves, or the next that may."""
        load, models = self._shares[self.side.slugs[pick]], self.side.models
        sharing = [self.side.places[model.slug] for model in load.models]
        within = budget is not None and models[pick].latency <= budget
        members = [
            place for place in sharing if left >> place & 1 and not (within and models[place].latency > (budget or 0))
        ]

        def of_slot(slot: int | None) -> Answer:
            if slot is None:
                return self._answer(left, pick, missed, most, "no_unit")
            owner = max(number for number, start in enumerate(load.starts) if start <= slot)
            served = next(place for place in (*sharing[owner:], *sharing[:owner]) if place in members)
            return self._answer(left, served, missed, most)

        return Dealt(load.salt, load.starts, of_slot)


def _ranked(side: Side, order: Any, head: list[int]) -> list[int]:
    """Return the places of a route's head, then of all other models by an order of the resolver."""
    return list(dict.fromkeys([*head, *side.ranked(order)]))
