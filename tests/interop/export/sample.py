"""Projects to export: one that asks for everything, and one that any router can say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.interop.export.routes import Routes, routes_of
from routecomp.model.project import Program
from routecomp.table.table import RoutingTable

MODEL = "quality: 0.8, price: {input: 2.5, output: 10}, latency_ms: 900, context_window: 128000"

PROVIDERS = """\
providers:
  openai: {adapter: openai, base_url: https://api.openai.com/, api_key_env: OPENAI_API_KEY, stack: us}
  mistral: {adapter: openai_compatible, base_url: https://api.mistral.ai/v1, chat_path: /chat/completions,
    api_key_env: MISTRAL_API_KEY, stack: eu}
  responses: {adapter: openai_responses, base_url: https://api.openai.com, api_key_env: OPENAI_API_KEY, stack: us}
  azure: {adapter: azure_openai, base_url: https://res.openai.azure.com, query: {api-version: "2024-10-21"},
    api_key_env: AZURE_API_KEY, stack: eu}
  anthropic: {adapter: anthropic, base_url: https://api.anthropic.com, api_key_env: ANTHROPIC_API_KEY, stack: us}
  gemini: {adapter: gemini, base_url: https://generativelanguage.googleapis.com, api_key_env: GEMINI_API_KEY, stack: us}
  proxied: {adapter: gemini, base_url: https://gemini.example.com, api_key_env: GEMINI_API_KEY, stack: us}
  vertex: {adapter: vertex, base_url: https://eu-west4-aiplatform.googleapis.com, stack: eu,
    chat_path: "/v1/projects/p-1/locations/eu-west4/publishers/google/models/{model}:generateContent",
    stream_path: "/v1/projects/p-1/locations/eu-west4/publishers/google/models/{model}:streamGenerateContent?alt=sse"}
  bedrock: {adapter: bedrock, base_url: https://bedrock-runtime.eu-central-1.amazonaws.com, auth: sigv4, stack: eu}
  cohere: {adapter: cohere, base_url: https://api.cohere.com, api_key_env: COHERE_API_KEY, stack: us}
  local: {adapter: openai_compatible, base_url: http://localhost:8000, auth: none, stack: eu}
"""


HOSTS = [
    *("openai", "mistral", "responses", "azure", "anthropic", "gemini"),
    *("proxied", "vertex", "bedrock", "cohere", "local"),
]


def compiled(*texts: str | Mapping[str, bytes]) -> tuple[Program, RoutingTable]:
    """Return program and table of a project whose files are these: texts, or bytes by path."""
    files: dict[str, bytes] = {}
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            files |= text
            continue
        section = text.split(":")[0]
        folder = {"tenants": "policies", "presets": "policies", "preferences": "policies", "experiments": "experiments"}
        files[f"{folder.get(section, 'routes')}/f{number}.yaml"] = text.encode()
    compilation = compile(files, Options(today=date(2026, 12, 1)))
    assert not [d for d in compilation.checked.diagnostics if d.severity == "error"], compilation.checked.diagnostics
    assert compilation.checked.program is not None
    assert compilation.table is not None
    return compilation.checked.program, compilation.table


def routes(*texts: str, tenant: str | None = None) -> Routes:
    """Return the routes of a project whose files are these."""
    return routes_of(*compiled(*texts), tenant)


EVERY_ADAPTER = (
    PROVIDERS
    + "models:\n"
    + "".join(f"  m-{name}: {{provider: {name}, provider_model_name: up-{name}, {MODEL}}}\n" for name in HOSTS)
    + """\
defaults: {model: m-openai}
scoring: {cost: {best: 0, worst: 75}, latency_ms: {best: 0, worst: 10000}}
"""
)
"""A model at each kind of host, called by its slug."""

PLAIN = (
    PROVIDERS
    + f"""\
models:
  big: {{provider: openai, {MODEL}, aliases: ["The big one", vendor/big]}}
  cheap: {{provider: mistral, quality: 0.5, price: {{input: 0.1, output: 0.3}}, latency_ms: 4, context_window: 128000}}
  hidden: {{provider: anthropic, {MODEL}, listed: false}}
  host-a: {{provider: openai, {MODEL}, logical_slug: hosts, share: 0.7}}
  host-b: {{provider: azure, {MODEL}, logical_slug: hosts, share: 0.2}}
  host-c: {{provider: cohere, {MODEL}, logical_slug: hosts, share: 0.1}}
features:
  chat:
    models: {{big: primary, cheap: shadow}}
    fallback: [hidden, cheap]
    aliases: ["chat:latest"]
  dealt:
    models: {{host-a: primary}}
    fallback: [cheap]
targets:
  auto: {{candidates: all, aliases: [router/auto, "oai/*", "oa*"]}}
  small: {{candidates: {{models: [cheap, big]}}, aliases: ["oai/gpt-oss*", "a.b+*"]}}
  spread: {{candidates: {{logical: hosts}}, aliases: ["sp/*"]}}
defaults: {{model: big}}
scoring: {{cost: {{best: 0, worst: 75}}, latency_ms: {{best: 0, worst: 10000}}}}
resilience: {{failures: 4, retries: 0, max_attempts: 4}}
"""
)
"""Chains, aliases, patterns, shares and a model without a name of its own: LiteLLM can say all of it."""
TENANTS = """\
tenants:
  frugal: {objective: cheapest}
  european: {stacks: [eu]}
  lonely: {fallback_enabled: false}
"""
EXPERIMENT = """\
experiments:
  a-or-b:
    public_model_id: preview
    status: active
    variants:
      a: {weight: 0.25, versions: [{version: 1, model: big}]}
      b: {weight: 0.75, versions: [{version: 1, model: big, api_key_env: OTHER_KEY}]}
"""
