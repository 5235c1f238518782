"""Find the numbers that a condition bounds a column with, and what the column's type can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from routecomp.sql.read.lexer import Token
from routecomp.sql.read.statement import Column

_WHOLE = {
    "smallint": 2**15 - 1,
    "int2": 2**15 - 1,
    "integer": 2**31 - 1,
    "int": 2**31 - 1,
    "int4": 2**31 - 1,
    "bigint": 2**63 - 1,
    "int8": 2**63 - 1,
    "smallserial": 2**15 - 1,
    "serial": 2**31 - 1,
    "bigserial": 2**63 - 1,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that a column is compared with.

    `side` is `low` if it bounds the column from below, `high` if from above, and `other` for `=`.
    """

    side: Literal["low", "high", "other"]
    value: Fraction
    token: Token


def bounds(condition: Sequence[Token], column: str) -> list[Bound]:
    """Return every number that a condition compares a column with by <, <=, >, >=, = or BETWEEN; [] without one.

    The number of = and BETWEEN stands behind the column, that of the others on either side. NOT and OR are not looked
    at.
    """
    numbers: list[Bound] = []
    for index, token in enumerate(condition):
        if token.name != column or condition[index + 1 : index + 2] == ():
            continue
        if index + 1 < len(condition):
            sign = condition[index + 1].up
            number = _number(condition, index + 2)
            if number is not None and sign in (">", ">="):
                numbers.append(Bound("low", *number))
            elif number is not None and sign in ("<", "<="):
                numbers.append(Bound("high", *number))
            elif number is not None and sign == "=":
                numbers.append(Bound("other", *number))
            elif sign == "BETWEEN" and number is not None:
                high = next((i for i in range(index + 3, len(condition)) if condition[i].up == "AND"), len(condition))
                last = _number(condition, high + 1)
                numbers += [Bound("low", *number), *([Bound("high", *last)] if last is not None else [])]
        if index >= 2 and condition[index - 1].up in ("<", "<=", ">", ">="):
            number = _number(condition, index - 3 if index >= 3 and condition[index - 3].up == "-" else index - 2)
            if number is not None:
                numbers.append(Bound("low" if condition[index - 1].up in ("<", "<=") else "high", *number))
    return numbers


def _number(tokens: Sequence[Token], index: int) -> tuple[Fraction, Token] | None:
    """Return the number that stands at a place, with its sign, and its token; None where none does."""
    minus = index < len(tokens) and tokens[index].up == "-"
    token = tokens[index + minus] if index + minus < len(tokens) else None
    if token is None or token.kind != "number" or not token.text.replace(".", "", 1).isdigit():
        return None
    return Fraction(token.text) * (-1 if minus else 1), token


def most(column: Column) -> Fraction | None:
    """Return the greatest number that a column's type holds; None without a limit, and for no type of numbers."""
    words = [token.name or token.text for token in column.type]
    if words and words[0] in _WHOLE:
        return Fraction(_WHOLE[words[0]])
    if words and words[0] in ("numeric", "decimal", "dec") and len(words) >= 4 and words[2].isdigit():
        scale = int(words[4]) if len(words) >= 6 and words[4].isdigit() else 0
        return Fraction(10 ** int(words[2]) - 1, 10**scale)
    return None


def is_whole(column: Column) -> bool:
    """Return whether a column's type holds whole numbers alone, and so no NaN."""
    return bool(column.type) and column.type[0].name in _WHOLE


def asks_type(condition: Sequence[Token], column: str) -> bool:
    """Return whether a condition calls `typeof` on a column."""
    return any(
        token.name == "typeof" and condition[index + 2 : index + 3] != () and condition[index + 2].name == column
        for index, token in enumerate(condition)
        if index + 2 < len(condition)
    )
