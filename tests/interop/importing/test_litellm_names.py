"""The host and the name upstream are those that LiteLLM 1.110.2 calls (tried), or the model is lost."""

from __future__ import annotations

from pathlib import Path

from routecomp.interop.imported import Conversion
from tests.interop.importing.project import fates, imported, router
from tests.interop.importing.test_litellm import config, deployment

AZURE = "https://r.openai.azure.com"
FOUNDRY = "https://x.services.ai.azure.com"
CLOUDFLARE = "https://gateway.ai.cloudflare.com/v1/acc/gw/azure-openai/res"
GEMINI = "https://generativelanguage.googleapis.com"
AWS = "https://bedrock-runtime.{}.amazonaws.com/model/{}/converse"
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc"
QUOTED = "arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Aapplication-inference-profile%2Fabc"

CALLED = {
    ("azure/o_series/my-o3", f"api_base: {AZURE}", "api_version: v"): (
        f"{AZURE}/openai/deployments/my-o3/chat/completions?api-version=v"
    ),
    ("azure/gpt5_series/own", f"api_base: {AZURE}", "api_version: v"): (
        f"{AZURE}/openai/deployments/own/chat/completions?api-version=v"
    ),
    ("azure/a", f"api_base: {AZURE}/openai/v1/", "api_version: preview"): f"{AZURE}/openai/v1/chat/completions",
    ("azure/b", f"api_base: {AZURE}/openai/v1", "api_version: latest"): f"{AZURE}/openai/v1/chat/completions",
    ("azure/c", f"api_base: {AZURE}/openai/deployments/c", "api_version: v"): (
        f"{AZURE}/openai/deployments/c/chat/completions?api-version=v"
    ),
    ("azure_ai/gpt-4o", f"api_base: {AZURE}", "api_version: v"): (
        f"{AZURE}/openai/deployments/gpt-4o/chat/completions?api-version=v"
    ),
    ("azure_ai/own", f"api_base: {AZURE}", "api_version: v"): f"{AZURE}/chat/completions?api-version=v",
    ("azure_ai/claude-x", f"api_base: {FOUNDRY}"): f"{FOUNDRY}/anthropic/v1/messages",
    ("azure_ai/claude-y", f"api_base: {FOUNDRY}/anthropic/"): f"{FOUNDRY}/anthropic/v1/messages",
    ("azure_ai/claude-z", f"api_base: {FOUNDRY}/anthropic/v1/messages"): f"{FOUNDRY}/anthropic/v1/messages",
    ("azure_ai/Mistral", f"api_base: {FOUNDRY}"): f"{FOUNDRY}/models/chat/completions",
    ("azure_ai/Mistral-2", f"api_base: {FOUNDRY}/models"): f"{FOUNDRY}/models/chat/completions",
    ("azure_ai/gpt-4o-mini", f"api_base: {FOUNDRY}/models/chat/completions?api-version=v", "api_version: w"): (
        f"{FOUNDRY}/models/chat/completions?api-version=v"
    ),
    ("openai/responses/o1-pro",): "https://api.openai.com/v1/responses",
    ("openai/o1-pro",): "https://api.openai.com/v1/responses",
    ("openai/responses/x", "api_base: https://h.example/v1"): "https://h.example/v1/responses",
    ("openai/gpt-5-codex", "api_base: https://h.example"): "https://h.example/responses",
    ("xai/grok-4.20-multi-agent",): "https://api.x.ai/v1/responses",
    ("perplexity/openai/gpt-5.2",): "https://api.perplexity.ai/v1/responses",
    ("groq/responses/x",): "https://api.groq.com/openai/v1/chat/completions",
    ("azure/responses/codex", f"api_base: {AZURE}"): f"{AZURE}/openai/v1/responses?api-version=preview",
    ("azure/gpt-5-codex", f"api_base: {AZURE}/openai/v1/", "api_version: 2025-04-01-preview"): (
        f"{AZURE}/openai/v1/responses?api-version=2025-04-01-preview"
    ),
    ("azure/gpt-5-codex", f"api_base: {AZURE}", "api_version: 2025-04-01-preview"): (
        f"{AZURE}/openai/responses?api-version=2025-04-01-preview"
    ),
    ("azure/gpt-5-codex", f"api_base: {AZURE}", "api_version: '2024-10-21'"): (
        f"{AZURE}/openai/v1/responses?api-version=preview"
    ),
    ("azure/codex-mini", f"api_base: '{AZURE}/openai/responses?api-version=v'"): (
        f"{AZURE}/openai/v1/responses?api-version=v"
    ),
    ("azure_ai/codex-mini", f"api_base: {FOUNDRY}/models"): f"{FOUNDRY}/openai/v1/responses",
    ("azure/gpt-4o", f"api_base: {CLOUDFLARE}", "api_version: v"): (
        f"{CLOUDFLARE}/gpt-4o/chat/completions?api-version=v"
    ),
    ("fireworks_ai/llama-v3p1-8b",): "https://api.fireworks.ai/inference/v1/chat/completions",
    ("some-llama", "api_base: https://api.groq.com/openai/v1/"): "https://api.groq.com/openai/v1/chat/completions",
    ("org/some-llama", "api_base: https://api.together.xyz/v1"): "https://api.together.xyz/v1/chat/completions",
    ("github/gpt-4o",): "https://models.inference.ai.azure.com/chat/completions",
    ("gemini/gemini-3-pro-preview",): f"{GEMINI}/v1alpha/models/gemini-3-pro-preview:generateContent",
    ("gemini/gemini-2.5-pro",): f"{GEMINI}/v1beta/models/gemini-2.5-pro:generateContent",
    ("gemini/gemma-3-27b-it",): f"{GEMINI}/v1beta/models/gemma-3-27b-it:generateContent",
    ("mistral/m", "api_base: https://api.mistral.ai"): "https://api.mistral.ai/v1/chat/completions",
    ("mistral/m", "api_base: https://h.example/x/"): "https://h.example/x/v1/chat/completions",
    ("hosted_vllm/q", "api_base: https://h.example/v1/chat/completions"): "https://h.example/v1/chat/completions",
    ("deepseek/m", "api_base: https://h.example/chat/completions"): "https://h.example/chat/completions",
    (f"bedrock/converse/{PROFILE}",): AWS.format("eu-west-1", QUOTED),
    (f"bedrock/converse/{PROFILE}", "aws_region_name: us-east-1"): AWS.format("us-east-1", QUOTED),
    ("bedrock/us-east-1/anthropic.claude-v2:1", f"model_id: {PROFILE}"): AWS.format("eu-west-1", QUOTED),
    ("bedrock/us-east-1/anthropic.claude-v2:1", "model_id: x"): AWS.format("us-west-2", "x"),
    (f"bedrock/{PROFILE}", "model_id: x"): AWS.format("us-west-2", "x"),
    ("bedrock/ap-northeast-1/anthropic.claude-v2:1",): AWS.format("ap-northeast-1", "anthropic.claude-v2%3A1"),
}
LOST = (
    ("azure/o_series/x", f"api_base: {CLOUDFLARE}"),
    ("azure/o3-mini", f"api_base: {CLOUDFLARE}"),
    ("azure/eu/gpt-4o", f"api_base: {AZURE}"),
    ("azure/mistral-large-latest", f"api_base: {AZURE}"),
    ("azure/a", f"api_base: {AZURE}/openai/v1/"),
    ("azure/a", f"api_base: {AZURE}/openai", "api_version: v1"),
    ("azure/a", f"api_base: '{AZURE}/openai/deployments/a?api-version=v'"),
    ("azure/a", f"api_base: '{AZURE}/?api-version=v'"),
    ("azure_ai/agents/asst", f"api_base: {FOUNDRY}"),
    ("azure_ai/model-router", f"api_base: {FOUNDRY}"),
    ("azure_ai/claude-x", f"api_base: {FOUNDRY}/other"),
    ("volcengine/responses/x",),
    ("perplexity/preset/pro-search",),
    ("perplexity/responses/x", "api_base: https://h.example/v1"),
    ("openai/q", "api_base: https://h.example/v1/chat/completions"),
    ("openai/q", "api_base: https://h.example/v1?tenant=a"),
    ("anthropic/claude-x", "api_base: https://p.example/anthropic/v1"),
    ("mistral/m", "api_base: https://h.example/v1/chat/completions"),
    ("text-completion-openai/gpt-3.5-turbo-instruct",),
    ("gpt-3.5-turbo-instruct",),
    *((f"bedrock/{prefix}/{PROFILE}",) for prefix in ("llama", "deepseek_r1", "qwen3", "unheard-of")),
    ("bedrock/us.openai.gpt-6-sol",),
    ("us.xai.grok-4.6",),
    ("bedrock/us.twelvelabs.pegasus-1-2-v1:0",),
    ("bedrock/agent/ID/ALIAS",),
    ("openai/gpt-4o", "use_litellm_proxy: true", "api_base: https://p.example"),
    ("vertex_ai/1234567890", "vertex_project: p"),
    ("vertex_ai/gemini-x", "vertex_project: p", "api_base: https://h.example/v1"),
    ("vertex_ai/gemini-x", "api_base: https://h.example"),
    ("vertex_ai/meta/llama-4", "vertex_project: p"),
    ("vertex_ai/responses/gemini-x", "vertex_project: p"),
)


