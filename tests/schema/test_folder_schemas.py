"""Test the schemas of routes/, policies/ and experiments/, with which editors check YAML files."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml

from routecomp.checker import Options, check
from routecomp.emit.json_schema.yaml_folders import folder_schemas
from routecomp.model.part import Part
from routecomp.model.route import Candidates, Row
from routecomp.model.sections import FOLDERS, SECTIONS

ROOT = Path(__file__).parents[2]
EXAMPLE = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.y*ml"))
RULES = ROOT / "tests" / "rules"
Json = dict[str, Any]
SCHEMAS = folder_schemas()


def text_keys(value: Any) -> Any:
    """JSON has text keys alone, and no dates; a plain YAML reader gives 4 for the slug `4`."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): text_keys(item) for key, item in value.items()}
    return [text_keys(item) for item in value] if isinstance(value, list) else value


def refusals(folder: str, document: Any) -> list[str]:
    """What the folder's schema says of a document."""
    validator = jsonschema.Draft202012Validator(SCHEMAS[f"{folder}.schema.json"])
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(document)]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schemas_are_schemas(name: str) -> None:
    """Each is valid JSON Schema, draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("path", EXAMPLE, ids=lambda path: str(path.relative_to(ROOT)))
def test_living_example_validates(path: Path) -> None:
    """Every file of the example, read by a plain YAML reader, validates against its folder's schema."""
    document = text_keys(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert refusals(path.relative_to(ROOT).parts[0], document) == []


@pytest.mark.parametrize("path", EXAMPLE, ids=lambda path: str(path.relative_to(ROOT)))
def test_example_names_its_schema(path: Path) -> None:
    """Every file of the example begins with the modeline that leads an editor to its schema."""
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    target = (path.parent / first.partition("=")[2]).resolve()
    assert target == ROOT / "schemas" / f"{path.relative_to(ROOT).parts[0]}.schema.json"


def parts(body: type[Part], path: str) -> Iterator[tuple[str, type[Part], str]]:
    """Every field of a body and of all it is made of: (path, class, field)."""
    for name, field in body.fields.items():
        if field.hidden:
            continue
        yield f"{path}.{name}", body, name
        for below in classes(field.annotation):
            yield from parts(below, f"{path}.{name}")


def classes(annotation: Any) -> Iterator[type[Part]]:
    """The model classes inside a type."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for item in get_args(annotation):
        yield from classes(item)


FIELDS = [
    (f"{name}{path}", section.folder, body, field)
    for name, section in SECTIONS.items()
    for path, body, field in parts(section.body, "")
]


@pytest.mark.parametrize(("path", "folder", "body", "field"), FIELDS, ids=[item[0] for item in FIELDS])
def test_every_field_is_described(path: str, folder: str, body: type[Part], field: str) -> None:
    """Every key of the model stands in its folder's schema with a description a hover can show."""
    definition: Json = SCHEMAS[f"{folder}.schema.json"]["$defs"][body.__name__]
    if body is Row:
        definition = definition["oneOf"][1]
    if body is Candidates:
        definition = {
            "properties": {key: item for part in definition["oneOf"][1:] for key, item in part["properties"].items()}
        }
    shown: Json = definition["properties"][field]
    assert len(shown["description"]) > 15
    assert shown["description"][-1] in ".)"


def test_no_description_speaks_of_storage() -> None:
    """Hovers speak the author's units: nothing of basis points, nodes or titles."""
    text = repr(SCHEMAS)
    for word in ("basis point", "micro-dollar", "'title': 'M", "x-scale", "'null'"):
        assert word not in text, word


def test_defaults_are_in_the_authors_units() -> None:
    """A default that completion inserts is what one would write: 0.5, not 5,000 basis points."""
    routes, policies = SCHEMAS["routes.schema.json"]["$defs"], SCHEMAS["policies.schema.json"]["$defs"]
    model, tenant = routes["Model"]["properties"], policies["Tenant"]["properties"]
    assert model["output_ratio"]["default"] == 0.5
    assert model["compliance"]["default"] == 1
    assert model["listed"]["default"] is True
    assert tenant["fallback_cost_penalty_pct"]["default"] == 5
    assert tenant["compliance_veto_threshold"]["default"] == 0.5
    assert tenant["max_quality_loss"]["default"] == 0.1
    assert tenant["preset"]["default"] == "balanced"
    assert routes["DefaultPolicy"]["properties"]["objective"]["default"] == "weighted"


GOOD: dict[str, Json] = {
    "routes": {
        "providers": {
            "p": {
                "adapter": "openai",
                "auth": "none",
                "base_url": "https://p.example",
                "chat_path": "/v1",
                "stack": "eu",
            }
        },
        "models": {
            "4": {
                "provider": "p",
                "quality": 0.5,
                "price": {"input": 1, "output": 2.5},
                "latency_ms": 100,
                "context_window": 1000,
                "capabilities": ["tools"],
            }
        },
        "features": {"chat": {"models": {"m": "primary", "n": {"status": "shadow", "sample": 0.05}}}},
        "targets": {"auto": {"candidates": "all"}, "eu": {"candidates": {"stacks": ["eu"]}}},
        "defaults": {"model": "m", "routes": {"chat": "m"}, "policy": {"preset": "cost_first"}},
        "scoring": {"cost": {"best": 0, "worst": 75}, "latency_ms": {"best": 0, "worst": 10000}},
        "resilience": {"max_attempts": 3},
    },
    "policies": {
        "presets": {"balanced": {"min_quality": 0.5}},
        "tenants": {"acme": {"weights": {"quality": 0.4, "latency": 0.3, "cost": 0.3}, "stacks": ["eu"], "owner": 7}},
        "preferences": {
            "default": "balanced",
            "floors": {"good": 0.5, "frontier": 0.85},
            "dial": {"quality": 0.1, "balanced": 0, "cost": -0.1},
            "clamp": ["good", "frontier"],
        },
    },
    "experiments": {
        "experiments": {
            "e": {
                "public_model_id": "preview/e",
                "status": "active",
                "variants": {
                    "a": {"weight": 0.5, "versions": [{"version": 1, "model": "m"}], "slots": [[0, 4999]]},
                    "b": {"weight": 0.5, "versions": [{"version": 1, "model": "n"}], "slots": [[5000, 9999]]},
                },
            }
        }
    },
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_shape_of_section_2_is_accepted(folder: str) -> None:
    """Shorthand and long forms, slugs that look like numbers: a schema never refuses what `check` accepts."""
    assert refusals(folder, GOOD[folder]) == []


DELETE = object()
BAD = [
    ("routes", "models.4.quailty", 0.5),
    ("routes", "models.4.quality", DELETE),
    ("routes", "models.4.quality", "0.5"),
    ("routes", "models.4.quality", 1.5),
    ("routes", "models.4.quality", None),
    ("routes", "models.4.latency_ms", 1.5),
    ("routes", "models.4.price.output", DELETE),
    ("routes", "models.4.price.input", -1),
    ("routes", "models.4.active", "yes"),
    ("routes", "models.4.capabilities", "tools"),
    ("routes", "models.Bad Slug", {}),
    ("routes", "models.4.provider", "Not A Slug"),
    ("routes", "providers.p.api_key_env", "sk-live 1"),
    ("routes", "features.chat.models.m", "primry"),
    ("routes", "features.chat.models.n.sample", 0),
    ("routes", "features.chat.models.n.status", DELETE),
    ("routes", "features.chat.fallback", "m"),
    ("routes", "targets.auto.candidates", "some"),
    ("routes", "targets.auto.candidates", {"models": ["m"], "stacks": ["eu"]}),
    ("routes", "targets.auto.candidates", {"models": []}),
    ("routes", "targets.auto.candidates", {"all": True}),
    ("routes", "defaults.unknown_tenant", "refuse"),
    ("routes", "defaults.policy.preset", "ballanced"),
    ("routes", "resilience.max_attempts", 0),
    ("routes", "tenants", {}),
    ("routes", "model", {}),
    ("policies", "presets.fast", {}),
    ("policies", "tenants.acme.weights.cost", DELETE),
    ("policies", "tenants.acme.stacks", []),
    ("policies", "tenants.acme.fallback_cost_penalty_pct", 101),
    ("policies", "preferences.floors.good", DELETE),
    ("policies", "preferences.clamp", ["good"]),
    ("policies", "preferences.default", "fast"),
    ("policies", "preferences.dial.quality", 2),
    ("experiments", "experiments.e.status", "running"),
    ("experiments", "experiments.e.salt", "a:b"),
    ("experiments", "experiments.e.variants.a.weight", 0),
    ("experiments", "experiments.e.variants.a.slots", []),
    ("experiments", "experiments.e.variants.a.slots", [[0, 10000]]),
    ("experiments", "experiments.e.variants.a.slots", [[0, 1, 2]]),
    ("experiments", "experiments.e.variants.a.versions", [{"version": 0, "model": "m"}]),
]


@pytest.mark.parametrize(
    ("folder", "path", "value"),
    BAD,
    ids=[f"{item[1]}={'gone' if item[2] is DELETE else item[2]!r}"[:60] for item in BAD],
)
def test_what_one_file_shows_wrong_is_underlined(folder: str, path: str, value: object) -> None:
    """One wrong thing in an otherwise good document is refused, and at its place."""
    document = copy.deepcopy(GOOD[folder])
    parent: Any = document
    *above, last = path.split(".")
    for step in above:
        parent = parent[step]
    if value is DELETE:
        del parent[last]
    else:
        parent[last] = value
    errors = refusals(folder, document)
    assert errors
    assert any(item.startswith("/".join(above[:2])) for item in errors)


def test_bad_shapes_are_refused_by_schema_or_check() -> None:
    """What the schema lets pass, `check` finds: nothing wrong in a fixture's shape slips through both."""
    fixtures = sorted(RULES.glob("RC1*/bad"))
    assert len(fixtures) > 15
    for folder in fixtures:
        files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.y*ml")}
        if not check(files, Options(today=date(2099, 1, 1))).diagnostics:
            documents = {path: text_keys(yaml.safe_load(data)) for path, data in files.items()}
            assert any(refusals(path.split("/")[0], item) for path, item in documents.items()), folder
