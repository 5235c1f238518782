"""Say which day and which month of UTC a moment belongs to, and when they end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

_DAY_S: Final = 86_400
_LAST: Final = 2_932_895
"""The day before the last one that a calendar has: nothing follows the year 9999."""


_LATEST: Final = {10: 5, 7: 4}
"""How many days and months, told by the length of their names, are kept however long they seem over."""


class Period(NamedTuple):
    """A day or a month."""

    name: str
    """`2026-11-30` or `2026-11`."""
    ends: float
    """When it ends, in seconds of the epoch."""


def periods_of(wall: float) -> tuple[Period, Period]:
    """Return the day and the month of a moment; of a clock that is wrong the nearest ones that a calendar has."""
    return _periods_of(int(min(max(wall // _DAY_S, 0), _LAST)))


def long_over(ends: Mapping[str, float], before: float) -> set[str]:
    """Return the periods that ended before a moment, of some in the order in which they were last in use.

    The clock may be ahead, so the latest few are none of them: when it is right again, theirs is spent what was spent.
    """
    over: set[str] = set()
    for length, count in _LATEST.items():
        names = [name for name in ends if len(name) == length]
        over.update(name for name in names[:-count] if ends[name] <= before)
    return over


@lru_cache(maxsize=8)
def _periods_of(number: int) -> tuple[Period, Period]:
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=number)
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1) if day.year < 9999 else day
    ends = max(next_month.timestamp(), (number + 1) * _DAY_S)
    return Period(f"{day:%Y-%m-%d}", (number + 1.0) * _DAY_S), Period(f"{day:%Y-%m}", float(ends))
