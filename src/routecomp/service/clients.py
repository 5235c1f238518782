"""Build a provider's own client from an endpoint: one for each, with its own retries off, closed at the end.

The packages are asked for where a client is built: `openai`, `anthropic`, `google-genai`, `boto3`, `cohere`.
docs/sdks.md says what of an endpoint goes where.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from types import TracebackType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from weakref import WeakKeyDictionary

from routecomp.service.calls.at import At
from routecomp.service.in_threads import THREADS, InThreads

MOST_IDLE: Final = 32
"""Of how many loops that do not run, and were never closed, the clients are kept: each holds about 4 descriptors."""
_Built = dict[Any, tuple[Any, Any]]
"""Clients by what they are built from, each with the secrets that it has."""


class NoClient(Exception):
    """No client can be built: the package is not installed, or the adapter has none here."""


class Clients:
    """The clients of a process: `client(at)` for threads, `client.for_task(at)` for tasks.

    Tries that differ in nothing that the client is built from share one; where the value of a key changes, the client
    that has the old one is let go. A client for tasks belongs to its loop. A child of a fork builds its own, and leaves
    the parent's connections alone.

    `google` are credentials for Vertex, of the package `google-auth`; without any its clients look for the program's.
    """

    def __init__(self, *, google: Any = None) -> None:
        self._google = google
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._clients: _Built = {}
        self._of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Built] = WeakKeyDictionary()

    def __call__(self, step: At) -> Any:
        """Return the client for calls of a thread."""
        return self._client(step, self._clients_of_process(), _BUILDERS, "Clients")

    def for_task(self, step: At) -> Any:
        """Return the client for calls of a task, whose methods are coroutines. boto3's own wait in threads."""
        self._clients_of_process()
        loop = asyncio.get_running_loop()
        clients = self._of_loops.get(loop)
        if clients is None:
            self._forget_idle()
            with self._lock:
                clients = self._of_loops.setdefault(loop, {})
        return self._client(step, clients, _ASYNC_BUILDERS, "Clients.for_task")

    def close(self) -> None:
        """Close the clients for threads, and forget those for tasks, whose loops alone can close them."""
        with self._lock:
            clients, self._clients = self._clients, {}
            self._of_loops.clear()
        for _, client in clients.values():
            with suppress(Exception):
                client.close() if hasattr(client, "close") else client.__exit__(None, None, None)

    async def aclose(self) -> None:
        """Close the clients of this loop."""
        with self._lock:
            clients = self._of_loops.pop(asyncio.get_running_loop(), {})
        for _, client in clients.values():
            with suppress(Exception):
                await _closing(client)

    def __enter__(self) -> Clients:
        """Return the clients themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close them."""
        self.close()

    async def __aenter__(self) -> Clients:
        """Return the clients themselves."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close those of this loop, and those for threads."""
        await self.aclose()
        self.close()

    def _clients_of_process(self) -> _Built:
        if self._process != os.getpid():
            self._process, self._lock, self._clients = os.getpid(), threading.Lock(), {}
            self._of_loops = WeakKeyDictionary()
        return self._clients

    def _forget_idle(self) -> None:
        """Forget the clients of loops that have ended: they hold their loop, so nothing else would let them go.

        A loop that was dropped and never closed cannot be told from one that pauses: of these too many are forgotten.
        """
        with self._lock:
            loops = list(self._of_loops)
            ended = [self._of_loops.pop(loop, {}) for loop in loops if loop.is_closed()]
            idle = [loop for loop in loops if not loop.is_closed() and not loop.is_running()]
            forgotten = [self._of_loops.pop(loop, {}) for loop in idle[: max(0, len(idle) - MOST_IDLE)]]
        forgotten.clear()  # outside the lock: what closes itself when it is let go may ask for a client
        for _, client in [each for clients in ended for each in clients.values()]:
            with suppress(Exception):
                _let_go(client)

    def _client(self, step: At, clients: _Built, builders: dict[str, _Builder], where: str) -> Any:
        key, secrets = _key(step)
        known = clients.get(key)
        if known is None or known[0] != secrets:
            builder = builders.get(step.adapter)
            if builder is None:
                raise NoClient(f"{step.provider}: {where} has no client for the adapter {step.adapter!r}; build one")
            with self._lock:
                known = clients.get(key)
                if known is None or known[0] != secrets:
                    more = {"google": self._google} if step.adapter == "vertex" else {}
                    known = clients[key] = secrets, builder(step, **more)
        return known[1]


