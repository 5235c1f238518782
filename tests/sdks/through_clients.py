"""Make one call through each client that `routecomp.service.clients` builds; run where the SDKs are installed.

    python -m tests.sdks.through_clients < calls.json

Reads and prints what calls.py does. It also sees that a client is built once, and closed at the end.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Any

from routecomp.runtime.resolver import Endpoint
from routecomp.service.calls.at import At
from routecomp.service.clients import Clients
from tests.sdks.calls import MESSAGES, PACKAGES, TEXT

LIMITS = {"openai": "max_completion_tokens", "azure_openai": "max_completion_tokens"}


def call(client: Any, at: At, stream: bool) -> None:
    """Make a call as a service would."""
    streaming = {"stream": True} if stream else {}
    if at.adapter == "openai_responses":
        client.responses.create(
            model=at.upstream_model,
            input=TEXT,
            extra_body=at.params,
            **_limit(at, "max_output_tokens"),
            **streaming,
        )
    elif at.adapter in ("openai", "openai_compatible", "azure_openai"):
        limit = _limit(at, LIMITS.get(at.adapter, "max_tokens"))
        create = client.chat.completions.create
        create(model=at.upstream_model, messages=MESSAGES, extra_body=at.params, **limit, **streaming)
    elif hasattr(client, "messages"):
        limit = _limit(at, "max_tokens")
        client.messages.create(model=at.upstream_model, messages=MESSAGES, extra_body=at.params, **limit, **streaming)
    elif at.adapter in ("gemini", "vertex"):
        config = _limit(at, "max_output_tokens") | ({"http_options": {"extra_body": at.params}} if at.params else {})
        arguments: dict[str, Any] = {"model": at.upstream_model, "contents": TEXT, "config": config or None}
        if stream:
            list(client.models.generate_content_stream(**arguments))
        else:
            client.models.generate_content(**arguments)
    elif at.adapter == "cohere":
        chat = client.chat_stream if stream else client.chat
        options = {"additional_body_parameters": at.params}
        answer = chat(model=at.upstream_model, messages=MESSAGES, request_options=options, **_limit(at, "max_tokens"))
        if stream:
            list(answer)
    else:
        params, limit = at.params, _limit(at, "maxTokens")
        if limit or "inferenceConfig" in params:
            params["inferenceConfig"] = params.get("inferenceConfig", {}) | limit
        converse = client.converse_stream if stream else client.converse
        converse(modelId=at.upstream_model, messages=[{"role": "user", "content": [{"text": TEXT}]}], **params)


def _limit(at: At, name: str) -> dict[str, int]:
    return {name: at.max_output_tokens} if at.max_output_tokens else {}


def google(requests: list[dict[str, Any]]) -> Any:
    """Return credentials for Vertex that hold a token."""
    return import_module("google.oauth2.credentials").Credentials(requests[0]["environment"]["OAUTH_TOKEN"])


def is_closed(client: Any) -> bool:
    """Return whether a client is closed, as far as it says that."""
    if hasattr(client, "chat_stream"):  # cohere's, which leaves it to its transport
        return bool(client._client_wrapper.httpx_client.httpx_client.is_closed)
    return not hasattr(client, "is_closed") or bool(client.is_closed())


async def build_for_tasks(requests: list[dict[str, Any]]) -> None:
    """Build the clients for tasks: each once in a loop, and closed at its end."""
    built = []
    async with Clients(google=google(requests)) as clients:
        for request in requests:
            os.environ.update(request["environment"])
            at = At(Endpoint(**request["endpoint"]), 1, 30.0)
            client = clients.for_task(at)
            assert clients.for_task(at) is client
            assert client is not clients(at)
            built.append(client)
    assert built
    assert all(is_closed(client) for client in built)


def main() -> None:
    """Make the calls, and print the versions and how each call ended."""
    ends, built = [], []
    outside = dict(os.environ)
    requests = json.load(sys.stdin)
    asyncio.run(build_for_tasks(requests))
    with Clients(google=google(requests)) as clients:
        for request in requests:
            os.environ.clear()
            os.environ.update(outside | request["environment"])
            at = At(Endpoint(**request["endpoint"]), 1, 30.0)
            try:
                client = clients(at)
                assert clients(At(at.endpoint, 2, 20.0)) is client
                built.append(client)
                call(client, at, request["stream"])
                ends.append("returned")
            except Exception as error:
                ends.append(f"{type(error).__module__}.{type(error).__qualname__}: {error}")
    assert all(is_closed(client) for client in built)
    json.dump({"versions": {name: version(name) for name in PACKAGES}, "ends": ends}, sys.stdout)


if __name__ == "__main__":
    main()
