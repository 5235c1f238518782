"""Write plain values as TOML: tables by section, all below them inline, numbers exact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from routecomp.interop.export.yaml_text import Value, decimal_text, quoted

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def toml_table(path: tuple[str, ...], values: Mapping[str, Value]) -> str:
    """Return a table with its header."""
    lines = [f"[{'.'.join(map(_key, path))}]", *(f"{_key(key)} = {_value(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def _key(text: str) -> str:
    """Return a key, in quotes where it is more than letters, digits, `_` and `-`."""
    return text if _BARE.fullmatch(text) else quoted(text)


def _value(value: Value) -> str:
    """Return a value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    assert value is not None, "TOML has no null, and no value of a project is one"
    return "[" + ", ".join(map(_value, value)) + "]"
