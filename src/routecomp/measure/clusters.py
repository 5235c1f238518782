"""Estimate figures per call from clusters of calls: units stay with their slot, so slots are independent, calls not.

A figure per call is the ratio of two sums over slots. Its standard error is that of its linear part, slot by slot
(Deng, Knoblich and Lu, Applying the Delta Method in Metric Analytics, KDD 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

Cluster = tuple[float, float]
"""Of one slot: how much there was to count, and how much was counted."""


class Ratio(NamedTuple):
    """What was counted, by what there was to count; its standard error; the clusters behind it."""

    value: float
    error: float
    clusters: int


def ratio(clusters: Sequence[Cluster]) -> Ratio | None:
    """Return the ratio of the sums over clusters; None where there is nothing to count."""
    total = sum(size for size, _ in clusters)
    if total <= 0:
        return None
    value = sum(count for _, count in clusters) / total
    number = len(clusters)
    if number < 2:
        return Ratio(value, 0.0, number)
    squares = _squares(clusters, value)
    return Ratio(value, sqrt(squares * number / (number - 1)) / total, number)


def difference_error(control: Sequence[Cluster], other: Sequence[Cluster]) -> float:
    """Return the standard error of the difference of two ratios; 0 where nothing varies.

    It is the larger of two: by each side's own spread, and by that of both together as if they were one. The second
    is what an estimate of few events needs, whose own spread says nothing.
    INVARIANT: both sides have something to count, in at least two clusters.
    """
    sides = (control, other)
    own = sum((side.error**2 for side in map(ratio, sides) if side is not None), 0.0)
    together = ratio([*control, *other])
    assert together is not None
    spread = sum(_squares(side, together.value) for side in sides) / (together.clusters - 2)
    joint = sum(spread * len(side) / sum(size for size, _ in side) ** 2 for side in sides)
    return sqrt(max(own, joint))


def _squares(clusters: Sequence[Cluster], value: float) -> float:
    """Return the sum over clusters of the squares by which they depart from a ratio."""
    return sum((count - value * size) ** 2 for size, count in clusters)
