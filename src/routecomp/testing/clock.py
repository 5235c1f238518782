"""Offer clocks for tests: one that stands still until it is moved, and one that waits for nothing."""

from __future__ import annotations

import asyncio
import threading
from typing import Final

from routecomp.service.clock import SystemClock

START: Final = 1_796_000_000.0
"""What the wall clock shows at first: a moment of November 2026, in seconds of the epoch."""


class FakeClock:
    """A clock that stands still. Who waits by it moves it instead, and `waits` lists for how long.

    `advance` lets time pass; `step` sets the wall clock alone, as an administrator would.
    """

    def __init__(self, wall: float = START) -> None:
        self._monotonic = 1000.0
        self._wall = wall
        self._lock = threading.Lock()
        self.waits: list[float] = []

    def monotonic(self) -> float:
        """Return seconds that only `advance` and waits move."""
        with self._lock:
            return self._monotonic

    def time(self) -> float:
        """Return the seconds of the epoch."""
        with self._lock:
            return self._wall

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.waits.append(seconds)
        self.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let the time pass at once, and let other tasks run."""
        self.sleep(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Let seconds pass, by both clocks; ValueError for fewer than none."""
        if not seconds >= 0:
            raise ValueError("time does not run back: `step` sets the wall clock")
        with self._lock:
            self._monotonic += seconds
            self._wall += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock, forwards or back."""
        with self._lock:
            self._wall += seconds


class NoWait(SystemClock):
    """The machine's clock, by which nobody waits: the switch that turns the waits between retries off."""

    __slots__ = ()

    def sleep(self, seconds: float) -> None:  # type: ignore[override]
        """Return at once."""

    async def sleep_async(self, seconds: float) -> None:
        """Let other tasks run, and return."""
        await asyncio.sleep(0)
