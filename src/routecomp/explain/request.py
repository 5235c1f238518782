"""Read values of a request, which may hold anything, as text, numbers and lists to show."""

from __future__ import annotations

import json
from collections.abc import KeysView
from decimal import Decimal
from typing import Any

from routecomp.diagnostics.render.shown import visible

_DIGITS = 20
_LONGEST = 60
_MOST = 10**9


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
    """Return the names of a list, a tuple, a set or a dict's keys; an empty list for what the resolver ignores."""
    if not isinstance(value, list | tuple | set | frozenset | KeysView):
        return []
    names = [item for item in value if isinstance(item, str)]
    if len(names) < len(value):
        return []
    return names if isinstance(value, list | tuple) else sorted(names)


def count(value: Any) -> int | None:
    """Return a number of tokens or milliseconds as the resolver reads it; None for what it ignores."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, Decimal) and not value.is_finite():  # a NaN raises where it is compared
        return None
    if not 0 <= value <= _MOST:
        return None
    return int(value) if int(value) == value else None


def shown(value: Any) -> str:
    """Return a name from a request on one line, cut to 60 characters, with every invisible character written out."""
    text = json.dumps(value) if value is None or isinstance(value, bool) else str(value)
    return visible(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")
