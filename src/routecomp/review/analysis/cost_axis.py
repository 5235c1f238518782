"""Filter the models that are left of each side by a cap of cost, at the tokens that a walk came by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from routecomp.review.analysis.axes import Children, Filters, State, TotalAxis, base_at
from routecomp.review.analysis.costs import Capped, Price, capped
from routecomp.review.analysis.lens import COST, FLOOR, Lens
from routecomp.review.analysis.space import NOT_GIVEN, Atom


class CostAxis:
    """The filter of cost: without a cap all models are left, with one those that a call can afford.

    `witnesses` has, by the number of an atom, the request that shows it; that of number 0 has no cap.
    """

    name = "cost"
    differs = 0
    atoms: Sequence[Atom] = (NOT_GIVEN, Atom(flag=True))

    def __init__(self, filters: Filters, lenses: Sequence[Lens], total: TotalAxis, check: Callable[[], None]) -> None:
        """Make the filter; `check` is called now and then, and ends a walk that takes too long."""
        self._space, self._total, self._check, self._known = filters.space, total, check, filters.afforded
        count = len(lenses[0].side.slugs)
        self._base_at, self._relaxed = base_at(count), 1 << 3 * count
        self._needed = [lens.needed for lens in lenses]
        self._prices = [{place: Price.of(model) for place, model in lens.side.models.items()} for lens in lenses]
        self.witnesses: list[Capped | None] = [None]

    def children(self, state: State, cell: int) -> Children:
        """Return each state that some cap leaves, the one without a cap first."""
        children: Children = {(self._left(state, None), 0): (0, 1)}
        prices: set[Price] = set()
        for side, left in enumerate(state):
            if left > 0 and self._needed[side]:
                every = (left | left >> self._base_at) & self._needed[side]
                prices |= {price for place, price in self._prices[side].items() if every >> place & 1}
        for output, total in self._total.cells[cell] if prices else ():
            self._check()
            for each in self._capped(frozenset(prices), output, total):
                child = self._left(state, each.affords), 0
                if child not in children:
                    children[child] = len(self.witnesses), 2
                    self.witnesses.append(each)
        return children

    def _capped(self, prices: frozenset[Price], output: Atom, total: Atom) -> list[Capped]:
        """Return every set of prices that some cap affords at tokens of both atoms."""
        known = self._known.get((prices, output, total))
        if known is None:
            known = self._known[prices, output, total] = [*capped(prices, output, total, self._space.max_input)]
        return known

    def _left(self, state: State, affords: frozenset[Price] | None) -> State:
        """Return what a cap leaves that affords these prices; None is no cap."""
        lefts = []
        for side, (left, needed) in enumerate(zip(state, self._needed, strict=True)):
            if left <= 0 or not needed:
                lefts.append(left)
                continue
            low, base = left & (1 << self._base_at) - 1, left >> self._base_at
            paid = needed
            if affords is not None:
                paid = sum(1 << place for place, price in self._prices[side].items() if price in affords)
            if low & needed & paid:
                lefts.append(low & (paid | ~needed))
            elif base & paid:
                lefts.append(low & ~needed | base & paid | self._relaxed)
            else:
                lefts.append(COST if low & needed else FLOOR)
        return tuple(lefts)
