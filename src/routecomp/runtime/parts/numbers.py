"""Read the numbers of a request exactly, whatever type and size they have."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import ceil, floor
from typing import Any, Final

from routecomp.runtime.parts.limits import _ONE_BP

_MAX_WHOLE: Final = 10**9  # tokens, milliseconds
_MAX_COST: Final = 10**30  # pico-dollars
_PICO: Final = 10**12  # pico-dollars of a dollar


def _number(value: Any) -> int | Decimal | None:
    """Return a finite number as an exact int or Decimal; None for anything else.

    A float counts as its shortest round-trip decimal.
    """
    kind = type(value)
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind is bool:
        return None
    if issubclass(kind, int):
        return int.__pos__(value)
    if issubclass(kind, float):
        plain = float.__pos__(value)
        return Decimal(repr(plain)) if plain - plain == 0 else None
    return _number(Decimal(value)) if issubclass(kind, Decimal) else None


def _whole_number(value: Any) -> int | None:
    """Return a whole number as an int; None for anything else, and for decimals from 10¹¹ on.

    A decimal such as 1e999999999 would have a billion digits.
    """
    number = _number(value)
    if isinstance(number, Decimal):
        if number and number.adjusted() > 10:
            return None
        return int(number) if int(number) == number else None
    return number


# INVARIANT: different doubles keep their order as decimals, and a decimal of up to 15 digits is the shortest of
# its double. So a double is compared exactly with such a decimal by comparing it with the decimal's double.


def _basis_points(value: Any) -> int | None:
    """Return a quality rounded up to a basis point, limited to -1..10,001; None if it is not a number."""
    if type(value) is float and 0 <= value <= 1:
        points = int(value * _ONE_BP)
        while points / _ONE_BP < value:
            points += 1
        return points
    number = _number(value)
    if number is None:
        return None
    points = _multiply(number, _ONE_BP, _UP, ceil)
    return points if -1 <= points <= _ONE_BP else -1 if points < 0 else _ONE_BP + 1


def _pico_dollars(value: Any) -> int | None:
    """Return an amount in dollars rounded down to a pico-dollar, limited to -1..10³⁰; None if it is not a number."""
    if type(value) is float and 0 <= value <= 999:
        pico = int(value * _PICO) + 1
        while pico / _PICO > value:
            pico -= 1
        return pico
    number = _number(value)
    if number is None:
        return None
    pico = _multiply(number, _PICO, _DOWN, floor)
    return pico if -1 <= pico <= _MAX_COST else -1 if pico < 0 else _MAX_COST


# Contexts of our own, because the caller's may trap, or round to few digits. What is too large for these becomes
# infinite, and what is too small the smallest number there is, before anything computes with a billion digits.
_UP: Final = Context(prec=60, Emin=-90, Emax=90, rounding=ROUND_CEILING, traps=[])
_DOWN: Final = Context(prec=60, Emin=-90, Emax=90, rounding=ROUND_FLOOR, traps=[])


def _multiply(number: int | Decimal, factor: int, context: Context, round_whole: Callable[[Any], int]) -> int:
    """Return a number times a factor, rounded as the context and `round_whole` say.

    The product of an enormous number lies beyond every limit, but is not exact.
    """
    if type(number) is int:
        return number * factor
    try:
        return round_whole(context.multiply(number, factor))
    except OverflowError:  # infinite
        return 10**30 if number > 0 else -(10**30)
