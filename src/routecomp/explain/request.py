"""Read values of a request, which may hold anything, as text, numbers and lists to show."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from routecomp.diagnostics.render.shown import visible

_DIGITS = 20
_LONGEST = 60


def plain(value: Any) -> Any:
    """Return a request's value as JSON: whole decimals of up to 20 digits as integers, others as text."""
    if isinstance(value, Decimal):
        # A large exponent stays as it is written: as digits it could fill the memory.
        is_short = value.is_finite() and value.adjusted() < _DIGITS and value == value.to_integral_value()
        return int(value) if is_short else str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def texts(value: Any) -> list[str]:
    """Return the items of a list or tuple as texts, whatever they are; an empty list for anything else."""
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def whole_number(value: Any) -> int:
    """Return a count as a whole number, without its fraction; 0 for what is no number from 0 to 10²⁰."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 10**_DIGITS:
        return 0
    return int(value)


def shown(value: Any) -> str:
    """Return a name from a request on one line, cut to 60 characters, with every invisible character written out."""
    text = str(value)
    return visible(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")
