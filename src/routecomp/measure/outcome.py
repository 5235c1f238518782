"""Read one row of `routing_outcomes`, as the database or a line of JSON has it, and nothing that is not one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from routecomp.model.vocabulary import CALL_OUTCOMES, SLOTS

TABLE: Final = "routing_outcomes"
MOMENT: Final = "begun_at"
_MOST: Final = 10**30
_DAY_FORM: Final = re.compile("(19[7-9]|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}")
_MOMENT_FORM: Final = re.compile("[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?Z")
_TEXTS: Final = ("day", "outcome_id", MOMENT, "outcome")
_TEXTS_OR_NULL: Final = ("tenant", "answered_by", "experiment", "variant")
_COUNTS: Final = ("version", "slot", "latency_ms", "input_tokens", "output_tokens", "cost_pusd")


class Outcome(NamedTuple):
    """One call: what is measured of it. The fields are columns of the table."""

    day: str
    outcome_id: str
    begun_at: str
    outcome: str
    tenant: str | None
    answered_by: str | None
    experiment: str | None
    variant: str | None
    version: int | None
    slot: int | None
    latency_ms: int | None
    input_tokens: int | None
    output_tokens: int | None
    cost_pusd: int | None
    reasons: tuple[str, ...]

    @property
    def is_answered(self) -> bool:
        """Whether a model answered."""
        return self.outcome in ("succeeded", "fell_back")


COLUMNS: Final = Outcome._fields


class UnreadableError(Exception):
    """A row is none that a service writes; the message says why."""


def read_outcome(row: Mapping[str, Any]) -> Outcome:
    """Make an outcome of a row, by column; raise `UnreadableError` where a value is none that the column holds."""
    for name in _TEXTS:
        if not isinstance(row.get(name), str):
            raise UnreadableError(f"`{name}` is no text")
    for name in _TEXTS_OR_NULL:
        if not isinstance(row.get(name), str | None):
            raise UnreadableError(f"`{name}` is neither text nor null")
    if not _is_day(row["day"]):
        raise UnreadableError("`day` is no day from 1970 to 2999")
    if not _MOMENT_FORM.fullmatch(row[MOMENT]) or row[MOMENT][:10] != row["day"]:
        raise UnreadableError(f"`{MOMENT}` is no moment of that day, in UTC")
    if row["outcome"] not in CALL_OUTCOMES:
        raise UnreadableError(f"`outcome` is none of {', '.join(CALL_OUTCOMES)}")
    counts = [_count(row, name) for name in _COUNTS]
    slot = counts[_COUNTS.index("slot")]
    if slot is not None and slot >= SLOTS:
        raise UnreadableError(f"`slot` is not below {SLOTS:,}")
    texts = [row.get(name) for name in (*_TEXTS, *_TEXTS_OR_NULL)]
    return Outcome._make([*texts, *counts, _reasons(row.get("reasons"))])


def _is_day(text: str) -> bool:
    """Return whether a text is a day of the calendar, as the service writes them, in a year that can be meant."""
    try:
        return bool(_DAY_FORM.fullmatch(text)) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _count(row: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number that is not negative, or None for null."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not 0 <= _number(value, name) <= _MOST:
        raise UnreadableError(f"`{name}` is no whole number from 0")
    return int(value)


def _number(value: Any, name: str) -> int:
    """Return a whole number of Python's or of a driver's own type; a database may keep them as decimals."""
    try:
        number = int(value) if not isinstance(value, str) else None
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or number != value:
        raise UnreadableError(f"`{name}` is no whole number from 0")
    return number


def _reasons(value: Any) -> tuple[str, ...]:
    """Return the flags of a decision, which a row has as the text of a JSON list."""
    if value == "[]":
        return ()
    try:
        reasons = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        reasons = None
    if not isinstance(reasons, list) or not all(isinstance(reason, str) for reason in reasons):
        raise UnreadableError("`reasons` is no JSON list of texts")
    return tuple(reasons)
