"""The host and the name upstream are those that LiteLLM 1.110.2 calls (tried), or the model is lost."""

from __future__ import annotations

from pathlib import Path

from tests.interop.importing.project import imported, router
from tests.interop.importing.test_litellm import config, deployment

AZURE = "https://r.openai.azure.com"
FOUNDRY = "https://x.services.ai.azure.com"
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
    ("mistral/m", "api_base: https://api.mistral.ai"): "https://api.mistral.ai/v1/chat/completions",
    ("mistral/m", "api_base: https://h.example/x/"): "https://h.example/x/v1/chat/completions",
    ("hosted_vllm/q", "api_base: https://h.example/v1/chat/completions"): "https://h.example/v1/chat/completions",
    ("deepseek/m", "api_base: https://h.example/chat/completions"): "https://h.example/chat/completions",
    (f"bedrock/{PROFILE}",): AWS.format("eu-west-1", QUOTED),
    (f"bedrock/converse/{PROFILE}", "aws_region_name: us-east-1"): AWS.format("us-east-1", QUOTED),
    ("bedrock/us-east-1/anthropic.x", f"model_id: {PROFILE}"): AWS.format("eu-west-1", QUOTED),
    (f"bedrock/{PROFILE}", "model_id: x"): AWS.format("us-west-2", "x"),
    ("bedrock/ap-northeast-1/anthropic.y",): AWS.format("ap-northeast-1", "anthropic.y"),
}
LOST = (
    ("azure/responses/codex", f"api_base: {AZURE}"),
    ("azure/eu/gpt-4o", f"api_base: {AZURE}"),
    ("azure/mistral-large-latest", f"api_base: {AZURE}"),
    ("azure/a", f"api_base: {AZURE}/openai/v1/"),
    ("azure/a", f"api_base: {AZURE}/openai", "api_version: v1"),
    ("azure/a", f"api_base: '{AZURE}/openai/deployments/a/chat/completions?api-version=v'"),
    ("azure/a", f"api_base: '{AZURE}/?api-version=v'"),
    ("azure_ai/agents/asst", f"api_base: {FOUNDRY}"),
    ("azure_ai/model-router", f"api_base: {FOUNDRY}"),
    ("azure_ai/claude-x", f"api_base: {FOUNDRY}/other"),
    ("groq/responses/x",),
    ("openai/q", "api_base: https://h.example/v1/chat/completions"),
    ("openai/q", "api_base: https://h.example/v1?tenant=a"),
    ("anthropic/claude-x", "api_base: https://p.example/anthropic/v1"),
    ("mistral/m", "api_base: https://h.example/v1/chat/completions"),
    ("text-completion-openai/gpt-3.5-turbo-instruct",),
    ("gpt-3.5-turbo-instruct",),
    *((f"bedrock/{prefix}/{PROFILE}",) for prefix in ("llama", "deepseek_r1", "qwen3", "unheard-of")),
    ("bedrock/agent/ID/ALIAS",),
    ("bedrock/anthropic.x", "model_id: os.environ/UNSAID"),
    ("vertex_ai/gemini/1234567890", "vertex_project: p"),
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
