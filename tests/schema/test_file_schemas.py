"""Test the schemas of the compiled files, of requests and of decisions."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import routecomp.runtime.resolver as resolver_module
from routecomp.cli.loading import load_project
from routecomp.emit.json_schema.published import published_schemas, schema_files
from routecomp.explain.loaded import Loaded
from routecomp.model.vocabulary import DECISION_REASONS, DECISION_ROUTES, DECISION_SOURCES, DECISION_STATUSES
from routecomp.runtime.resolver import ARGUMENTS, Decision, Router
from routecomp.workspace.new_project import project_files

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]
SCHEMAS = published_schemas()


def refusals(name: str, document: Any) -> list[str]:
    """What a schema says of a document."""
    validator = jsonschema.Draft202012Validator(SCHEMAS[f"{name}.schema.json"])
    return [f"{'/'.join(map(str, error.path))}: {error.message}"[:200] for error in validator.iter_errors(document)]


@pytest.fixture(scope="module")
def example() -> Loaded:
    """The living example, compiled in memory."""
    return load_project(str(ROOT))


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schemas_are_schemas(name: str) -> None:
    """Each is valid JSON Schema, draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("name", sorted(schema_files()))
def test_committed_schemas_are_current(name: str) -> None:
    """schemas/ holds what `routecomp schema` writes."""
    assert (ROOT / "schemas" / name).read_bytes() == schema_files()[name], "run: make refresh"


def test_schemas_folder_holds_nothing_else() -> None:
    """A schema that is not written any more does not linger."""
    assert {path.name for path in (ROOT / "schemas").iterdir()} == set(schema_files())


def test_the_compiled_example_validates(example: Loaded) -> None:
    """Table and fallback file of the living example are what their schemas describe."""
    assert refusals("routing_table", json.loads(example.table.data)) == []
    assert refusals("fallback", json.loads(example.table.fallback_data)) == []


def test_the_new_project_validates() -> None:
    """So are those of the project that `init` makes, which has other sections left out."""
    files = project_files()
    assert refusals("routing_table", json.loads(files["generated/routing_table.json"])) == []
    assert refusals("fallback", json.loads(files["generated/fallback.json"])) == []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every key and entry of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield (*path, key)
        yield from leaves(below, (*path, key))


@pytest.mark.parametrize("name", ["routing_table", "fallback"])
def test_every_part_of_a_file_is_described(example: Loaded, name: str) -> None:
    """A fraction, a text or an object in the place of any value is refused: no place is left open."""
    table = json.loads(example.table.data if name == "routing_table" else example.table.fallback_data)
    # One entry of each map is enough, and of each kind of experiment and target there are few.
    for section, entries in table.items():
        if isinstance(entries, dict) and section not in ("defaults", "preferences", "resilience", "targets"):
            table[section] = dict(list(entries.items())[:1])
    validator = jsonschema.Draft202012Validator(SCHEMAS[f"{name}.schema.json"])
    assert validator.is_valid(table)
    seen = 0
    for path in leaves(table):
        misfits: tuple[Any, ...] = (0.5, {"zzz": 1}, [[]])
        for wrong in misfits:
            changed = copy.deepcopy(table)
            parent = changed
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = wrong
            assert not validator.is_valid(changed), (path, wrong)
            seen += 1
    assert seen > 50


def requests(example: Loaded) -> Iterator[Json]:
    """Requests that end in every status, route and source, and with every reason."""
    program = example.program
    for tenant in (None, "nobody", *program.tenants):
        for name in (*program.features, "nobody", "tone-check"):
            yield {"feature": name, "tenant": tenant, "input_tokens": 100, "request_id": f"{tenant}{name}"}
        for name in (*program.targets, *program.logical_models, "router/auto", "nobody"):
            yield {"model": name, "tenant": tenant, "preference": "quality", "latency_budget_ms": 1}
    for model in program.models:
        yield {"model": model, "preference": "loud"}
    for experiment in program.experiments.values():
        yield {"model": experiment.body.public_model_id}
        yield {"model": experiment.body.public_model_id, "unit": "u"}
    yield from (
        {},
        {"model": "auto", "min_quality": 1},
        {"model": "auto", "input_tokens": 10, "max_cost_usd": -1},
        {"model": "auto", "max_cost_usd": 1},
        {"model": "auto", "unavailable": [*program.providers]},
        {"model": "auto", "frob": 1, "min_quality": -5},
        {"model": "auto", "min_quality": 9},
    )


