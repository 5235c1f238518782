"""The model in, JSON Schemas for editors out: one per folder, with a description on every key.

A schema never refuses what `check` accepts; it refuses what can be seen in one file without arithmetic
(unknown and missing keys, wrong kinds, words of closed lists, ranges). The rest is `check`'s.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from routecomp.model.numbers import format_decimal
from routecomp.model.policy import BUILT_IN_PRESETS, DEFAULT_FIELDS, PolicyFields, Preset
from routecomp.model.reader import FOLDERS, SECTIONS, Section
from routecomp.model.route import Candidates, Row
from routecomp.model.vocabulary import PRESETS
from routecomp.parse.scalars import SLUG

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WRITTEN_BY = "Written by `routecomp schema`; not edited by hand."

Json = dict[str, Any]

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
    "experiments": "A/B tests on public model ids, by slug.",
}


def folder_schemas() -> dict[str, Json]:
    """File name to the schema of the files of one folder (docs/semantics.md, section 2)."""
    return {f"{folder}.schema.json": folder_schema(folder) for folder in FOLDERS}


def folder_schema(folder: str) -> Json:
    """The schema of one file under `folder`/: any of the folder's sections, each in full."""
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


def _section(name: str, section: Section, definitions: Json) -> Json:
    reference = _body(section.body, definitions)
    words = _SECTION_WORDS[name]
    if section.once:
        return {"description": words, **reference}
    if section.body is Preset:
        presets = {preset: {"description": _built_in_words(preset), **reference} for preset in PRESETS}
        return {"description": words, "type": "object", "additionalProperties": False, "properties": presets}
    return {
        "description": words,
        "type": "object",
        "propertyNames": {"pattern": f"^{SLUG.pattern}$"},
        "additionalProperties": reference,
    }


def _body(body: type[BaseModel], definitions: Json) -> Json:
    """A reference to the schema of a body, which goes into `definitions` with all its parts."""
    raw = body.model_json_schema()
    for name, part in raw.pop("$defs", {}).items():
        definitions.setdefault(name, _tidied(part, name))
    definitions[body.__name__] = _tidied(raw, body.__name__)
    return {"$ref": f"#/$defs/{body.__name__}"}


def _tidied(raw: Json, name: str) -> Json:
    """pydantic's schema of one class, as an author meets it."""
    tidy: Json = _part(raw)
    if name in {one.__name__ for one in _policies()}:
        for field, stored in DEFAULT_FIELDS.items():
            if stored not in (None, ()):
                tidy["properties"][field]["default"] = _authors(stored, _scale(raw["properties"][field]))
    if name == Row.__name__:
        # A row is a word or a mapping.
        words = tidy["properties"]["status"]
        return {"description": tidy.pop("description"), "oneOf": [words, tidy]}
    if name == Candidates.__name__:
        every: Json = {"const": "all", "description": "Every active, listed model."}
        return {
            "description": tidy["description"],
            "oneOf": [
                every,
                *(
                    {"type": "object", "additionalProperties": False, "required": [key], "properties": {key: selector}}
                    for key, selector in tidy["properties"].items()
                ),
            ],
        }
    return tidy


def _part(raw: Json) -> Json:
    """One piece of pydantic's schema: no titles, no null, defaults in the author's units, map keys held."""
    if "anyOf" in raw:
        # A key that may be left out: never null, so what is left is the one type it has.
        kept = [one for one in raw["anyOf"] if one.get("type") != "null"]
        assert len(kept) == 1
        raw = {**kept[0], **{key: value for key, value in raw.items() if key != "anyOf"}}
    tidy: Json = {}
    for key, value in raw.items():
        if key in ("title", "x-scale") or (key == "default" and not isinstance(value, int | str)):
            continue  # None, an empty list or a whole policy: the description says it
        if key == "default":
            value = _authors(value, _scale(raw))
        elif key == "properties":
            value = {name: _part(one) for name, one in value.items()}
        elif key == "patternProperties":
            ((pattern, one),) = value.items()
            tidy["propertyNames"] = {"pattern": pattern}
            tidy["additionalProperties"] = _part(one)
            continue
        elif key == "prefixItems":
            value = [_part(one) for one in value]
        elif key == "items":
            value = _part(value)
        elif key == "type" and value == "string" and "pattern" in raw:
            # Names are always their text (section 2), also where a YAML reader sees 4 or true.
            value = ["string", "number", "boolean"]
        tidy[key] = value
    return {key: tidy[key] for key in sorted(tidy, key=_place)}


_ORDER = (
    "description",
    "$ref",
    "oneOf",
    "type",
    "enum",
    "const",
    "default",
    "examples",
    "pattern",
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


def _place(key: str) -> int:
    """Where a keyword stands in a schema: what a reader asks first, first."""
    return _ORDER.index(key)


def _policies() -> list[type[BaseModel]]:
    """PolicyFields and everything made of it."""
    found: list[type[BaseModel]] = [PolicyFields]
    for one in found:
        found += one.__subclasses__()
    return found


def _scale(raw: Json) -> int:
    """The stored unit of a number: 10**-scale of the author's."""
    for one in (raw, *raw.get("anyOf", ())):
        if "x-scale" in one:
            return int(one["x-scale"])
    return 0


def _authors(stored: object, scale: int) -> object:
    """A default in the author's unit: 5,000 basis points are 0.5."""
    if isinstance(stored, int) and not isinstance(stored, bool) and scale:
        # An editor's hint, and a short decimal: the compiler never reads it.
        return stored // 10**scale if stored % 10**scale == 0 else float(format_decimal(stored, scale))
    return stored


def _built_in_words(preset: str) -> str:
    """What the built-in preset of that name says."""
    body = BUILT_IN_PRESETS[preset]
    weights = body.weights
    assert weights is not None
    shares = ", ".join(f"{name} {format_decimal(getattr(weights, name), 4)}" for name in ("quality", "latency", "cost"))
    extra = "; no fallbacks" if body.fallback_enabled is False else ""
    return f"Built in: {body.objective}, {shares}{extra}. Declare fields here to change them; the others stay."
