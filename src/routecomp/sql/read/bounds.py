"""A column and a condition in, the numbers that bound it, and what its type can hold, out."""

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
    """A number that a column is compared with: at least, at most, or neither."""

    side: Literal["low", "high", "other"]
    value: Fraction
    token: Token


def bounds(condition: Sequence[Token], column: str) -> list[Bound]:
    """Every number that a condition compares a column with."""
    found: list[Bound] = []
    for at, token in enumerate(condition):
        if token.name != column or condition[at + 1 : at + 2] == ():
            continue
        if at + 1 < len(condition):
            sign = condition[at + 1].up
            number = _number(condition, at + 2)
            if number is not None and sign in (">", ">="):
                found.append(Bound("low", *number))
            elif number is not None and sign in ("<", "<="):
                found.append(Bound("high", *number))
            elif number is not None and sign == "=":
                found.append(Bound("other", *number))
            elif sign == "BETWEEN" and number is not None:
                high = next((i for i in range(at + 3, len(condition)) if condition[i].up == "AND"), len(condition))
                last = _number(condition, high + 1)
                found += [Bound("low", *number), *([Bound("high", *last)] if last is not None else [])]
        if at >= 2 and condition[at - 1].up in ("<", "<=", ">", ">="):
            number = _number(condition, at - 3 if at >= 3 and condition[at - 3].up == "-" else at - 2)
            if number is not None:
                found.append(Bound("low" if condition[at - 1].up in ("<", "<=") else "high", *number))
    return found


def _number(some: Sequence[Token], at: int) -> tuple[Fraction, Token] | None:
    minus = at < len(some) and some[at].up == "-"
    token = some[at + minus] if at + minus < len(some) else None
    if token is None or token.kind != "number" or not token.text.replace(".", "", 1).isdigit():
        return None
    return Fraction(token.text) * (-1 if minus else 1), token


def most(column: Column) -> Fraction | None:
    """The greatest number a column's type holds on PostgreSQL; None where there is none, or it is no number."""
    words = [token.name or token.text for token in column.type]
    if words and words[0] in _WHOLE:
        return Fraction(_WHOLE[words[0]])
    if words and words[0] in ("numeric", "decimal", "dec") and len(words) >= 4 and words[2].isdigit():
        scale = int(words[4]) if len(words) >= 6 and words[4].isdigit() else 0
        return Fraction(10 ** int(words[2]) - 1, 10**scale)
    return None


def is_whole(column: Column) -> bool:
    """Whether a column's type holds whole numbers alone, and so no NaN."""
    return bool(column.type) and column.type[0].name in _WHOLE


def asks_type(condition: Sequence[Token], column: str) -> bool:
    """Whether a condition asks for the kind of value a column holds, as SQLite's `typeof` does."""
    return any(
        token.name == "typeof" and condition[at + 2 : at + 3] != () and condition[at + 2].name == column
        for at, token in enumerate(condition)
        if at + 2 < len(condition)
    )