def test_prefixes_and_bases_lead_where_litellm_calls(tmp_path: Path) -> None:
    made = imported(tmp_path, config(*(deployment(f"m{n}", *lines) for n, lines in enumerate(CALLED))))
    assert made.report.routes_lost == ()
    table = router(made)
    assert {lines: table.resolve(model=f"m{n}").url for n, lines in enumerate(CALLED)} == CALLED
    adapters = {each.base_url: each.adapter for each in made.project.providers if each.chat_path == "/responses"}
    assert set(adapters.values()) <= {"openai_responses"}
    claude = [each for each in made.project.providers if each.chat_path == "/anthropic/v1/messages"]
    assert {each.adapter for each in claude} == {"anthropic"}


def test_a_prefix_or_base_that_is_not_known_is_lost(tmp_path: Path) -> None:
    made = imported(tmp_path, config(*(deployment(f"m{n}", *lines) for n, lines in enumerate(LOST))))
    assert [model.upstream for model in made.project.models] == []
    lost = {field.key.split(".")[0] for field in made.report.routes_lost}
    assert [lines for n, lines in enumerate(LOST) if f"model_list[{n}]" not in lost] == []


VERTEX = {
    ("vertex_ai/gemini-x", "vertex_location: eu"): (
        "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/publishers/google/models/gemini-x"
    ),
    ("vertex_ai/gemini/123", "vertex_location: us-east1"): (
        "https://us-east1-aiplatform.googleapis.com/v1/projects/p/locations/us-east1/endpoints/123"
    ),
    ("vertex_ai/claude-x", "api_base: https://h.example/"): (
        "https://h.example/v1/projects/p/locations/us-central1/publishers/anthropic/models/claude-x"
    ),
}
"""Calls of Vertex AI by the recorder of requests, with a token put in the place of Google's."""


