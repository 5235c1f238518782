"""docs/semantics.md, section 5: a million units are spread by the variants' weights, and each salt draws anew.

Units are numbered, so every run asks the same ones; what could differ is the code. The bounds are the 99.9 % points
of the chi-square distribution (NIST/SEMATECH e-Handbook, 1.3.6.7.4; for many degrees of freedom by Wilson and
Hilferty's approximation).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import pytest

from routecomp.runtime.resolver import Router
from tests.semantics.worlds import service

LONG_RUN = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")
WEIGHTS = {"control": "0.5", "warm": "0.3001", "cold": "0.1999"}
CELLS = 10
# Degrees of freedom to the 99.9 % point.
BOUNDS = {2: Fraction("13.816"), 4: Fraction("18.467"), 81: Fraction("126.083"), 9_999: Fraction("10442")}


@pytest.mark.parametrize("units", [30_000, pytest.param(1_000_000, marks=[LONG_RUN, pytest.mark.hard])])
def test_units_are_spread_by_weight_and_salts_are_independent(units: int) -> None:
    """Two experiments over the same units: slots and variants as weighed, and neither says anything of the other."""
    variants = ", ".join(
        f"{id}: {{weight: {weight}, versions: [{{version: 1, model: {model}}}]}}"
        for (id, weight), model in zip(WEIGHTS.items(), ("good", "best", "cheap"), strict=True)
    )
    world = service(
        experiments="experiments:\n"
        + "\n".join(
            f"      {name}: {{public_model_id: {name}, salt: {name}-2026, status: active, variants: {{{variants}}}}}"
            for name in ("tone", "length")
        )
    )
    router = Router.from_bytes(world.table)
    slots = {"tone": [0] * 10_000, "length": [0] * 10_000}
    chosen: dict[str, Counter[str | None]] = {"tone": Counter(), "length": Counter()}
    both: Counter[tuple[str | None, str | None]] = Counter()
    cells: Counter[tuple[int, int]] = Counter()
    for number in range(units):
        tone = router.resolve(model="tone", unit=f"user-{number}")
        length = router.resolve(model="length", unit=f"user-{number}")
        assert tone.slot is not None
        assert length.slot is not None
        for name, slot, variant in (("tone", tone.slot, tone.variant), ("length", length.slot, length.variant)):
            slots[name][slot] += 1
            chosen[name][variant] += 1
        both[tone.variant, length.variant] += 1
        cells[tone.slot * CELLS // 10_000, length.slot * CELLS // 10_000] += 1
    weight = {id: Fraction(text) for id, text in WEIGHTS.items()}
    for name in chosen:
        assert chi_square((chosen[name][id], weight[id] * units) for id in weight) < BOUNDS[2]
        if units >= 10_000 * 5:  # an expectation of five in every cell is what the test asks for
            assert chi_square((count, Fraction(units, 10_000)) for count in slots[name]) < BOUNDS[9_999]
    # Against the shares that were counted, not those that were meant: independence alone is asked here.
    assert (
        chi_square(
            (both[one, other], Fraction(chosen["tone"][one] * chosen["length"][other], units))
            for one in weight
            for other in weight
        )
        < BOUNDS[4]
    )
    rows = [sum(cells[row, column] for column in range(CELLS)) for row in range(CELLS)]
    columns = [sum(cells[row, column] for row in range(CELLS)) for column in range(CELLS)]
    assert (
        chi_square(
            (cells[row, column], Fraction(rows[row] * columns[column], units))
            for row in range(CELLS)
            for column in range(CELLS)
        )
        < BOUNDS[81]
    )


def chi_square(cells: Iterable[tuple[int, Fraction]]) -> Fraction:
    """Pearson's statistic over pairs (counted, expected)."""
    return sum(((counted - expected) ** 2 / expected for counted, expected in cells), Fraction(0))
