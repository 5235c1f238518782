"""Write declared values as their authors do, and name the file and line they stand at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from routecomp.diagnostics.render.shown import visible
from routecomp.model.figure import SCALES, Figure
from routecomp.model.figures import MODEL
from routecomp.model.numbers import ONE, format_decimal, format_padded_decimal
from routecomp.model.project import Entry
from routecomp.parse.tree import Scalar

_PLACES = 10


def place_of(entry: Entry[Any] | None, *path: str | int) -> str | None:
    """Return file:line of a value in a body, and without a path that of the body's name.

    A mapping or a list stands where its key does. None without an entry, and where the value is not written.
    """
    if entry is None or (path and not entry.has(*path)):
        return None
    is_plain = not path or isinstance(entry.node_at(*path), Scalar)
    span = entry.span(*path) if is_plain else entry.key_span(*path)
    return f"{visible(span.path)}:{span.line}"


def share(basis_points: int) -> str:
    """Write basis points as a share of 1: 5500 is 0.55, and 10000 is 1."""
    return format_padded_decimal(basis_points, 4) if basis_points % ONE else format_decimal(basis_points, 4)


def dollars(amount: int, scale: int) -> str:
    """Write an amount in units of 10**-scale dollars, exactly, with at least two decimals."""
    return format_padded_decimal(amount, scale)


def decimal(number: Fraction) -> str:
    """Write a fraction as a decimal: all of it where it ends, else ten places and `…`."""
    rest = number.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    places = 0
    if rest == 1:
        while number.denominator and (number * 10**places).denominator != 1:
            places += 1
        return format_decimal(int(number * 10**places), places)
    cut = number.numerator * 10**_PLACES // number.denominator
    return f"{format_padded_decimal(cut, _PLACES, _PLACES)}…"


def names(slugs: Sequence[str], none: str = "none") -> str:
    """Write slugs as a list for people, with commas; `none` is the word for an empty list."""
    return ", ".join(slugs) if slugs else none


def ranking_figures() -> tuple[Figure, ...]:
    """Return the figures of models that are numbers: those by which models are ranked and filtered."""
    return tuple(figure for figure in MODEL if figure.kind == "whole" and figure.key is not None)


def figure_texts(figures: Iterable[Figure], slug: str, body: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the figures of a body: (name, value as its author writes it, path in the YAML)."""
    return [(figure.path, figure_text(figure, figure.stored(slug, body)), figure.keys) for figure in figures]


def figure_text(figure: Figure, value: Any) -> str:
    """Write the value of a figure as its author writes it; `none` where it has none."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if figure.kind == "slugs":
        return names(value)
    if figure.unit == "share":
        return share(value)
    scale = SCALES.get(figure.unit)
    if scale is None:
        return str(value)
    return dollars(value, scale) if figure.unit in ("dollars", "cents") else format_decimal(value, scale)
