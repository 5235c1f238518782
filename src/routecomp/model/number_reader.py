"""Read a scalar as the exact integer of a number field, or refuse it.

What a text that is refused may mean is worked out in `meant_number`, when it is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from routecomp.model.invalid import quote_value, refuse, require_scalar
from routecomp.model.numbers import LONGEST_NUMBER, NumberField, parse_decimal
from routecomp.parse.scalars import NULLS, NUMBER
from routecomp.parse.tree import Node, Scalar


def number_reader(field: NumberField) -> Callable[[Node], int]:
    """Return a function that converts a scalar to an integer in units of 10**-scale.

    It refuses what is no number (RC115), has too many decimals (RC116) or is out of range (RC117).
    """
    wanted, decimals, scale, low, high = field.wanted, field.decimals, field.scale, field.low, field.high
    low_open = field.low_open
    match = NUMBER.fullmatch

    def read(value: Node) -> int:
        node = value if value.__class__ is Scalar and value.text not in NULLS else require_scalar(value, wanted)
        text = node.text
        if not node.plain or not match(text):
            _refuse_text(node, field)
        if len(text.partition(".")[2]) > decimals:
            _refuse_decimals(text, field)
        number = parse_decimal(text, scale) if len(text) <= LONGEST_NUMBER else low - 1
        if not low <= number <= high or (low_open and number == low):
            refuse("RC117", f"is {quote_value(text)}; it must be {field.bounds}", number=field)
        return number

    return read


def _refuse_text(node: Scalar, field: NumberField) -> NoReturn:
    """Refuse a scalar that is not a number (RC115)."""
    text = node.text
    quoted = not node.plain and NUMBER.fullmatch(text)
    message = (
        f"is the text {quote_value(text)}; {field.wanted} is wanted"
        if quoted
        else f"is {quote_value(text)}, which is not {field.wanted}"
    )
    refuse("RC115", message, number=field)


def _refuse_decimals(text: str, field: NumberField) -> NoReturn:
    """Refuse a number with too many decimals (RC116)."""
    kept = "a whole number is wanted" if field.decimals == 0 else f"at most {field.decimals} are kept"
    count = len(text.partition(".")[2])
    refuse("RC116", f"has {count} {'decimal' if count == 1 else 'decimals'}; {kept}", number=field)
