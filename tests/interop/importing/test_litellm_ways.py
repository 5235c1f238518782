"""Names, ways and keys that do not come across are lost, and those that LiteLLM follows are carried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interop.importing.project import fates, imported, router
from tests.interop.importing.test_litellm import config, deployment

OWN = "api_base: https://h.example/v1"


@pytest.mark.parametrize("name", ['"modèle"', '"模型"', '"x\\ny"', '"gpt-*-mini"'])
def test_a_name_that_nothing_answers_is_lost(tmp_path: Path, name: str) -> None:
    made = imported(tmp_path, config(deployment(name, "openai/a"), deployment(name, "openai/b")))
    lost = [field.key for field in made.report.routes_lost]
    assert lost == ["model_list[0].model_name", "model_list[1].model_name"]


def test_an_alias_that_nobody_can_send_is_lost_and_its_group_is_not(tmp_path: Path) -> None:
    more = "router_settings: {model_group_alias: {modèle: a}}\n"
    made = imported(tmp_path, config(deployment("a", "openai/a"), more=more))
    assert [field.key for field in made.report.routes_lost] == ["router_settings.model_group_alias.modèle"]


def test_fallbacks_of_a_pattern_are_lost(tmp_path: Path) -> None:
    more = "router_settings: {fallbacks: [{'g-*': [a]}]}\n"
    made = imported(tmp_path, config(deployment('"g-*"', "gemini/g"), deployment("a", "openai/a"), more=more))
    assert [field.key for field in made.report.routes_lost] == ["router_settings.fallbacks[0].g-*[0]"]


def test_ways_to_a_name_that_a_pattern_serves_are_followed(tmp_path: Path) -> None:
    text = config(
        deployment('"anthropic/*"', "anthropic/*"),
        deployment('"claude-*"', "anthropic/claude-own"),
        deployment("a", "openai/a"),
        deployment("b", "openai/b"),
        more="router_settings:\n  fallbacks: [{a: [claude-any]}, {b: [anthropic/claude-z, nobody]}]\n"
        "  model_group_alias: {fast: claude-x, ant: anthropic/claude-y}\n",
    )
    made = imported(tmp_path, text)
    table = router(made)
    upstream = {model.slug: model.upstream for model in made.project.models}
    chains = {name: [upstream[slug] for slug in table.resolve(model=name).chain] for name in ("a", "b", "fast", "ant")}
    assert chains == {"a": ["a", "claude-own"], "b": ["b", "claude-z"], "fast": ["claude-own"], "ant": ["claude-y"]}
    assert fates(made)["router_settings.fallbacks[1].b[1]"] == "left-out"
    assert [field.key for field in made.report.routes_lost] == ["model_list[0].litellm_params.model"]


def test_a_name_of_a_pattern_keeps_its_own_fallbacks(tmp_path: Path) -> None:
    text = config(
        deployment('"claude-*"', "anthropic/claude-own"),
        deployment('"groq/*"', "groq/*"),
        deployment("a", "openai/a"),
        more="router_settings: {fallbacks: [{claude-x: [a]}, {groq/q: [a]}]}\n",
    )
    made = imported(tmp_path, text)
    upstream = {model.slug: model.upstream for model in made.project.models}
    table = router(made)
    assert [upstream[slug] for slug in table.resolve(model="claude-x").chain] == ["claude-own", "a"]
    assert [upstream[slug] for slug in table.resolve(model="groq/q").chain] == ["q", "a"]
    assert table.resolve(model="claude-other").upstream_model == "claude-own"


def test_a_way_to_a_deployment_that_is_lost_is_lost_too(tmp_path: Path) -> None:
    more = "router_settings: {fallbacks: [{a: [s]}], model_group_alias: {t: s}}\n"
    made = imported(tmp_path, config(deployment("a", "openai/a"), deployment("s", "sagemaker/s"), more=more))
    lost = [field.key for field in made.report.routes_lost]
    assert lost[1:] == ["router_settings.fallbacks[0].a[0]", "router_settings.model_group_alias.t"]


@pytest.mark.parametrize(("strategy", "fate"), [("simple-shuffle", "mapped"), ("latency-based-routing", "left-out")])
def test_weights_and_orders_say_what_became_of_them(tmp_path: Path, strategy: str, fate: str) -> None:
    text = config(
        deployment("m", "openai/a", "weight: 3", "order: 1"),
        deployment("m", "openai/b", "weight: 1", "order: 1"),
        more=f"router_settings: {{routing_strategy: {strategy}}}\n",
    )
    told = fates(imported(tmp_path, text))
    assert {told[f"model_list[{n}].litellm_params.weight"] for n in (0, 1)} == {fate}
    assert {told[f"model_list[{n}].litellm_params.order"] for n in (0, 1)} == {"mapped"}


def test_only_texts_that_say_so_open_nothing(tmp_path: Path) -> None:
    keyless = ("dummy", "EMPTY", "none", '"none"', "not-needed", "anything", "fake-key", "sk-no-key-required")
    real = ("hunter2", "sk-1234", "my-vllm-key", "test-key-prod-7", "4f9a2c", "48215", "secret", "key-none-7")
    keys = (*keyless, *real)
    text = config(*(deployment(f"m{n}", f"openai/q{n}", OWN, f"api_key: {key}") for n, key in enumerate(keys)))
    table = router(imported(tmp_path, text))
    sent = {key: table.resolve(model=f"m{n}").api_key_env for n, key in enumerate(keys)}
    assert [key for key in keyless if sent[key] is not None] == []
    assert [key for key in real if sent[key] is None] == []
