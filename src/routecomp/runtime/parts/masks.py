"""Answer a question about many models with one mask: a whole number in which bit i stands for the i-th model."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from routecomp.runtime.parts.limits import _MAX_MASKS


class _Scale:
    """One number of each of some models, for finding the models whose number is at most a given one."""

    __slots__ = ("_groups", "_step", "complete", "masks", "values")

    def __init__(self, numbers: list[int]) -> None:
        places = sorted(range(len(numbers)), key=numbers.__getitem__)
        self.values: list[int] = []  # the different numbers, rising
        self._groups: list[int] = []  # for each of them the mask of the models that have it
        for place in places:
            if not self.values or self.values[-1] != numbers[place]:
                self.values.append(numbers[place])
                self._groups.append(0)
            self._groups[-1] |= 1 << place
        # One mask for every `step` numbers: so the memory of a scale grows with the models, not with their square.
        self._step = len(self.values) // _MAX_MASKS + 1
        self.masks, mask = [0], 0
        for count, group in enumerate(self._groups, start=1):
            mask |= group
            if count % self._step == 0:
                self.masks.append(mask)
        self.complete = self._step == 1

    def at_most(self, value: int) -> int:
        """Return the mask of the models whose number is at most `value`."""
        count = bisect_right(self.values, value)
        if self.complete:
            return self.masks[count]
        rest = count % self._step
        mask = self.masks[count // self._step]
        for group in self._groups[count - rest : count]:
            mask |= group
        return mask


class _WordMasks(dict[str, int]):
    """The mask of each declared word, made when it is first asked for; a word that nobody declared has no models.

    Words that callers make up are not stored, so the dictionary stays small.
    """

    def __init__(self, declared: frozenset[str], make: Callable[[str], int]) -> None:
        super().__init__()
        self._declared, self._make = declared, make

    def __missing__(self, word: str) -> int:
        if word not in self._declared:
            return 0
        mask = self[word] = self._make(word)
        return mask


class _Vocabulary(NamedTuple):
    """What callers may name besides models: stacks (plain and with `avoid-`), capabilities, providers."""

    stacks: frozenset[str]
    capabilities: frozenset[str]
    providers: frozenset[str]
