"""Say in TensorZero's words how a model is called at its provider."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from routecomp.interop.export.addresses import chat_address, vertex_place
from routecomp.interop.export.fields import Fields
from routecomp.interop.export.yaml_text import Value
from routecomp.model.adapters import ADAPTERS, auth_of, base_of, headers_of, host_region, region_of
from routecomp.model.project import Entry, Program
from routecomp.model.provider import Provider

GATEWAY = "TensorZero"
_GOOGLE = "https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent"
_AZURE = "/openai/deployments/{model}/chat/completions"
_OPENAI = ("/usage/prompt_tokens", "/usage/completion_tokens")
_USAGE: Mapping[str, tuple[str, str]] = {
    "openai": _OPENAI,
    "openai_compatible": _OPENAI,
    "azure_openai": _OPENAI,
    "openai_responses": ("/usage/input_tokens", "/usage/output_tokens"),
    "anthropic": ("/usage/input_tokens", "/usage/output_tokens"),
    "gemini": ("/usageMetadata/promptTokenCount", "/usageMetadata/candidatesTokenCount"),
    "bedrock": ("/usage/inputTokens", "/usage/outputTokens"),
}
"""Where an answer counts the tokens of input and output, by adapter."""


def tensorzero_call(program: Program, slug: str, variable: str | None, fields: Fields) -> dict[str, Value] | None:
    """Return the provider block of a model that is called with the key of a variable; None where there is none."""
    model = program.models[slug]
    host = program.providers[model.body.provider]
    made = _type(host, model.body.provider_model_name or slug, fields)
    if made is None:
        return None
    made |= _key(host, variable, fields)
    made |= _cost(program, slug)
    made |= _timeouts(program, slug)
    own = ADAPTERS[host.body.adapter].headers
    headers = {name: value for name, value in headers_of(host.body).items() if own.get(name.lower()) != value}
    if headers:
        made["extra_headers"] = [{"name": name, "value": value} for name, value in headers.items()]
    body: dict[str, Any] = {}
    for text in (host.body.params, model.body.params):
        body |= {} if text is None else json.loads(text, parse_float=Decimal)
    if body:
        made["extra_body"] = [{"pointer": f"/{_pointer(name)}", "value": value} for name, value in body.items()]
    _lose_parts(host, fields)
    return made


def _type(host: Entry[Provider], upstream: str, fields: Fields) -> dict[str, Value] | None:
    """Return type, address and name of a model; None where TensorZero does not call such a host."""
    provider: Provider = host.body
    adapter, url = provider.adapter, chat_address(provider)
    path = urlsplit(url).path
    if adapter in ("openai", "openai_compatible") and url.endswith("/chat/completions"):
        return {"type": "openai", "model_name": upstream, "api_base": url.removesuffix("chat/completions")}
    if adapter == "openai_responses" and url.endswith("/responses"):
        base = url.removesuffix("responses")
        return {"type": "openai", "model_name": upstream, "api_base": base, "api_type": "responses"}
    if adapter == "azure_openai" and path == _AZURE:
        return {"type": "azure", "deployment_id": upstream, "endpoint": url.removesuffix(_AZURE)}
    if adapter == "anthropic" and path.endswith("/messages"):
        return {"type": "anthropic", "model_name": upstream, "api_base": url}
    if adapter == "gemini" and url == _GOOGLE:
        return {"type": "google_ai_studio_gemini", "model_name": upstream}
    if adapter == "vertex" and (place := vertex_place(provider)) is not None:
        kind = "gcp_vertex_anthropic" if place[2] == "anthropic" else "gcp_vertex_gemini"
        return {"type": kind, "model_id": upstream, "project_id": place[0], "location": place[1]}
    if adapter == "bedrock" and path == ADAPTERS["bedrock"].chat_path:
        base = base_of(provider)
        region = region_of(provider) or host_region(base)
        made: dict[str, Value] = {"type": "aws_bedrock", "model_id": upstream, "region": region or "sdk"}
        return made if host_region(base) else made | {"endpoint_url": base}
    known = adapter not in ("cohere", "custom")
    key = "adapter" if not known else "chat_path" if host.has("chat_path") else "base_url"
    why = "has a path of its own for" if known else "has no type for"
    fields.lose(
        host,
        (key,),
        f"{GATEWAY} {why} adapter `{adapter}`: the models of this provider are not written",
        "call the provider by its OpenAI-compatible API, if it has one",
    )
    return None


def _key(host: Entry[Provider], variable: str | None, fields: Fields) -> dict[str, Value]:
    """Return where the key is; note a way of sending it that TensorZero does not have."""
    provider: Provider = host.body
    auth = auth_of(provider)
    location = None if variable is None else f"env::{variable}"
    if auth == "none":
        return {"api_key_location": "none"}
    if auth == "oauth" and provider.adapter == "vertex":
        return {"credential_location": "sdk"}
    if auth == "sigv4" and provider.adapter == "bedrock":
        return {}
    if auth != ADAPTERS[provider.adapter].auth:
        reason = f"{GATEWAY} sends the key of this adapter in its own way alone, not as `{auth}`"
        fields.lose(host, ("auth",), reason, "put a proxy before the host that takes the key so")
    if location is None:
        return {}
    return {"api_key" if provider.adapter == "bedrock" else "api_key_location": location}


def _cost(program: Program, slug: str) -> dict[str, Value]:
    """Return the prices of a million tokens, and where an answer counts them; none where that is not known."""
    model = program.models[slug].body
    pointers = _USAGE.get(program.providers[model.provider].body.adapter)
    if pointers is None:
        return {}
    prices = (model.price.input, model.price.output)
    cost: list[Value] = [
        {"pointer": pointer, "cost_per_million": Decimal(price).scaleb(-6), "required": True}
        for pointer, price in zip(pointers, prices, strict=True)
    ]
    return {"cost": cost}


def _timeouts(program: Program, slug: str) -> dict[str, Value]:
    """Return how long to wait for a model."""
    model = program.models[slug].body
    host = program.providers[model.provider].body
    total = model.timeouts.total_ms or host.timeouts.total_ms
    first = model.timeouts.first_token_ms or host.timeouts.first_token_ms
    streaming: dict[str, Value] = {} if first is None else {"ttft_ms": first}
    streaming |= {} if total is None else {"total_ms": total}
    timeouts: dict[str, Value] = {} if total is None else {"non_streaming": {"total_ms": total}}
    timeouts |= {"streaming": streaming} if streaming else {}
    return {"timeouts": timeouts} if timeouts else {}


def _pointer(name: str) -> str:
    """Return a key as a step of a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _lose_parts(host: Entry[Provider], fields: Fields) -> None:
    """Note what TensorZero has no word for: secret headers and queries."""
    for name in host.body.secret_headers:
        reason = f"{GATEWAY} takes the value of a header from no variable"
        fields.lose(host, ("secret_headers", name), reason, "put a proxy before the host that adds it")
    for name in host.body.query:
        why = "has a version of Azure's API of its own" if name == "api-version" else "appends no query"
        fields.lose(host, ("query", name), f"{GATEWAY} {why}", "put a proxy before the host that sets it")
