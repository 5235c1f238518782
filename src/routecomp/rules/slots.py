"""An experiment's declared slots in, what keeps them from being a partition of 0..9999 out."""

from __future__ import annotations

from dataclasses import dataclass

from routecomp.model.experiment import Experiment
from routecomp.model.vocabulary import SLOTS


@dataclass(frozen=True, slots=True)
class Range:
    """One declared range: the variant's id, its place in the list, first and last slot."""

    variant: str
    at: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Partition:
    """What is wrong: ranges that end before they begin, pairs that overlap, (first, last) that nobody owns."""

    backwards: tuple[Range, ...]
    overlaps: tuple[tuple[Range, Range], ...]
    gaps: tuple[tuple[int, int], ...]

    @property
    def sound(self) -> bool:
        return not (self.backwards or self.overlaps or self.gaps)


def partition(experiment: Experiment) -> Partition | None:
    """None unless every variant says its slots. Gaps are not looked for while a range runs backwards."""
    variants = experiment.variants
    if not variants or any(variant.slots is None for variant in variants.values()):
        return None
    ranges = [
        Range(id, at, first, last)
        for id, variant in variants.items()
        for at, (first, last) in enumerate(variant.slots or ())
    ]
    backwards = tuple(one for one in ranges if one.first > one.last)
    overlaps: list[tuple[Range, Range]] = []
    gaps: list[tuple[int, int]] = []
    reach: Range | None = None
    for one in sorted((one for one in ranges if one.first <= one.last), key=lambda one: (one.first, one.last)):
        free = 0 if reach is None else reach.last + 1
        if reach is not None and one.first <= reach.last:
            overlaps.append((reach, one))
        elif one.first > free:
            gaps.append((free, one.first - 1))
        if reach is None or one.last > reach.last:
            reach = one
    if reach is not None and reach.last < SLOTS - 1:
        gaps.append((reach.last + 1, SLOTS - 1))
    return Partition(backwards, tuple(overlaps), () if backwards else tuple(gaps))


def owned(experiment: Experiment, variant: str) -> int:
    """How many slots a variant declares."""
    return sum(last - first + 1 for first, last in experiment.variants[variant].slots or ())
