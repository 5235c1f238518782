"""Recognize null, numbers and slugs, as docs/semantics.md, section 2, writes them."""

from __future__ import annotations

import re

from routecomp.parse.tree import Node, Scalar

# For `fullmatch`: `$` would accept a trailing line feed, and `\d` the digits of other scripts.
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?")
SLUG = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")

_NUMBER_REST = re.compile(r"[0-9]+(\.[0-9]+)?[^0-9]{0,12}")

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def is_null(scalar: Scalar) -> bool:
    """Return whether a scalar is YAML's null: empty, `~`, `null`, `Null` or `NULL`, without quotes."""
    return scalar.plain and scalar.text in NULLS


def is_number(scalar: Scalar) -> bool:
    """Return whether a scalar is a number (docs/semantics.md, section 2): plain, decimal, without an exponent."""
    return scalar.plain and NUMBER.fullmatch(scalar.text) is not None


def is_number_rest(key: Scalar, value: Node | None) -> bool:
    """Return whether a key in braces is what a comma split off a number: `00` in `{input: 5,00}`."""
    is_missing = isinstance(value, Scalar) and value.start == value.end
    return is_missing and key.plain and _NUMBER_REST.fullmatch(key.text) is not None
