"""Count how many slips lie between two words."""

from __future__ import annotations


def edit_distance(a: str, b: str, most: int = 63) -> int:
    """Count the letters dropped, added, changed or swapped with a neighbour; the count is not exact above `most`."""
    first = 0
    while first < len(a) and first < len(b) and a[first] == b[first]:
        first += 1
    end = 0
    while end < min(len(a), len(b)) - first and a[-1 - end] == b[-1 - end]:
        end += 1
    a, b = a[first : len(a) - end], b[first : len(b) - end]
    before_previous: list[int] = []
    previous = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before_previous[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(previous) > most:
            return most + 1
        before_previous, previous = previous, row
    return previous[-1]