def _closing(client: Any) -> Coroutine[Any, Any, object]:
    """Return what closes a client for tasks."""
    if hasattr(client, "aio"):
        return client.aio.aclose()  # type: ignore[no-any-return]
    return client.close() if hasattr(client, "close") else client.__aexit__(None, None, None)  # type: ignore[no-any-return]


def _let_go(client: Any) -> None:
    """Take the first step of closing a client whose loop has ended; there is no second, but now it counts as closed.

    Left to the collector, it would begin to close itself in whatever loop runs then.
    """
    closing = _closing(client)
    with suppress(StopIteration):
        closing.send(None)
    closing.close()


_Builder = Callable[..., Any]


def _key(step: At) -> tuple[Any, Any]:
    """Return all that a client is built from, the variables of its secrets by their names; and what these hold now."""
    endpoint = step.endpoint
    url = urlsplit(endpoint.url)
    place = url.path.rpartition("/models/")[0] if endpoint.adapter == "vertex" else ""  # its project and location
    total = endpoint.timeouts.get("total_ms")
    shape = (endpoint.adapter, endpoint.base_url, endpoint.model_in, endpoint.auth, endpoint.region)
    variables = (endpoint.api_key_env, tuple(sorted(step.secret_headers.items())))
    plain = tuple(sorted(step.headers.items()))
    return (*shape, place, url.query, plain, total, variables), (step.api_key, tuple(sorted(_headers(step).items())))


def _openai(step: At, kind: str = "OpenAI") -> Any:
    return getattr(_package("openai"), kind)(
        base_url=_base(step), default_query=dict(_query(step)), default_headers=_headers(step), **_common(step)
    )


def _azure(step: At, kind: str = "AzureOpenAI") -> Any:
    query = dict(_query(step))
    return getattr(_package("openai"), kind)(
        azure_endpoint=_base(step),
        api_version=query.pop("api-version"),
        default_query=query,
        default_headers=_headers(step),
        **_common(step),
    )


def _anthropic(step: At, kind: str = "Anthropic") -> Any:
    """Send the key as the endpoint says: left to itself, this client sends it as a bearer token."""
    anthropic, headers, more = _package("anthropic"), dict[str, Any](_headers(step)), dict[str, Any]()
    if step.model_in == "path":
        kind = kind + "Bedrock"
        more = {"aws_region": step.region or _region(step)}
    elif step.auth not in ("bearer", "none"):
        headers |= {step.auth.removeprefix("header:"): step.api_key, "Authorization": anthropic.Omit()}
    return getattr(anthropic, kind)(
        base_url=_base(step), default_query=dict(_query(step)), default_headers=headers, **more, **_common(step)
    )


def _gemini(step: At, **more: Any) -> Any:
    """Add a query to each request by itself: given as `params`, it would replace the one that streams need."""
    base, query = _base(step), _query(step)

    def complete(request: Any) -> None:
        request.url = request.url.copy_merge_params(query)

    async def complete_async(request: Any) -> None:
        complete(request)

    options = {
        "base_url": base,
        "api_version": step.url.removeprefix(base).split("/")[1],
        "headers": _headers(step),
        "timeout": step.endpoint.timeouts.get("total_ms"),
        "client_args": {"event_hooks": {"request": [complete]}} if query else None,
        "async_client_args": {"event_hooks": {"request": [complete_async]}} if query else None,
    }
    return _package("google.genai").Client(**(more or {"api_key": step.api_key or "unused"}), http_options=options)


def _vertex(step: At, kind: str = "AnthropicVertex", *, google: Any) -> Any:
    """Build the client of Claude, or that of Google's own models, from the names in the URL."""
    segments = urlsplit(step.url).path.split("/")
    named = dict(pairwise(segments))
    project, location = named.get("projects"), named.get("locations")
    if project is None or location is None:
        raise NoClient(f"{step.provider}: its URL names no project or no location of Vertex; build a client yourself")
    if named.get("publishers") != "anthropic":
        return _gemini(step, vertexai=True, credentials=google, project=project, location=location)
    return getattr(_package("anthropic"), kind)(
        base_url=_base(step),
        credentials=google,
        project_id=project,
        region=location,
        default_query=dict(_query(step)),
        default_headers=_headers(step),
        **_patience(step),
    )


