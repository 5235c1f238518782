"""The file for TensorZero holds the keys that its reference names, and its functions say our chains.

`FIELDS` is written from docs/gateway/configuration-reference.mdx of github.com/tensorzero/tensorzero (7a6159a4348f),
and is itself held against that project's own files where they are there.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from routecomp.interop.export.export import Export
from routecomp.interop.export.tensorzero import export_tensorzero
from routecomp.interop.export.yaml_text import quoted
from tests.interop.export.sample import EVERY_ADAPTER, EXPERIMENT, HOSTS, PLAIN, PROVIDERS, TENANTS, routes

SHARED = Path(__file__).parents[4] / "shared" / "data" / "configs" / "tensorzero"
TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT}


def table(needed: str, /, **fields: Any) -> dict[str, Any]:
    """Return the schema of a table with these fields and no others."""
    return {
        "type": "object",
        "properties": fields,
        "required": needed.split(),
        "additionalProperties": False,
    }


WAITS = table(
    "",
    non_streaming=table("total_ms", total_ms={"type": "integer", "minimum": 1}),
    streaming=table("", ttft_ms={"type": "integer", "minimum": 1}, total_ms={"type": "integer", "minimum": 1}),
)
COST = table("cost_per_million", pointer=TEXT, cost_per_million={"type": "number"}, required={"type": "boolean"})
ANY_PROVIDER = {
    "type": TEXT,
    "cost": {"type": "array", "items": COST},
    "timeouts": WAITS,
    "extra_body": {"type": "array", "items": table("pointer value", pointer={"pattern": "^/"}, value={})},
    "extra_headers": {"type": "array", "items": table("name value", name=TEXT, value=TEXT)},
}
KEY = {"pattern": "^(env::[A-Z_0-9]+|none)$"}
PROVIDERS_OF = {
    "openai": table(
        "type model_name", model_name=TEXT, api_base=TEXT, api_key_location=KEY, api_type=TEXT, **ANY_PROVIDER
    ),
    "anthropic": table("type model_name", model_name=TEXT, api_base=TEXT, api_key_location=KEY, **ANY_PROVIDER),
    "azure": table(
        "type deployment_id endpoint", deployment_id=TEXT, endpoint=TEXT, api_key_location=KEY, **ANY_PROVIDER
    ),
    "google_ai_studio_gemini": table("type model_name", model_name=TEXT, api_key_location=KEY, **ANY_PROVIDER),
    "gcp_vertex_gemini": table(
        "type location project_id",
        location=TEXT,
        project_id=TEXT,
        model_id=TEXT,
        credential_location=TEXT,
        **ANY_PROVIDER,
    ),
    "aws_bedrock": table(
        "type model_id region", model_id=TEXT, region=TEXT, api_key=KEY, endpoint_url=TEXT, **ANY_PROVIDER
    ),
}
VARIANT = table("type", type=TEXT, model=TEXT, max_tokens={"type": "integer"}, retries={"type": "object"})
STATIC = table(
    "type candidate_variants",
    type={"const": "static"},
    candidate_variants={"oneOf": [TEXTS, {"type": "object", "additionalProperties": {"type": "number"}}]},
    fallback_variants=TEXTS,
)
FIELDS = {
    "models": {
        "type": "object",
        "additionalProperties": table(
            "routing providers",
            routing=TEXTS,
            timeouts=WAITS,
            providers={
                "type": "object",
                "additionalProperties": {
                    "required": ["type"],
                    "allOf": [
                        {"if": {"properties": {"type": {"const": kind}}}, "then": schema}
                        for kind, schema in PROVIDERS_OF.items()
                    ],
                },
            },
        ),
    },
    "functions": {
        "type": "object",
        "additionalProperties": table(
            "type variants",
            type={"const": "chat"},
            variants={"type": "object", "minProperties": 1, "additionalProperties": VARIANT},
            experimentation=STATIC,
        ),
    },
}


def document(made: Export) -> dict[str, Any]:
    return tomllib.loads(made.data.decode())


def accept(section: str, value: Any) -> None:
    jsonschema.Draft202012Validator(FIELDS[section]).validate(value)


@pytest.mark.parametrize("texts", [(PLAIN, EXPERIMENT), (EVERY_ADAPTER,)], ids=["plain", "adapters"])
def test_the_file_holds_what_the_reference_names(texts: tuple[str, ...]) -> None:
    written = document(export_tensorzero(routes(*texts)))
    for section, value in written.items():
        accept(section, value)
    types = {p["type"] for model in written["models"].values() for p in model["providers"].values()}
    assert types <= PROVIDERS_OF.keys()
    for function in written.get("functions", {}).values():
        chosen = function["experimentation"]
        assert {*chosen["candidate_variants"], *chosen.get("fallback_variants", [])} == {*function["variants"]}
        assert {variant["model"] for variant in function["variants"].values()} <= written["models"].keys()
    for model in written["models"].values():
        assert [*model["providers"]] == model["routing"]


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no files of others to hold against the reference: {SHARED}")
def test_the_fields_are_those_of_real_files() -> None:
    accepted = 0
    for file in sorted(SHARED.glob("*.toml")):
        for model in tomllib.loads(file.read_text(encoding="utf-8")).get("models", {}).values():
            if {provider["type"] for provider in model["providers"].values()} <= PROVIDERS_OF.keys():
                accept("models", {"m": model})
                accepted += 1
    assert accepted >= 3


def test_chains_and_shares() -> None:
    functions = document(export_tensorzero(routes(PLAIN)))["functions"]
    chat = functions["chat"]["experimentation"]
    assert (chat["candidate_variants"], chat["fallback_variants"]) == (["big"], ["hidden", "cheap"])
    # Cohere's own API is none of TensorZero's types: that host is left out, the weights of the others stay.
    assert functions["spread"]["experimentation"]["candidate_variants"] == {"host-a": 7000, "host-b": 2000}
    assert functions["The big one"]["experimentation"]["candidate_variants"] == ["big"]
    lonely = document(export_tensorzero(routes(PLAIN, TENANTS, tenant="lonely")))["functions"]
    assert not any("fallback_variants" in function["experimentation"] for function in lonely.values())


def test_a_variant_keeps_its_own_key() -> None:
    written = document(export_tensorzero(routes(PLAIN, EXPERIMENT)))
    chosen = written["functions"]["preview"]["experimentation"]["candidate_variants"]
    assert chosen == {"big": 2500, "preview/b": 7500}
    assert written["models"]["preview/b"]["providers"]["openai"]["api_key_location"] == "env::OTHER_KEY"


def test_what_it_cannot_say_is_lost() -> None:
    lost = {field.key for field in export_tensorzero(routes(PLAIN)).report.lost}
    assert lost == {
        "models.hidden.listed",
        "providers.azure.query.api-version",
        "providers.cohere.adapter",
        "resilience.failures",
        *("targets.auto.aliases", "targets.small.aliases", "targets.spread.aliases"),
    }


@pytest.mark.parametrize("provider", HOSTS)
def test_each_adapter_is_a_type_or_lost(provider: str) -> None:
    made = export_tensorzero(routes(EVERY_ADAPTER))
    is_lost = any(
        field.key.startswith(f"providers.{provider}.") and "query" not in field.key for field in made.report.lost
    )
    assert is_lost == (provider in ("cohere", "proxied"))
    assert (f"m-{provider}" in document(made)["models"]) != is_lost


@pytest.mark.parametrize("text", ["\U0001f600 \\ \" '", "\x7f\x1f\t", "\u200b\ufeff"])
def test_any_text_is_read_as_it_was(text: str) -> None:
    """A text that a reader could take otherwise is escaped, in TOML as in YAML."""
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}
    assert yaml.safe_load(f"a: {quoted(text)}") == {"a": text}


def test_params_go_into_the_body() -> None:
    text = PROVIDERS.replace("api_key_env: MISTRAL_API_KEY,", "api_key_env: MISTRAL_API_KEY, params: {a/b: [0.10, x]},")
    written = document(export_tensorzero(routes(PLAIN.replace(PROVIDERS, text))))
    assert written["models"]["cheap"]["providers"]["mistral"]["extra_body"] == [
        {"pointer": "/a~1b", "value": [0.1, "x"]}
    ]
