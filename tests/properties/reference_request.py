"""Read the arguments of a call, or a JSON line, and say what counts as given: a part of the twin.

Written from docs/semantics.md, section 4, alone ("Arguments of the wrong kind"); comments quote it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

Request = Mapping[str, Any]
TEXTS = ("feature", "model", "preference")
IDS = ("tenant", "unit", "request_id")
WHOLE = ("latency_budget_ms", "input_tokens", "max_output_tokens")
NAMES = ("capabilities", "unavailable")
OTHERS = ("min_quality", "max_cost_usd", "stack", "stream", "tools")


# What `read` gives as the tenant if it is of the wrong kind: a name that is declared nowhere.
STRANGER = object()
KEYS: Any = type({}.keys())


def read(request: Request) -> tuple[dict[str, Any], set[str]]:
    """Return the arguments that count as given, normalised, and a flag for each that is ignored."""
    given: dict[str, Any] = {}
    flags: set[str] = set()
    for key, value in request.items():
        found: Any = None
        if key not in (*TEXTS, *IDS, *WHOLE, *NAMES, *OTHERS):
            flags.add(f"ignored:{key}")  # "Unknown keys are ignored:<key>, null or not"
        elif value is None:
            continue  # "None (null) is not given"
        elif key in TEXTS:
            found = text(value)
        elif key in IDS:
            found = text(value)
            # "that is a whole number from −10¹⁸ to 10¹⁸ (int, not a boolean …) counts as its digits (`-0` as `0`)"
            if isinstance(value, int) and not isinstance(value, bool) and abs(int(value)) <= 10**18:
                found = str(int(value))
            if key == "tenant" and found is None:
                # "is `ignored:tenant` and counts as undeclared"
                flags.add("ignored:tenant")
                found = STRANGER
        elif key in NAMES:  # "lists, tuples, sets, or a dict's `.keys()`, of text, else ignored whole"
            listed = isinstance(value, list | tuple | set | frozenset | KEYS)
            if listed and all(isinstance(name, str) for name in value):
                found = {str(name) for name in value}
        elif key == "stack":
            found = (value,)  # one "that is not text … passes nothing": it is given, whatever it is
        elif key in ("stream", "tools"):
            found = value is True  # "true only for `true`"
        else:
            found = number(value)
            if found is not None and key in WHOLE and not (found.denominator == 1 and 0 <= found <= 10**9):
                found = None  # "tokens and milliseconds whole, 0..10⁹; anything else is ignored likewise"
            elif found is not None and key == "min_quality":
                # "rounded up to a basis point, then held within −1..10,001"
                found = min(max(math.ceil(found * 10_000), -1), 10_001)
            elif found is not None and key == "max_cost_usd":
                found = min(math.floor(found * 10**12), 10**30)  # "down to a pico-dollar, at most 10³⁰"
        if found is None:
            flags.add(f"ignored:{key}")
        else:
            given[key] = found
    # "without `input_tokens` there is none, and a `max_cost_usd` is then ignored:max_cost_usd"
    if "max_cost_usd" in given and "input_tokens" not in given:
        del given["max_cost_usd"]
        flags.add("ignored:max_cost_usd")
    return given, flags


def text(value: object) -> str | None:
    """Return text as it is; None for what "is not text, or holds lone surrogates"."""
    if isinstance(value, str) and not any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        return str(value)
    return None


def number(value: object) -> Fraction | None:
    """Return the exact value of a number, None for what counts as none."""
    # "Numbers are finite int, float or Decimal (a float counts as its shortest round-trip decimal), not text
    # or booleans"
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(repr(float(value))) if isinstance(value, float) else value
    if isinstance(exact, Decimal):
        if not exact.is_finite():
            return None
        if exact and abs(exact.adjusted()) > 60:  # only so that 1E+999999999 needs no such long fraction
            far = Fraction(10**60) if exact.adjusted() > 0 else Fraction(1, 10**60)
            return -far if exact < 0 else far
    return Fraction(exact)


def read_line(line: str) -> Request | None:
    """Return the request of one JSON line; None for "a line that is no JSON object, or is nested deeper than 64"."""
    try:  # "numbers in JSON lines are read as decimals, of any length"
        # "in JSON lines digits with at most a minus before them"
        request = json.loads(
            line,
            parse_int=lambda digits: int(digits) if len(digits) < 40 else decimal(digits),
            parse_float=decimal,
            parse_constant=Decimal,
        )
    except (ValueError, RecursionError):
        return None
    return request if isinstance(request, dict) and depth(request) <= 64 else None


def decimal(text: str) -> Decimal:
    """Return a number of a JSON line; one beyond what a Decimal can hold stands as far out as matters."""
    try:
        return Decimal(text)
    except InvalidOperation:
        digits, _, power = text.lower().partition("e")
        far = Decimal("1E-9999999" if power.startswith("-") else "1E+9999999")
        return Decimal(0) if Decimal(digits) == 0 else far.copy_negate() if digits.startswith("-") else far


def depth(value: object) -> int:
    """How deep objects and arrays are nested; an object of plain values is 1 deep."""
    if isinstance(value, dict | list):
        return 1 + max(map(depth, value.values() if isinstance(value, dict) else value), default=0)
    return 0
