"""Compile small literal programs into services that answer requests; the tests work the expected values out."""

from __future__ import annotations

import json
from datetime import date
from textwrap import dedent
from typing import Any

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.diagnostics.diagnostic import Severity
from routecomp.runtime.resolver import Router, resolve_line

GATE = "ROUTECOMP_TEST_GATE"

PROVIDERS = """
providers:
  anthropic: {adapter: anthropic, base_url: "https://api.anthropic.com", chat_path: /v1/messages,
              api_key_env: ANTHROPIC_API_KEY, stack: us}
  mistral: {adapter: openai_compatible, base_url: "https://api.mistral.ai/", chat_path: v1/chat/completions,
            api_key_env: MISTRAL_API_KEY, stack: eu}
  zhipu: {adapter: openai_compatible, base_url: "https://open.bigmodel.cn/api/", chat_path: /v4/chat, auth: none,
          stack: china}
"""

SCALES = """
scoring:
  cost: {best: 0, worst: 100.00}
  latency_ms: {best: 0, worst: 10000}
"""

# Blended cost (input + 0.5 x output): best 20, good 8, cheap 2, weak 1. Ranked by quality alone (the default
# policy below), the plain and the penalised order are both best, good, cheap, weak.
MODELS = """
models:
  best: {provider: anthropic, quality: 0.90, price: {input: 10, output: 20}, latency_ms: 3000,
         context_window: 10000, capabilities: [streaming, tools, vision], min_output_tokens: 100}
  good: {provider: mistral, quality: 0.80, price: {input: 4, output: 8}, latency_ms: 1000,
         context_window: 5000, capabilities: [streaming, tools]}
  cheap: {provider: zhipu, quality: 0.60, price: {input: 1, output: 2}, latency_ms: 500,
          context_window: 2000, capabilities: [streaming]}
  weak: {provider: mistral, quality: 0.40, price: {input: 0.5, output: 1}, latency_ms: 200,
         context_window: 1000}
"""

DEFAULTS = """
defaults:
  model: good
  policy: {weights: {quality: 1.00, latency: 0, cost: 0}}
"""

TARGETS = """
targets:
  auto: {aliases: [router/auto], candidates: all}
"""

PREFERENCES = f"""
preferences:
  default: balanced
  floors: {{good: 0.50, frontier: 0.85}}
  dial: {{quality: +0.10, balanced: 0, cost: -0.10}}
  clamp: [good, frontier]
  gate_env: {GATE}
"""


class Service:
    """A compiled program: `ask` with its table, `ask_without_table` with its fallback file alone."""

    def __init__(self, table: bytes, fallback: bytes) -> None:
        self.table, self.fallback = table, fallback
        self.router = Router.from_bytes(table, fallback)

    def ask(self, /, **request: Any) -> dict[str, Any]:
        """Return the decision for one request; one that has unknown keys is asked as a JSON object is."""
        return self.router.resolve_request(request).to_dict()

    def ask_without_table(self, /, **request: Any) -> dict[str, Any]:
        """Return the decision for one request when there is no table at all."""
        return Router.from_bytes(None, self.fallback).resolve_request(request).to_dict()

    def ask_line(self, line: str | bytes) -> dict[str, Any]:
        """Return the decision for one JSON line."""
        text = line if isinstance(line, bytes) else line.encode("utf-8")
        return dict(json.loads(resolve_line(self.router, text)))

    def edited(self, **changes: Any) -> Service:
        """Return the service with a hand-edited table: `changes` replaces whole top-level keys."""
        return Service(json.dumps({**json.loads(self.table), **changes}).encode(), self.fallback)


def service(
    *,
    providers: str = PROVIDERS,
    models: str = MODELS,
    scales: str = SCALES,
    defaults: str = DEFAULTS,
    targets: str = TARGETS,
    routes: str = "",
    policies: str = "",
    experiments: str = "",
) -> Service:
    """Compile a program; every part is a piece of YAML."""
    parts = {
        "routes/providers.yaml": providers,
        "routes/models.yaml": models,
        "routes/scales.yaml": scales,
        "routes/defaults.yaml": defaults,
        "routes/targets.yaml": targets,
        "routes/more.yaml": routes,
        "policies/all.yaml": policies,
        "experiments/all.yaml": experiments,
    }
    files = {path: dedent(text).encode() for path, text in parts.items() if text}
    made = compile(files, Options(today=date(2026, 11, 20)))
    errors = [
        f"{one.rule} {one.span}: {one.message}" for one in made.checked.diagnostics if one.severity is Severity.ERROR
    ]
    assert not errors, errors
    named = {path.rsplit("/", 1)[-1]: content for path, content in made.artifacts.items()}
    return Service(named["routing_table.json"], named["fallback.json"])
