"""The objects for Envoy AI Gateway are what its CRDs accept, and its routes say our chains by priority and weight."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from routecomp.interop.export.envoy import MODEL_HEADER, MOST_RULES, export_envoy
from routecomp.interop.export.export import Export
from tests.interop.export.sample import EVERY_ADAPTER, EXPERIMENT, HOSTS, MODEL, PLAIN, PROVIDERS, TENANTS, routes

CRDS: dict[str, Any] = json.loads((Path(__file__).parent / "envoy_crds.json").read_text(encoding="utf-8"))
KINDS = ("AIGatewayRoute", "AIServiceBackend", "BackendSecurityPolicy")
SHARED = Path(__file__).parents[4] / "shared" / "data" / "configs" / "envoy_ai_gateway"
MANY = (
    PROVIDERS
    + "models:\n"
    + "".join(f"  m{number}: {{provider: openai, {MODEL}, aliases: [x{number}]}}\n" for number in range(40))
    + "targets:\n  auto: {candidates: all, aliases: ['p/*']}\ndefaults: {model: m1}\nresilience: {max_attempts: 200}\n"
    + "scoring: {cost: {best: 0, worst: 75}, latency_ms: {best: 0, worst: 10000}}\n"
)


def documents(made: Export) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(made.data) if document]


def accept(document: dict[str, Any]) -> None:
    """Hold an object against its CRD, as an API server does that refuses unknown fields."""
    schema = json.loads(json.dumps(CRDS[document["kind"]]), object_hook=closed)
    jsonschema.Draft202012Validator(schema).validate(document)


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema under which an object has no fields but those it names."""
    if schema.get("type") == "object" and schema.get("properties"):
        return {"additionalProperties": False, **schema}
    return schema


def rules(made: Export) -> dict[str, list[dict[str, Any]]]:
    """Return the backends of each rule, by the model that it matches."""
    return {
        match["headers"][0]["value"]: rule["backendRefs"]
        for document in documents(made)
        if document["kind"] == "AIGatewayRoute"
        for rule in document["spec"]["rules"]
        for match in rule["matches"]
    }


@pytest.mark.parametrize("texts", [(PLAIN, EXPERIMENT), (EVERY_ADAPTER,), (MANY,)], ids=["plain", "adapters", "many"])
def test_every_object_is_what_the_crd_accepts(texts: tuple[str, ...]) -> None:
    made = export_envoy(routes(*texts))
    kinds = [document["kind"] for document in documents(made)]
    assert {*KINDS, "Backend", "BackendTLSPolicy", "BackendTrafficPolicy"} >= {*kinds} >= {*KINDS}
    for document in documents(made):
        if document["kind"] in KINDS:
            accept(document)
    names = [(document["kind"], document["metadata"]["name"]) for document in documents(made)]
    assert len(names) == len({*names})


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no objects of others to hold against the CRDs: {SHARED}")
def test_the_crds_are_those_of_real_objects() -> None:
    """What the gateway's own examples hold is accepted, and a slip in it is not."""
    accepted = 0
    for file in sorted(SHARED.glob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            if document and document["kind"] in KINDS and document["apiVersion"].endswith("v1beta1"):
                accept(document)
                accepted += 1
                document["spec"]["ruels"] = []
                with pytest.raises(jsonschema.ValidationError):
                    accept(document)
    assert accepted >= 3


def test_a_chain_follows_by_priority_and_shares_are_weights() -> None:
    made = rules(export_envoy(routes(PLAIN)))
    assert [(ref["modelNameOverride"], ref["priority"]) for ref in made["chat"]] == [
        ("big", 0),
        ("hidden", 1),
        ("cheap", 2),
    ]
    assert made["chat"] == made["chat:latest"]
    dealt = [(ref["name"], ref["priority"], ref["weight"]) for ref in made["spread"][:2]]
    assert dealt == [("openai", 0, 7000), ("azure", 0, 2000)]


def test_priorities_have_no_gaps_where_a_provider_is_left_out() -> None:
    """Cohere's chat API is none that the gateway speaks: the host of it is left out, and what follows moves up."""
    made = export_envoy(routes(PLAIN))
    assert {field.key for field in made.report.lost} == {"providers.cohere.adapter", "resilience.failures"}
    assert "host-c" not in rules(made)
    for references in rules(made).values():
        priorities = [reference["priority"] for reference in references]
        assert [*dict.fromkeys(priorities)] == list(range(len({*priorities})))


def test_names_stand_before_patterns_and_longer_patterns_before_shorter() -> None:
    made = export_envoy(routes(PLAIN))
    matches = [
        match["headers"][0]
        for document in documents(made)
        if document["kind"] == "AIGatewayRoute"
        for rule in document["spec"]["rules"]
        for match in rule["matches"]
    ]
    kinds = [match["type"] for match in matches]
    assert kinds == sorted(kinds)  # Exact, RegularExpression
    patterns = [match["value"] for match in matches if match["type"] == "RegularExpression"]
    assert patterns == ["oai/gpt-oss.*", "a\\.b\\+.*", "oai/.*", "sp/.*", "oa.*"]
    assert {match["name"] for match in matches} == {MODEL_HEADER}


def test_more_rules_than_a_route_holds_are_several_routes() -> None:
    made = export_envoy(routes(MANY))
    sizes = [len(doc["spec"]["rules"]) for doc in documents(made) if doc["kind"] == "AIGatewayRoute"]
    assert sizes == [15, 15, 12]
    assert max(sizes) <= MOST_RULES
    assert "targets.auto.aliases" in {field.key for field in made.report.lost}


def test_more_backends_than_a_rule_holds_are_lost() -> None:
    text = MANY.replace(
        "models:\n", "models:\n" + "".join(f"  n{number}: {{provider: openai, {MODEL}}}\n" for number in range(120))
    )
    made = export_envoy(routes(text))
    assert "targets.auto" in {field.key for field in made.report.lost}
    assert max(len(references) for references in rules(made).values()) == 128
    for document in documents(made):
        if document["kind"] == "AIGatewayRoute":
            accept(document)


@pytest.mark.parametrize("provider", HOSTS)
def test_each_adapter_has_its_schema_or_is_lost(provider: str) -> None:
    made = export_envoy(routes(EVERY_ADAPTER))
    schemas = {
        document["metadata"]["name"]: document["spec"]["schema"]
        for document in documents(made)
        if document["kind"] == "AIServiceBackend"
    }
    wanted = {
        "openai": {"name": "OpenAI", "prefix": "/v1"},
        "mistral": {"name": "OpenAI", "prefix": "/v1"},
        "azure": {"name": "AzureOpenAI", "version": "2024-10-21"},
        "anthropic": {"name": "Anthropic", "prefix": "/v1"},
        "vertex": {"name": "GCPVertexAI"},
        "bedrock": {"name": "AWSBedrock"},
        "local": {"name": "OpenAI", "prefix": "/v1"},
    }
    assert schemas.get(provider) == wanted.get(provider)
    lost = {field.key for field in made.report.lost}
    assert (f"providers.{provider}.adapter" in lost) == (provider not in wanted)


def test_the_default_policy_is_not_that_of_tenants() -> None:
    made = export_envoy(routes(PLAIN, TENANTS))
    assert {"tenants.frugal", "tenants.european", "tenants.lonely"} <= {field.key for field in made.report.lost}
    european = rules(export_envoy(routes(PLAIN, TENANTS, tenant="european")))
    assert [reference["name"] for reference in european["chat"]] == ["mistral"]
