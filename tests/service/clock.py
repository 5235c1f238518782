"""A clock that stands still until a test moves it; waiting moves it too, and is written down."""

from __future__ import annotations

import asyncio
import threading

DAY = 86_400.0
START = 1_796_000_000.0
"""A moment of November 2026, as seconds of the epoch."""


class FakeClock:
    """The monotonic clock starts at 1000 s and moves by `advance` and `sleep`; `step` sets the wall clock alone."""

    def __init__(self, monotonic: float = 1000.0, wall: float = START) -> None:
        self._monotonic = monotonic
        self._wall = wall
        self._lock = threading.Lock()
        self.waits: list[float] = []

    def monotonic(self) -> float:
        with self._lock:
            return self._monotonic

    def time(self) -> float:
        with self._lock:
            return self._wall

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Let time pass, by both clocks."""
        assert seconds >= 0
        with self._lock:
            self._monotonic += seconds
            self._wall += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock, forwards or back; the monotonic clock does not notice."""
        with self._lock:
            self._wall += seconds
