"""Build the JSON Schemas with which editors check YAML files: one per folder, with a description of every key.

A schema accepts everything that `check` accepts. It refuses what one file shows without arithmetic: unknown and
missing keys, wrong types, words that are not in a vocabulary, numbers out of range.
"""

from __future__ import annotations

from pydantic import BaseModel

from routecomp.emit.json_schema.builders import DIALECT, WRITTEN_BY, Json
from routecomp.model.numbers import format_decimal
from routecomp.model.policy import BUILT_IN_PRESETS, DEFAULT_FIELDS, PolicyFields, Preset
from routecomp.model.reader import FOLDERS, SECTIONS, Section
from routecomp.model.route import Candidates, Row
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


def _reference(body: type[BaseModel], definitions: Json) -> Json:
    """Return a reference to the schema of a body; that schema and its parts go into `definitions`."""
    raw = body.model_json_schema()
    for name, part in raw.pop("$defs", {}).items():
        definitions.setdefault(name, _class_schema(part, name))
    definitions[body.__name__] = _class_schema(raw, body.__name__)
    return {"$ref": f"#/$defs/{body.__name__}"}


def _class_schema(raw: Json, name: str) -> Json:
    """Rewrite pydantic's schema of one class for authors.

    Policy fields get their defaults; a row may also be a status alone, candidates the word `all`.
    """
    tidy: Json = _rewrite(raw)
    if name in {policy.__name__ for policy in _policy_classes()}:
        for field, stored in DEFAULT_FIELDS.items():
            if stored not in (None, ()):
                tidy["properties"][field]["default"] = _in_authors_unit(stored, _scale_of(raw["properties"][field]))
    if name == Row.__name__:
        # An author writes a row as a word or as a mapping.
        words = tidy["properties"]["status"]
        return {"description": tidy.pop("description"), "oneOf": [words, tidy]}
    if name == Candidates.__name__:
        all_models: Json = {"const": "all", "description": "Every active, listed model."}
        return {
            "description": tidy["description"],
            "oneOf": [
                all_models,
                *(
                    {"type": "object", "additionalProperties": False, "required": [key], "properties": {key: selector}}
                    for key, selector in tidy["properties"].items()
                ),
            ],
        }
    return tidy


def _rewrite(raw: Json) -> Json:
    """Return a part of pydantic's schema rewritten: no titles, no null, defaults in the author's units, keys in order.

    Defaults that are None, a list or a policy are left out.
    """
    if "anyOf" in raw:
        # An optional key is left out, never null, so only its one type remains.
        types = [option for option in raw["anyOf"] if option.get("type") != "null"]
        assert len(types) == 1
        raw = {**types[0], **{key: value for key, value in raw.items() if key != "anyOf"}}
    tidy: Json = {}
    for key, value in raw.items():
        if key in ("title", "x-scale") or (key == "default" and not isinstance(value, int | str)):
            continue  # a default that is None, an empty list or a policy stands in the description
        if key == "default":
            value = _in_authors_unit(value, _scale_of(raw))
        elif key == "properties":
            value = {name: _rewrite(schema) for name, schema in value.items()}
        elif key == "patternProperties":
            ((pattern, schema),) = value.items()
            tidy["propertyNames"] = {"pattern": pattern}
            tidy["additionalProperties"] = _rewrite(schema)
            continue
        elif key == "prefixItems":
            value = [_rewrite(schema) for schema in value]
        elif key == "items":
            value = _rewrite(value)
        elif key == "type" and value == "string" and "pattern" in raw:
            # A name is always text (section 2), also where a YAML reader sees a number or a boolean.
            value = ["string", "number", "boolean"]
        tidy[key] = value
    return {key: tidy[key] for key in sorted(tidy, key=_keyword_rank)}


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


def _policy_classes() -> list[type[BaseModel]]:
    """Return PolicyFields and all its subclasses."""
    classes: list[type[BaseModel]] = [PolicyFields]
    for policy in classes:  # grows while it is read, so that subclasses of subclasses follow
        classes += policy.__subclasses__()
    return classes


def _scale_of(raw: Json) -> int:
    """Return the scale of a number's schema: it is stored in units of 10**-scale of the author's unit.

    0 where the schema, and each option of its `anyOf`, has no `x-scale`.
    """
    for schema in (raw, *raw.get("anyOf", ())):
        if "x-scale" in schema:
            return int(schema["x-scale"])
    return 0


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
