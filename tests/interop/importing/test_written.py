"""What an import writes is refused by `check` for nothing but what is still to be said, whatever the input holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interop.importing.project import checked, filled, imported

BASES = (
    *("http://[::1]:8000/v1", "http://10.0.0.5:8000/v1", "https://user:pw@h.example/v1", "https://h.example/v1?x=1"),
    *(
        "https://h.example:99999/v1",
        "http://h.example/v1",
        "https://h.example//v1",
        "ftp://h/v1",
        "h.example",
        "https://",
    ),
    *("https://h.example/ v1", "https://h.example/v1/chat/completions", "https://h.example/{model}/v1"),
    *("https://h.example/v1/v1", "https://h.example/openai/v1/openai", "https://h.example/v1/messages", "TODO"),
)
LITELLM = ("openai/x", "anthropic/x", "azure/x", "gemini/x", "cohere/x", "ollama/x", "azure_ai/x", "openai/responses/x")
PORTKEY = ("openai", "anthropic", "azure-openai", "bedrock", "google", "cohere", "ollama", "groq")
TENSORZERO = (
    *("openai", "anthropic", "azure", "aws_bedrock", "google_ai_studio_gemini", "gcp_vertex_gemini"),
    *("gcp_vertex_anthropic", "vllm", "groq"),
)


def litellm(base: str, kind: str) -> str:
    keys = ("api_base", "api_version", "vertex_project", "vertex_location", "aws_bedrock_runtime_endpoint")
    params = {"model": kind, **dict.fromkeys(keys, base)}
    return json.dumps({"model_list": [{"model_name": "m", "litellm_params": params}]})


def portkey(base: str, kind: str) -> str:
    keys = ("custom_host", "azure_resource_name", "azure_api_version", "aws_region")
    return json.dumps({"provider": kind, **dict.fromkeys(keys, base), "override_params": {"model": "m"}})


def tensorzero(base: str, kind: str) -> str:
    keys = ("api_base", "endpoint", "region", "location", "project_id")
    lines = "".join(f"{key} = {json.dumps(base)}\n" for key in keys)
    names = 'model_name = "x"\nmodel_id = "x"\ndeployment_id = "x"\n'
    return f'[models.a]\nrouting = ["p"]\n[models.a.providers.p]\ntype = "{kind}"\n{names}{lines}'


def refused(folder: Path, text: str, source: str, name: str) -> list[str]:
    """Return what `check` refuses beside what is still to be said, which it refuses once each."""
    made = filled(imported(folder, text, source, name=name))
    if not made.project.models:
        assert made.report.lost or any(field.status == "left-out" for field in made.report.fields)
        return []
    errors = [each for each in checked(made).diagnostics if each.severity == "error"]
    assert sum(each.rule == "RC126" for each in errors) == len(made.project.missing)
    return [each.message for each in errors if each.rule != "RC126"]


@pytest.mark.parametrize("base", BASES)
def test_any_base_makes_urls_of_a_project_or_none(tmp_path: Path, base: str) -> None:
    for kind in LITELLM:
        assert refused(tmp_path, litellm(base, kind), "litellm", "config.yaml") == [], kind
    for kind in PORTKEY:
        assert refused(tmp_path, portkey(base, kind), "portkey", "p.json") == [], kind
    for kind in TENSORZERO:
        assert refused(tmp_path, tensorzero(base, kind), "tensorzero", "t.toml") == [], kind


@pytest.mark.parametrize("number", [0, -1, 1, 1e3, 1e12, "x", None, [1], {"a": 1}, 0.5])
def test_any_number_is_one_of_a_project_or_none(tmp_path: Path, number: object) -> None:
    keys = ("rpm", "tpm", "max_parallel_requests", "timeout", "stream_timeout", "input_cost_per_token", "weight")
    params = {"model": "openai/gpt-4o", **dict.fromkeys((*keys, "temperature", "order"), number)}
    info = dict.fromkeys(("max_input_tokens", "max_output_tokens", "output_cost_per_token"), number)
    settings = dict.fromkeys(("num_retries", "allowed_fails", "cooldown_time", "timeout", "max_fallbacks"), number)
    entries = [
        {"model_name": "m", "litellm_params": params, "model_info": info},
        {"model_name": "m", "litellm_params": {"model": "openai/gpt-4.1"}},
    ]
    text = json.dumps({"model_list": entries, "router_settings": settings})
    assert refused(tmp_path, text, "litellm", "config.yaml") == []
    target = {"provider": "openai", "weight": number, "request_timeout": number, "override_params": {"model": "m"}}
    other = {"provider": "groq", "override_params": {"model": "n", "temperature": number}}
    text = json.dumps({"strategy": {"mode": "loadbalance"}, "retry": {"attempts": number}, "targets": [target, other]})
    assert refused(tmp_path, text, "portkey", "p.json") == []
    entry = {"id": "a/b", "pricing": {"prompt": number, "completion": number}, "context_length": number}
    text = json.dumps({"data": [entry, {"id": "a/c", "top_provider": {"max_completion_tokens": number}}]})
    assert refused(tmp_path, text, "openrouter", "o.json") == []


@pytest.mark.parametrize("name", ["a b", "é", "TODO", "x" * 200, "true", "A"])
def test_any_name_of_a_file_is_one_of_a_project_or_none(tmp_path: Path, name: str) -> None:
    text = '{"strategy": {"mode": "fallback"}, "targets": [{"provider": "openai"}, {"provider": "groq"}]}'
    assert refused(tmp_path, text, "portkey", f"{name}.json") == []
