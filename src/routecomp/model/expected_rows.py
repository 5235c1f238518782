"""List the requests of an expectation's matrix, and what is expected of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from routecomp.model.expectation import Expectation, Request
from routecomp.model.figure import number_fields
from routecomp.model.numbers import format_decimal

MOST_ROWS = 100_000
"""The most requests of one matrix."""

Row = Mapping[str, Any]
"""The arguments that a matrix gives one request, as the body holds them."""


class Wanted(NamedTuple):
    """The value that a key of a decision must have, and the path of it within the body."""

    value: Any
    path: tuple[str | int, ...]


class ExpectedRows:
    """The requests of an expectation's matrix; iterating yields the arguments of each, without a matrix once none."""

    def __init__(self, body: Expectation) -> None:
        self._body = body
        self._base = {key: Wanted(value, ("expect", key)) for key, value in body.expect.__dict__.items()}
        self._places: dict[tuple[str, ...], dict[tuple[Any, ...], list[int]]] = {}
        for index, part in enumerate(body.rows):
            where = part.where.__dict__
            by_values = self._places.setdefault(tuple(where), {})
            by_values.setdefault(tuple(where.values()), []).append(index)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        matrix = self._body.matrix
        for values in product(*matrix.values()):
            yield dict(zip(matrix, values, strict=True))

    def expected(self, row: Row) -> dict[str, Wanted]:
        """Return what is expected of a request, by the keys of the decision; of rows that fit it, the last counts."""
        indices = [
            index
            for arguments, by_values in self._places.items()
            for index in by_values.get(tuple(row[argument] for argument in arguments), ())
        ]
        expected = dict(self._base)
        for index in sorted(indices):
            for key, value in self._body.rows[index].expect.__dict__.items():
                expected[key] = Wanted(value, ("rows", index, "expect", key))
        return expected


def argument_text(argument: str, value: Any) -> str:
    """Return the value of an argument as its author wrote it, numbers in their shortest form."""
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return format_decimal(value, scale_of(argument))
    return str(value)


@cache
def scale_of(argument: str) -> int:
    """Return how many decimals the numbers of an argument have as they are held; 0 for whole numbers and for texts."""
    number = next(number_fields(Request.fields[argument].annotation), None)
    return 0 if number is None else number.scale


def row_words(row: Row) -> str:
    """Name a request of the matrix by its arguments: tenant acme, feature chat."""
    return ", ".join(f"{argument} {argument_text(argument, value)}" for argument, value in row.items())
