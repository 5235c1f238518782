"""Whatever stands where, every field is told, and what is written passes `check` but for what is still to be said."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from routecomp.interop.litellm.read import read_litellm
from routecomp.interop.located import NotThisError, read_json
from tests.interop.importing.project import checked, filled, imported

VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**12, 1e-9, "", "*", "a/*", "x" * 300, "é ü", "a b", " ", "a\nb", "null", "TODO", "#"),
    *("os.environ/X", "os.environ/a b", "sk-abc", "X_API_KEY", "2024-01-01", [], {}, [1], ["a", {"b": "c"}]),
    *({"a": {"b": [1]}}, {"x-api-key": "y"}, {"X": "os.environ/Y"}, "http://", "https://u:p@h/x", "http://1.2.3.4/v1"),
    *(
        "http://169.254.169.254/",
        "https://[::1",
        "ftp://x",
        "openai/",
        "/x",
        "openai/*",
        "azure/x",
        "vertex_ai/gemini-x",
    ),
    *("bedrock/", "bedrock/us-east-1/", "gemini/a b", "auto_router/adaptive_router", "gpt-4o", "cohere/x", "v1"),
]
PARAMS = [
    *(
        "model",
        "custom_llm_provider",
        "api_key",
        "api_base",
        "base_url",
        "api_version",
        "organization",
        "extra_headers",
    ),
    *(
        "extra_body",
        "order",
        "weight",
        "rpm",
        "tpm",
        "max_parallel_requests",
        "timeout",
        "stream_timeout",
        "region_name",
    ),
    *("aws_region_name", "aws_bedrock_runtime_endpoint", "vertex_project", "vertex_location", "input_cost_per_token"),
    *("temperature", "stop", "thinking", "litellm_credential_name", "max_budget"),
]
INFO = [
    "id",
    "mode",
    "base_model",
    "max_input_tokens",
    "max_output_tokens",
    "description",
    "routecomp",
    "supports_vision",
]
SETTINGS = [
    *("fallbacks", "default_fallbacks", "model_group_alias", "routing_strategy", "num_retries", "allowed_fails"),
    *("cooldown_time", "timeout", "context_window_fallbacks", "enable_pre_call_checks"),
]
BASES = ("azure/x", "bedrock/x")


def is_sound(folder: Path, content: Any) -> None:
    """See that a file's fields are all told once, and that the project is refused for nothing but what is missing."""
    text = json.dumps(content, ensure_ascii=False)
    config = read_litellm([write(folder, text)]).config
    assert config is not None
    made = imported(folder, text)
    walked = Counter(value.dotted for value in config.root.leaves())
    assert Counter(field.key for field in made.report.fields) == walked
    if made.project.models:
        errors = [each for each in checked(made).diagnostics if each.severity == "error"]
        assert [each.rule for each in errors] == ["RC126"] * len(made.project.missing), errors
        left = [each for each in checked(filled(made)).diagnostics if each.severity == "error" and each.rule != "RC126"]
        assert left == []


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("key", PARAMS)
def test_any_parameter(tmp_path: Path, key: str) -> None:
    listed = [
        {
            "model_name": f"m{base}-{place}",
            "litellm_params": {"model": model, "api_base": "https://h.example/v1"} | {key: value},
        }
        for base, model in enumerate(BASES)
        for place, value in enumerate(VALUES)
    ]
    is_sound(tmp_path, {"model_list": listed})


@pytest.mark.parametrize("key", INFO)
def test_any_information(tmp_path: Path, key: str) -> None:
    listed = [
        {"model_name": f"m{place}", "litellm_params": {"model": "openai/x"}, "model_info": {key: value}}
        for place, value in enumerate(VALUES)
    ]
    is_sound(tmp_path, {"model_list": listed})


def test_any_name(tmp_path: Path) -> None:
    is_sound(
        tmp_path, {"model_list": [{"model_name": value, "litellm_params": {"model": "openai/x"}} for value in VALUES]}
    )


@pytest.mark.parametrize("key", SETTINGS)
def test_any_setting(tmp_path: Path, key: str) -> None:
    models = [{"model_name": name, "litellm_params": {"model": f"openai/{name}"}} for name in "ab"]
    for value in VALUES[::4]:
        is_sound(tmp_path, {"model_list": models, "router_settings": {key: value}, "litellm_settings": {key: value}})


def test_any_value_in_a_portkey_config(tmp_path: Path) -> None:
    keys = ("provider", "weight", "override_params", "custom_host", "retry", "request_timeout", "azure_resource_name")
    for key in (*keys, "aws_region", "api_key", "virtual_key", "prompt_id", "strategy", "targets"):
        targets = [
            {"provider": "openai", "override_params": {"model": f"m{place}"}, key: value}
            for place, value in enumerate(VALUES[::2])
        ]
        text = json.dumps({"strategy": {"mode": "loadbalance"}, "targets": targets})
        made = imported(tmp_path, text, "portkey", name="p.json")
        walked = Counter(value.dotted for value in read_json("p.json", text.encode()).leaves())
        assert Counter(field.key for field in made.report.fields) == walked
        if not made.project.models:
            continue
        errors = [each for each in checked(made).diagnostics if each.severity == "error"]
        assert [each.rule for each in errors] == ["RC126"] * len(made.project.missing), (key, errors[:3])


def test_any_value_in_a_request(tmp_path: Path) -> None:
    for key in ("models", "model", "provider", "temperature", "stream", "messages", "x-title"):
        for value in VALUES[::4]:
            try:
                made = imported(tmp_path, json.dumps({"model": "a/b", key: value}), "openrouter", name="r.json")
            except NotThisError:
                continue
            if made.project.models:
                errors = [each for each in checked(made).diagnostics if each.severity == "error"]
                assert [each.rule for each in errors] == ["RC126"] * len(made.project.missing), (key, value, errors[:3])
