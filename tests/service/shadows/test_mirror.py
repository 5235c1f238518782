"""Answered calls are mirrored to the shadows of their decisions, and notice nothing of it."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from routecomp import service
from routecomp.service.budgets.amounts import cost
from routecomp.service.calls.at import At
from routecomp.service.shadows.mirror import Mirror
from routecomp.service.usage import Usage
from tests.runtime.tables import TABLE, encode
from tests.service.calls.world import HostError, Row, World

MINI_ONLY = {"features/chat/rows/2/sample_bp": 1}
ANSWER: dict[str, Any] = {"usage": {"prompt_tokens": 100, "completion_tokens": 50}}
REQUEST: dict[str, Any] = {"feature": "chat", "request_id": "r-2", "input_tokens": 100, "tenant": "picky"}


def mirrored(changes: dict[str, Any] | None = None, **options: Any) -> tuple[World, Mirror]:
    """Return a world that mirrors to mini alone, unless told otherwise."""
    world = World({**MINI_ONLY, **(changes or {})})
    mirror = world.desk.mirror = Mirror(world.desk, **options)
    return world, mirror


def settled(mirror: Mirror, count: int) -> dict[str, int]:
    """Wait until something became of so many shadows, and return what."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        status: Any = mirror.status()
        if sum(status.values()) >= count and mirror._desk.capture.status()["in_flight"] == 0:
            return {word: number for word, number in status.items() if number}
        time.sleep(0.005)
    raise AssertionError(mirror.status())


def shadow_row(world: World) -> Row:
    """Return the only row of a shadow."""
    (row,) = [row for row in world.kept.rows if row.decision.reasons == ("shadow",)]
    world.kept.assert_once()
    return row


def test_an_answered_call_is_called_once_more() -> None:
    """The function is called for the shadow too; its row is its own, and has no tenant."""
    world, mirror = mirrored()
    world.ends = {"opus": "hello", "mini": ANSWER}
    assert world.calls.run(world.call, **REQUEST) == "hello"
    assert settled(mirror, 1) == {"mirrored": 1}
    assert world.models == ["opus", "mini"]
    row = shadow_row(world)
    assert (row.decision.model, row.decision.chain, row.outcome) == ("mini", ("mini",), "succeeded")
    assert row.request == {"feature": "chat", "request_id": "r-2"}
    assert row.usage == (100, 50)
    assert row.tries == [("mini", "ok", None)]
    assert 'routecomp_shadows_total{result="mirrored"} 1' in mirror.metrics()


def test_what_is_not_mirrored() -> None:
    """Neither calls without an id, nor those that failed, nor to the model that served."""
    world, mirror = mirrored()
    world.calls.run(world.call, feature="chat")
    world.ends = {"opus": HostError(400)}
    with pytest.raises(HostError):
        world.calls.run(world.call, feature="chat", request_id="r", tenant="strict")
    world.ends = dict.fromkeys(("opus", "mistral-3", "gpt"), HostError(500))
    assert world.calls.run(world.call, feature="chat", request_id="r-2") == "from mini"
    assert "mini" in world.kept.rows[-1].decision.shadows
    assert sum(mirror.status().values()) == 0  # type: ignore[arg-type]
    world.kept.assert_once()


@pytest.mark.parametrize(
    ("end", "outcome", "attempt"),
    [
        (HostError(500), "failed", "retriable_error"),
        (HostError(429), "failed", "rate_limited"),
        (ZeroDivisionError(), "failed", "terminal_error"),
        (KeyboardInterrupt(), "cancelled", "terminal_error"),
        ({"error": {"code": 503}}, "failed", "retriable_error"),
    ],
)
def test_a_shadow_that_fails_concerns_nobody(end: Any, outcome: str, attempt: str) -> None:
    """The answer was given already; the shadow's own row says how it ended, and the next call is mirrored too."""
    world, mirror = mirrored()
    world.ends = {"mini": [end, "fine"]}
    assert world.calls.run(world.call, **REQUEST) == "from opus"
    settled(mirror, 1)
    row = shadow_row(world)
    assert (row.outcome, row.tries[0][1]) == (outcome, attempt)
    world.calls.run(world.call, **REQUEST)
    assert settled(mirror, 2) == {"mirrored": 2}


