"""State the wire contract of each adapter once: paths, key, headers, where the model and the stream switch go.

Readers of the YAML, rules, JSON Schemas, the resolver's copy (`make refresh` writes it) and the docs read this table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

HOLE = "{model}"
"""What stands in a path for the provider's own name of the model."""


@dataclass(frozen=True, slots=True)
class Contract:
    """How an adapter calls: what counts where a provider leaves a key out.

    A path of None has no default. `model_in` and `stream_by` say where a request names the model and where it asks for
    a stream, `body` or `path`; None where that is the service's own business. Where `leaves_body` is true, a path that
    holds the model takes it out of the body. `base_ends` are the endings of a chat
    URL that the provider's own SDK appends by itself to its base URL; none where the SDK takes the declared base.
    """

    chat_path: str | None
    stream_path: str | None = None
    auth: str = "bearer"
    headers: Mapping[str, str] = field(default_factory=dict)
    model_in: str | None = "body"
    stream_by: str | None = "body"
    leaves_body: bool = False
    base_ends: tuple[str, ...] = ()


_OPENAI = Contract("/v1/chat/completions", base_ends=("/chat/completions",))
_AZURE = "/openai/deployments/{model}/chat/completions"
_GEMINI = "/{}/models/{{model}}:generateContent"
_BEDROCK = "/model/{model}/converse"

ADAPTERS: Mapping[str, Contract] = {
    "openai": _OPENAI,
    "openai_compatible": _OPENAI,
    "openai_responses": Contract("/v1/responses", base_ends=("/responses",)),
    "azure_openai": Contract(_AZURE, auth="api-key", model_in="path", base_ends=(_AZURE,)),
    "anthropic": Contract(
        "/v1/messages",
        auth="x-api-key",
        headers={"anthropic-version": "2023-06-01"},
        leaves_body=True,
        base_ends=("/v1/messages",),
    ),
    "gemini": Contract(
        _GEMINI.format("v1beta"),
        "/v1beta/models/{model}:streamGenerateContent?alt=sse",
        auth="x-goog-api-key",
        model_in="path",
        stream_by="path",
        base_ends=(_GEMINI.format("v1beta"), _GEMINI.format("v1")),
    ),
    "vertex": Contract(None, auth="oauth", model_in="path", stream_by="path"),
    "bedrock": Contract(
        _BEDROCK,
        "/model/{model}/converse-stream",
        model_in="path",
        stream_by="path",
        base_ends=(_BEDROCK,),
    ),
    "cohere": Contract("/v2/chat", base_ends=("/v2/chat",)),
    "custom": Contract(None, model_in=None, stream_by=None),
}
"""Every adapter, by its word."""

NEEDS_STREAM_PATH = ("vertex",)
"""Adapters whose stream is asked for by another path, for which there is no default."""
KEY_HEADERS = {"bearer": "authorization", "x-api-key": "x-api-key", "api-key": "api-key"} | {
    "x-goog-api-key": "x-goog-api-key"
}
"""The words of `auth` for a header that carries the key, and that header. `header:NAME` names another one."""
KEYLESS = ("sigv4", "oauth", "none")
"""The words of `auth` with which no key of a variable is sent."""
AUTHS = (*KEY_HEADERS, *KEYLESS)
OWN_HEADER = "header:"

FRAMING = (
    *("content-type", "content-length", "host", "connection", "transfer-encoding"),
    *("te", "upgrade", "expect", "trailer"),
)
"""Headers that the client sets that sends a call."""
COOKIE, FORWARDED = "cookie", "forwarded"
PROXY, X_FORWARDED = "proxy-", "x-forwarded-"
"""What headers for a proxy on the way begin with, and those that say whose call is passed on."""

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
"""The name of a header (RFC 9110)."""
_AWS_HOST = re.compile(r"[a-z0-9.-]+\.([a-z]+(?:-[a-z]+)+-[0-9]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)", re.ASCII)
"""One of AWS's own names of a host, and the region in it."""


class Host(Protocol):
    """What is asked of a provider."""

    @property
    def adapter(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def chat_path(self) -> str | None: ...
    @property
    def stream_path(self) -> str | None: ...
    @property
    def query(self) -> Mapping[str, str]: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def auth(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...


def key_header(auth: str) -> str | None:
    """Return the header that carries the key, in small letters; None if none does."""
    if auth.startswith(OWN_HEADER):
        return auth.removeprefix(OWN_HEADER).lower()
    return KEY_HEADERS.get(auth)


def in_path(upstream: str) -> str:
    """Return a provider's name of a model as it stands in a path."""
    return quote(upstream, safe="@")  # letters, digits and -._~ are never quoted


def auth_of(provider: Host) -> str:
    """Return how a provider is given its key."""
    return provider.auth or ADAPTERS[provider.adapter].auth


def paths_of(provider: Host) -> tuple[str | None, str | None]:
    """Return a provider's paths of the chat call and of the call that streams, `{model}` and all; None without one."""
    contract = ADAPTERS[provider.adapter]
    chat, stream = provider.chat_path, provider.stream_path
    if stream is None:
        default = contract.stream_path if chat is None else None
        stream = default or (None if provider.adapter in NEEDS_STREAM_PATH else chat or contract.chat_path)
    return chat or contract.chat_path, stream


def urls_of(provider: Host) -> tuple[str, str]:
    """Return the URLs of the chat call and of the call that streams, `{model}` and all, with the query.

    INVARIANT: the provider has both paths.
    """
    chat, stream = (_joined(provider.base_url, path or "") for path in paths_of(provider))
    query = "&".join(f"{in_path(name)}={in_path(value)}" for name, value in provider.query.items())
    return _with_query(chat, query), _with_query(stream, query)


def headers_of(provider: Host) -> dict[str, str]:
    """Return the headers that are sent as they are: the adapter's, but for those that the provider declares."""
    declared = {name.lower() for name in provider.headers}
    own = ADAPTERS[provider.adapter].headers
    return {name: value for name, value in own.items() if name.lower() not in declared} | dict(provider.headers)


def region_of(provider: Host) -> str | None:
    """Return the AWS region in which calls are signed: the declared one, else the host's; None without sigv4."""
    if auth_of(provider) != "sigv4":
        return None
    return provider.region or host_region(provider.base_url)


def host_region(base_url: str) -> str | None:
    """Return the region that AWS's own name of a host holds; None of another host."""
    host = base_url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    match = _AWS_HOST.fullmatch(host)
    return None if match is None else match[1]


def base_of(provider: Host) -> str:
    """Return what the provider's own SDK takes as its base URL, `{model}` and all."""
    url = _joined(provider.base_url, paths_of(provider)[0] or "").partition("?")[0]
    for ending in ADAPTERS[provider.adapter].base_ends:
        if url.endswith(ending):
            return url.removesuffix(ending)
    return provider.base_url


def _joined(base: str, path: str) -> str:
    """Join a base URL and a path with exactly one slash."""
    return base.rstrip("/") + "/" + path.lstrip("/")


def _with_query(url: str, query: str) -> str:
    """Append a query to a URL, behind the one that its path has."""
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url
