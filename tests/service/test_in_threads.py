"""A client that waits serves tasks too: its calls wait in threads, and none holds up the loop or outlives its task."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from routecomp.service.calls.at import At
from routecomp.service.clients import _ASYNC_BUILDERS, Clients
from routecomp.service.in_threads import THREADS, InThreads
from tests.service.calls.world import World, set_keys

EVENTS = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"delta": {"text": "a"}}},
    {"messageStop": {"stopReason": "end_turn"}},
    {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 2}}},
]
WHO: ContextVar[str] = ContextVar("WHO", default="nobody")


class EventStream:
    """Events as botocore has them."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[Any]:
        yield from EVENTS

    def close(self) -> None:
        self.closed.set()


class Bedrock:
    """A client as boto3 has it."""

    region = "eu-west-1"

    def __init__(self) -> None:
        self.both = threading.Barrier(2, timeout=20)
        self.begun, self.goes_on = threading.Event(), threading.Event()
        self.stream = EventStream()
        self.is_closed = False

    def converse(self, **request: Any) -> dict[str, Any]:
        self.both.wait()
        return {"output": request["modelId"], "who": WHO.get(), "usage": {"inputTokens": 3, "outputTokens": 2}}

    def converse_stream(self, **request: Any) -> dict[str, Any]:
        self.begun.set()
        assert self.goes_on.wait(20)
        return {"stream": self.stream, "ResponseMetadata": {}}

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Bedrock:
    """Return the client that is built for models on Anthropic's adapter."""
    set_keys(monkeypatch)
    client = Bedrock()
    monkeypatch.setitem(_ASYNC_BUILDERS, "anthropic", lambda step: InThreads(client))
    return client


def test_calls_wait_beside_each_other(bedrock: Bedrock) -> None:
    """Two calls meet in the client, each in the context of its task; the client is closed with its loop's others."""
    world = World()

    async def main() -> list[Any]:
        async with Clients() as clients:

            async def ask(who: str) -> Any:
                WHO.set(who)
                return await world.calls.arun(
                    lambda at: clients.for_task(at).converse(modelId=at.upstream_model), feature="chat"
                )

            return await asyncio.gather(*(asyncio.create_task(ask(who)) for who in ("a", "b")))

    answers = asyncio.run(main())
    assert [answer["who"] for answer in answers] == ["a", "b"]
    assert bedrock.is_closed
    assert world.kept.outcomes == ["succeeded"] * 2
    assert InThreads(bedrock).region == "eu-west-1"


def test_a_stream_is_read_and_closed(bedrock: Bedrock) -> None:
    world = World()
    bedrock.goes_on.set()
    clients = Clients()

    async def opened(at: At) -> AsyncIterator[Any]:
        answer = await clients.for_task(at).converse_stream(modelId=at.upstream_model)
        events: AsyncIterator[Any] = answer["stream"]
        return events

    async def main() -> list[Any]:
        async with world.calls.astream(opened, feature="chat") as chunks:
            return [chunk async for chunk in chunks]

    assert asyncio.run(main()) == EVENTS
    assert bedrock.stream.closed.wait(20)
    assert (world.row.outcome, world.row.usage) == ("succeeded", (3, 2))


def test_a_stream_is_no_answer_of_a_task(bedrock: Bedrock) -> None:
    world = World()
    bedrock.goes_on.set()
    clients = Clients()

    async def main() -> None:
        await world.calls.arun(lambda at: clients.for_task(at).converse_stream(), feature="chat")

    with pytest.raises(TypeError, match="astream"):
        asyncio.run(main())
    assert world.row.outcome == "failed"
    assert bedrock.stream.closed.wait(20)


def test_what_comes_too_late_is_closed(bedrock: Bedrock) -> None:
    """A task that is cancelled waits no longer; the stream that its call brings then is closed by the thread."""
    world = World()
    clients = Clients()

    async def main() -> None:
        task = asyncio.create_task(world.calls.arun(lambda at: clients.for_task(at).converse_stream(), feature="chat"))
        await asyncio.to_thread(bedrock.begun.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert world.row.outcome == "cancelled"
    bedrock.goes_on.set()
    assert bedrock.stream.closed.wait(20)


@pytest.mark.parametrize("is_warm", [True, False], ids=["a thread is there", "none is there"])
def test_where_no_thread_can_be_had(is_warm: bool, bedrock: Bedrock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that are there serve; else the next model does, and what could not be called is never sent."""
    world, clients, asked = World(), Clients(), list[str]()
    start = threading.Thread.start

    def converse(**request: Any) -> dict[str, Any]:
        asked.append(request["modelId"])
        return {"usage": {"inputTokens": 3, "outputTokens": 2}}

    monkeypatch.setattr(bedrock, "converse", converse)

    def no_start(thread: threading.Thread) -> None:
        if "routecomp-client" in thread.name:
            raise RuntimeError("can't start new thread")
        start(thread)

    async def ask(at: At) -> Any:
        if at.adapter != "anthropic":
            return {"choices": []}
        return await clients.for_task(at).converse(modelId=at.upstream_model)

    async def main() -> None:
        if is_warm:
            await world.calls.arun(ask, feature="chat")
        monkeypatch.setattr(threading.Thread, "start", no_start)
        await asyncio.gather(*(world.calls.arun(ask, feature="chat") for _ in range(5)))
        monkeypatch.undo()
        await clients.aclose()

    asyncio.run(main())
    assert world.kept.outcomes == ["succeeded"] * 6 if is_warm else ["fell_back"] * 5
    assert len(asked) == (6 if is_warm else 0)


def test_calls_that_wait_for_a_thread_end_with_their_client() -> None:
    """All threads are taken when the client is closed: calls under way end, the others are refused at once."""
    goes_on = threading.Event()

    class Waits:
        def get(self) -> int:
            goes_on.wait(20)
            return 1

        def close(self) -> None:
            pass

    async def main() -> list[Any]:
        client = InThreads(Waits())
        tasks = [asyncio.create_task(client.get()) for _ in range(THREADS + 3)]
        await asyncio.sleep(0)  # each has asked for its thread
        tasks[-1].cancel()
        await client.close()
        refused, _ = await asyncio.wait(tasks, timeout=20, return_when=asyncio.FIRST_EXCEPTION)
        assert refused.issubset(tasks[THREADS:])
        goes_on.set()
        return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 20)

    kinds = [type(answer).__name__ for answer in asyncio.run(main())]
    assert kinds == ["int"] * THREADS + ["BlockingIOError"] * 2 + ["CancelledError"]


LATE = """
import asyncio
import threading
from routecomp.service.in_threads import InThreads

class Client:
    def get(self):
        return 1

main, began = threading.main_thread(), threading.Event()

async def calls():
    client, idle = InThreads(Client()), InThreads(Client())
    await client.get()  # so that a thread of it runs
    began.set()
    while main.is_alive():
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)  # the interpreter has begun to end, and waits for this thread
    for each in (client, idle):
        try:
            print("answered", await asyncio.wait_for(each.get(), 20))
        except OSError as refused:
            print("refused" if not isinstance(refused, TimeoutError) else "waited")

threading.Thread(target=lambda: asyncio.run(calls())).start()
began.wait()
"""


def test_a_call_while_the_interpreter_ends_is_refused_and_waits_for_nobody() -> None:
    """A loop in a thread outlives the main one: no pool takes work any more, whether its threads ran before or not."""
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["refused", "refused"], done
