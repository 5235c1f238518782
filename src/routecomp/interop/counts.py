"""Read whole numbers of another router's file, within what a project may hold."""

from __future__ import annotations

from routecomp.interop.value import Value

MOST = 10**9


def count_of(value: Value | None, least: int = 1) -> int | None:
    """Return a whole number from `least` to the most that a project holds; None for anything else."""
    number = value.number if value is not None else None
    if number is None or not least <= number <= MOST or number != int(number):
        return None
    return int(number)
