"""Build the JSON Schemas of the keys of figures in the table, from their rows in `model/figures.py`."""

from __future__ import annotations

from collections.abc import Iterable

from routecomp.emit.json_schema.builders import A_SLUG, ENVIRONMENT, Json, exact_object, or_null
from routecomp.model.figure import UNIT_WORDS, Figure

_BOUNDED = ("share",)
"""Units with an upper bound; counts and amounts have none, so that tables may outgrow today's limits."""


def entry_schema(description: str, figures: Iterable[Figure], others: Json) -> Json:
    """Return the schema of an entry with the keys of figures and others; keys that came later may be missing."""
    keyed = {str(figure.key): figure for figure in figures if figure.key is not None}
    keys = {key: _key_schema(figure) for key, figure in keyed.items()} | others
    schema = exact_object(description, {key: keys[key] for key in sorted(keys)})
    schema["required"] = [key for key in sorted(keys) if key in others or not keyed[key].is_optional]
    return schema


def _key_schema(figure: Figure) -> Json:
    """Return the schema of the key of one figure."""
    described = " ".join(filter(None, (figure.key_comment or figure.description, UNIT_WORDS.get(figure.unit, ""))))
    schema = _value_schema(figure)
    if figure.is_nullable and figure.kind != "variable":
        schema = or_null(schema)
    return {"description": described, **{word: value for word, value in schema.items() if word != "description"}}


def _value_schema(figure: Figure) -> Json:
    """Return the schema of the values of a figure, without null."""
    match figure.kind:
        case "whole":
            low, high = figure.bounds
            bounds: Json = {"type": "integer", "minimum": low}
            return {**bounds, "maximum": high} if figure.unit in _BOUNDED else bounds
        case "flag":
            return {"type": "boolean"}
        case "word":
            return {"enum": list(figure.words)}
        case "slug" | "stack":
            return {**A_SLUG}
        case "slugs":
            return {"type": "array", "uniqueItems": True, "items": A_SLUG}
        case "texts":
            return {"type": "object", "additionalProperties": {"type": "string"}}
        case "variable":
            return {**ENVIRONMENT}
        case "salt":
            return {"type": "string", "pattern": "^[^:]*$"}
        case _:
            return {"type": "string", "minLength": 1}
