"""Convert trees to plain Python values, to compare them with other readers."""

from __future__ import annotations

from decimal import Decimal

from routecomp.parse.scalars import is_null, is_number
from routecomp.parse.tree import Mapping, Node, Scalar

# `int` raises for longer texts, to guard against quadratic conversion; `Decimal` reads any length exactly.
_INT_DIGITS = 4000


def as_bool(scalar: Scalar) -> bool | None:
    """Return the boolean of a plain `true` or `false`; None for any other text, `yes` and `True` included."""
    if scalar.plain:
        if scalar.text == "true":
            return True
        if scalar.text == "false":
            return False
    return None


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
