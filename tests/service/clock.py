"""The clock that stands still, which users have too, and what a day is by it."""

from __future__ import annotations

from routecomp.testing.clock import START, FakeClock

DAY = 86_400.0

__all__ = ["DAY", "START", "FakeClock"]
