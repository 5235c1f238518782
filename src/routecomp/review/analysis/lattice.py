"""Find whole numbers that satisfy linear bounds, exactly: the least that shows a region of requests is not empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple


class Bound(NamedTuple):
    """The condition `x * of_x + y * of_y <= limit`, all whole."""

    of_x: int
    of_y: int
    limit: int


def point(bounds: Sequence[Bound], least: int, most: int) -> tuple[int, int] | None:
    """Return whole numbers x and y, `least <= y <= most`, within all bounds; None if there are none.

    INVARIANT: the bounds leave x a least and a greatest value at each y.
    """
    for bound in bounds:  # those of y alone
        if bound.of_x == 0 and bound.of_y:
            edge = Fraction(bound.limit, bound.of_y)
            if bound.of_y > 0:
                most = min(most, edge.numerator // edge.denominator)
            else:
                least = max(least, -(-edge.numerator // edge.denominator))
        elif bound.of_x == 0 and bound.limit < 0:
            return None
    if least > most:
        return None
    edges = sorted({least, most, *(y for y in _corners(bounds) if least <= y <= most)})
    for y in edges:
        for near in (y, y + 1, y - 1):
            if least <= near <= most and (x := _first(bounds, near)) is not None:
                return x, near
    # No corner has a whole number beside it: what is left is thin. Between two corners one line bounds x from below and
    # one from above, so the whole numbers there can be counted.
    for low, high in pairwise(edges):
        if high - low > 1 and (thin := _between(bounds, low + 1, high - 1)) is not None:
            x = _first(bounds, thin)
            assert x is not None
            return x, thin
    return None


def _first(bounds: Sequence[Bound], y: int) -> int | None:
    """Return the least whole x at a y; None if there is none."""
    low, high = _range(bounds, y)
    x = -(-low.numerator // low.denominator)
    return x if x <= high else None


def _range(bounds: Sequence[Bound], y: int) -> tuple[Fraction, Fraction]:
    """Return between which numbers x lies at a y."""
    above = [Fraction(b.limit - b.of_y * y, b.of_x) for b in bounds if b.of_x > 0]
    below = [Fraction(b.limit - b.of_y * y, b.of_x) for b in bounds if b.of_x < 0]
    return max(below), min(above)


def _corners(bounds: Sequence[Bound]) -> Iterator[int]:
    """Yield the y, rounded down, where two bounds meet."""
    for number, first in enumerate(bounds):
        for second in bounds[number + 1 :]:
            slope = first.of_x * second.of_y - second.of_x * first.of_y
            if slope:
                yield (first.of_x * second.limit - second.of_x * first.limit) // slope


def _between(bounds: Sequence[Bound], least: int, most: int) -> int | None:
    """Return a y with a whole x, between two corners; None if there is none."""
    middle = (least + most) // 2
    low, high = _range(bounds, middle)
    if low > high:
        return None
    below = next(b for b in bounds if b.of_x < 0 and Fraction(b.limit - b.of_y * middle, b.of_x) == low)
    above = next(b for b in bounds if b.of_x > 0 and Fraction(b.limit - b.of_y * middle, b.of_x) == high)

    def count(last: int) -> int:
        """Return how many whole points there are from the first y up to one."""
        length = last - least + 1
        # floor of the upper line, less the ceiling of the lower one, plus 1
        upper = _sum(length, above.of_x, -above.of_y, above.limit - above.of_y * least)
        lower = _sum(length, -below.of_x, -below.of_y, below.limit - below.of_y * least)
        return upper + lower + length

    if count(most) <= 0:
        return None
    first, last = least, most
    while first < last:
        half = (first + last) // 2
        if count(half) > 0:
            last = half
        else:
            first = half + 1
    return first


def _sum(length: int, divisor: int, step: int, start: int) -> int:
    """Return the sum of (step * i + start) // divisor for i from 0 to length - 1; the divisor is positive."""
    total = 0
    total += length * (length - 1) // 2 * (step // divisor) + length * (start // divisor)
    step, start = step % divisor, start % divisor
    while step:
        top = step * length + start
        if top < divisor:
            return total
        length, start = top // divisor, top % divisor
        step, divisor = divisor, step
        total += length * (length - 1) // 2 * (step // divisor) + length * (start // divisor)
        step, start = step % divisor, start % divisor
    return total
