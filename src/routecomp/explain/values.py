"""Write declared values as their authors do, and name the file and line they stand at."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from routecomp.diagnostics.render.shown import visible
from routecomp.model.numbers import format_decimal, format_padded_decimal
from routecomp.model.project import Entry
from routecomp.model.route import Model
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
    return format_padded_decimal(basis_points, 4) if basis_points % 10_000 else format_decimal(basis_points, 4)


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


def ranking_figures(model: Model) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the figures a model is ranked and filtered by: (name, value as its author writes it, path in the YAML)."""
    return [
        ("quality", share(model.quality), ("quality",)),
        ("price.input", dollars(model.price.input, 6), ("price", "input")),
        ("price.output", dollars(model.price.output, 6), ("price", "output")),
        ("output_ratio", format_decimal(model.output_ratio, 4), ("output_ratio",)),
        ("latency_ms", str(model.latency_ms), ("latency_ms",)),
        ("context_window", str(model.context_window), ("context_window",)),
        ("min_output_tokens", str(model.min_output_tokens), ("min_output_tokens",)),
        ("compliance", share(model.compliance), ("compliance",)),
    ]
