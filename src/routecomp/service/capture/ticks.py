"""Count without a lock, so that whoever is interrupted within a count can count too."""

from __future__ import annotations

from itertools import count


class Ticks:
    """A number that only rises. Adding one is a single step of the interpreter: threads and finalizers lose none."""

    __slots__ = ("_count",)

    def __init__(self) -> None:
        self._count = count()

    def add(self) -> None:
        """Add one."""
        next(self._count)

    @property
    def value(self) -> int:
        """How many were added."""
        return int(repr(self._count)[len("count(") : -1])