def test_a_day_costs_no_more_than_its_limit() -> None:
    """A shadow that has spent its dollars is called no more that day, whoever asks."""
    world, mirror = mirrored({"features/chat/rows/3/max_daily_cents": 1})
    world.ends = {"mini": {"usage": {"prompt_tokens": 5000, "completion_tokens": 2500}}}  # 3 of 10 parts of a cent
    for number in range(6):
        world.calls.run(world.call, feature="chat", request_id=f"r-{number}", input_tokens=5000)
        settled(mirror, number + 1)
    assert settled(mirror, 6) == {"mirrored": 3, "spent": 3}
    world.clock.advance(86_400)
    world.calls.run(world.call, **REQUEST)
    assert settled(mirror, 7) == {"mirrored": 4, "spent": 3}


def test_keys_and_circuits_bar_shadows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shadow whose circuit is open is no part of a decision; one without its key is counted and not called."""
    world, mirror = mirrored()
    for failure in range(5):
        world.ends = {"mini": HostError(500)}
        world.calls.run(world.call, **REQUEST)
        settled(mirror, failure + 1)
    world.calls.run(world.call, **REQUEST)
    assert settled(mirror, 5) == {"mirrored": 5}
    world.clock.advance(3600)
    monkeypatch.delenv("OPENAI_API_KEY")
    world.calls.run(world.call, **REQUEST)
    assert settled(mirror, 6) == {"mirrored": 5, "key": 1}


def test_shadows_that_hang_hold_nothing_up() -> None:
    """Calls are answered while every thread hangs; what finds no room is dropped and counted, also at the end."""
    world, mirror = mirrored(threads=2, waiting=3)
    release = threading.Event()

    def call(at: At) -> str:
        if at.model == "mini":
            release.wait(30)
        return at.model

    for _ in range(20):
        assert world.calls.run(call, **REQUEST) == "opus"
    assert 15 <= mirror.status()["dropped"] <= 17
    assert not mirror.close(0.01)
    assert mirror.status()["dropped"] >= 18
    release.set()
    assert mirror.close(20)
    assert sum(mirror.status().values()) == 20  # type: ignore[arg-type]
    world.calls.run(call, **REQUEST)
    assert mirror.status()["dropped"] >= 19


def test_streams_are_read_to_their_end() -> None:
    """A stream that ended is mirrored as a stream, whose tokens count; one that was left early is not."""
    world, mirror = mirrored()
    read: list[str] = []

    def opened(at: At) -> Iterator[Any]:
        yield {"choices": [{"finish_reason": None}]}
        read.append(at.model)
        yield {"choices": [{"finish_reason": "stop"}], **ANSWER}

    with world.calls.stream(opened, **REQUEST) as stream:
        assert len(list(stream)) == 2
    assert settled(mirror, 1) == {"mirrored": 1}
    assert read == ["opus", "mini"]
    assert (shadow_row(world).outcome, shadow_row(world).usage) == ("succeeded", (100, 50))
    with world.calls.stream(opened, **REQUEST) as stream:
        next(stream)
    assert settled(mirror, 1) == {"mirrored": 1}


def test_tasks_are_mirrored_in_their_loop() -> None:
    """A coroutine's clients belong to its loop, so its shadow runs there, and does not hold the answer up."""
    world, mirror = mirrored()
    loops: list[Any] = []
    gate: list[asyncio.Event] = []

    async def call(at: At) -> Any:
        loops.append((at.model, asyncio.get_running_loop()))
        if at.model == "mini":
            await gate[0].wait()
        return ANSWER

    async def opened(at: At) -> AsyncIterator[Any]:
        yield {"choices": [{"finish_reason": None}]}
        yield {"choices": [{"finish_reason": "stop"}], **ANSWER}

    async def main() -> None:
        gate.append(asyncio.Event())
        await world.calls.arun(call, **REQUEST)
        gate[0].set()
        async with world.calls.astream(opened, **REQUEST) as stream:
            assert len([chunk async for chunk in stream]) == 2
        while mirror._tasks:
            await asyncio.sleep(0.001)
        gate[0].clear()
        await world.calls.arun(call, **REQUEST)
        while len(loops) < 4:
            await asyncio.sleep(0.001)

    asyncio.run(main())
    assert [model for model, _ in loops] == ["opus", "mini", "opus", "mini"]
    assert len({loop for _, loop in loops}) == 1
    assert settled(mirror, 3) == {"mirrored": 3}
    assert sorted(row.outcome or "" for row in world.kept.rows if row.decision.reasons == ("shadow",)) == [
        "cancelled", "succeeded", "succeeded",
    ]  # fmt: skip
    world.kept.assert_once()


