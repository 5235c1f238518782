"""Build the recurring parts of JSON Schemas: objects, names and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecomp.model.fields import CALL_NAME, MOST_OF_A_NAME, PATTERN
from routecomp.model.numbers import ONE
from routecomp.parse.scalars import SLUG

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WRITTEN_BY = "Written by `routecomp schema`; not edited by hand."

Json = dict[str, Any]
"""A JSON Schema, or a part of one."""

SLUG_PATTERN = f"^{SLUG.pattern}$"
CALL_NAME_PATTERN = f"^(?=.{{1,{MOST_OF_A_NAME}}}$){CALL_NAME.pattern}$"
NAME_PATTERN_PATTERN = f"^(?=.{{1,{MOST_OF_A_NAME}}}$){PATTERN.pattern}$"
A_SLUG: Json = {"type": "string", "pattern": SLUG_PATTERN}
ENVIRONMENT: Json = {
    "description": "Name of an environment variable, or null.",
    "type": ["string", "null"],
    "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
}


def content_pattern(prefix: str) -> str:
    """Return the pattern of the names of shared parts: a prefix and 16 hex digits of the SHA-256 of the content."""
    return f"^{prefix}-[0-9a-f]{{16}}$"


POLICY_NAME: Json = {"type": "string", "pattern": content_pattern("p")}


def schema_header(title: str, description: str) -> Json:
    """Return the keys with which every schema begins."""
    return {"$schema": DIALECT, "$comment": WRITTEN_BY, "title": title, "description": description}


def file_schema(title: str, description: str, keys: Json, definitions: Json | None = None) -> Json:
    """Return the schema of a file that is an object with exactly these keys; `definitions` are its parts."""
    body = exact_object(description, keys)
    return {**schema_header(title, description), **body, **({"$defs": definitions} if definitions else {})}


def exact_object(description: str, keys: Json) -> Json:
    """Return the schema of an object with exactly these keys, all of them required."""
    return {
        "description": description,
        "type": "object",
        "required": list(keys),
        "additionalProperties": False,
        "properties": keys,
    }


def object_by_name(description: str, pattern: str, values: Json) -> Json:
    """Return the schema of an object from names of a pattern to values."""
    return {
        "description": description,
        "type": "object",
        "propertyNames": {"pattern": pattern},
        "additionalProperties": values,
    }


def unique_list(description: str, items: Mapping[str, object]) -> Json:
    """Return the schema of a list without duplicates."""
    return {"description": description, "type": "array", "uniqueItems": True, "items": dict(items)}


def enumeration(description: str, allowed: tuple[str | None, ...]) -> Json:
    """Return the schema of one of these words (or null)."""
    return {"description": description, "enum": list(allowed)}


def basis_points(description: str = "Basis points.") -> Json:
    """Return the schema of a share of 1 in basis points, 0 to 10,000."""
    return {"description": description, "type": "integer", "minimum": 0, "maximum": ONE}


def count(description: str, least: int = 0) -> Json:
    """Return the schema of a whole number that is at least `least`."""
    return {"description": description, "type": "integer", "minimum": least}


def or_null(schema: Json) -> Json:
    """Return a schema that allows null besides its one type; the given one stays as it is."""
    return {**schema, "type": [schema["type"], "null"]}
