"""A small project that writes every key in blocks: what a mistake in one of them shows is drawn from it."""

from __future__ import annotations

from datetime import date

from routecomp.checker import Options, check
from routecomp.diagnostics.diagnostic import Diagnostic

OPTIONS = Options(date(2026, 11, 30))
PROVIDERS, MODELS, FEATURES = "routes/providers.yaml", "routes/models.yaml", "routes/features.yaml"
TARGETS, DEFAULTS, TENANTS = "routes/targets.yaml", "routes/defaults.yaml", "policies/tenants.yaml"
PREFERENCES, EXPERIMENTS = "policies/preferences.yaml", "experiments/assistant.yaml"

TEXTS: dict[str, str] = {
    PROVIDERS: """\
providers:
  openai:
    adapter: openai
    base_url: https://api.openai.com
    api_key_env: OPENAI_API_KEY
    stack: us
  mistral:
    adapter: openai_compatible
    base_url: https://api.mistral.ai
    api_key_env: MISTRAL_API_KEY
    stack: eu
    chat_path: /v1/chat/completions
    query:
      api-version: "2024-10-21"
      tier: standard
    headers:
      x-region: fra
      x-app: desk
    secret_headers:
      cf-aig-authorization: CF_AIG_TOKEN
    params:
      service_tier: auto
      store: false
    timeouts:
      connect_ms: 5000
      total_ms: 120000
    limits:
      rpm: 4000
      tpm: 400000
  local:
    adapter: openai_compatible
    base_url: http://llm.internal:8000
    allow_http: true
    auth: none
    stack: eu
""",
    MODELS: """\
models:
  gpt-6.1-sol:
    provider: openai
    quality: 0.93
    price:
      input: 2.00
      output: 10.00
    latency_ms: 4750
    context_window: 922000
    compliance: 0.90
    capabilities: [streaming, tools]
  gpt-6-luna:
    provider: openai
    quality: 0.67
    price: {input: 0.10, output: 0.50}
    latency_ms: 780
    context_window: 922000
    compliance: 0.90
  mistral-medium-3:
    provider: mistral
    quality: 0.84
    price: {input: 1.50, output: 7.50}
    latency_ms: 1190
    context_window: 262144
  small-mistral:
    provider: mistral
    quality: 0.67
    latency_ms: 1190
    context_window: 262144
    logical_slug: small
    share: 0.6
    params:
      temperature: 0.2
      reasoning: {effort: high}
    limits:
      rpm: 500
    timeouts:
      total_ms: 60000
    price:
      input: 0.15
      output: 0.60
    sunset: 2028-03-31
    successor: mistral-medium-3
  small-local:
    provider: local
    logical_slug: small
    share: 0.4
    quality: 0.67
    price: {input: 0.10, output: 0.40}
    latency_ms: 1500
    context_window: 262144
""",
    FEATURES: """\
features:
  support-chat:
    owner: support-team
    min_quality: 0.60
    models:
      gpt-6.1-sol: primary
      mistral-medium-3: {status: shadow, sample: 0.05, max_daily_usd: 20.00}
    fallback: [mistral-medium-3]
    then: auto
  ticket-summary:
    models:
      small-mistral: primary
    fallback: [gpt-6-luna, small-local]
""",
    TARGETS: """\
targets:
  auto:
    candidates: all
    min_quality: 0.50
  europe:
    aliases: [router/eu]
    candidates:
      stacks: [eu]
  two:
    candidates:
      models: [gpt-6.1-sol, mistral-medium-3]
    min_quality: 0.70
""",
    DEFAULTS: """\
defaults:
  routes:
    support-chat: gpt-6.1-sol
  model: small-mistral
  policy: {preset: balanced}
scoring:
  cost:
    best: 0
    worst: 20.00
  latency_ms:
    best: 0
    worst: 10000
""",
    TENANTS: """\
tenants:
  acme:
    min_quality: 0.60
    weights:
      quality: 0.20
      latency: 0.20
      cost: 0.60
    banned_providers: [local]
    budget:
      daily_usd: 50.00
      monthly_usd: 900.00
  rhein-bank:
    stacks: [eu]
    compliance_veto_threshold: 0.95
""",
    PREFERENCES: """\
preferences:
  default: balanced
  floors:
    good: 0.50
    frontier: 0.80
  dial:
    quality: +0.10
    balanced: 0
    cost: -0.10
  clamp: [good, frontier]
""",
    EXPERIMENTS: """\
experiments:
  assistant-next:
    public_model_id: preview/assistant
    status: draft
    variants:
      control:
        weight: 0.50
        versions: [{version: 1, model: gpt-6.1-sol}]
      medium:
        weight: 0.50
        versions: [{version: 1, model: mistral-medium-3}]
""",
}


def findings(texts: dict[str, str]) -> list[Diagnostic]:
    """Return what is found in the project with some files replaced."""
    return check({path: text.encode() for path, text in {**TEXTS, **texts}.items()}, OPTIONS).diagnostics


def changed(*edits: tuple[str, str, str]) -> list[Diagnostic]:
    """Return what is found after some edits, each a file, a text that stands in it, and what stands there instead."""
    texts = dict(TEXTS)
    for path, old, new in edits:
        assert old in texts[path], (path, old)
        texts[path] = texts[path].replace(old, new)
    return findings(texts)
