"""What an endpoint says is what the provider's own SDK sends, built from that endpoint and nothing else.

The ordinary run compares with the recordings of recordings.json; `make hard` makes the calls.
"""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from routecomp.model.adapters import ADAPTERS
from tests.sdks import calls, record
from tests.sdks.calls import MESSAGES, TEXT
from tests.sdks.endpoints import ENDPOINTS, endpoints

KEPT: dict[str, Any] = json.loads(record.KEPT.read_text(encoding="utf-8"))
CALLS = [(slug, stream) for slug in ENDPOINTS for stream in (False, True)]
INTERPRETER = pytest.mark.skipif(not record.PYTHON.exists(), reason="no SDKs of providers in .venv-sdks: make sdks")

# What a service writes into the body by itself, by the client that is used for it.
OWN_WORDS: dict[str, dict[str, Any]] = {
    "openai": {"messages": MESSAGES},
    "openai.OpenAI, responses": {"input": TEXT},
    "anthropic": {"messages": MESSAGES},
    "genai": {"contents": [{"role": "user", "parts": [{"text": TEXT}]}]},
    "boto3": {"messages": [{"role": "user", "content": [{"text": TEXT}]}]},
    "cohere": {"messages": MESSAGES},
}
# Where each contract wants the limit of the answer's length.
LIMITS = {
    "openai.AzureOpenAI": ("max_completion_tokens",),
    "openai.OpenAI": ("max_completion_tokens",),
    "openai.OpenAI, compatible": ("max_tokens",),
    "openai.OpenAI, responses": ("max_output_tokens",),
    "anthropic": ("max_tokens",),
    "genai": ("generationConfig", "maxOutputTokens"),
    "boto3": ("inferenceConfig", "maxTokens"),
    "cohere": ("max_tokens",),
}
# Headers in which a client tells the server how long it waits.
TIMEOUT_HEADERS = {"x-stainless-read-timeout", "x-server-timeout"}


@pytest.mark.parametrize(("slug", "stream"), CALLS)
def test_the_kept_recording_is_what_the_endpoint_says(slug: str, stream: bool) -> None:
    """Method, path, query, headers and body are those that the endpoint names, and there is nothing else."""
    kept = KEPT["requests"][slug]
    assert kept["client"] == ENDPOINTS[slug]
    assert_said(kept["stream" if stream else "whole"], made()[slug], kept["client"], stream)


def test_every_adapter_is_called_by_a_client() -> None:
    """Of the closed list of adapters only `custom`, whose requests are the service's own, has no client."""
    assert {endpoint["adapter"] for endpoint in made().values()} == set(ADAPTERS) - {"custom"}


def test_a_recording_that_says_something_else_is_seen() -> None:
    """The comparison is not empty: each part of a request that differs fails it."""
    request, endpoint = KEPT["requests"]["openai"]["whole"], made()["openai"]
    changes: list[dict[str, Any]] = [
        {"method": "GET"},
        {"path": "/v1/v1/chat/completions"},
        {"query": "a=b"},
        {"headers": request["headers"] | {"x-api-key": "key"}},
        {"headers": request["headers"] | {"authorization": "key of OPENAI_API_KEY"}},
        {"body": request["body"] | {"stream": True}},
        {"body": request["body"] | {"model": "openai"}},
    ]
    for change in changes:
        with pytest.raises(AssertionError):
            assert_said(request | change, endpoint, "openai.OpenAI", False)


