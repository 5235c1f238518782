"""Declared bodies in, words for their values and the file:line they stand at out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from routecomp.model.numbers import written

if TYPE_CHECKING:
    from routecomp.model.program import Entry

_PLACES = 10


def at(entry: Entry[Any] | None, *path: str | int) -> str | None:
    """file:line of a value in a body (without a path, of its name); None where it is not written."""
    from routecomp.diagnostics.render.shown import visible
    from routecomp.parse.tree import Scalar

    if entry is None or (path and not entry.has(*path)):
        return None
    plain = not path or isinstance(entry.at(*path), Scalar)
    span = entry.span(*path) if plain else entry.key_span(*path)
    return f"{visible(span.path)}:{span.line}"


def share(basis_points: int) -> str:
    """Basis points as a share of 1: 5500 is 0.55."""
    text = written(basis_points, 4)
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}" if basis_points % 10_000 else text


def dollars(amount: int, scale: int) -> str:
    """An amount in units of 10**-scale dollars, exactly, with at least two decimals."""
    whole, _, decimals = written(amount, scale).partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def decimal(number: Fraction) -> str:
    """A fraction as a decimal: all of it where it ends, else ten places and `…`."""
    rest = number.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    places = 0
    if rest == 1:
        while number.denominator and (number * 10**places).denominator != 1:
            places += 1
        return written(int(number * 10**places), places)
    cut = number.numerator * 10**_PLACES // number.denominator
    whole, _, decimals = written(cut, _PLACES).partition(".")
    return f"{whole}.{decimals.ljust(_PLACES, '0')}…"


def names(slugs: list[str] | tuple[str, ...], none: str = "none") -> str:
    """Slugs as a list people read."""
    return ", ".join(slugs) if slugs else none
