"""Scalars of the tree in, plain values out: the few YAML 1.2 core readings that routecomp accepts."""

from __future__ import annotations

import re
from decimal import Decimal

from routecomp.parse.tree import Mapping, Node, Scalar

# Both are for `fullmatch`: `$` would let a trailing line feed through, `\d` other scripts' digits.
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?")
SLUG = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")

# The one invisible character the byte gate lets through (emoji and Indic scripts need it in free text);
# whoever reads a key or a name refuses it there.
JOINER = "\u200d"

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# `int` refuses longer texts (its guard against quadratic conversion); `Decimal` reads any length exactly.
_INT_DIGITS = 4000


def is_null(scalar: Scalar) -> bool:
    """Whether a scalar is YAML's null: nothing at all, `~`, `null`, `Null` or `NULL`, without quotes."""
    return scalar.plain and scalar.text in _NULLS


def as_bool(scalar: Scalar) -> bool | None:
    """True or False for a plain `true` or `false`; None for everything else, `yes` and `True` included."""
    if scalar.plain:
        if scalar.text == "true":
            return True
        if scalar.text == "false":
            return False
    return None


def is_number(scalar: Scalar) -> bool:
    """Whether a scalar is a number of docs/semantics.md, section 2: plain, decimal, without exponent."""
    return scalar.plain and NUMBER.fullmatch(scalar.text) is not None


def to_python(node: Node) -> object:
    """The tree as plain values: dict with text keys, list, int or Decimal, bool, None, else str.

    A whole number of more than 4,000 characters comes as a Decimal. Recursive: as deep as the tree, which
    `Limits.max_depth` bounds.
    """
    if isinstance(node, Mapping):
        return {key.text: to_python(value) for key, value in node.items}
    if not isinstance(node, Scalar):
        return [to_python(item) for item in node.items]
    if is_null(node):
        return None
    if is_number(node):
        return Decimal(node.text) if "." in node.text or len(node.text) > _INT_DIGITS else int(node.text)
    boolean = as_bool(node)
    return node.text if boolean is None else boolean
