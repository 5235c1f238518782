"""Tables keep to the page where their words allow it, and lose no word where they do not."""

from __future__ import annotations

import random

import pytest

from routecomp.cli.output.layout import WIDTH, blocks


@pytest.mark.parametrize("seed", range(200))
def test_no_row_is_too_wide_to_lay_out(seed: int) -> None:
    """Whatever widths cells have: every word is there, in its order, and only a word that is long sticks out."""
    chance = random.Random(seed)
    count = chance.randrange(1, 9)
    rows = [[_cell(chance) for _ in range(count)] for _ in range(chance.randrange(1, 5))]
    right = [column for column in range(count) if chance.random() < 0.5]
    for row, lines in zip(rows, blocks(rows, right=right), strict=True):
        assert sorted(" ".join(lines).split()) == sorted(" ".join(row).split())
    if count == 1:
        longest = max((len(word) for row in rows for cell in row for word in cell.split()), default=0)
        assert all(len(line) <= max(WIDTH, longest + 2) for lines in blocks(rows) for line in lines)


def _cell(chance: random.Random) -> str:
    words = ["x" * chance.choice((1, 3, 8, 14, 30, 110)) for _ in range(chance.choice((0, 1, 1, 1, 2, 12)))]
    return " ".join(words)
