"""What clients do without any package of a provider; through the packages: tests/sdks/test_sdks.py."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import warnings
import weakref
from types import SimpleNamespace
from typing import Any

import pytest

from routecomp.service import clients as service_clients
from routecomp.service.calls.at import At
from routecomp.service.clients import _ASYNC_BUILDERS, _BUILDERS, MOST_IDLE, Clients, NoClient, _key
from tests.runtime.tables import router


def at_of(slug: str, **changes: object) -> At:
    served = router()
    endpoint = served.endpoint(served.resolve(model=slug), slug)
    assert endpoint is not None
    return At(endpoint._replace(**changes), 1, 10.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (at_of("opus", adapter="custom"), "no client for the adapter 'custom'"),
        (at_of("opus", adapter="vertex"), "names no project"),
        (at_of("opus", adapter="bedrock", base_url=None), "boto3|which base URL"),
        (at_of("gpt"), "openai cannot be imported"),
        (at_of("gpt", adapter="cohere"), "(httpx|cohere) cannot be imported"),
        (at_of("opus"), "anthropic cannot be imported"),
    ],
)
def test_what_cannot_be_built_says_why(at: At, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("openai", "anthropic", "boto3", "cohere"):
        monkeypatch.setitem(sys.modules, package, None)
    with Clients() as clients, pytest.raises(NoClient, match=words):
        clients(at)


def test_models_of_one_project_share_a_client() -> None:
    """The client of Vertex is built for a project and a location, which only the URL tells."""
    models = "https://vertex.example/v1/projects/{}/locations/{}/publishers/{}/models/{}:generateContent"
    keys = [
        _key(at_of("opus", adapter="vertex", url=models.format(*names)))
        for names in (
            ("a", "eu", "google", "flash"),
            ("a", "eu", "google", "pro"),
            ("b", "eu", "google", "flash"),
            ("a", "us", "google", "flash"),
            ("a", "eu", "anthropic", "opus"),
        )
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


def test_an_adapter_without_a_client_for_tasks() -> None:
    async def main() -> None:
        async with Clients() as clients:
            clients.for_task(at_of("opus", adapter="custom"))

    with pytest.raises(NoClient, match="for_task"):
        asyncio.run(main())


class Client:
    """A client for tasks, which holds its loop as their connections do."""

    closed = 0

    def __init__(self, step: At) -> None:
        self.loop = asyncio.get_running_loop()

    async def close(self) -> None:
        Client.closed += 1
        self.loop.call_soon(print)  # raises once the loop has ended


def test_clients_go_with_their_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of loops that have ended are closed as far as they can be, and let go."""
    monkeypatch.setitem(_ASYNC_BUILDERS, "custom", Client)
    clients, built = Clients(), list[weakref.ref[Any]]()

    async def main() -> None:
        client = clients.for_task(at_of("opus", adapter="custom"))
        assert clients.for_task(at_of("opus", adapter="custom")) is client
        built.append(weakref.ref(client))

    for _ in range(5):
        asyncio.run(main())
    gc.collect()
    assert [reference() is not None for reference in built] == [False] * 4 + [True]
    assert Client.closed == 4


def test_clients_of_loops_that_are_dropped_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that nobody closes is held by its clients: those of the oldest that do not run are let go."""
    monkeypatch.setitem(_ASYNC_BUILDERS, "custom", Client)
    clients, loops = Clients(), list[weakref.ref[Any]]()

    async def main() -> None:
        client = clients.for_task(at_of("opus", adapter="custom"))
        assert clients.for_task(at_of("opus", adapter="custom")) is client

    for _ in range(MOST_IDLE + 5):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        loops.append(weakref.ref(loop))
        del loop
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Python's own word on a loop that is not closed
        gc.collect()
        assert [reference() is None for reference in loops[:6]] == [True] * 4 + [False] * 2
        clients.close()
        gc.collect()
    assert [reference() for reference in loops] == [None] * len(loops)


def test_a_loop_that_closes_its_clients_while_another_loop_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both let the same clients go; neither fails for that."""
    monkeypatch.setitem(_ASYNC_BUILDERS, "custom", Client)
    monkeypatch.setattr(service_clients, "MOST_IDLE", 0)
    clients, closers = Clients(), list[threading.Thread]()

    class Loop(asyncio.SelectorEventLoop):
        """A loop that begins to close its clients just after it was seen idle."""

        def is_running(self) -> bool:
            is_running = super().is_running()
            if threading.current_thread() is threading.main_thread() and opened and not closers:
                closers.append(threading.Thread(target=lambda: self.run_until_complete(clients.aclose())))
                closers[0].start()
                closers[0].join(0.3)
            return is_running

    async def main() -> None:
        clients.for_task(at_of("opus", adapter="custom"))

    opened = False
    loop = Loop()
    loop.run_until_complete(main())
    opened = True
    asyncio.run(main())
    closers[0].join(20)
    loop.close()
    assert loop not in clients._of_loops


def test_a_key_that_changes_lets_its_client_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each variable one client is kept; keys of two variables do not push each other out."""
    monkeypatch.setitem(_BUILDERS, "custom", lambda step: SimpleNamespace(key=step.api_key))
    clients = Clients()
    one, other = (at_of("opus", adapter="custom", api_key_env=name) for name in ("KEY_ONE", "KEY_OTHER"))
    monkeypatch.setenv("KEY_OTHER", "stays")
    kept = clients(other)
    for number in range(20):
        monkeypatch.setenv("KEY_ONE", f"key-{number}")
        assert clients(one).key == f"key-{number}"
        assert clients(one) is clients(one)
    assert clients(other) is kept
    assert len(clients._clients) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_leaves_its_parents_clients_alone() -> None:
    clients = Clients()
    clients._clients["of the parent"] = (), object()
    child = os.fork()
    if child == 0:
        try:
            clients(at_of("opus", adapter="custom"))
        except NoClient:
            os._exit(0 if not clients._clients else 1)
        os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert len(clients._clients) == 1