def test_vertex_is_called_where_litellm_calls_it(tmp_path: Path) -> None:
    entries = (deployment(f"m{n}", *lines, "vertex_project: p") for n, lines in enumerate(VERTEX))
    table = router(imported(tmp_path, config(*entries)))
    urls = ((table.resolve(model=f"m{n}").url or "").rpartition(":")[0] for n in range(len(VERTEX)))
    assert dict(zip(VERTEX, urls, strict=True)) == VERTEX


def test_short_names_of_fireworks_become_whole_ones(tmp_path: Path) -> None:
    names = {
        "llama-v3p1-8b": "accounts/fireworks/models/llama-v3p1-8b",
        "glm-5p1-fast": "accounts/fireworks/routers/glm-5p1-fast",
        "routers/x": "accounts/fireworks/routers/x",
        "accounts/me/models/x": "accounts/me/models/x",
    }
    made = imported(tmp_path, config(*(deployment(f"m{n}", f"fireworks_ai/{name}") for n, name in enumerate(names))))
    assert [model.upstream for model in made.project.models] == list(names.values())


def test_a_mode_pins_the_api_as_litellm_reads_it(tmp_path: Path) -> None:
    pinned = {
        ("openai/gpt-4o", "responses"): "https://api.openai.com/v1/responses",
        ("openai/o1-pro", "chat"): "https://api.openai.com/v1/responses",
        ("groq/x", "responses"): "https://api.groq.com/openai/v1/chat/completions",
        ("openai/gpt-4o", "chat"): "https://api.openai.com/v1/chat/completions",
    }
    info = "    model_info: {{mode: {}}}\n".format
    entries = (deployment(f"m{n}", model, beside=info(mode)) for n, (model, mode) in enumerate(pinned))
    table = router(imported(tmp_path, config(*entries)))
    assert [table.resolve(model=f"m{n}").url for n in range(len(pinned))] == list(pinned.values())


