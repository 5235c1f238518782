"""Answer how a model is called, slowly and obviously: the wire contracts, written from docs/semantics.md alone.

Quotes in double quotes are from section 2 of that page, "Wire contracts".
"""

from __future__ import annotations

import json
from typing import Any

from routecomp.model.part import Part
from routecomp.model.provider import Provider
from routecomp.model.route import (
    Model,
)

PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@"
OPENAI = ("/v1/chat/completions", None, "bearer", "body", "body", ["/chat/completions"])
AZURE = "/openai/deployments/{model}/chat/completions"
# adapter: chat path, stream path, auth, where the model is, what asks for a stream, what an SDK appends
TABLE: dict[str, tuple[str | None, str | None, str, str | None, str | None, list[str]]] = {
    "openai": OPENAI,
    "openai_compatible": OPENAI,
    "openai_responses": ("/v1/responses", None, "bearer", "body", "body", ["/responses"]),
    "azure_openai": (AZURE, None, "api-key", "path", "body", [AZURE]),
    "anthropic": ("/v1/messages", None, "x-api-key", "body", "body", ["/v1/messages"]),
    "gemini": (
        "/v1beta/models/{model}:generateContent",
        "/v1beta/models/{model}:streamGenerateContent?alt=sse",
        "x-goog-api-key",
        "path",
        "path",
        ["/v1beta/models/{model}:generateContent", "/v1/models/{model}:generateContent"],
    ),
    "vertex": (None, None, "oauth", "path", "path", []),
    "bedrock": (
        "/model/{model}/converse",
        "/model/{model}/converse-stream",
        "bearer",
        "path",
        "path",
        ["/model/{model}/converse"],
    ),
    "cohere": ("/v2/chat", None, "bearer", "body", "body", ["/v2/chat"]),
    "custom": (None, None, "bearer", None, None, []),
}


def encoded(text: str) -> str:
    """ "percent-encoded (everything but `A-Z a-z 0-9 - . _ ~ @`)"."""
    return "".join(chr(byte) if chr(byte) in PLAIN else f"%{byte:02X}" for byte in text.encode())


def paths(provider: Provider) -> tuple[str, str]:
    """Return the chat path and the stream path."""
    chat, stream, *_ = TABLE[provider.adapter]
    if provider.chat_path is not None:  # "default: the adapter's, if chat_path is left out too; else chat_path"
        chat, stream = provider.chat_path, None
    both = chat, provider.stream_path or stream or chat
    assert both[0] is not None
    assert both[1] is not None
    return both[0], both[1]


def url(provider: Provider, path: str) -> str:
    """Return a URL, before the model is filled in."""
    # "all slashes that end the base and begin the path become one"
    base, rest = provider.base_url, path
    while base.endswith("/"):
        base = base[:-1]
    while rest.startswith("/"):
        rest = rest[1:]
    joined = f"{base}/{rest}"
    for name, value in provider.query.items():  # "after a `?` in the path, with `&`"
        joined += ("&" if "?" in joined else "?") + encoded(name) + "=" + encoded(value)
    return joined


def call(slug: str, model: Model, provider: Provider) -> dict[str, Any]:
    """Return an endpoint, with the provider's key."""
    _, _, auth, model_in, stream_by, appended = TABLE[provider.adapter]
    chat, stream = paths(provider)
    upstream = model.provider_model_name or slug  # section 2: "default: the slug"
    headers = {"anthropic-version": "2023-06-01"} if provider.adapter == "anthropic" else {}
    for name, value in provider.headers.items():  # "each name declared replaces the adapter's"; without case
        headers = {other: text for other, text in headers.items() if other.lower() != name.lower()} | {name: value}
    base = provider.base_url  # "else the declared base, as written"
    before = url(provider, chat).split("?")[0]
    for end in appended:
        if before.endswith(end):
            base = before[: -len(end)]
            break
    region = None
    if (provider.auth or auth) == "sigv4":
        region = provider.region or next(label for label in provider.base_url.split(".") if label.startswith("eu-"))
    if provider.adapter == "anthropic" and "{model}" in chat:
        model_in = "path"
    return {
        "model": slug,
        "provider": model.provider,
        "upstream_model": upstream,
        "url": url(provider, chat).replace("{model}", encoded(upstream)),
        "adapter": provider.adapter,
        "api_key_env": model.api_key_env or provider.api_key_env,  # "default: the provider's"
        "stream_url": url(provider, stream).replace("{model}", encoded(upstream)),
        "base_url": base.replace("{model}", encoded(upstream)),
        "auth": provider.auth or auth,
        "headers": headers,
        "secret_headers": provider.secret_headers,
        "region": region,
        "model_in": model_in,
        "stream_by": stream_by,
        # "`params` of a provider are completed by its models' (top-level keys; the model's wins)"
        "params": {**json.loads(provider.params or "{}"), **json.loads(model.params or "{}")},
        "max_output_tokens": model.max_output_tokens,
        "timeouts": given(provider.timeouts) | given(model.timeouts),  # "each replaces the provider's"
        "limits": {"provider": given(provider.limits), "model": given(model.limits)},  # "both hold at once"
    }


def given(part: Part) -> dict[str, int]:
    """Return the numbers that are declared."""
    return {key: value for key, value in part.plain().items() if value is not None}