def test_a_shadow_that_is_left_while_it_begins_is_not_called() -> None:
    """The loop ends while a store is asked for the shadow's dollars: they come back, and nothing stays in flight."""
    world, mirror = mirrored({"features/chat/rows/3/max_daily_cents": 1})
    asked, gate = threading.Event(), threading.Event()
    ledger = world.desk.budgets.ledger
    take = ledger.take

    def slow_take(*arguments: Any) -> bool:
        asked.set()
        return gate.wait(20) and take(*arguments)

    ledger.take = slow_take  # type: ignore[method-assign, assignment]

    async def call(at: At) -> Any:
        return ANSWER

    async def main() -> None:
        await world.calls.arun(call, **REQUEST)
        while not asked.is_set():
            await asyncio.sleep(0.001)
        for task in mirror._tasks:
            task.cancel()
        await asyncio.sleep(0.01)
        gate.set()

    asyncio.run(main())
    assert settled(mirror, 1) == {"dropped": 1}
    assert [int(account.used) for account in ledger.accounts()] == [0]
    world.kept.assert_once()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("way", ["cancelled", "closed", "closed in the midst"])
def test_shadows_of_loops_that_end_are_counted_and_take_no_room(way: str) -> None:
    """A task that never began is counted as dropped; what is left of a loop that was closed is let go."""
    world, mirror = mirrored(waiting=2)
    world.ends = dict.fromkeys(("opus", "mini"), ANSWER)

    async def call(at: At) -> Any:
        if at.model == "mini":
            await asyncio.sleep(60)
        return ANSWER

    async def main() -> None:
        await world.calls.arun(call, **REQUEST)
        while way == "closed in the midst" and not any(shadow.has_begun for shadow in mirror._tasks.values()):
            await asyncio.sleep(0.001)

    for _ in range(5):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        if way == "cancelled":
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
    counts = settled(mirror, 5)
    assert counts.get("dropped", 0) + counts.get("mirrored", 0) == 5
    assert not mirror._tasks
    outcomes = [row.outcome for row in world.kept.rows if row.decision.reasons == ("shadow",)]
    assert outcomes == ["cancelled"] * counts.get("mirrored", 0)
    assert way != "closed in the midst" or len(outcomes) == 5
    world.kept.assert_once()
    gc.collect()  # what the loops left behind is told here, and not in the midst of another test


def test_where_no_thread_can_start_work_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted once: when a later call's thread does it, or as dropped at the end."""
    world, mirror = mirrored()
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        world.calls.run(world.call, **REQUEST)
        assert mirror.status()["dropped"] == 0
    assert threading.Thread.start is real
    world.calls.run(world.call, **REQUEST)
    assert mirror.flush(20)
    assert settled(mirror, 2) == {"mirrored": 2}
    assert mirror.close(5)
    assert mirror.flush(0)


