"""The clock of tests is a clock as the service asks for one, and moves only when it is moved."""

from __future__ import annotations

import asyncio

from routecomp.service.clock import SYSTEM, Clock
from tests.service.clock import START, FakeClock


def test_both_are_clocks() -> None:
    clocks: list[Clock] = [SYSTEM, FakeClock()]
    for clock in clocks:
        before = clock.monotonic()
        clock.sleep(0.001)
        asyncio.run(clock.sleep_async(0.001))
        assert clock.monotonic() > before
        assert clock.time() > 0


def test_the_fake_moves_by_hand() -> None:
    clock = FakeClock()
    clock.sleep(2.5)
    clock.advance(1.5)
    clock.step(-100)
    assert (clock.monotonic(), clock.time(), clock.waits) == (1004.0, START - 96, [2.5])