def test_a_setting_sends_all_of_openai_to_responses(tmp_path: Path) -> None:
    more = "litellm_settings: {route_all_chat_openai_to_responses: true}\n"
    made = imported(tmp_path, config(deployment("a", "gpt-4o"), deployment("b", "groq/x"), more=more))
    assert [provider.adapter for provider in made.project.providers] == ["openai_responses", "openai_compatible"]
    assert fates(made)["litellm_settings.route_all_chat_openai_to_responses"] == "mapped"


def test_a_whole_url_of_azure_is_its_deployment_with_the_version_that_litellm_sends(tmp_path: Path) -> None:
    whole = f"api_base: '{AZURE}/openai/deployments/a/chat/completions?api-version=v'"
    made = imported(tmp_path, config(deployment("m", "azure/a", whole, "api_version: w")))
    assert router(made).resolve(model="m").url == f"{AZURE}/openai/deployments/a/chat/completions?api-version=w"
    assert fates(made)["model_list[0].litellm_params.api_base"] == "hint"


def test_a_provider_that_litellm_refuses_for_chat_is_left_out(tmp_path: Path) -> None:
    refused = ("openai_like/x", "elevenlabs/x", "deepseek-chat")
    entries = (deployment(f"m{n}", model, "api_base: https://h.example/v1") for n, model in enumerate(refused))
    made = imported(tmp_path, config(*entries))
    assert made.project.models == []
    assert {fates(made)[f"model_list[{n}].litellm_params.model"] for n in range(len(refused))} == {"left-out"}


def test_azure_is_opened_by_a_token_where_the_file_says_how_to_get_one(tmp_path: Path) -> None:
    secret = ("tenant_id: os.environ/T", "client_id: os.environ/C", "client_secret: os.environ/S")
    entries = (
        deployment("a", "azure/a", f"api_base: {AZURE}", *secret),
        deployment("b", "azure/b", f"api_base: {AZURE}", *secret, "api_key: os.environ/K"),
        deployment("c", "azure_ai/c", f"api_base: {FOUNDRY}", "azure_ad_token: os.environ/T"),
        deployment("d", "azure/responses/d", f"api_base: {AZURE}", "azure_ad_token: os.environ/T"),
    )
    made = imported(tmp_path, config(*entries))
    auths = {model.slug: auth_of(made, model.provider) for model in made.project.models}
    assert auths == {"a": "oauth", "b": None, "c": "oauth", "d": "oauth"}
    assert router(made).resolve(model="a").api_key_env is None


def auth_of(made: Conversion, slug: str) -> str | None:
    """Return how a provider is given its key."""
    return next(provider.auth for provider in made.project.providers if provider.slug == slug)


def test_a_canned_answer_decides_calls(tmp_path: Path) -> None:
    made = imported(tmp_path, config(deployment("m", "openai/gpt-4o", "mock_response: hi")))
    assert [field.key for field in made.report.routes_lost] == ["model_list[0].litellm_params.mock_response"]


def test_no_variable_of_the_build_machine_is_written_for_a_key(tmp_path: Path) -> None:
    made = imported(tmp_path, config(deployment("m", "github/gpt-4o", "api_key: os.environ/GITHUB_API_KEY")))
    assert router(made).resolve(model="m").api_key_env == "M_API_KEY"
