"""Compile this folder's project, and give the endpoint of each of its models."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.runtime.resolver import Router

PROJECT = Path(__file__).parent / "project" / "routes" / "all.yaml"

ENDPOINTS = {
    "openai": "openai.OpenAI",
    "openai-eu": "openai.OpenAI",
    "azure-v1": "openai.OpenAI",
    "compatible": "openai.OpenAI, compatible",
    "short-path": "openai.OpenAI, compatible",
    "responses": "openai.OpenAI, responses",
    "azure-classic": "openai.AzureOpenAI",
    "anthropic": "anthropic.Anthropic",
    "anthropic-bearer": "anthropic.Anthropic",
    "anthropic-foundry": "anthropic.Anthropic",
    "anthropic-invoke": "anthropic.AnthropicBedrock",
    "anthropic-vertex": "anthropic.AnthropicVertex",
    "gemini": "genai.Client",
    "gemini-v1": "genai.Client",
    "vertex": "genai.Client, Vertex",
    "bedrock": "boto3",
    "bedrock-profile": "boto3",
    "bedrock-signed": "boto3",
    "cohere": "cohere.ClientV2",
}
"""Each model of the project, and the client that calls it."""


def endpoints(plain: str = "http://127.0.0.1:9", secure: str = "https://127.0.0.1:9") -> dict[str, dict[str, Any]]:
    """Return the endpoints of the project's models, by slug, with its hosts at the URLs of two servers.

    They are what a service gets, as the plain values that JSON has.
    """
    text = PROJECT.read_text(encoding="utf-8").replace("PLAIN", plain).replace("SECURE", secure)
    compilation = compile({"routes/all.yaml": text.encode()}, Options(date(2026, 11, 30)))
    assert not compilation.checked.diagnostics, compilation.checked.diagnostics
    router = Router.from_bytes(compilation.artifacts["routing_table.json"])
    made = {slug: router.endpoint(router.resolve(model=slug), slug) for slug in ENDPOINTS}
    plain_values: dict[str, dict[str, Any]] = json.loads(
        json.dumps({slug: endpoint._asdict() for slug, endpoint in made.items() if endpoint})
    )
    return plain_values
