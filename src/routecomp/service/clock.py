"""Tell the time and wait: the one clock that is handed to every part of a service, so that tests hand in another."""

from __future__ import annotations

import asyncio
from time import monotonic as _monotonic
from time import sleep as _sleep
from time import time as _time
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

    monotonic = staticmethod(_monotonic)
    time = staticmethod(_time)
    sleep = staticmethod(_sleep)

    async def sleep_async(self, seconds: float) -> None:
        """Wait in this task, so that the loop goes on."""
        await asyncio.sleep(seconds)


SYSTEM: Final = SystemClock()
