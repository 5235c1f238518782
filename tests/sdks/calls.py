"""Make one call with each provider's own SDK, from an endpoint alone; run where the extra `dev-sdks` is installed.

    python -m tests.sdks.calls < calls.json

Reads a list of calls, and makes them one after the other: `client` is a name of CLIENTS, `endpoint` what
`Router.endpoint` returned, `environment` the variables that hold the keys. Prints how each ended and the versions of
the packages. Nothing of routecomp is imported here: an endpoint is all that a service has in hand.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urlsplit

PACKAGES = ("anthropic", "boto3", "cohere", "google-genai", "openai")
"""The SDKs."""
TEXT = "Say hello."
MESSAGES = [{"role": "user", "content": TEXT}]
Endpoint = Mapping[str, Any]


def call(client: str, endpoint: Endpoint, stream: bool) -> None:
    """Make one call; what the server answers is raised by the SDK."""
    CLIENTS[client](endpoint, stream)


def _openai(endpoint: Endpoint, stream: bool) -> None:
    _chat(_openai_client(endpoint), endpoint, stream, "max_completion_tokens")


def _openai_compatible(endpoint: Endpoint, stream: bool) -> None:
    _chat(_openai_client(endpoint), endpoint, stream, "max_tokens")


def _openai_responses(endpoint: Endpoint, stream: bool) -> None:
    arguments: dict[str, Any] = {"model": endpoint["upstream_model"], "input": TEXT, "extra_body": endpoint["params"]}
    arguments |= _limit(endpoint, "max_output_tokens") | ({"stream": True} if stream else {})
    _openai_client(endpoint).responses.create(**arguments)


def _azure_openai(endpoint: Endpoint, stream: bool) -> None:
    query = dict(_query(endpoint["url"]))
    client = import_module("openai").AzureOpenAI(
        azure_endpoint=endpoint["base_url"],
        api_version=query.pop("api-version"),
        api_key=_key(endpoint),
        default_query=query,
        default_headers=_headers(endpoint),
        max_retries=0,
        **_timeout(endpoint),
    )
    _chat(client, endpoint, stream, "max_completion_tokens")


def _openai_client(endpoint: Endpoint) -> Any:
    return import_module("openai").OpenAI(
        base_url=endpoint["base_url"],
        api_key=_key(endpoint),
        default_query=dict(_query(endpoint["url"])),
        default_headers=_headers(endpoint),
        max_retries=0,
        **_timeout(endpoint),
    )


def _chat(client: Any, endpoint: Endpoint, stream: bool, limit: str) -> None:
    arguments: dict[str, Any] = {"messages": MESSAGES, "extra_body": endpoint["params"]}
    arguments |= {"model": endpoint["upstream_model"]} | _limit(endpoint, limit) | ({"stream": True} if stream else {})
    client.chat.completions.create(**arguments)


def _anthropic(endpoint: Endpoint, stream: bool) -> None:
    """Send the key as the endpoint says: left to itself, this SDK sends it as a bearer token."""
    anthropic = import_module("anthropic")
    headers = _headers(endpoint)
    if endpoint["auth"] != "bearer":
        headers |= {endpoint["auth"]: _key(endpoint), "Authorization": anthropic.Omit()}
    client = anthropic.Anthropic(
        base_url=endpoint["base_url"],
        api_key=_key(endpoint),
        default_query=dict(_query(endpoint["url"])),
        default_headers=headers,
        max_retries=0,
        **_timeout(endpoint),
    )
    _messages(client, endpoint, stream)


def _anthropic_bedrock(endpoint: Endpoint, stream: bool) -> None:
    client = import_module("anthropic").AnthropicBedrock(
        base_url=endpoint["base_url"],
        api_key=_key(endpoint),
        aws_region=endpoint["region"] or "eu-central-1",
        default_query=dict(_query(endpoint["url"])),
        default_headers=_headers(endpoint),
        max_retries=0,
        **_timeout(endpoint),
    )
    _messages(client, endpoint, stream)


def _anthropic_vertex(endpoint: Endpoint, stream: bool) -> None:
    project, location = _project_and_location(endpoint["url"])
    client = import_module("anthropic").AnthropicVertex(
        base_url=endpoint["base_url"],
        access_token=os.environ["OAUTH_TOKEN"],
        project_id=project,
        region=location,
        default_query=dict(_query(endpoint["url"])),
        default_headers=_headers(endpoint),
        max_retries=0,
        **_timeout(endpoint),
    )
    _messages(client, endpoint, stream)


def _messages(client: Any, endpoint: Endpoint, stream: bool) -> None:
    client.messages.create(
        model=endpoint["upstream_model"],
        max_tokens=endpoint["max_output_tokens"],
        messages=MESSAGES,
        extra_body=endpoint["params"],
        **({"stream": True} if stream else {}),
    )


def _gemini(endpoint: Endpoint, stream: bool) -> None:
    genai = import_module("google.genai")
    client = genai.Client(api_key=_key(endpoint), http_options=_http_options(endpoint, stream))
    _generate(client, endpoint, stream)


def _vertex(endpoint: Endpoint, stream: bool) -> None:
    genai, credentials = import_module("google.genai"), import_module("google.oauth2.credentials")
    project, location = _project_and_location(endpoint["url"])
    client = genai.Client(
        vertexai=True,
        credentials=credentials.Credentials(os.environ["OAUTH_TOKEN"]),
        project=project,
        location=location,
        http_options=_http_options(endpoint, stream),
    )
    _generate(client, endpoint, stream)


def _http_options(endpoint: Endpoint, stream: bool) -> dict[str, Any]:
    """Give a query of one's own whole: it replaces the `alt=sse` that this SDK adds to a stream's URL."""
    rest = endpoint["url"].removeprefix(endpoint["base_url"])
    query = _query(endpoint["url"]) and _query(endpoint["stream_url" if stream else "url"])
    return {
        "base_url": endpoint["base_url"],
        "api_version": rest.split("/")[1],
        "headers": _headers(endpoint),
        "timeout": (endpoint["timeouts"] or {}).get("total_ms"),
        "extra_body": endpoint["params"] or None,
        "client_args": {"params": query} if query else None,
    }


def _generate(client: Any, endpoint: Endpoint, stream: bool) -> None:
    models, arguments = client.models, {"model": endpoint["upstream_model"], "contents": TEXT}
    if endpoint["max_output_tokens"]:
        arguments["config"] = {"max_output_tokens": endpoint["max_output_tokens"]}
    if stream:
        list(models.generate_content_stream(**arguments))
    else:
        models.generate_content(**arguments)


def _bedrock(endpoint: Endpoint, stream: bool) -> None:
    if endpoint["auth"] == "bearer":
        os.environ["AWS_BEARER_TOKEN_BEDROCK"] = _key(endpoint)
    client = import_module("boto3").client(
        "bedrock-runtime",
        region_name=endpoint["region"] or "eu-central-1",
        endpoint_url=endpoint["base_url"],
        config=import_module("botocore.config").Config(retries={"total_max_attempts": 1}),
    )
    headers, query = _headers(endpoint), _query(endpoint["url"])

    def complete(request: Any, **_: Any) -> None:
        for name, value in headers.items():
            request.headers[name] = value
        request.params = dict(query) if query else request.params

    client.meta.events.register("before-sign.bedrock-runtime", complete)
    converse = client.converse_stream if stream else client.converse
    params = dict(endpoint["params"])
    limit = {"maxTokens": endpoint["max_output_tokens"]} if endpoint["max_output_tokens"] else {}
    if limit or "inferenceConfig" in params:
        params["inferenceConfig"] = params.get("inferenceConfig", {}) | limit
    converse(modelId=endpoint["upstream_model"], messages=[{"role": "user", "content": [{"text": TEXT}]}], **params)


def _cohere(endpoint: Endpoint, stream: bool) -> None:
    client = import_module("cohere").ClientV2(
        api_key=_key(endpoint), base_url=endpoint["base_url"], max_retries=0, **_timeout(endpoint)
    )
    arguments: dict[str, Any] = {
        "model": endpoint["upstream_model"],
        "messages": MESSAGES,
        "request_options": {
            "additional_headers": _headers(endpoint),
            "additional_query_parameters": dict(_query(endpoint["url"])),
            "additional_body_parameters": dict(endpoint["params"]),
            "max_retries": 0,
        },
    } | _limit(endpoint, "max_tokens")
    if stream:
        list(client.chat_stream(**arguments))
    else:
        client.chat(**arguments)


CLIENTS: dict[str, Callable[[Endpoint, bool], None]] = {
    "openai.OpenAI": _openai,
    "openai.OpenAI, compatible": _openai_compatible,
    "openai.OpenAI, responses": _openai_responses,
    "openai.AzureOpenAI": _azure_openai,
    "anthropic.Anthropic": _anthropic,
    "anthropic.AnthropicBedrock": _anthropic_bedrock,
    "anthropic.AnthropicVertex": _anthropic_vertex,
    "genai.Client": _gemini,
    "genai.Client, Vertex": _vertex,
    "boto3": _bedrock,
    "cohere.ClientV2": _cohere,
}


def _query(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def _key(endpoint: Endpoint) -> str:
    return os.environ[endpoint["api_key_env"]] if endpoint["api_key_env"] else "unused"


def _headers(endpoint: Endpoint) -> dict[str, Any]:
    return dict(endpoint["headers"]) | {name: os.environ[held] for name, held in endpoint["secret_headers"].items()}


def _limit(endpoint: Endpoint, name: str) -> dict[str, int]:
    return {name: endpoint["max_output_tokens"]} if endpoint["max_output_tokens"] else {}


def _timeout(endpoint: Endpoint) -> dict[str, Any]:
    """Return the argument of the SDKs that take seconds; nothing without a limit in the endpoint."""
    milliseconds = (endpoint["timeouts"] or {}).get("total_ms")
    return {"timeout": milliseconds / 1000} if milliseconds else {}


def _project_and_location(url: str) -> tuple[str, str]:
    segments = urlsplit(url).path.split("/")
    return segments[segments.index("projects") + 1], segments[segments.index("locations") + 1]


def main() -> None:
    """Make the calls, and print the versions and how each call ended."""
    ends = []
    outside = dict(os.environ)
    for request in json.load(sys.stdin):
        os.environ.clear()
        os.environ.update(outside | request["environment"])
        try:
            call(request["client"], request["endpoint"], request["stream"])
            ends.append("returned")
        except Exception as error:
            ends.append(f"{type(error).__module__}.{type(error).__qualname__}: {error}")
    json.dump({"versions": {name: version(name) for name in PACKAGES}, "ends": ends}, sys.stdout)


if __name__ == "__main__":
    main()