def test_every_decision_validates(example: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decisions of every kind are what their schema describes, with and without a table."""
    monkeypatch.setenv("HERMELIN_PREFERENCE_LIVE", "1")
    validator = jsonschema.Draft202012Validator(SCHEMAS["decision.schema.json"])
    without = Router.from_bytes(None, example.table.fallback_data, "gpt-4.1-azure-eu")
    words_by_key: dict[str, set[str | None]] = {"status": set(), "route": set(), "source": set(), "reasons": set()}
    for request in requests(example):
        for router in (example.router, without):
            decision = router.resolve_request(request).to_dict()
            assert [error.message for error in validator.iter_errors(decision)] == [], (request, decision)
            for key, words in words_by_key.items():
                words.update(decision[key] if key == "reasons" else [decision[key]])
    assert words_by_key["status"] >= set(DECISION_STATUSES) - {"rejected_experiment"}
    assert words_by_key["route"] == {*DECISION_ROUTES, None}
    assert words_by_key["source"] >= {"table", "default_route", "default_model"}


def words_in(function: str) -> set[str]:
    """Every text literal of the resolver's source."""
    tree = ast.parse(Path(resolver_module.__file__).read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_resolver_and_schemas_share_their_words() -> None:
    """Every word of the vocabularies stands in the resolver, and no status of it is missing from them."""
    literals = words_in("resolver")
    for word in (*DECISION_STATUSES, *DECISION_ROUTES, *DECISION_SOURCES, *DECISION_REASONS):
        assert word in literals, word
    assert {word for word in literals if word.startswith("rejected_") and " " not in word} <= set(DECISION_STATUSES)


def test_decision_and_request_have_the_resolvers_keys() -> None:
    """The keys are the resolver's own, in its order, each described."""
    assert list(SCHEMAS["decision.schema.json"]["properties"]) == list(Decision._fields)
    assert set(SCHEMAS["request.schema.json"]["properties"]) == set(ARGUMENTS)
    for name in ("decision", "request"):
        for key, part in SCHEMAS[f"{name}.schema.json"]["properties"].items():
            assert len(part["description"]) > 5, key


GIVEN: Json = {
    "feature": "support-chat",
    "model": "auto",
    "tenant": "t",
    "unit": "u",
    "request_id": "r",
    "preference": "quality",
    "min_quality": 0.5,
    "latency_budget_ms": 100,
    "stack": "eu",
    "input_tokens": 10,
    "max_output_tokens": 10,
    "max_cost_usd": 0.5,
    "stream": True,
    "tools": False,
    "capabilities": ["vision"],
    "unavailable": ["openai"],
}


def test_what_the_request_schema_accepts_is_not_ignored(example: Loaded) -> None:
    """A full request, and one with every key null but the feature, ignore nothing."""
    for request in (GIVEN, {**dict.fromkeys(GIVEN), "feature": "support-chat"}):
        assert refusals("request", request) == []
        decision = example.router.resolve_request(request)
        assert not [reason for reason in decision.reasons if reason.startswith("ignored:")]


@pytest.mark.parametrize("key", [key for key in GIVEN if key not in ("stack", "stream", "tools")])
@pytest.mark.parametrize("wrong", [[1], {"a": 1}, True])
def test_what_is_ignored_is_refused(example: Loaded, key: str, wrong: object) -> None:
    """A value that the resolver ignores is one the schema refuses."""
    request = {**GIVEN, key: wrong}
    decision = example.router.resolve_request(request)
    if f"ignored:{key}" in decision.reasons:
        assert refusals("request", request)


def test_requests_that_say_nothing_are_refused() -> None:
    """Neither feature nor model, an unknown key, a cost without tokens: the schema says so."""
    for wrong in ({}, {"feature": None}, {**GIVEN, "frob": 1}, {"model": "auto", "max_cost_usd": 1}):
        assert refusals("request", wrong), wrong


def test_decisions_that_contradict_themselves_are_refused(example: Loaded) -> None:
    """A rejection with a model, or an answer without one, is no decision."""
    served = example.router.resolve(feature="support-chat").to_dict()
    assert refusals("decision", {**served, "model": None})
    assert refusals("decision", {**served, "status": "rejected_floor"})
    assert refusals("decision", {**served, "status": "fine"})
    assert refusals("decision", {**served, "reasons": ["because"]})
