"""Whole numbers within linear bounds are found where there are any, however thin the region is."""

from __future__ import annotations

import random

import pytest

from routecomp.review.analysis.lattice import Bound, point


@pytest.mark.parametrize("seed", range(4))
def test_a_point_is_found_where_there_is_one(seed: int) -> None:
    """Every small region is searched point by point beside it."""
    dice = random.Random(seed)
    met = 0
    for _ in range(400):
        bounds = [Bound(1, 0, dice.randrange(0, 60)), Bound(-1, 0, dice.randrange(0, 5))]
        bounds += [
            Bound(dice.randrange(-40, 40), dice.randrange(-40, 40), dice.randrange(-200, 200))
            for _ in range(dice.randrange(0, 4))
        ]
        least = dice.randrange(0, 20)
        most = least + dice.randrange(0, 60)

        def holds(x: int, y: int, bounds: list[Bound] = bounds) -> bool:
            return all(bound.of_x * x + bound.of_y * y <= bound.limit for bound in bounds)

        known = any(holds(x, y) for x in range(-6, 61) for y in range(least, most + 1))
        tokens = point(bounds, least, most)
        assert (tokens is not None) == known, (bounds, least, most)
        if tokens is not None:
            met += 1
            assert holds(*tokens)
            assert least <= tokens[1] <= most
    assert met > 100


def test_a_thin_strip_far_out_is_searched_exactly() -> None:
    """Between two lines that are nearer than one apart, a whole point may be a million steps away, or nowhere."""
    strip = [Bound(-1_000_001, 1_000_000, -1), Bound(1_000_001, -1_000_000, 2)]  # 1 <= 1000001 x - 1000000 y <= 2
    tokens = point([*strip, Bound(-1, 0, 0), Bound(1, 0, 10**9)], 2, 10**7)
    assert tokens is not None
    x, y = tokens
    assert 1 <= 1_000_001 * x - 1_000_000 * y <= 2
    even = [Bound(-2, 2, -1), Bound(2, -2, 1)]  # 2x - 2y = 1
    assert point([*even, Bound(-1, 0, 0), Bound(1, 0, 10**9)], 0, 10**9) is None
