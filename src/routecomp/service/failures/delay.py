"""Read how long a host asks to wait: `retry-after-ms`, `retry-after` in seconds or as a date, or Gemini's body."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST: Final = 86_400.0
"""A day, in seconds: no host asks for more, and a number that is larger is another thing."""
_DURATION: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")


def retry_after(headers: Mapping[str, str], body: object, wall: float) -> float | None:
    """Return the seconds to wait, from 0 to a day; None where the host does not say. `wall` is the time now."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return _within(milliseconds / 1000)
    text = headers.get("retry-after")
    if text is not None:
        seconds = _number(text)
        return _within(_until(text, headers.get("date"), wall) if seconds is None else seconds)
    return next((_within(seconds) for seconds in _delays(body, 6)), None)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _until(text: str, sent: str | None, wall: float) -> float | None:
    """Return the seconds from the host's own clock, where it says what that shows, to a date."""
    moment, now = _moment(text), _moment(sent)
    return None if moment is None else moment - (wall if now is None else now)


def _moment(date: str | None) -> float | None:
    try:
        return parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _within(seconds: float | None) -> float | None:
    return None if seconds is None else min(max(seconds, 0.0), _LONGEST)


def _delays(value: object, depth: int) -> Iterator[float]:
    """Yield every `retryDelay` of a body, in seconds."""
    if depth and isinstance(value, Mapping):
        delay = value.get("retryDelay")
        if isinstance(delay, str) and (match := _DURATION.fullmatch(delay)):
            yield float(match[1])
        for inner in value.values():
            yield from _delays(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value[:20]:
            yield from _delays(inner, depth - 1)
