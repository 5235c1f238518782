"""Read how long a host asks to wait: `retry-after-ms`, `retry-after` in seconds or as a date, or Gemini's body."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

from routecomp.service.moments import bounded, moment_of, seconds_until

_DURATION: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")


def retry_after(headers: Mapping[str, str], body: object, wall: float) -> float | None:
    """Return the seconds to wait, from 0 to a day; None where the host does not say. `wall` is the time now."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return bounded(milliseconds / 1000)
    text = headers.get("retry-after")
    if text is not None:
        seconds, moment = _number(text), moment_of(text)
        if seconds is None and moment is not None:
            seconds = seconds_until(moment, headers.get("date"), wall)
        return None if seconds is None else bounded(seconds)
    return next((bounded(seconds) for seconds in _delays(body, 6)), None)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


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
