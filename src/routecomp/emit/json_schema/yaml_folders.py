"""Build the JSON Schemas with which editors check YAML files: one per folder, with a description of every key.

A schema accepts everything that `check` accepts. It refuses what one file shows without arithmetic: unknown and
missing keys, wrong types, words that are not in a vocabulary, numbers out of range.
"""

from __future__ import annotations

from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from routecomp.emit.json_schema.builders import DIALECT, WRITTEN_BY, Json, schema_header
from routecomp.model.intent import Intent
from routecomp.model.numbers import NumberField, format_decimal
from routecomp.model.part import FieldInfo, Part, Value
from routecomp.model.policy import BUILT_IN_PRESETS, DEFAULT_FIELDS, PolicyFields, Preset
from routecomp.model.route import Candidates, Row
from routecomp.model.sections import FOLDERS, SECTIONS, Section
from routecomp.model.vocabulary import PRESETS
from routecomp.parse.scalars import SLUG

_SECTION_WORDS = {
    "providers": "The hosts of models, by slug.",
    "models": "The catalogue: every deployable model at one provider, by slug.",
    "features": "The call sites of the product, by slug, and which model serves each.",
    "targets": "Names callers send as `model` to be routed automatically, by slug.",
    "defaults": "What answers below the registry, and the policy of requests without a declared tenant. "
    "Required, once in all files.",
    "scoring": "The fixed scales of cost and latency that scores are measured on. Required, once in all files.",
    "resilience": "How services try and give up: circuit breaker and chain length. Once in all files.",
    "presets": "Changes to the five built-in presets, by name.",
    "tenants": "The routing policy of each tenant, by slug.",
    "preferences": "The caller's dial between quality and cost. Once in all files; without it every "
    "preference is unknown.",
    "expectations": "What is decided for requests that matter, by slug: `routecomp test` asks the resolver. They "
    "change no decision.",
    "claims": "What holds for every request, by slug: `routecomp check` proves it. They change no decision.",
    "experiments": "A/B tests on public model ids, by slug.",
}


def folder_schemas() -> dict[str, Json]:
    """Return the schema of the files of each folder, by file name (docs/semantics.md, section 2)."""
    return {f"{folder}.schema.json": folder_schema(folder) for folder in FOLDERS}


def folder_schema(folder: str) -> Json:
    """Return the schema of one file under `folder`/, which has at least one of the folder's sections, and no other."""
    definitions: Json = {}
    sections = {
        name: _section(name, section, definitions) for name, section in SECTIONS.items() if section.folder == folder
    }
    return {
        "$schema": DIALECT,
        "$comment": WRITTEN_BY,
        "title": f"A routecomp file under {folder}/",
        "description": f"Any of {', '.join(sections)}. Sections may be spread over any number of files.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": sections,
        "$defs": dict(sorted(definitions.items())),
    }


def intent_schema() -> Json:
    """Return the schema of a file in which a change declares what it moves."""
    definitions: Json = {}
    entry = _reference(Intent, definitions)
    definitions["Intent"]["minProperties"] = 1
    return {
        **schema_header(
            "A routecomp intent", "What a change is meant to move: `routecomp diff` fails where more moves."
        ),
        "type": "object",
        "required": ["intent"],
        "additionalProperties": False,
        "properties": {
            "intent": {
                "description": "What may move: nothing, or what one of these entries describes.",
                "oneOf": [
                    {"const": "nothing", "description": "No decision moves."},
                    entry,
                    {"type": "array", "minItems": 1, "items": entry},
                ],
            }
        },
        "$defs": dict(sorted(definitions.items())),
    }


def _section(name: str, section: Section, definitions: Json) -> Json:
    """Return the schema of a section; the schemas of its bodies go into `definitions`."""
    reference = _reference(section.body, definitions)
    words = _SECTION_WORDS[name]
    if section.once:
        return {"description": words, **reference}
    if section.body is Preset:
        presets = {preset: {"description": _describe_built_in(preset), **reference} for preset in PRESETS}
        return {"description": words, "type": "object", "additionalProperties": False, "properties": presets}
    return {
        "description": words,
        "type": "object",
        "propertyNames": {"pattern": f"^{SLUG.pattern}$"},
        "additionalProperties": reference,
    }


def _reference(body: type[Part], definitions: Json) -> Json:
    """Return a reference to the schema of a part; that schema and those of its parts go into `definitions`."""
    if body.__name__ not in definitions:
        definitions[body.__name__] = {}  # it is being written
        definitions[body.__name__] = _class_schema(body, definitions)
    return {"$ref": f"#/$defs/{body.__name__}"}


