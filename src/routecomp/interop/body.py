"""Turn values of another router's file into parameters that go into the body of every call."""

from __future__ import annotations

from typing import Any

from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.credentials.names import names_credential
from routecomp.interop.headers import is_variable
from routecomp.interop.scalars import TRUE
from routecomp.interop.value import Kind, Value
from routecomp.model.params import DEEPEST, MOST_DIGITS, RESERVED


def body_value(value: Value, depth: int = 2) -> Any:
    """Return a value as JSON that keeps each number exactly; None where no body may bring it along.

    That is null, a credential, and what is nested too deep; `depth` counts `params` itself as the first.
    """
    if depth > DEEPEST and value.kind in (Kind.MAPPING, Kind.LIST):
        return None
    if value.kind is Kind.MAPPING:
        if not all(map(_is_name, value.fields)):
            return None
        content = {key: body_value(inner, depth + 1) for key, inner in value.fields.items()}
        return None if None in content.values() else content
    if value.kind is Kind.LIST:
        items = [body_value(inner, depth + 1) for inner in value.items]
        return None if None in items else items
    if value.kind is Kind.NUMBER and value.number is not None:
        return value.number if len(f"{value.number:f}") <= MOST_DIGITS else None
    if value.kind is Kind.BOOL:
        return value.text.lower() in TRUE
    is_plain = value.kind in (Kind.TEXT, Kind.DATE) and star_secrets(value.text) == value.text
    return value.text if is_plain and not is_variable(value.text) else None


def is_body_key(key: str) -> bool:
    """Return whether a key may stand at the top of a body."""
    return key not in RESERVED and _is_name(key)


def _is_name(key: str) -> bool:
    """Return whether a key is no header's and no credential's."""
    return bool(key) and not names_credential(key) and not key.lower().startswith("x-")
