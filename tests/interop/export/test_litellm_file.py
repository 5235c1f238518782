"""The file for LiteLLM says how and in which order each model is called; the report says the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from routecomp.interop.export.export import Export
from routecomp.interop.export.fields import entries_of, leaves
from routecomp.interop.export.litellm import export_litellm
from tests.interop.export.sample import (
    EVERY_ADAPTER,
    EXPERIMENT,
    MODEL,
    PLAIN,
    TENANTS,
    compiled,
    routes,
)

CALLS: dict[str, dict[str, str]] = {
    "openai": {"model": "openai/up-openai", "api_base": "https://api.openai.com/v1"},
    "mistral": {"model": "openai/up-mistral", "api_base": "https://api.mistral.ai/v1"},
    "responses": {"model": "openai/responses/up-responses", "api_base": "https://api.openai.com/v1"},
    "azure": {"model": "azure/up-azure", "api_base": "https://res.openai.azure.com", "api_version": "2024-10-21"},
    "anthropic": {"model": "anthropic/up-anthropic", "api_base": "https://api.anthropic.com"},
    "gemini": {"model": "gemini/up-gemini"},
    "proxied": {"model": "gemini/up-proxied", "api_base": "https://gemini.example.com/v1beta"},
    "vertex": {"model": "vertex_ai/up-vertex", "vertex_project": "p-1", "vertex_location": "eu-west4"},
    "bedrock": {"model": "bedrock/converse/up-bedrock", "aws_region_name": "eu-central-1"},
    "cohere": {"model": "cohere_chat/v2/up-cohere", "api_base": "https://api.cohere.com/v2/chat"},
    "local": {"model": "openai/up-local", "api_base": "http://localhost:8000/v1", "api_key": "none"},
}


def document(made: Export) -> Any:
    return yaml.safe_load(made.data)


def deployments(made: Export) -> dict[str, Any]:
    return {deployment["model_name"]: deployment for deployment in document(made)["model_list"]}


@pytest.mark.parametrize("provider", CALLS)
def test_each_adapter_is_called_where_it_is(provider: str) -> None:
    """Address, key and name are LiteLLM's own for the adapter, and nothing else is written of the call."""
    params = deployments(EXPORTED)[f"m-{provider}"]["litellm_params"]
    rest = {key: value for key, value in params.items() if not key.endswith("_per_token")}
    if "api_key" not in CALLS[provider]:
        key = rest.pop("api_key", None)
        assert (key is None) == (provider in ("vertex", "bedrock"))
        assert key is None or key.startswith("os.environ/")
    assert rest == CALLS[provider]


def test_every_adapter_is_said_without_loss() -> None:
    assert EXPORTED.report.lost == ()


def test_the_same_project_makes_the_same_bytes() -> None:
    assert export_litellm(routes(PLAIN)) == export_litellm(routes(PLAIN))
    assert export_litellm(routes(PLAIN)).report.lost == ()


def test_prices_are_exact() -> None:
    """A price is written without an exponent, which YAML 1.1 takes for a text."""
    made = export_litellm(routes(PLAIN.replace("input: 0.1, output: 0.3", "input: 0.000001, output: 75")))
    text = made.data.decode()
    line = next(line for line in text.split("- model_name: ") if line.startswith("cheap\n"))
    assert "input_cost_per_token: 0.000000000001\n" in line
    assert Decimal(str(deployments(made)["cheap"]["litellm_params"]["output_cost_per_token"])) == Decimal("0.000075")


def test_a_tenant_gets_the_chains_of_its_policy() -> None:
    by_tenant = {
        tenant: {
            name: chain
            for entry in document(export_litellm(routes(PLAIN, TENANTS, tenant=tenant)))["router_settings"].get(
                "fallbacks", []
            )
            for name, chain in entry.items()
        }
        for tenant in ("frugal", "european", "lonely")
    }
    assert by_tenant["frugal"]["chat"] == ["routecomp:hidden", "cheap"]
    assert "chat" not in by_tenant["european"]  # of its chain one model alone is in the EU
    assert by_tenant["lonely"] == {}


def test_shares_are_weights_of_the_hosts_that_are_left() -> None:
    """The slots of a host that is not permitted go to the next one, as they do here."""
    made = export_litellm(routes(PLAIN, "tenants:\n  t: {banned_providers: [azure]}\n", tenant="t"))
    weights = {
        deployment["model_info"]["routecomp"]["slug"]: deployment["litellm_params"]["weight"]
        for deployment in document(made)["model_list"]
        if deployment["model_name"] == "spread"
    }
    assert weights == {"host-a": 7000, "host-c": 3000}


