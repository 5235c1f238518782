"""Take a region of requests apart by latency budget and slot, and say what each side answers there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from routecomp.model.vocabulary import SLOTS
from routecomp.review.analysis.answer import Answer, Dealt, Step
from routecomp.review.analysis.lens import Lens
from routecomp.review.analysis.space import Atom


class Slots(NamedTuple):
    """The units whose slot under a salt lies in a range; `first` is None for a request without any id."""

    salt: str
    first: int | None
    last: int = SLOTS - 1


class Case(NamedTuple):
    """Requests of a region that are answered alike: numbers of latency budgets, slots, the answer of each side."""

    budgets: tuple[int, int]
    slots: tuple[Slots, ...]
    answers: tuple[Answer, ...]


class Cases:
    """Answers regions of one walk; what was answered before is remembered.

    `kept` is, of each side, how many models of a chain matter.
    """

    def __init__(self, lenses: Sequence[Lens], kept: Sequence[int], budgets: Sequence[Atom], *, units: bool) -> None:
        self._lenses, self._kept, self._budgets, self._units = lenses, kept, budgets, units
        self._steps: dict[tuple[int, int], list[Step]] = {}

    def forget(self) -> None:
        """Let go of what was remembered; it is found anew where it is asked for."""
        self._steps = {}

    def of(self, state: Sequence[int]) -> Iterator[Case]:
        """Yield what is answered to the requests of a state, by latency budget and slot."""
        rows = [self._steps_of(side, left) for side, left in enumerate(state)]
        firsts = sorted({step.first for row in rows for step in row})
        places = [0] * len(rows)
        for number, first in enumerate(firsts):
            last = firsts[number + 1] - 1 if number + 1 < len(firsts) else len(self._budgets) - 1
            for side, row in enumerate(rows):
                while row[places[side]].last < first:
                    places[side] += 1
            for slots, answers in self._by_slot([row[place].answer for row, place in zip(rows, places, strict=True)]):
                yield Case((first, last), slots, answers)

    def _steps_of(self, side: int, left: int) -> list[Step]:
        steps = self._steps.get((side, left))
        if steps is None:
            steps = self._steps[side, left] = self._lenses[side].steps(left, self._budgets, self._kept[side])
        return steps

    def _by_slot(self, sides: Sequence[Answer | Dealt]) -> Iterator[tuple[tuple[Slots, ...], tuple[Answer, ...]]]:
        """Yield slots, and the answers of all sides there; without any slot, where they do not matter."""
        dealt = [side for side in sides if isinstance(side, Dealt)]
        if not dealt:
            yield (), tuple([side for side in sides if isinstance(side, Answer)])
            return

        def answers(slot_of: dict[str, int | None]) -> tuple[Answer, ...]:
            return tuple([side.answer(slot_of[side.salt]) if isinstance(side, Dealt) else side for side in sides])

        yield (Slots("", None),), answers(dict.fromkeys([side.salt for side in dealt]))
        if not self._units:
            return
        by_salt: dict[str, set[int]] = {}
        for side in dealt:
            by_salt.setdefault(side.salt, set()).update(side.starts)
        ranges = []
        for salt, starts in by_salt.items():
            ordered = sorted(starts)
            ends = [*(start - 1 for start in ordered[1:]), SLOTS - 1]
            ranges.append([Slots(salt, first, last) for first, last in zip(ordered, ends, strict=True)])
        for slots in product(*ranges):
            yield slots, answers({slot.salt: slot.first for slot in slots})