def _class_schema(body: type[Part], definitions: Json) -> Json:
    """Return the schema of a part. A row may also be a status alone, candidates the word `all`."""
    fields = {name: info for name, info in body.fields.items() if not info.hidden}
    properties = {name: _field_schema(body, name, info, definitions) for name, info in fields.items()}
    description = {"description": cleandoc(body.__doc__)} if body.__doc__ else {}
    required = [name for name, info in fields.items() if info.is_required]
    if body is Candidates:
        all_models: Json = {"const": "all", "description": "Every active, listed model."}
        return {
            **description,
            "oneOf": [
                all_models,
                *(
                    {"type": "object", "additionalProperties": False, "required": [key], "properties": {key: selector}}
                    for key, selector in properties.items()
                ),
            ],
        }
    mapping = {
        "type": "object",
        **({"required": required} if required else {}),
        "additionalProperties": False,
        "properties": properties,
    }
    # An author writes a row as a word or as a mapping.
    return {**description, **({"oneOf": [properties["status"], mapping]} if body is Row else mapping)}


def _field_schema(body: type[Part], name: str, info: FieldInfo, definitions: Json) -> Json:
    """Return the schema of a key, with its default in the author's unit unless that is None, a list or a part.

    A policy field without a value of its own has the default of section 1, docs/semantics.md.
    """
    schema = {**_type_schema(info.annotation, definitions), "description": info.description, **info.schema}
    if info.examples:
        schema["examples"] = info.examples
    if info.min_length:
        schema["minItems"] = info.min_length
    scale = _scale_of(info.annotation)
    if isinstance(info.default, int | str):
        schema["default"] = _in_authors_unit(info.default, scale)
    schema = {key: schema[key] for key in sorted(schema, key=_keyword_rank)}
    inherited = DEFAULT_FIELDS.get(name) if issubclass(body, PolicyFields) else None
    return {**schema, "default": _in_authors_unit(inherited, scale)} if inherited not in (None, ()) else schema


def _type_schema(annotation: Any, definitions: Json) -> Json:
    """Return the schema of a type. An optional key is left out, never null, so its one type counts."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        mark = arguments[-1]
        if isinstance(mark, Value):
            return _value_schema(mark)
        schema = _type_schema(arguments[0], definitions)
        return {"description": mark.description, **schema} if isinstance(mark, FieldInfo) else schema
    if origin in (Union, UnionType):
        return _type_schema(next(argument for argument in arguments if argument is not NoneType), definitions)
    if origin is dict:
        names = {"pattern": _type_schema(arguments[0], definitions)["pattern"]}
        values = _type_schema(arguments[1], definitions)
        return {"type": "object", "propertyNames": names, "additionalProperties": values}
    if origin is tuple and arguments[-1] is not Ellipsis:
        count = len(arguments)
        entries = [_type_schema(argument, definitions) for argument in arguments]
        return {"type": "array", "minItems": count, "maxItems": count, "prefixItems": entries}
    if origin is tuple:
        return {"type": "array", "items": _type_schema(arguments[0], definitions)}
    return _reference(annotation, definitions)


def _value_schema(value: Value) -> Json:
    """Return the schema of a scalar."""
    schema = dict(value.schema)
    if schema["type"] == "string" and "pattern" in schema:
        # A name is always text (section 2), also where a YAML reader sees a number or a boolean.
        schema["type"] = ["string", "number", "boolean"]
    return {key: schema[key] for key in sorted(schema, key=_keyword_rank)}


_KEYWORDS = (
    "description",
    "$ref",
    "oneOf",
    "type",
    "enum",
    "const",
    "default",
    "examples",
    "pattern",
    "maxLength",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "minItems",
    "maxItems",
    "items",
    "prefixItems",
    "required",
    "propertyNames",
    "additionalProperties",
    "properties",
)


def _keyword_rank(key: str) -> int:
    """Return the position of a keyword in a schema: what readers ask first stands first. ValueError for others."""
    return _KEYWORDS.index(key)


def _scale_of(annotation: Any) -> int:
    """Return the scale of a number's type (see `NumberField`); 0 for all other types."""
    if get_origin(annotation) in (Union, UnionType):
        return max(map(_scale_of, get_args(annotation)))
    return next((mark.scale for mark in get_args(annotation) if isinstance(mark, NumberField)), 0)


def _in_authors_unit(stored: object, scale: int) -> object:
    """Convert a stored default to the author's unit: 5,000 basis points to 0.5. Booleans and texts stay as they are."""
    if isinstance(stored, int) and not isinstance(stored, bool) and scale:
        # A float is fine here: only editors read it, and it is a short decimal.
        return stored // 10**scale if stored % 10**scale == 0 else float(format_decimal(stored, scale))
    return stored


def _describe_built_in(preset: str) -> str:
    """Describe the built-in preset of this name."""
    body = BUILT_IN_PRESETS[preset]
    weights = body.weights
    assert weights is not None
    shares = ", ".join(f"{name} {format_decimal(getattr(weights, name), 4)}" for name in ("quality", "latency", "cost"))
    extra = "; no fallbacks" if body.fallback_enabled is False else ""
    return f"Built in: {body.objective}, {shares}{extra}. Declare fields here to change them; the others stay."
