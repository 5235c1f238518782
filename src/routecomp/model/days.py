"""Read days of the calendar, and say which day a text means that is written in another way."""

from __future__ import annotations

import re
from datetime import date

from routecomp.model.invalid import quote_value, refuse, scalar_text
from routecomp.parse.tree import Node

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ][0-9:.]+(?:Z|[-+][0-9:]+)?)?", re.ASCII)
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
_NAMED = (
    re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?[- ](?P<month>[a-z]{3,9})\.?[- ,]+(?P<year>[0-9]{4})", re.ASCII),
    re.compile(r"(?P<month>[a-z]{3,9})\.?[- ](?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[- ,]+(?P<year>[0-9]{4})", re.ASCII),
)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_FORM = "write year, month and day"
_LONGEST = 40


def read_day(value: Node) -> str:
    """Read a day of the calendar, written YYYY-MM-DD; refuse all else (RC115)."""
    text = scalar_text(value, "a day")
    if DAY.fullmatch(text) is None:
        meant = meant_day(text) or "YYYY-MM-DD"
        refuse("RC115", f"is {quote_value(text)}, which is no day", f"{_FORM}: {meant}")
    if not _day(*text.split("-")):
        refuse("RC115", f"is {quote_value(text)}, a day that no calendar has", "write a day of the calendar")
    return text


def meant_day(text: str) -> str:
    """Return the one day that a text means, as YYYY-MM-DD; empty where it may mean several, or none.

    Of `03/04/2027` nobody knows which is the month; of a year of two digits, which century.
    """
    if len(text) > _LONGEST:
        return ""
    if (match := _YEAR_FIRST.fullmatch(text)) is not None:
        return _day(match[1], match[3], match[4])
    if (match := _DIGITS.fullmatch(text)) is not None:
        return _day(*match.groups())
    if (match := _YEAR_LAST.fullmatch(text)) is not None:
        readings = {_day(match[4], match[3], match[1]), _day(match[4], match[1], match[3])} - {""}
        return readings.pop() if len(readings) == 1 else ""
    for pattern in _NAMED:
        match = pattern.fullmatch(text.lower())
        month = next((n for n, name in enumerate(_MONTHS, 1) if match and name.startswith(match["month"])), 0)
        if match is not None and month:
            return _day(match["year"], str(month), match["day"])
    return ""


def _day(year: str, month: str, day: str) -> str:
    """Return a day as YYYY-MM-DD; empty for one that no calendar has."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
