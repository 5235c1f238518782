"""Tell what a plain scalar means to YAML 1.1, which is what other routers read with; numbers stay exact."""

from __future__ import annotations

import re
from decimal import Decimal

from routecomp.interop.value import Kind
from routecomp.source.later import compiled_later

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = frozenset(
    word
    for pair in (("yes", "no"), ("true", "false"), ("on", "off"))
    for plain in pair
    for word in (plain, plain.capitalize(), plain.upper())
)

TRUE = frozenset(("yes", "true", "on"))
"""The words for true, in small letters."""
_DECIMAL = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_OCTAL = compiled_later(r"[-+]?0[0-7_]+", re.ASCII)
_HEX = compiled_later(r"[-+]?0x[0-9a-fA-F_]+", re.ASCII)
_DAY = compiled_later(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?", re.ASCII)
_FIRST_OF_NUMBERS = frozenset("0123456789+-.")
_LONGEST_NUMBER = 60
_BARE_EXPONENT = compiled_later(r"[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?[0-9]+\.[0-9]*[eE][0-9]+", re.ASCII)


def plain_kind(text: str) -> Kind:
    """Return what a scalar without quotes is."""
    if text in _NULLS:
        return Kind.NULL
    if text in _BOOLS:
        return Kind.BOOL
    if number_in(text) is not None:
        return Kind.NUMBER
    return Kind.DATE if _DAY.fullmatch(text) is not None else Kind.TEXT


def number_in(text: str) -> Decimal | None:
    """Return the number that a text is, exactly; None where it is none.

    `1e-6` is one, although YAML 1.1 wants a point in it: LiteLLM reads it as a price.
    """
    if text[:1] not in _FIRST_OF_NUMBERS or len(text) > _LONGEST_NUMBER:
        return None
    if _HEX.fullmatch(text) is not None:
        return Decimal(int(text.replace("_", ""), 16))
    if _OCTAL.fullmatch(text) is not None:
        return Decimal(int(text.replace("_", ""), 8))
    return Decimal(text.replace("_", "")) if _DECIMAL.fullmatch(text) is not None else None


def is_text_to_yaml(text: str) -> bool:
    """Return whether YAML 1.1 reads a number as text, because its exponent has no point or no sign (`1e-6`)."""
    return _BARE_EXPONENT.fullmatch(text) is not None
