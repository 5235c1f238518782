"""Read scalars as null, booleans and numbers: the few types of the YAML 1.2 core schema that routecomp accepts."""

from __future__ import annotations

import re
from decimal import Decimal

from routecomp.parse.tree import Mapping, Node, Scalar

# For `fullmatch`: `$` would accept a trailing line feed, and `\d` the digits of other scripts.
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?")
SLUG = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")

# The only invisible character that `encoding` accepts, because emoji and Indic scripts need it in free text. The
# patterns of keys and names do not match it.
JOINER = "\u200d"

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# `int` raises for longer texts, to guard against quadratic conversion; `Decimal` reads any length exactly.
_INT_DIGITS = 4000


def is_null(scalar: Scalar) -> bool:
    """Whether a scalar is YAML's null: empty, `~`, `null`, `Null` or `NULL`, without quotes."""
    return scalar.plain and scalar.text in _NULLS


def as_bool(scalar: Scalar) -> bool | None:
    """Return the boolean of a plain `true` or `false`; None for any other text, `yes` and `True` included."""
    if scalar.plain:
        if scalar.text == "true":
            return True
        if scalar.text == "false":
            return False
    return None


def is_number(scalar: Scalar) -> bool:
    """Whether a scalar is a number (docs/semantics.md, section 2): plain, decimal, without an exponent."""
    return scalar.plain and NUMBER.fullmatch(scalar.text) is not None


def to_python(node: Node) -> object:
    """Convert a tree to plain values: dict with keys of text, list, int or Decimal, bool, None, else str.

    A whole number of more than 4,000 characters is a Decimal. The recursion is as deep as the tree, which
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