def test_no_key_stands_in_the_file() -> None:
    made = export_litellm(routes(PLAIN, EXPERIMENT))
    keys = {deployment["litellm_params"].get("api_key") for deployment in document(made)["model_list"]}
    assert all(key is None or key.startswith("os.environ/") for key in keys)
    assert "os.environ/OTHER_KEY" in keys


LOSSES = {
    "a dial": (
        "preferences: {default: balanced, floors: {good: 0.1, best: 0.9}, clamp: [good, best], "
        "dial: {quality: 0.1, balanced: 0, cost: -0.1}}\n",
        "preferences.dial",
    ),
    "tenants": (TENANTS, "tenants.european"),
    "an experiment": (EXPERIMENT, "experiments.a-or-b.status"),
    "a paused experiment below a pattern": (
        EXPERIMENT.replace("preview", "oai/next").replace("active", "paused"),
        "experiments.a-or-b",
    ),
}
CHANGES = {
    "a sample": ("cheap: shadow", "cheap: {status: shadow, sample: 0.1}", "features.chat.models.cheap"),
    "capabilities": (
        f"openai, {MODEL}, al",
        f"openai, {MODEL}, capabilities: [tools], al",
        "models.cheap.capabilities",
    ),
    "a ceiling": (f"openai, {MODEL}, al", f"openai, {MODEL}, max_output_tokens: 9, al", "models.big.max_output_tokens"),
    "a provider's limits": (
        "stack: us}\n  mistral",
        "stack: us, limits: {rpm: 9}}\n  mistral",
        "providers.openai.limits.rpm",
    ),
    "limits of a host twice": ("share: 0.7", "share: 0.7, limits: {tpm: 5}", "models.host-a.limits.tpm"),
    "a wait for a connection": (
        f"openai, {MODEL}, al",
        f"openai, {MODEL}, timeouts: {{connect_ms: 5}}, al",
        "models.big.timeouts.connect_ms",
    ),
    "a window": ("failures: 4", "failures: 4, window_s: 30", "resilience.window_s"),
    "a name that is taken": ("  dealt:", "  auto:", "features.auto"),
    "a pattern that LiteLLM asks for bare names": ('"oa*"', '"open*"', "targets.auto.aliases"),
    "a query": (
        "{adapter: cohere, base_url",
        "{adapter: cohere, query: {a: b}, base_url",
        "providers.cohere.query.a",
    ),
    "a header for the key": (
        "auth: none, stack: eu}\n",
        "auth: 'header:x-k', api_key_env: A_KEY, stack: eu}\nmodels:\n  l: {provider: local, " + MODEL + "}\n",
        "providers.local.auth",
    ),
    "an adapter of one's own": (
        "{adapter: cohere, base_url: https://api.cohere.com,",
        "{adapter: custom, chat_path: /x, base_url: https://api.cohere.com,",
        "providers.cohere.adapter",
    ),
    "a path of one's own": (
        "{adapter: cohere, base_url: https://api.cohere.com,",
        "{adapter: openai_compatible, chat_path: /x, base_url: https://api.cohere.com,",
        "providers.cohere.chat_path",
    ),
}


@pytest.mark.parametrize("what", LOSSES)
def test_what_another_file_says_is_lost_at_its_place(what: str) -> None:
    text, key = LOSSES[what]
    lost = export_litellm(routes(PLAIN, text)).report.lost
    assert key in {field.key for field in lost}
    assert all(field.path == "policies/f1.yaml" or field.path == "experiments/f1.yaml" for field in lost)


@pytest.mark.parametrize("what", CHANGES)
def test_what_cannot_be_said_is_lost_at_its_place(what: str) -> None:
    before, after, key = CHANGES[what]
    text = PLAIN.replace(before, after)
    assert text != PLAIN
    if after.count("models:"):
        text = text.replace("\nmodels:\n  big", "\n  big")
    fields = {field.key: field for field in export_litellm(routes(text)).report.lost}
    assert key in fields
    assert (
        key.split(".")[-1] in text.splitlines()[fields[key].line - 1]
        or key.split(".")[1] in text.splitlines()[fields[key].line - 1]
    )


def test_every_field_is_in_the_report_once() -> None:
    """Whatever an author wrote is mapped or lost; a loss may stand for all that is written below it."""
    program, _ = compiled(PLAIN, TENANTS, EXPERIMENT)
    report = export_litellm(routes(PLAIN, TENANTS, EXPERIMENT)).report
    keys = [field.key for field in report.fields]
    lost = [field.key for field in report.lost]
    written = [
        ".".join([entry.section, *([] if entry.is_single else [entry.slug]), *path])
        for entry in entries_of(program)
        for path in leaves(entry.node)
    ]
    for key in written:
        assert keys.count(key) == 1 or any(key == whole or key.startswith(f"{whole}.") for whole in lost), key


EXPORTED = export_litellm(routes(EVERY_ADAPTER))
