"""Read from the headers of an answer what is left of a provider's limits, and for how long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from routecomp.service.moments import bounded, moment_of, seconds_until

_MOST_HEADERS: Final = 200
_LIMIT: Final = re.compile(
    r"(?:x-|anthropic-)?ratelimit-(?:(?P<first>remaining|reset)(?:-(?P<of>.+))?|(?P<what>.+)-(?P<last>remaining|reset))"
)
_UNITS: Final = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 0.000_001, "µs": 0.000_001}
_DURATION: Final = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|us|µs|[dhms]))+", re.ASCII)
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|[dhms])", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d+)?", re.ASCII)
_EPOCH_S: Final = 1e9  # a number from here on is a moment, not a duration
_EPOCH_MS: Final = 1e12


class Left(NamedTuple):
    """What is left of one limit, and the seconds until it is whole again."""

    what: str
    """What is limited, as the header calls it: `requests`, `tokens`, `input-tokens` …; empty where it does not tell."""
    remaining: int
    reset_s: float


def limits_left(headers: Mapping[str, Any], wall: float) -> list[Left]:
    """Return what is left of each limit whose remaining amount and reset the headers tell; `wall` is the epoch now."""
    lower = _lower(headers)
    remaining: dict[str, int] = {}
    reset: dict[str, float] = {}
    for name, value in lower.items():
        if (match := _LIMIT.fullmatch(name)) is None:
            continue
        what = match["of"] or match["what"] or ""
        if (match["first"] or match["last"]) == "reset":
            wait = _wait(value, lower, wall)
            if wait is not None:
                reset[what] = wait
        elif (amount := _number(value)) is not None:
            remaining[what] = int(amount)
    return [Left(what, amount, reset[what]) for what, amount in remaining.items() if what in reset]


def _lower(headers: Mapping[str, Any]) -> dict[str, str]:
    """Return those headers that tell of limits, and the date, by their names in small letters; no more than many.

    What is no text is left out.
    """
    lower: dict[str, str] = {}
    try:
        for name, value in islice(headers.items(), _MOST_HEADERS):
            text = name.decode("latin-1") if isinstance(name, bytes) else name
            key = text.lower() if isinstance(text, str) else ""
            if "ratelimit" in key or key == "date":
                told = value.decode("latin-1") if isinstance(value, bytes) else value
                if isinstance(told, str | int | float):
                    lower[key] = str(told).strip()
    except Exception:  # a mapping of the client's own, or a number of too many digits
        return lower
    return lower


def _wait(value: str, lower: Mapping[str, str], wall: float) -> float | None:
    """Return the seconds that a duration, a number or a moment says; None for anything else."""
    moment = _number(value)
    if moment is not None and moment < _EPOCH_S:
        return bounded(moment)
    if len(value) <= 100 and _DURATION.fullmatch(value):
        return bounded(sum(float(amount) * _UNITS[unit] for amount, unit in _PART.findall(value)))
    if moment is None:
        moment = moment_of(value)
    elif moment >= _EPOCH_MS:
        moment /= 1000
    return None if moment is None else bounded(seconds_until(moment, lower.get("date"), wall))


def _number(value: str | None) -> float | None:
    return float(value) if value is not None and _NUMBER.fullmatch(value) else None
