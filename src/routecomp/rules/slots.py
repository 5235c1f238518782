"""Find what keeps the declared slots of an experiment from being a partition of 0..9999."""

from __future__ import annotations

from typing import NamedTuple

from routecomp.model.experiment import Experiment
from routecomp.model.vocabulary import SLOTS


class Range(NamedTuple):
    """One declared range: the variant's id, its place in the list, first and last slot."""

    variant: str
    position: int
    first: int
    last: int


class Partition(NamedTuple):
    """What is wrong: ranges that end before they begin, pairs that overlap, (first, last) that nobody owns."""

    backwards: tuple[Range, ...]
    overlaps: tuple[tuple[Range, Range], ...]
    gaps: tuple[tuple[int, int], ...]

    @property
    def sound(self) -> bool:
        """Whether the slots are a partition."""
        return not (self.backwards or self.overlaps or self.gaps)


def partition(experiment: Experiment) -> Partition | None:
    """Return how the declared slots differ from a partition; None without variants, or where one declares no slots.

    Each range that overlaps is paired with the one before it that reaches farthest. Gaps are not looked for while a
    range runs backwards.
    """
    variants = experiment.variants
    if not variants or any(variant.slots is None for variant in variants.values()):
        return None
    ranges = [
        Range(id, position, first, last)
        for id, variant in variants.items()
        for position, (first, last) in enumerate(variant.slots or ())
    ]
    backwards = tuple(range for range in ranges if range.first > range.last)
    overlaps: list[tuple[Range, Range]] = []
    gaps: list[tuple[int, int]] = []
    reach: Range | None = None
    for range in sorted(
        (range for range in ranges if range.first <= range.last), key=lambda range: (range.first, range.last)
    ):
        free = 0 if reach is None else reach.last + 1
        if reach is not None and range.first <= reach.last:
            overlaps.append((reach, range))
        elif range.first > free:
            gaps.append((free, range.first - 1))
        if reach is None or range.last > reach.last:
            reach = range
    if reach is not None and reach.last < SLOTS - 1:
        gaps.append((reach.last + 1, SLOTS - 1))
    return Partition(backwards, tuple(overlaps), () if backwards else tuple(gaps))


def owned(experiment: Experiment, variant: str) -> int:
    """Count the slots that a variant declares, 0 without `slots`; INVARIANT: no range runs backwards."""
    return sum(last - first + 1 for first, last in experiment.variants[variant].slots or ())
