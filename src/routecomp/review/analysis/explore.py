"""Walk through every region of requests to a ranked route, on one side or on several at once.

A region is all requests that the filters tell apart in the same way. The walk takes one filter after the other and
keeps, of each side, the models that are left; what was met before is not walked again, and where a question is
settled already, the walk ends. So it visits few regions of millions, and leaves none out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from routecomp.review.analysis.axes import (
    Axis,
    Children,
    Filters,
    FloorAxis,
    OutputAxis,
    State,
    TotalAxis,
)
from routecomp.review.analysis.cases import Cases
from routecomp.review.analysis.cost_axis import CostAxis
from routecomp.review.analysis.lens import POLICY, Lens
from routecomp.review.analysis.side import Ahead

CAPABILITIES: Final = frozenset({"capability", "streaming"})
"""The names of filters that ask for a capability."""
GIVEN: Final = 64
"""What an argument that a request gives weighs; less than that is how rare its unit is."""


class Region(NamedTuple):
    """Where a key was met: what the arguments of the simplest request weigh, its atoms, all atoms it was met in.

    `path` has the number of an atom for each axis below the state, `spans` a mask of such numbers.
    """

    weight: int
    path: tuple[Any, ...]
    spans: tuple[int, ...]


class Question(Protocol):
    """What is asked of a route: what to report of the answers, and where nothing more can come."""

    attempts: int | None
    """How many models of a chain matter; None is as many as the policy tries."""

    def begin(self, walk: Walk, state: State) -> bool:
        """Look at a walk that begins with a state; return whether it has nothing to report at all."""

    def settled(self, walk: Walk, step: int, state: State) -> bool:
        """Return whether no region below this state has anything to report."""

    def report(self, walk: Walk, state: State, cell: int) -> dict[Any, Region]:
        """Return what is to be reported of requests whose filters leave this state."""


class OverBudgetError(Exception):
    """Walks met more regions, or took longer, than they may."""


@dataclass
class Budget:
    """How many nodes walks may visit, and how many seconds they may take by a clock."""

    nodes: int = 5_000_000
    seconds: float = float("inf")
    clock: Callable[[], float] = time.process_time

    def __post_init__(self) -> None:
        self._until = self.clock() + self.seconds
        self.visited = 0

    def check(self) -> None:
        """Raise OverBudgetError where it is too late."""
        if self.clock() > self._until:
            raise OverBudgetError

    def visit(self) -> None:
        """Count a node; raise OverBudgetError at one too many, or too late."""
        self.visited += 1
        if self.visited > self.nodes or (self.visited & 31 == 1 and self.clock() > self._until):
            raise OverBudgetError


class Walk:
    """A walk through all regions of the requests to a ranked route, for one policy of each side."""

    def __init__(self, filters: Filters, lenses: Sequence[Lens], question: Question, budget: Budget) -> None:
        self.filters, self.lenses, self.question, self.budget = filters, tuple(lenses), question, budget
        kept = [lens.attempts if question.attempts is None else question.attempts for lens in lenses]
        self.kept, self.count = kept, len(filters.sides[0].slugs)
        self.candidates = (1 << self.count) - 1
        self.cases = Cases(lenses, kept, filters.budgets, units=filters.space.units)
        self.axes: list[Axis | FloorAxis | CostAxis] = []
        self._memory: dict[tuple[int, State, int], dict[Any, Region]] = {}
        self._trimmed: list[dict[tuple[int, int], int]] = []

    def _prepare(self) -> None:
        """Make the axes, and find which models stand before which: what a route that is settled never needs."""
        plain = [Axis(filter_, self.lenses, self.filters.streams) for filter_ in self.filters.plain]
        self.trim_at = sum(axis.name in ("stack", "unavailable") for axis in plain)
        output = OutputAxis(self.filters.output, self.lenses, self.filters.streams)
        total = TotalAxis(self.filters, self.lenses, output)
        total.trim = partial(self._trimmed_at, len(plain) + 2)
        self.axes = [*plain, output, total, FloorAxis(self.filters, self.lenses)]
        if self.filters.space.cost:
            self.axes.append(CostAxis(self.filters, self.lenses, total, self.budget.check))
        self._outranking = [lens.outranking() for lens in self.lenses]
        self._behind = [[self._dominators(ahead, side) for side in range(len(self.lenses))] for ahead in self._ahead()]
        self._trimmed = [{} for _ in self._behind]

    def _ahead(self) -> Iterator[Ahead]:
        """Yield the filters that are ahead at each step."""
        for step in range(len(self.axes) + 1):
            axes = self.axes[step:]
            words = frozenset([axis.atoms[1].word or "" for axis in axes if axis.name in CAPABILITIES])
            names = {axis.name for axis in axes}
            yield Ahead(words, "output" in names, "total" in names, "cost" in names)

    def _dominators(self, ahead: Ahead, side: int) -> list[tuple[int, int]]:
        """Return the bit of each candidate that may be left out, and those before it that pass whatever it passes."""
        dominators = self.lenses[side].side.dominators(ahead)
        pairs = [(1 << place, mask & dominators[place]) for place, mask in self._outranking[side].items()]
        return [pair for pair in pairs if pair[1].bit_count() >= self.kept[side]]

    def _trimmed_at(self, step: int, state: State) -> State:
        """Return a state without the models that no answer ever names."""
        return tuple([self._trim(step, side, left) if left > 0 else left for side, left in enumerate(state)])

    def _trim(self, step: int, side: int, left: int) -> int:
        """Return a mask without the models that so many others stand before that no answer ever names them."""
        memory = self._trimmed[step]
        trimmed = memory.get((side, left))
        if trimmed is None:
            kept, trimmed = self.kept[side], left
            for bit, dominators in self._behind[step][side]:
                if left & bit and (dominators & left).bit_count() >= kept:
                    trimmed ^= bit
            memory[side, left] = trimmed
        return trimmed

    def run(self) -> dict[Any, Region]:
        """Return everything that there is to report, each with the simplest request that shows it."""
        start = tuple(
            [
                lens.opened | self.filters.streams if lens.opened & lens.needed or not lens.needed else POLICY
                for lens in self.lenses
            ]
        )
        if self.question.begin(self, start):
            return {}
        self._prepare()
        regions = self._solve(0, start, 0)
        self._forget()
        return regions

    def _forget(self) -> None:
        """Let go what only the walk itself needs: reports keep thousands of walks, for the axes of their regions."""
        self._memory, self._trimmed, self._behind = {}, [], []
        self.cases.forget()

    def _solve(self, step: int, state: State, cell: int) -> dict[Any, Region]:
        """Return what the regions below a state report; `cell` is what the tokens' axes hand down."""
        if step >= self.trim_at:
            state = self._trimmed_at(step, state)
        key = (step, state, cell)
        known = self._memory.get(key)
        if known is not None:
            return known
        self.budget.visit()
        result: dict[Any, Region] = {}
        if not self.question.settled(self, step, state):
            if step == len(self.axes):
                result = self.question.report(self, state, cell)
            else:
                children: Children = self.axes[step].children(state, cell)
                for (child, below), (first, members) in children.items():
                    _merge(result, self._solve(step + 1, child, below), first, members)
        self._memory[key] = result
        return result


def _merge(result: dict[Any, Region], below: dict[Any, Region], first: int, members: int) -> None:
    """Add what was met below an atom: `first` is the number of the simplest atom, `members` all that lead there."""
    weight = GIVEN if first else 0
    for key, region in below.items():
        known = result.get(key)
        if known is None:
            result[key] = Region(region.weight + weight, (first, *region.path), (members, *region.spans))
            continue
        spans = (known.spans[0] | members, *[a | b for a, b in zip(known.spans[1:], region.spans, strict=True)])
        if region.weight + weight < known.weight:
            result[key] = Region(region.weight + weight, (first, *region.path), spans)
        else:
            result[key] = Region(known.weight, known.path, spans)
