"""Write plain values as YAML that every reader takes for the same: numbers exact, texts quoted if in doubt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = "str | int | Decimal | bool | Mapping[str, Value] | list[Value] | None"

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./@-]*", re.ASCII)
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def yaml_text(value: Mapping[str, Value]) -> str:
    """Return a document; keys stand in their order."""
    return "".join(f"{line}\n" for line in _mapping(value))


def _mapping(value: Mapping[str, Value]) -> Iterator[str]:
    """Yield the lines of a mapping."""
    for key, inner in value.items():
        name = scalar(key)
        if isinstance(inner, Mapping) and inner:
            yield f"{name}:"
            yield from (f"  {line}" for line in _mapping(inner))
        elif isinstance(inner, list) and inner:
            yield f"{name}:"
            yield from _list(inner)
        else:
            yield f"{name}: {scalar(inner)}"


def _list(items: list[Value]) -> Iterator[str]:
    """Yield the lines of a list."""
    for inner in items:
        if isinstance(inner, Mapping) and inner:
            lines = list(_mapping(inner))
        elif isinstance(inner, list) and inner:
            lines = list(_list(inner))
        else:
            lines = [scalar(inner)]
        for number, line in enumerate(lines):
            yield f"{'  ' if number else '- '}{line}"


def scalar(value: Value) -> str:
    """Return a scalar, or an empty collection."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) is not None and value.lower() not in _WORDS
        return value if is_plain else quoted(value)
    return "{}" if isinstance(value, Mapping) else "[]"


def quoted(text: str) -> str:
    """Return a text in double quotes, as YAML and TOML both read it: what cannot be seen is escaped."""
    return "".join(map(_escaped, json.dumps(text, ensure_ascii=False)))


def _escaped(sign: str) -> str:
    """Return a character, or the escape of one that cannot be seen."""
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def decimal_text(value: Decimal) -> str:
    """Return a number without an exponent, and with a point, which every reader takes for the same."""
    text = format(value.normalize(), "f")
    return text if "." in text else f"{text}.0"