def test_the_extra_holds_the_sdks() -> None:
    """Each SDK that is called is in the extra, with what makes the certificate."""
    project = tomllib.loads((record.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {line.partition(">=")[0] for line in project["optional-dependencies"]["dev-sdks"]}
    assert names == {*calls.PACKAGES, "cryptography"}
    assert set(KEPT["packages"]) == set(calls.PACKAGES)


def test_the_page_names_every_client_and_version() -> None:
    """What the page says was recorded is what is kept."""
    page = (record.ROOT / "docs" / "sdks.md").read_text(encoding="utf-8")
    assert [client for client in ENDPOINTS.values() if client.partition(",")[0] not in page] == []
    versions = (f"{name} {'.'.join(version.split('.')[:2])}" for name, version in KEPT["packages"].items())
    assert [version for version in versions if version not in page] == []


@pytest.mark.hard
@INTERPRETER
def test_the_sdks_send_what_the_endpoints_say() -> None:
    """The same, of calls that are made now with the packages that are installed."""
    recorded = record.record()
    for slug, stream in CALLS:
        assert_said(recorded["requests"][slug]["stream" if stream else "whole"], made()[slug], ENDPOINTS[slug], stream)


@pytest.mark.hard
@INTERPRETER
def test_the_services_clients_send_what_the_endpoints_say() -> None:
    """The same, of calls through the clients that `routecomp.service.clients` builds from an endpoint alone."""
    recorded = record.record("tests.sdks.through_clients")
    for slug, stream in CALLS:
        assert_said(recorded["requests"][slug]["stream" if stream else "whole"], made()[slug], ENDPOINTS[slug], stream)


def assert_said(request: dict[str, Any], endpoint: dict[str, Any], client: str, stream: bool) -> None:
    """Compare a recorded request with what the endpoint says, but for what this client is known to do otherwise."""
    url = urlsplit(endpoint["stream_url"] if stream else endpoint["url"])
    path, body = request["path"], dict(request["body"])
    if (
        client == "anthropic.AnthropicBedrock"
    ):  # a colon of the model's name stays as it is; the path alone asks for a stream
        path = path.replace(":", "%3A")
        body |= {"stream": True} if stream else {}
    if client == "openai.AzureOpenAI":  # the deployment is in the path, and here once more
        assert body.pop("model") == endpoint["upstream_model"]
    if client == "cohere.ClientV2" and not stream:  # a stream that is not wanted is said too
        assert body.pop("stream") is False
    if client == "anthropic.AnthropicVertex" and stream:  # Claude wants the switch in the body too
        assert body.pop("stream") is True
    assert request["method"] == "POST"
    assert path == url.path
    assert sorted(parse_qsl(request["query"], True)) == sorted(parse_qsl(url.query, True))
    assert request["headers"] == said_headers(endpoint, request["headers"])
    assert body == said_body(endpoint, client, stream)


def said_headers(endpoint: dict[str, Any], sent: dict[str, str]) -> dict[str, str]:
    """Return the headers that an endpoint names; a client's word on its patience is compared where there is a limit."""
    keys = record.KEYS
    named = endpoint["headers"] | {name: keys[held] for name, held in endpoint["secret_headers"].items()}
    headers = {"content-type": "application/json"} | {name.lower(): value for name, value in named.items()}
    if endpoint["auth"] == "sigv4":
        headers["authorization"] = f"AWS4-HMAC-SHA256 {endpoint['region']}/bedrock"
    elif endpoint["auth"] in ("bearer", "oauth"):
        headers["authorization"] = f"Bearer {keys[endpoint['api_key_env'] or 'OAUTH_TOKEN']}"
    else:
        headers[endpoint["auth"].removeprefix("header:").lower()] = keys[endpoint["api_key_env"]]
    total = (endpoint["timeouts"] or {}).get("total_ms")
    for name in sent.keys() & TIMEOUT_HEADERS:
        headers[name] = sent[name]
        assert total is None or float(sent[name]) * 1000 == total
    return headers


def said_body(endpoint: dict[str, Any], client: str, stream: bool) -> dict[str, Any]:
    """Return a service's own words, completed by all that the endpoint says about the body."""
    family = client.partition(".")[0].partition(",")[0]
    body: dict[str, Any] = deepcopy(OWN_WORDS.get(client, OWN_WORDS.get(family, {})) | endpoint["params"])
    if endpoint["model_in"] == "body":
        body["model"] = endpoint["upstream_model"]
    if endpoint["stream_by"] == "body" and stream:
        body["stream"] = True
    if endpoint["max_output_tokens"]:
        *parents, name = LIMITS.get(client, LIMITS.get(family, ()))
        place = body
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = endpoint["max_output_tokens"]
    return body


@cache
def made() -> dict[str, dict[str, Any]]:
    return endpoints()
