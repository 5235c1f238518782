"""Say what a store of budgets is: what processes take from one account, and what all of them took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Ask(NamedTuple):
    """What a process says of an account, and what it wants of it; amounts are pico-dollars."""

    tenant: str
    period: str
    """`2026-11-30` or `2026-11`."""
    ends: float
    """When the period ends, in seconds of the epoch."""
    limit: int
    holds: int
    """What this process has taken since it began, and not given back: to tell it twice is to tell it once."""
    need: int
    """What it needs beyond that, or nothing."""
    more: int
    """What it would like beyond that."""


class Answer(NamedTuple):
    """What came of it."""

    holds: int
    """What the process holds now."""
    others: int
    """What all others hold."""


class BudgetStore(Protocol):
    """Where processes share accounts. It is asked in a thread of its own, and may raise or wait."""

    def exchange(self, process: str, asks: Sequence[Ask]) -> Sequence[Answer]:
        """Write down what a process holds of each account, give it what it needs if that much is left, and answer."""

    def close(self) -> None:
        """Let go what is open."""


def granted(limit: int, others: int, holds: int, need: int, more: int) -> int:
    """Return what a process gets: all that it needs, and as much more as there is; nothing if it needs more than that.

    Two that each hold half of what they need would both be of no use.
    """
    left = limit - others - holds
    return min(need + more, left) if left >= need and left > 0 else 0
