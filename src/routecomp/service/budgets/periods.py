"""Say which day and which month of UTC a moment belongs to, and when they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

_DAY_S: Final = 86_400
_LAST: Final = 2_932_895
"""The day before the last one that a calendar has: nothing follows the year 9999."""


class Period(NamedTuple):
    """A day or a month."""

    name: str
    """`2026-11-30` or `2026-11`."""
    ends: float
    """When it ends, in seconds of the epoch."""


def periods_of(wall: float) -> tuple[Period, Period]:
    """Return the day and the month of a moment; of a clock that is wrong the nearest ones that a calendar has."""
    return _periods_of(int(min(max(wall // _DAY_S, 0), _LAST)))


@lru_cache(maxsize=8)
def _periods_of(number: int) -> tuple[Period, Period]:
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=number)
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1) if day.year < 9999 else day
    ends = max(next_month.timestamp(), (number + 1) * _DAY_S)
    return Period(f"{day:%Y-%m-%d}", (number + 1.0) * _DAY_S), Period(f"{day:%Y-%m}", float(ends))
