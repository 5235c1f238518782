"""Words and bounds in, small pieces of JSON Schema out: what the schemas of our own files are built of."""

from __future__ import annotations

from collections.abc import Mapping

from routecomp.emit.json_schema.yaml_folders import DIALECT, WRITTEN_BY, Json
from routecomp.model.fields import PUBLIC_NAME
from routecomp.parse.scalars import SLUG
from routecomp.table.checksum import LETTERS

TOP = 10_000
"""Basis points of 1."""
SLUG_PATTERN = f"^{SLUG.pattern}$"
PUBLIC_PATTERN = f"^{PUBLIC_NAME.pattern}$"
A_SLUG: Json = {"type": "string", "pattern": SLUG_PATTERN}
ENVIRONMENT: Json = {
    "description": "Name of an environment variable, or null.",
    "type": ["string", "null"],
    "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
}


_SEAL = f"[{LETTERS}]{{8}}"


def content_pattern(prefix: str) -> str:
    """Names of pooled parts: a letter and 16 hex digits of the SHA-256 of their content."""
    return f"^{prefix}-[0-9a-f]{{16}}$"


POLICY_NAME: Json = {"type": "string", "pattern": content_pattern("p")}


def opening(title: str, words: str) -> Json:
    return {"$schema": DIALECT, "$comment": WRITTEN_BY, "title": title, "description": words}


def document(title: str, words: str, keys: Json, definitions: Json | None = None) -> Json:
    body = exactly(words, keys)
    return {**opening(title, words), **body, **({"$defs": definitions} if definitions else {})}


def exactly(words: str, keys: Json) -> Json:
    """Exactly these keys."""
    return {
        "description": words,
        "type": "object",
        "required": list(keys),
        "additionalProperties": False,
        "properties": keys,
    }


def sealed(schema: Json) -> Json:
    """An entry line's value: a text (of a pattern) that ends in its seal, or a mapping with the seal at its end."""
    if schema["type"] == "string":
        return {**schema, "pattern": f"{str(schema['pattern']).removesuffix('$')}~{_SEAL}$"}
    seal = {"description": "With it the CRC-32 of the line is 0.", "type": "string", "pattern": f"^{_SEAL}$"}
    return {**schema, "required": [*schema["required"], "~"], "properties": {**schema["properties"], "~": seal}}


def by_name(words: str, pattern: str, values: Json) -> Json:
    return {
        "description": words,
        "type": "object",
        "propertyNames": {"pattern": pattern},
        "additionalProperties": values,
    }


def each_once(words: str, items: Mapping[str, object]) -> Json:
    """A list that holds each entry once."""
    return {"description": words, "type": "array", "uniqueItems": True, "items": dict(items)}


def one_of(words: str, allowed: tuple[str | None, ...]) -> Json:
    return {"description": words, "enum": list(allowed)}


def basis_points(words: str = "Basis points.") -> Json:
    return {"description": words, "type": "integer", "minimum": 0, "maximum": TOP}


def count(words: str, least: int = 0) -> Json:
    return {"description": words, "type": "integer", "minimum": least}


def or_null(schema: Json) -> Json:
    return {**schema, "type": [schema["type"], "null"]}
