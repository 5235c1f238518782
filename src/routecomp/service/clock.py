"""Tell the time and wait: the one clock that is handed to every part of a service, so that tests hand in another."""

from __future__ import annotations

import asyncio
import time
from typing import Final, Protocol


class Clock(Protocol):
    """What the service asks of a clock."""

    def monotonic(self) -> float:
        """Return seconds from some moment on; nobody sets this clock back."""

    def time(self) -> float:
        """Return the seconds of the epoch by the wall clock, which may be set."""

    def sleep(self, seconds: float) -> None:
        """Wait in this thread."""

    async def sleep_async(self, seconds: float) -> None:
        """Wait in this task, so that the loop goes on."""


class SystemClock:
    """The clock of the machine."""

    __slots__ = ()

    def monotonic(self) -> float:
        """Return seconds from some moment on; nobody sets this clock back."""
        return time.monotonic()

    def time(self) -> float:
        """Return the seconds of the epoch by the wall clock, which may be set."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait in this thread."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait in this task, so that the loop goes on."""
        await asyncio.sleep(seconds)


SYSTEM: Final = SystemClock()
