"""Decide what a publisher may do at a place where releases lie: which number comes next, and what may lead.

These functions know no disk. tests/service/releases/ calls them for every state that two publishers can be in.
"""

from __future__ import annotations

from collections.abc import Iterable


def next_number(current: int | None, numbers: Iterable[int]) -> int:
    """Return the number of the next release: higher than any that was ever begun."""
    return max([current or 0, *numbers]) + 1


def unfinished(current: int | None, numbers: Iterable[int]) -> int | None:
    """Return the number of the last release that was begun and never led; None if there is none."""
    last = max(numbers, default=0)
    return last if last > (current or 0) else None


def may_lead(number: int, current: int | None) -> bool:
    """Return whether a release may follow the one that leads now."""
    return current is None or current < number


def highest_whole(numbers: Iterable[int]) -> int:
    """Return which of the releases that are whole should lead."""
    return max(numbers)
