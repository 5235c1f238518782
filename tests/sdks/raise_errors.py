"""Let each provider's own SDK raise each error once, against a faulty server; run where the SDKs are installed.

    python -m tests.sdks.raise_errors [LIBRARY…]

Prints, for each library and fault, the shape of what was raised: its classes, and the attributes that say something.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import version
from typing import Any

from tests.sdks.faulty import FAULTS, faulty

PATIENCE = 0.3
"""Seconds until a client gives up a host that hangs."""
MESSAGES = [{"role": "user", "content": "Say hello."}]
KEPT = ("status_code", "code", "type", "status", "error_code", "body", "details", "headers", "filename", "reason")
PACKAGES = {"genai": "google-genai", "urllib": None}


def _openai(base: str, stream: bool) -> Any:
    client = import_module("openai").OpenAI(base_url=f"{base}/v1", api_key="k", max_retries=0, timeout=PATIENCE)
    with client:
        answer = client.chat.completions.create(model="m", messages=MESSAGES, stream=stream)
        return list(answer) if stream else answer


def _anthropic(base: str, stream: bool) -> Any:
    client = import_module("anthropic").Anthropic(base_url=base, api_key="k", max_retries=0, timeout=PATIENCE)
    with client:
        answer = client.messages.create(model="m", max_tokens=9, messages=MESSAGES, stream=stream)
        return list(answer) if stream else answer


def _genai(base: str, stream: bool) -> Any:
    options = {"base_url": base, "api_version": "v1", "timeout": int(PATIENCE * 1000)}
    client = import_module("google.genai").Client(api_key="k", http_options=options)
    if stream:
        return list(client.models.generate_content_stream(model="m", contents="Say hello."))
    return client.models.generate_content(model="m", contents="Say hello.")


def _boto3(base: str, stream: bool) -> None:
    config = import_module("botocore.config").Config(
        retries={"total_max_attempts": 1}, read_timeout=PATIENCE, connect_timeout=PATIENCE
    )
    client = import_module("boto3").client(
        "bedrock-runtime",
        region_name="eu-central-1",
        endpoint_url=base,
        config=config,
        aws_access_key_id="id",
        aws_secret_access_key="secret",
    )
    client.converse(modelId="m", messages=[{"role": "user", "content": [{"text": "Say hello."}]}])


def _cohere(base: str, stream: bool) -> None:
    client = import_module("cohere").ClientV2(api_key="k", base_url=base, timeout=PATIENCE, max_retries=0)
    client.chat(model="m", messages=MESSAGES, request_options={"max_retries": 0})


def _httpx(base: str, stream: bool, module: str = "httpx") -> None:
    import_module(module).post(f"{base}/chat", json={}, timeout=PATIENCE, trust_env=False).raise_for_status()


def _httpx2(base: str, stream: bool) -> None:
    _httpx(base, stream, "httpx2")


def _requests(base: str, stream: bool) -> None:
    session = import_module("requests").Session()
    session.trust_env = False
    with session, session.post(f"{base}/chat", json={}, timeout=PATIENCE) as answer:
        answer.raise_for_status()
        answer.json()


def _urllib(base: str, stream: bool) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{base}/chat", b"{}", timeout=PATIENCE) as answer:
        json.load(answer)


CALLS: dict[str, Callable[[str, bool], Any]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "genai": _genai,
    "boto3": _boto3,
    "cohere": _cohere,
    "httpx": _httpx,
    "httpx2": _httpx2,
    "requests": _requests,
    "urllib": _urllib,
}


def raised(library: str, base: str, stream: bool) -> dict[str, Any] | None:
    """Make one call; return the shape of what it raised, None if it returned."""
    try:
        CALLS[library](base, stream)
    except Exception as error:
        return shape(error)
    return None


def shape(error: BaseException) -> dict[str, Any]:
    """Return the classes of an exception, and its attributes as JSON values."""
    response = getattr(error, "response", None)
    attributes: dict[str, Any] = {name: plain(getattr(error, name, None)) for name in KEPT}
    if isinstance(response, Mapping):
        attributes["response"] = plain(response)
    kept = None
    if response is not None and not isinstance(response, Mapping):
        content = getattr(response, "_content", None)
        kept = {
            "status_code": response.status_code,
            "headers": plain(response.headers),
            "_content": content.decode() if isinstance(content, bytes) else None,
        }
    return {
        "classes": [[cls.__module__, cls.__qualname__] for cls in type(error).__mro__],
        "attributes": {name: value for name, value in attributes.items() if value is not None},
        "response": kept,
    }


def plain(value: Any) -> Any:
    """Return a value as JSON has it; a property that is none of its kinds is left out."""
    if isinstance(value, BaseException):
        return shape(value)
    if isinstance(value, Mapping):
        return {
            str(key): plain(inner) for key, inner in value.items() if str(key).lower() not in ("server", "date-local")
        }
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    pairs = getattr(value, "items", None)
    return plain(dict(pairs())) if callable(pairs) else None


def main() -> None:
    """Print what was raised, and the versions of the packages."""
    libraries = sys.argv[1:] or list(CALLS)
    errors: dict[str, dict[str, Any]] = {library: {} for library in libraries}
    with faulty() as url:
        for library in libraries:
            for fault in FAULTS[library]:
                errors[library][fault] = raised(library, f"{url}/{library}/{fault}", fault.startswith("stream"))
            errors[library]["refused"] = raised(library, "http://127.0.0.1:9", False)
    packages = {PACKAGES.get(library, library) for library in libraries} - {None}
    json.dump(
        {"packages": {name: version(str(name)) for name in sorted(map(str, packages))}, "errors": errors}, sys.stdout
    )


if __name__ == "__main__":
    main()