def _bedrock(step: At, **more: Any) -> Any:
    """Sign with the credentials that boto3 finds, or send the key that the endpoint names."""
    config: dict[str, Any] = {"retries": {"total_max_attempts": 1}, **more}
    timeouts = step.endpoint.timeouts
    config |= {"read_timeout": timeouts["total_ms"] / 1000} if "total_ms" in timeouts else {}
    config |= {"connect_timeout": timeouts["connect_ms"] / 1000} if "connect_ms" in timeouts else {}
    if step.auth == "bearer":
        config["signature_version"] = "bearer"
    session = _package("boto3").session.Session()
    client = session.client(
        "bedrock-runtime",
        region_name=step.region or _region(step),
        endpoint_url=_base(step),
        config=_package("botocore.config").Config(**config),
    )
    headers, query, key = _headers(step), _query(step), step.api_key

    def complete(request: Any, **_: Any) -> None:
        for name, value in headers.items():
            request.headers[name] = value
        request.params = dict(query) if query else request.params

    client.meta.events.register("before-sign.bedrock-runtime", complete)
    if step.auth == "bearer" and key is not None:
        token = _package("botocore.tokens").FrozenAuthToken(key)
        client._request_signer._auth_token = token
    return client


def _cohere(step: At, kind: str = "ClientV2", transport: str = "Client") -> Any:
    """Give the query and the headers to what sends the requests: this client takes them for single calls alone."""
    total = step.endpoint.timeouts.get("total_ms")
    sender = getattr(_package("httpx"), transport)
    return getattr(_package("cohere"), kind)(
        api_key=step.api_key or "unused",
        base_url=_base(step),
        max_retries=0,
        timeout=_COHERE_S if total is None else total / 1000,
        httpx_client=sender(headers=_headers(step), params=_query(step), timeout=None, follow_redirects=True),
    )


_COHERE_S: Final = 300.0
"""How long cohere's own client waits where it is not told, in seconds; each request has the time-out."""
_BUILDERS: Final[dict[str, _Builder]] = {
    "openai": _openai,
    "openai_compatible": _openai,
    "openai_responses": _openai,
    "azure_openai": _azure,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "vertex": _vertex,
    "bedrock": _bedrock,
    "cohere": _cohere,
}
_ASYNC_BUILDERS: Final[dict[str, _Builder]] = {
    "openai": lambda step: _openai(step, "AsyncOpenAI"),
    "openai_compatible": lambda step: _openai(step, "AsyncOpenAI"),
    "openai_responses": lambda step: _openai(step, "AsyncOpenAI"),
    "azure_openai": lambda step: _azure(step, "AsyncAzureOpenAI"),
    "anthropic": lambda step: _anthropic(step, "AsyncAnthropic"),
    "gemini": _gemini,
    "vertex": lambda step, **more: _vertex(step, "AsyncAnthropicVertex", **more),
    "bedrock": lambda step: InThreads(_bedrock(step, max_pool_connections=THREADS)),
    "cohere": lambda step: _cohere(step, "AsyncClientV2", "AsyncClient"),
}


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise NoClient(f"{name} cannot be imported; is its package installed?") from error


def _common(step: At) -> dict[str, Any]:
    """Return what the clients of openai and anthropic share; a call gives its own time-out."""
    return {"api_key": step.api_key or "unused"} | _patience(step)


def _patience(step: At) -> dict[str, Any]:
    total = step.endpoint.timeouts.get("total_ms")
    return {"max_retries": 0} | ({"timeout": total / 1000} if total else {})


def _base(step: At) -> str:
    if step.base_url is None:
        raise NoClient(f"{step.provider}: the table does not say which base URL its client takes")
    return step.base_url


def _query(step: At) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(step.url).query, keep_blank_values=True)


def _headers(step: At) -> dict[str, str]:
    """Return the headers of an endpoint, those that hold a secret too."""
    secret = {name: os.environ[key] for name, key in step.endpoint.secret_headers.items() if key in os.environ}
    return dict(step.endpoint.headers) | secret


def _region(step: At) -> str:
    """Return the region that AWS's own host names have; one that signs nothing needs none, so any does."""
    parts = (urlsplit(step.url).hostname or "").split(".")
    return parts[1] if len(parts) > 3 and parts[-2:] == ["amazonaws", "com"] else "us-east-1"