def test_a_half_stream_of_a_shadow_counts_as_expected() -> None:
    """Its host charges for what it sent."""
    world, mirror = mirrored({"features/chat/rows/3/max_daily_cents": 1})

    def opened(at: At) -> Iterator[Any]:
        yield {"type": "message_start", "message": {"usage": {"input_tokens": 100, "output_tokens": 1}}}
        if at.model != "mini":
            yield {"type": "message_stop"}

    with world.calls.stream(opened, **REQUEST) as stream:
        list(stream)
    assert settled(mirror, 1) == {"mirrored": 1}
    assert [account.used for account in world.desk.budgets.ledger.accounts()] == [100 * 600_000]


@pytest.mark.parametrize("way", ["ends", "breaks", "says", "stops", "is late"])
@pytest.mark.parametrize("in_tasks", [False, True])
def test_what_a_shadows_stream_wrote_counts(way: str, in_tasks: bool) -> None:
    """Where it told no tokens, its text counts by its bytes, as that of a caller's stream does, however it ends."""
    world, mirror = mirrored({"features/chat/rows/3/max_daily_cents": 1, "models/mini/total_ms": 1500})

    def words(at: At) -> Iterator[Any]:
        shadow = at.model == "mini"
        for _ in range(900 if shadow else 1):
            yield {"choices": [{"delta": {"content": "word "}, "finish_reason": None}]}
        if way == "breaks" and shadow:
            raise HostError(500)
        if way == "says" and shadow:
            yield {"error": {"code": 503, "message": "overloaded"}}
        if way == "stops" and shadow:
            return
        if way == "is late" and shadow:
            raise TimeoutError
        yield {"choices": [{"delta": {}, "finish_reason": "stop"}]}

    async def words_in_task(at: At) -> AsyncIterator[Any]:
        try:
            for chunk in words(at):
                yield chunk
        except TimeoutError:
            await asyncio.sleep(60)

    async def main() -> None:
        async with world.calls.astream(words_in_task, **REQUEST) as stream:
            assert [chunk async for chunk in stream]
        await mirror.flush_async()

    if in_tasks:
        asyncio.run(main())
    else:
        with world.calls.stream(words, **REQUEST) as stream:
            assert list(stream)
    assert settled(mirror, 1) == {"mirrored": 1}
    text = cost(world.calls.facts, "mini", Usage(100, 900 * 5 // 3))
    assert [account.used for account in world.desk.budgets.ledger.accounts()] == [text]
    assert shadow_row(world).outcome == ("succeeded" if way == "ends" else "failed")


def test_a_service_mirrors_where_it_is_told_to(tmp_path: Path) -> None:
    """By default nothing is mirrored; where it is, a child has threads of its own, and closing waits for what runs."""
    source = tmp_path / "routing_table.json"
    source.write_bytes(encode(TABLE))
    asked: list[str] = []

    def call(at: At) -> str:
        asked.append(at.model)
        return at.model

    with service.open(source, sinks=()) as router:
        router.run(call, **REQUEST)
        assert router.status()["shadows"] is None
    asked.clear()
    rows: list[Any] = []
    sink = service.Callback(lambda kind, values: rows.append((kind, dict(values))))
    with service.open(source, sinks=[sink], mirror=True) as router:
        router.run(call, **REQUEST)
        child = os.fork()
        if child == 0:
            asked.clear()
            router.run(call, **REQUEST)
            deadline = time.monotonic() + 20
            while "mini" not in asked and time.monotonic() < deadline:
                time.sleep(0.005)
            os._exit(0 if "mini" in asked else 1)
        assert os.waitpid(child, 0)[1] == 0
        deadline = time.monotonic() + 20
        while "mini" not in asked and time.monotonic() < deadline:
            time.sleep(0.005)
    written = [values for kind, values in rows if kind == "routing_outcomes" and values["reasons"] == '["shadow"]']
    assert [(row["tenant"], row["outcome"]) for row in written] == [(None, "succeeded")] * len(written)
    assert "mini" in [row["answered_by"] for row in written]
