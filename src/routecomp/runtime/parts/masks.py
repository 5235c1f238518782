"""Answer a comparison about many models with one mask."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from routecomp.runtime.parts.limits import _MOST_MASKS


class _Scale:
    """For one number of each model: which models have at most a given value, as a mask."""

    __slots__ = ("_groups", "_step", "masks", "values", "whole")

    def __init__(self, numbers: list[int]) -> None:
        places = sorted(range(len(numbers)), key=numbers.__getitem__)
        self.values: list[int] = []  # the different numbers, rising
        self._groups: list[int] = []  # the models that have each
        for place in places:
            if not self.values or self.values[-1] != numbers[place]:
                self.values.append(numbers[place])
                self._groups.append(0)
            self._groups[-1] |= 1 << place
        # A mask for every `step` numbers: what a scale takes grows with the models, not with their square.
        self._step = len(self.values) // _MOST_MASKS + 1
        self.masks, mask = [0], 0
        for count, group in enumerate(self._groups, start=1):
            mask |= group
            if count % self._step == 0:
                self.masks.append(mask)
        self.whole = self._step == 1

    def at_most(self, value: int) -> int:
        count = bisect_right(self.values, value)
        if self.whole:
            return self.masks[count]
        rest = count % self._step
        mask = self.masks[count // self._step]
        for group in self._groups[count - rest : count]:
            mask |= group
        return mask


class _Masks(dict[str, int]):
    """A mask by word, made when first asked for; words that nobody declared have none, so they stay few."""

    def __init__(self, declared: frozenset[str], make: Callable[[str], int]) -> None:
        super().__init__()
        self._declared, self._make = declared, make

    def __missing__(self, word: str) -> int:
        if word not in self._declared:
            return 0
        mask = self[word] = self._make(word)
        return mask


class _Words(NamedTuple):
    """What callers may name besides models: stacks (plain and with avoid-), capabilities, providers."""

    stacks: frozenset[str]
    capabilities: frozenset[str]
    providers: frozenset[str]
