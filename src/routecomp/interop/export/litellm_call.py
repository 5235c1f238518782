"""Say in LiteLLM's words how one model is called: adapter, address, key, headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from routecomp.interop.export.addresses import chat_address, vertex_place
from routecomp.interop.export.fields import Fields
from routecomp.interop.export.yaml_text import Value
from routecomp.model.adapters import ADAPTERS, auth_of, base_of, headers_of, host_region, region_of
from routecomp.model.project import Entry, Program
from routecomp.model.provider import Provider

_GEMINI = "generativelanguage.googleapis.com"
_PREFIX: Mapping[str, str] = {
    "openai": "openai/",
    "openai_compatible": "openai/",
    "openai_responses": "openai/responses/",
    "azure_openai": "azure/",
    "anthropic": "anthropic/",
    "gemini": "gemini/",
    "vertex": "vertex_ai/",
    "bedrock": "bedrock/converse/",
    "cohere": "cohere_chat/v2/",
}
"""What stands before the provider's own name of a model, by adapter."""
_ENDS: Mapping[str, str] = {
    "openai": "/chat/completions",
    "openai_compatible": "/chat/completions",
    "openai_responses": "/responses",
    "azure_openai": "/openai/deployments/{model}/chat/completions",
    "anthropic": "/v1/messages",
    "gemini": "/models/{model}:generateContent",
    "bedrock": "/model/{model}/converse",
    "cohere": "",
}
"""What LiteLLM appends to `api_base` itself, by adapter."""
_BODY = ("openai", "openai_compatible", "openai_responses", "azure_openai")
"""The adapters whose body is OpenAI's: params go into it as they are."""
_NO_KEY = "none"
"""What stands where a client wants a key and the host does not."""


@dataclass(frozen=True)
class Call:
    """How a model is called: `params` are LiteLLM's own; None where it cannot call it, and why stands in the fields."""

    params: dict[str, Value] | None


def litellm_call(program: Program, slug: str, variable: str | None, fields: Fields) -> Call:
    """Return how LiteLLM calls a model with the key of a variable, and note what it cannot say."""
    model, host = program.models[slug], program.providers[program.models[slug].body.provider]
    provider: Provider = host.body
    adapter, url = provider.adapter, chat_address(provider)
    upstream = model.body.provider_model_name or slug
    if adapter not in _PREFIX:
        fields.lose(
            host,
            ("adapter",),
            f"LiteLLM has no adapter `{adapter}`: the models of this provider are not written",
            "call it from a custom provider of LiteLLM (`custom_provider_map`)",
        )
        return Call(None)
    params: dict[str, Value] = {"model": _PREFIX[adapter] + upstream}
    if adapter == "vertex":
        place = vertex_place(provider)
        if place is None:
            return _no_address(fields, host, "Vertex AI is called at Google's own addresses alone")
        params |= {"vertex_project": place[0], "vertex_location": place[1]}
    elif adapter == "bedrock":
        base = base_of(provider)
        region = region_of(provider) or host_region(base)
        if not url.endswith(_ENDS[adapter]):
            return _no_address(fields, host, "LiteLLM has a path of its own for this adapter")
        if region is not None:
            params["aws_region_name"] = region
        if host_region(base) is None:
            params["aws_bedrock_runtime_endpoint"] = base
    else:
        base = url
        if not base.endswith(_ENDS[adapter]):
            return _no_address(fields, host, "LiteLLM has a path of its own for this adapter")
        base = base.removesuffix(_ENDS[adapter]) if _ENDS[adapter] else base
        if not (adapter == "gemini" and urlsplit(base).hostname == _GEMINI and base.endswith("/v1beta")):
            params["api_base"] = base
    params |= _key(host, variable, fields)
    params |= _query(host, fields)
    params |= _headers(host)
    params |= _params(program, slug, fields)
    return Call(params)


def _no_address(fields: Fields, host: Entry[Provider], why: str) -> Call:
    """Note that a provider cannot be called where it is."""
    fields.lose(
        host,
        ("chat_path",) if host.has("chat_path") else ("base_url",),
        f"{why}: the models of this provider are not written",
        "call it at the adapter's own path",
    )
    return Call(None)


def _key(host: Entry[Provider], variable: str | None, fields: Fields) -> dict[str, Value]:
    """Return the parameters of the key; note a way of sending it that LiteLLM does not have."""
    provider = host.body
    auth = auth_of(provider)
    reference = None if variable is None else f"os.environ/{variable}"
    if auth == ADAPTERS[provider.adapter].auth:
        return {} if reference is None else {"api_key": reference}
    if auth in ("sigv4", "oauth"):
        if provider.adapter in ("bedrock", "vertex"):
            return {}
    elif auth == "none":
        return {"api_key": _NO_KEY}
    fields.lose(
        host,
        ("auth",),
        f"LiteLLM sends the key of this adapter as `{ADAPTERS[provider.adapter].auth}` alone, not as `{auth}`",
        "put a proxy before the host that takes the key so",
    )
    return {} if reference is None else {"api_key": reference}


def _query(host: Entry[Provider], fields: Fields) -> dict[str, Value]:
    """Return the parameters of the query: Azure's version of the API, and nothing else."""
    provider = host.body
    made: dict[str, Value] = {}
    for name, value in provider.query.items():
        if provider.adapter == "azure_openai" and name == "api-version":
            made["api_version"] = value
        else:
            reason = "LiteLLM appends no query to the address of this adapter"
            fields.lose(host, ("query", name), reason, "put a proxy before the host that appends it")
    return made


def _headers(host: Entry[Provider]) -> dict[str, Value]:
    """Return the headers that are not the adapter's own; those that hold a secret name their variable."""
    provider = host.body
    own = ADAPTERS[provider.adapter].headers
    headers: dict[str, Value] = {
        name: value for name, value in headers_of(provider).items() if own.get(name.lower()) != value
    }
    headers |= {name: f"os.environ/{variable}" for name, variable in provider.secret_headers.items()}
    return {"extra_headers": headers} if headers else {}


def _params(program: Program, slug: str, fields: Fields) -> dict[str, Value]:
    """Return what goes upstream beside what a caller asks."""
    model, host = program.models[slug], program.providers[program.models[slug].body.provider]
    declared: list[tuple[Entry[Any], str | None]] = [(host, host.body.params), (model, model.body.params)]
    if host.body.adapter in _BODY:
        body: dict[str, Any] = {}
        for _, text in declared:
            body |= {} if text is None else json.loads(text, parse_float=Decimal)
        return {"extra_body": body} if body else {}
    for entry, text in declared:
        if text is not None:
            fields.lose(
                entry,
                ("params",),
                f"LiteLLM writes the body of adapter `{host.body.adapter}` itself",
                "set what it has a name for as `litellm_params`",
            )
    return {}
