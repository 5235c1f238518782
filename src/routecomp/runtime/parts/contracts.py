"""State how each adapter is called, where a provider does not say otherwise.

Written by `make refresh` from `routecomp/model/adapters.py`; a change made here is lost.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class _Contract(NamedTuple):
    """How the key is sent, which headers go with it, and where the model and the wish for a stream stand.

    Where `leaves_body` is true, a path that holds the model takes it out of the body. `base_ends` are the endings of a
    chat URL that the provider's own SDK appends by itself.
    """

    auth: str
    headers: dict[str, str]
    model_in: str | None
    stream_by: str | None
    leaves_body: bool
    base_ends: tuple[str, ...]


_HOLE: Final = "{model}"  # what a URL of the table has in place of the provider's own name of the model
_CONTRACTS: Final = {
    "openai": _Contract(
        auth="bearer",
        headers={},
        model_in="body",
        stream_by="body",
        leaves_body=False,
        base_ends=("/chat/completions",),
    ),
    "openai_compatible": _Contract(
        auth="bearer",
        headers={},
        model_in="body",
        stream_by="body",
        leaves_body=False,
        base_ends=("/chat/completions",),
    ),
    "openai_responses": _Contract(
        auth="bearer",
        headers={},
        model_in="body",
        stream_by="body",
        leaves_body=False,
        base_ends=("/responses",),
    ),
    "azure_openai": _Contract(
        auth="api-key",
        headers={},
        model_in="path",
        stream_by="body",
        leaves_body=False,
        base_ends=("/openai/deployments/{model}/chat/completions",),
    ),
    "anthropic": _Contract(
        auth="x-api-key",
        headers={"anthropic-version": "2023-06-01"},
        model_in="body",
        stream_by="body",
        leaves_body=True,
        base_ends=("/v1/messages",),
    ),
    "gemini": _Contract(
        auth="x-goog-api-key",
        headers={},
        model_in="path",
        stream_by="path",
        leaves_body=False,
        base_ends=("/v1beta/models/{model}:generateContent", "/v1/models/{model}:generateContent"),
    ),
    "vertex": _Contract(
        auth="oauth",
        headers={},
        model_in="path",
        stream_by="path",
        leaves_body=False,
        base_ends=(),
    ),
    "bedrock": _Contract(
        auth="bearer",
        headers={},
        model_in="path",
        stream_by="path",
        leaves_body=False,
        base_ends=("/model/{model}/converse",),
    ),
    "cohere": _Contract(
        auth="bearer",
        headers={},
        model_in="body",
        stream_by="body",
        leaves_body=False,
        base_ends=("/v2/chat",),
    ),
    "custom": _Contract(
        auth="bearer",
        headers={},
        model_in=None,
        stream_by=None,
        leaves_body=False,
        base_ends=(),
    ),
}
_KEYLESS: Final = ("sigv4", "oauth", "none")  # the words of `auth` with which no key is sent
