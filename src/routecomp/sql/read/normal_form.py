"""Write definitions in a normal form, so that two that mean the same compare equal.

PostgreSQL prints a definition in words of its own, and after a dump and a restore it prints some otherwise: `BETWEEN`
is read as one condition and printed as two within parentheses, which are gone when it is read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.read.lexer import Token, tokens

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*", re.ASCII)
_SAME = {"!=": "<>", "==": "="}
_QUERIES = ("select", "with", "values")
_KEYWORDS = frozenset((*_QUERIES, "and", "or", "not", "between"))


def normal_form(definition: str, dialect: Dialect) -> str:
    """Return a definition (CHECK, index, trigger, CREATE …) without what makes no difference.

    These are white space, comments, the case of words, quotes that a name does not need, parentheses around the parts
    of AND and OR, `!=` for `<>`, and `x BETWEEN a AND b` for `x >= a AND x <= b`. Texts and bodies of functions are
    kept as they are. Not every two definitions that mean the same have the same normal form.
    """
    words = (_word(token) for token in tokens(definition, dialect) if token.kind != "comment")
    return _written(_group(words))


def is_same(definition: str, other: str, dialect: Dialect) -> bool:
    """Return whether two definitions are equal, or have the same normal form."""
    return definition == other or normal_form(definition, dialect) == normal_form(other, dialect)


@dataclass(frozen=True, slots=True)
class _Group:
    """What stands between two parentheses: parts between commas, each an OR of ANDs of factors."""

    parts: list[list[list[_Factor]]]


_Factor = list[str | _Group]


def _word(token: Token) -> str:
    """Return a token as the normal form writes it."""
    if token.name is not None and _PLAIN.fullmatch(token.name):
        return token.text if token.kind == "quoted" and token.name in _KEYWORDS else token.name
    return _SAME.get(token.text, token.text)


def _group(words: Iterator[str]) -> _Group:
    """Read up to the parenthesis that closes, or to the end."""
    parts: list[_Factor] = [[]]
    for word in words:
        if word == ")":
            break
        if word == ",":
            parts.append([])
        else:
            parts[-1].append(_group(words) if word == "(" else word)
    return _Group([_alternatives(part) for part in parts])


def _alternatives(part: _Factor) -> list[list[_Factor]]:
    """Split at OR, without the parentheses around an alternative."""
    terms: list[list[_Factor]] = []
    for term in _split(part, "or"):
        factors = list(_factors(term))
        inner = _condition(factors[0]) if len(factors) == 1 else None
        terms += [factors] if inner is None else inner
    return terms


def _factors(term: _Factor) -> Iterator[_Factor]:
    """Split at AND, without the parentheses around a factor; `x BETWEEN a AND b` becomes two factors."""
    rest = iter(_split(term, "and"))
    for factor in rest:
        if "between" in factor:
            yield from _between(factor, next(rest, None))
            continue
        inner = _condition(factor)
        if inner is not None and len(inner) == 1:
            yield from inner[0]
        else:
            yield factor


def _between(factor: _Factor, high: _Factor | None) -> Iterator[_Factor]:
    """Yield the two factors of a BETWEEN of a column or a call; one for any other, as it is written."""
    place = factor.index("between")
    operand, low = factor[:place], factor[place + 1 :]
    if high is None:
        yield factor
    elif operand and operand[0] != "not" and [isinstance(item, str) for item in operand] in ([True], [True, False]):
        yield [*operand, ">=", *low]
        yield [*operand, "<=", *high]
    else:
        yield [*factor, "and", *high]


def _condition(factor: _Factor) -> list[list[_Factor]] | None:
    """Return what a factor that is nothing but parentheses around a condition holds; None for any other."""
    if len(factor) != 1 or isinstance(factor[0], str) or len(factor[0].parts) != 1:
        return None
    inner = factor[0].parts[0]
    return None if not inner[0][0] or inner[0][0][0] in _QUERIES else inner


def _split(items: _Factor, word: str) -> list[_Factor]:
    """Split items at a word."""
    pieces: list[_Factor] = [[]]
    for item in items:
        if item == word:
            pieces.append([])
        else:
            pieces[-1].append(item)
    return pieces


def _written(group: _Group) -> str:
    """Write what a group holds."""
    return ", ".join(
        " or ".join(
            " and ".join(
                " ".join(item if isinstance(item, str) else f"({_written(item)})" for item in factor) for factor in term
            )
            for term in part
        )
        for part in group.parts
    )
