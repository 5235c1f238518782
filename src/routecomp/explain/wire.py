"""Show the request that a call of a model sends: URL, headers and a small body, with the names of keys alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from routecomp.model.adapters import ADAPTERS, HOLE, auth_of, headers_of, in_path, key_header, region_of, urls_of
from routecomp.model.project import Program
from routecomp.model.provider import Provider

Json = dict[str, Any]
PROMPT = "Say hello."
"""What the request asks."""
MOST_TOKENS = 1024
"""The limit of output in bodies that must have one."""
ACCESS_TOKEN = "ACCESS_TOKEN"  # the name of a variable
"""The variable that a shown request takes a token from, where a service has credentials of its own (`auth: oauth`)."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a request: a value, or words before the value of an environment variable."""

    name: str
    value: str
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request as it is sent. `region` is that for which it is signed; None where it is not signed.

    `body` is JSON text. `notes` say what the project does not know of it.
    """

    url: str
    headers: tuple[Header, ...]
    body: str
    is_stream: bool
    region: str | None = None
    notes: tuple[str, ...] = ()

    def plain(self) -> Json:
        """Return the request as plain JSON values; of a variable its name, with the words before its value."""
        headers = [{"name": header.name, "value": header.value, "variable": header.variable} for header in self.headers]
        return {
            "method": "POST",
            "url": self.url,
            "headers": headers,
            "body": json.loads(self.body),
            "stream": self.is_stream,
            "region": self.region,
            "notes": list(self.notes),
        }


def wire_request(program: Program, slug: str, *, stream: bool = False) -> WireRequest:
    """Return the request of a model that the project declares, for an answer that streams or for one that does not."""
    model = program.models[slug].body
    provider = program.providers[model.provider].body
    upstream = model.provider_model_name or slug
    chat, streamed = urls_of(provider)
    body, notes = _body(provider, upstream, model.max_output_tokens, stream=stream)
    body |= _parsed(provider.params) | _parsed(model.params)
    auth = auth_of(provider)
    headers = [Header("content-type", "application/json"), *_key(provider, model.api_key_env or provider.api_key_env)]
    headers += [Header(name, value) for name, value in headers_of(provider).items()]
    headers += [Header(name, "", variable) for name, variable in provider.secret_headers.items()]
    if auth == "oauth":
        notes.append(f"{ACCESS_TOKEN}: a token of your service's own credentials")
    return WireRequest(
        (streamed if stream else chat).replace(HOLE, in_path(upstream)),
        tuple(headers),
        _written(body),
        stream,
        region_of(provider),
        tuple(notes),
    )


class _Number(str):
    """A number as its author wrote it."""


def _parsed(params: str | None) -> Json:
    """Return params with their numbers as they are written."""
    if params is None:
        return {}
    values: Json = json.loads(params, parse_int=_Number, parse_float=_Number)
    return values


def _written(value: Any) -> str:
    """Write a value as JSON in ASCII."""
    if isinstance(value, _Number):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_written(inner)}" for key, inner in value.items()) + "}"
    return "[" + ", ".join(map(_written, value)) + "]" if isinstance(value, list) else json.dumps(value)


def _key(provider: Provider, variable: str | None) -> list[Header]:
    """Return the header that carries the key; none where no key is sent, or the request is signed."""
    auth = auth_of(provider)
    if auth == "oauth":
        return [Header("authorization", "Bearer ", ACCESS_TOKEN)]
    header = key_header(auth)
    if header is None:
        return []
    return [Header(header, "Bearer " if auth == "bearer" else "", variable)]


def _body(provider: Provider, upstream: str, most: int | None, *, stream: bool) -> tuple[Json, list[str]]:
    """Return a body in the words of an adapter, and what the project does not know of it."""
    adapter, path = provider.adapter, urls_of(provider)[0]
    contract = ADAPTERS[adapter]
    is_in_path = contract.model_in == "path" or (contract.leaves_body and HOLE in path)
    model: Json = {} if is_in_path else {"model": upstream}
    streams: Json = {"stream": True} if stream and contract.stream_by == "body" else {}
    messages: Json = {"messages": [{"role": "user", "content": PROMPT}]}
    tokens: Json = {} if most is None else {"max_tokens": min(most, MOST_TOKENS)}
    if adapter == "custom":
        return {}, ["the body of adapter `custom` is your service's own; here are the params alone"]
    if adapter == "openai_responses":
        return model | {"input": PROMPT} | streams, []
    if adapter == "bedrock":
        limit = {"inferenceConfig": {"maxTokens": tokens["max_tokens"]}} if tokens else {}
        return {"messages": [{"role": "user", "content": [{"text": PROMPT}]}], **limit}, []
    if adapter == "vertex" and path.partition("?")[0].endswith(":rawPredict"):
        asked: Json = {"stream": True} if stream else {}
        return {"anthropic_version": "vertex-2023-10-16", "max_tokens": MOST_TOKENS, **tokens, **messages, **asked}, []
    if adapter in ("gemini", "vertex"):
        limit = {"generationConfig": {"maxOutputTokens": tokens["max_tokens"]}} if tokens else {}
        return {"contents": [{"role": "user", "parts": [{"text": PROMPT}]}], **limit}, []
    if adapter == "anthropic":
        return {**model, "max_tokens": MOST_TOKENS, **tokens, **messages, **streams}, []
    return {**model, **messages, **streams}, []
