"""A stream goes to the next model only before its first chunk; what is late, and what is half, is a failure."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from routecomp.service.calls import streams
from routecomp.service.calls.at import At
from routecomp.service.calls.errors import Exhausted, StreamBroken
from routecomp.service.calls.heard import Heard
from routecomp.service.usage import Progress, usage_of
from tests.service.calls.world import HostError, World

CHUNKS = [{"choices": [{"delta": {"content": text}, "finish_reason": None}]} for text in ("a", "b")]
END = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
USED = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}

Script = dict[str, list[Any]]
Driver = Callable[..., list[Any]]


def say(script: Script, at: At) -> Iterator[Any]:
    """Yield what the script has for a model; exceptions are raised, numbers are seconds that pass."""
    for item in script.get(at.model, [*CHUNKS, END, USED]):
        if isinstance(item, BaseException):
            raise item
        if isinstance(item, float):
            time.sleep(item)
        else:
            yield item


def sync(world: World, script: Script, **request: Any) -> list[Any]:
    taken: list[Any] = []

    def open_stream(at: At) -> Iterable[Any]:
        world.asked.append(at)
        return say(script, at)

    with world.calls.stream(open_stream, **request) as chunks:
        taken += chunks
    return taken


def in_task(world: World, script: Script, **request: Any) -> list[Any]:
    async def open_stream(at: At) -> Any:
        world.asked.append(at)
        for item in script.get(at.model, [*CHUNKS, END, USED]):
            if isinstance(item, BaseException):
                raise item
            if isinstance(item, float):
                await asyncio.sleep(item)
            else:
                yield item

    async def main() -> list[Any]:
        async with world.calls.astream(open_stream, **request) as chunks:
            return [chunk async for chunk in chunks]

    return asyncio.run(main())


def pumped(world: World, script: Script, **request: Any) -> list[Any]:
    return sync(world, script, **{"first_token": 30, "between": 30, **request})


every_driver = pytest.mark.parametrize("drive", [sync, in_task, pumped])
timed_driver = pytest.mark.parametrize("drive", [in_task, pumped])


@every_driver
def test_the_chunks_of_the_first_model(drive: Driver) -> None:
    world = World()
    assert drive(world, {}, feature="chat") == [*CHUNKS, END, USED]
    row = world.row
    assert (row.outcome, row.model, row.usage, row.first_token_ms) == ("succeeded", "opus", (5, 2), 0)
    assert row.tries == [("opus", "ok", None)]
    assert row.request == {"stream": True, "feature": "chat"}


@every_driver
@pytest.mark.parametrize(
    ("start", "error_class"),
    [
        ([HostError(503)], "HostError"),
        ([], "EmptyStream"),
        ([{"error": {"code": 502, "message": "words"}}], "error_in_answer"),
    ],
)
def test_before_the_first_chunk_the_next_model_is_asked(drive: Driver, start: list[Any], error_class: str) -> None:
    world = World()
    assert drive(world, {"opus": start}, feature="chat") == [*CHUNKS, END, USED]
    assert (world.row.outcome, world.row.model) == ("fell_back", "mistral-3")
    assert world.row.tries[0] == ("opus", "retriable_error", error_class)


@every_driver
@pytest.mark.parametrize(
    ("rest", "error_class"),
    [
        ([HostError(503)], "HostError"),
        ([ConnectionResetError()], "ConnectionResetError"),
        ([], "HalfStream"),
        ([{"error": {"code": 502, "message": "words"}}], "error_in_answer"),
    ],
)
def test_a_half_stream_is_a_failure(drive: Driver, rest: list[Any], error_class: str) -> None:
    """Also one that just ends: the mark with which its provider ends an answer was not seen."""
    world = World()
    with pytest.raises(StreamBroken) as caught:
        drive(world, {"opus": [*CHUNKS, *rest]}, feature="chat")
    assert caught.value.model == "opus"
    assert caught.value.failure.error_class == error_class
    assert world.models == ["opus"]
    assert (world.row.outcome, world.row.model, world.row.error_class) == ("failed", None, error_class)
    assert world.row.tries == [("opus", "retriable_error", error_class)]
    assert world.row.first_token_ms == 0


@every_driver
def test_a_stream_of_a_kind_that_nobody_knows_ends_as_it_ends(drive: Driver) -> None:
    world = World()
    assert drive(world, {"opus": ["a", "b"]}, feature="chat") == ["a", "b"]
    assert world.row.outcome == "succeeded"


@every_driver
def test_no_model_sends_a_chunk(drive: Driver) -> None:
    world = World({"resilience/max_attempts": 2})
    with pytest.raises(Exhausted):
        drive(world, {"opus": [HostError(503)], "mistral-3": [HostError(503)]}, feature="chat")
    assert world.row.outcome == "failed"


@every_driver
def test_the_callers_own_error(drive: Driver) -> None:
    """Raised where the stream is opened or read, it passes as it is."""
    for script, asked in (([KeyError("x")], ["opus"]), ([*CHUNKS, KeyError("x")], ["opus"])):
        world = World()
        with pytest.raises(KeyError):
            drive(world, {"opus": script}, feature="chat")
        assert (world.models, world.row.outcome, world.row.error_class) == (asked, "failed", "KeyError")


@timed_driver
def test_a_slow_first_chunk_is_not_waited_for(drive: Driver) -> None:
    world = World()
    assert drive(world, {"opus": [0.3, *CHUNKS]}, feature="chat", first_token=0.02, between=30)[0] == CHUNKS[0]
    assert world.row.tries[0] == ("opus", "timeout", "TimeoutError")
    assert world.row.model == "mistral-3"


@timed_driver
def test_the_tables_own_limit_of_the_first_chunk(drive: Driver) -> None:
    world = World({"models/opus/first_token_ms": 20})
    assert drive(world, {"opus": [0.3, *CHUNKS]}, feature="chat")[0] == CHUNKS[0]
    assert world.row.model == "mistral-3"


@timed_driver
def test_a_gap_breaks_the_stream(drive: Driver) -> None:
    world = World()
    with pytest.raises(StreamBroken) as caught:
        drive(world, {"opus": [CHUNKS[0], 0.3, END]}, feature="chat", first_token=30, between=0.02)
    assert caught.value.failure.outcome == "timeout"
    assert world.row.tries == [("opus", "timeout", "TimeoutError")]


def test_the_clients_time_out_is_lowered_to_what_is_waited_for() -> None:
    world = World()
    sync(world, {}, feature="chat", first_token=3, between=10, deadline=60)
    sync(world, {}, feature="chat", deadline=60)
    assert [at.timeout for at in world.asked] == [10.0, 60.0]


def test_the_deadline_holds_for_the_whole_stream() -> None:
    world = World()

    def slow(at: At) -> Iterator[Any]:
        for chunk in [*CHUNKS, END]:
            yield chunk
            world.clock.advance(5)

    with pytest.raises(StreamBroken), world.calls.stream(slow, feature="chat", deadline=7) as chunks:
        list(chunks)
    assert world.row.tries == [("opus", "timeout", "TimeoutError")]


class Source:
    """A stream of a client: it is iterable, and remembers that it was closed."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = iter(items)
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[Any]:
        return self.items

    def close(self) -> None:
        self.closed.set()


def leave_early(world: World, source: Source, error: BaseException | None, **limits: float) -> None:
    with world.calls.stream(lambda at: source, feature="chat", **limits) as chunks:  # type: ignore[arg-type]
        next(chunks)
        if error is not None:
            raise error


@pytest.mark.parametrize("limits", [{}, {"first_token": 30, "between": 30}])
def test_leaving_early(limits: dict[str, Any]) -> None:
    """Who leaves before the end has cancelled; who saw the mark has not; an exception of the block's own failed."""
    expected: list[tuple[list[Any], BaseException | None, str]] = [
        ([*CHUNKS, END], None, "cancelled"),
        ([END, USED], None, "succeeded"),
        ([*CHUNKS, END], ZeroDivisionError(), "failed"),
        ([*CHUNKS, END], GeneratorExit(), "cancelled"),
        ([*CHUNKS, END], KeyboardInterrupt(), "cancelled"),
    ]
    for items, error, outcome in expected:
        world, source = World(), Source(items)
        with suppress(ZeroDivisionError, GeneratorExit, KeyboardInterrupt):
            leave_early(world, source, error, **limits)
        assert (world.row.outcome, world.row.tries) == (outcome, [("opus", "ok", None)])
        assert source.closed.wait(5)


def test_a_closed_generator_of_a_handler() -> None:
    """As web frameworks do when their client goes away."""
    world = World()

    def handler() -> Iterator[Any]:
        with world.calls.stream(lambda at: say({}, at), feature="chat") as chunks:
            yield from chunks

    answer = handler()
    assert next(answer) == CHUNKS[0]
    answer.close()  # type: ignore[attr-defined]
    assert world.row.outcome == "cancelled"


def test_a_cancelled_task() -> None:
    world = World()
    closed: list[str] = []

    async def endless(at: At) -> Any:
        try:
            yield CHUNKS[0]
            await asyncio.sleep(60)
        finally:
            closed.append(at.model)

    async def read() -> None:
        async with world.calls.astream(endless, feature="chat") as chunks:
            async for _ in chunks:
                pass

    async def main() -> None:
        task = asyncio.create_task(read())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert (world.row.outcome, world.row.tries, closed) == ("cancelled", [("opus", "ok", None)], ["opus"])


def test_a_client_that_gives_a_context_manager() -> None:
    """As anthropic's `messages.stream` does."""

    class Manager:
        def __enter__(self) -> list[Any]:
            return [*CHUNKS, END]

        def __exit__(self, *_: object) -> None:
            closed.append(True)

    world = World()
    closed: list[bool] = []
    with world.calls.stream(lambda at: Manager(), feature="chat") as chunks:
        assert list(chunks) == [*CHUNKS, END]
    assert closed == [True]
    assert world.row.outcome == "succeeded"


@pytest.mark.parametrize(
    ("chunks", "usage"),
    [
        (
            [
                {"type": "message_start", "message": {"usage": {"input_tokens": 3, "cache_read_input_tokens": 4}}},
                {"type": "content_block_delta"},
                {"type": "message_delta", "usage": {"output_tokens": 9}},
                {"type": "message_stop"},
            ],
            (7, 9),
        ),
        (
            [
                {"candidates": [{"content": {}}], "usageMetadata": {"promptTokenCount": 3}},
                {
                    "candidates": [{"finishReason": "STOP"}],
                    "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2, "thoughtsTokenCount": 5},
                },
            ],
            (3, 7),
        ),
        (
            [
                {"candidates": [{"content": {}}], "usageMetadata": {"promptTokenCount": 3}},
                {
                    "candidates": [{"finishReason": "MAX_TOKENS"}],
                    "usageMetadata": {"promptTokenCount": 3, "thoughtsTokenCount": 5000},
                },
            ],
            (3, 5000),
        ),
        (
            [
                {"messageStart": {}},
                {"contentBlockDelta": {}},
                {"messageStop": {"stopReason": "end_turn"}},
                {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 2}}},
            ],
            (3, 2),
        ),
        (
            [
                {"type": "response.created"},
                {"type": "response.completed", "response": {"usage": {"input_tokens": 3, "output_tokens": 2}}},
            ],
            (3, 2),
        ),
        (
            [
                {"type": "message-start"},
                {"type": "message-end", "delta": {"usage": {"tokens": {"input_tokens": 3, "output_tokens": 2}}}},
            ],
            (3, 2),
        ),
    ],
)
def test_the_marks_and_tokens_of_every_provider(chunks: list[Any], usage: tuple[int, int]) -> None:
    world = World()
    assert sync(world, {"opus": chunks}, feature="chat") == chunks
    assert (world.row.outcome, world.row.usage) == ("succeeded", usage)
    world = World()
    end = next(i for i, chunk in enumerate(chunks) if i and ("messageStop" in chunk or i == len(chunks) - 1))
    with pytest.raises(StreamBroken):
        sync(world, {"opus": chunks[:end]}, feature="chat")


def as_lines(events: list[Any]) -> list[str]:
    """What httpx's `iter_lines` gives of server-sent events."""
    return [line for event in events for line in ("event: x", f"data: {json.dumps(event)}", "")] + ["data: [DONE]", ""]


def as_bytes(events: list[Any], length: int) -> list[bytes]:
    """The same as bytes that are cut anywhere."""
    lines = [line for event in events for line in (": hello", f"data: {json.dumps(event, ensure_ascii=False)}", "")]
    raw = "".join(f"{line}\r\n" for line in lines).encode()
    return [raw[start : start + length] for start in range(0, len(raw), length)]


RAW: dict[str, Callable[[list[Any]], list[Any]]] = {
    "lines": as_lines,
    "lines with their ends": lambda events: [f"{line}\n" for line in as_lines(events)],
    "frames": lambda events: [f"data: {json.dumps(event, ensure_ascii=False)}\n\n" for event in events],
    "bytes": lambda events: as_bytes(events, 1),
    "bytes, seven each": lambda events: as_bytes(events, 7),
    "bytes at once": lambda events: as_bytes(events, 10**6),
}


@pytest.mark.parametrize("way", RAW)
def test_raw_events_count_as_what_they_say(way: str) -> None:
    """Their tokens are read, a half stream is one, and an error within is no answer: as if they were objects."""
    begun = {"choices": [{"index": 0, "delta": {"content": "grün"}, "finish_reason": None}]}
    done = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    usage = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    world, chunks = World(), RAW[way]([begun, done, usage])
    assert sync(world, {"opus": chunks}, feature="chat") == chunks
    assert (world.row.outcome, world.row.usage) == ("succeeded", (3, 2))
    error = {"error": {"code": 502, "message": "words"}}
    for events in ([begun],) if way == "bytes at once" else ([begun], [begun, error]):
        world = World()
        with pytest.raises(StreamBroken):
            sync(world, {"opus": RAW[way](events)}, feature="chat")
    heard = Heard()
    for chunk in RAW[way]([begun, done]):
        assert heard.take(chunk, world.clock) is None
    assert (heard.take_rest(world.clock).is_half, heard.seen_bytes) == (False, len("grün".encode()))


@pytest.mark.parametrize("chunks", [["data", " is", " text"], ["", "d", "at"], ["data: no JSON", " at all"], [b"\xff"]])
def test_texts_count_by_their_bytes(chunks: list[Any]) -> None:
    """What a caller took out of the events itself is text, however it begins."""
    heard, clock = Heard(), World().clock
    for chunk in chunks:
        heard.take(chunk, clock)
    assert not heard.take_rest(clock).is_half
    whole = sum(len(chunk) for chunk in chunks)
    assert whole - len("data: ") <= heard.seen_bytes <= whole + 2


def choice(place: int, **values: Any) -> dict[str, Any]:
    return {"choices": [{"index": place, "delta": {}, "finish_reason": None, **values}]}


@pytest.mark.parametrize(
    "chunks",
    [
        [choice(0), choice(1), choice(0, finish_reason="stop"), choice(1), choice(1, finish_reason="length")],
        [choice(0), choice(0, finish_reason="stop"), choice(1), choice(1, finish_reason="stop")],
        [{"choices": [{"finish_reason": None}, {"finish_reason": None}]}, choice(1, finish_reason="stop"),
         choice(0, finish_reason="stop")],
        [{"candidates": [{"index": 0, "finishReason": "STOP"}, {"index": 1}]},
         {"candidates": [{"index": 1, "finishReason": "STOP"}]}],
    ],
)  # fmt: skip
def test_each_choice_has_an_end_of_its_own(chunks: list[Any]) -> None:
    """A stream that is cut in one of them is half; what follows an end is no beginning anew."""
    for more in ([], [choice(0)], [{"choices": [], "usage": {"prompt_tokens": 3}}]):
        world = World()
        assert sync(world, {"opus": [*chunks, *more]}, feature="chat")
        assert world.row.outcome == "succeeded"
    world = World()
    with pytest.raises(StreamBroken):
        sync(world, {"opus": chunks[:-1]}, feature="chat")


@pytest.mark.parametrize("nothing", ["", "null", None])
def test_a_reason_that_is_none_is_no_end(nothing: str | None) -> None:
    """Some hosts say in every chunk that the answer has not ended: a stream of theirs that is cut is half."""
    chunks = [{"choices": [{"delta": {"content": "a"}, "finish_reason": nothing}]}] * 3
    world = World()
    with pytest.raises(StreamBroken):
        sync(world, {"opus": chunks}, feature="chat")
    world = World()
    assert sync(world, {"opus": [*chunks, END]}, feature="chat")
    assert world.row.outcome == "succeeded"


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"inputTokens": 4, "outputTokens": 10, "cacheReadInputTokens": 5, "cacheWriteInputTokens": 6}, (15, 10)),
        ({"inputTokens": 4, "outputTokens": 10, "totalTokens": 25, "cacheReadInputTokens": 11}, (15, 10)),
        ({"inputTokens": 15, "outputTokens": 10, "totalTokens": 25, "cacheReadInputTokens": 11}, (15, 10)),
        ({"input_tokens": 4, "output_tokens": 10, "cache_read_input_tokens": 5}, (9, 10)),
        ({"prompt_tokens": 4, "completion_tokens": 10, "cache_read_input_tokens": 3}, (4, 10)),
        ({"promptTokenCount": 4, "toolUsePromptTokenCount": 5, "candidatesTokenCount": 10}, (9, 10)),
        ({"billed_units": {"input_tokens": 5.0}, "tokens": {"input_tokens": 500.0, "output_tokens": 60.0}}, (500, 60)),
        ({"input_tokens": 5.5, "output_tokens": 60}, (None, 60)),
        ({"prompt_tokens": 10120, "completion_tokens": 1499, "total_tokens": 14428}, (10120, 4308)),
        ({"prompt_tokens": 21, "completion_tokens": 0, "total_tokens": 81}, (21, 60)),
        ({"prompt_tokens": 21, "total_tokens": 81}, (21, 60)),
        ({"input_tokens": 21, "output_tokens": 10, "total_tokens": 81}, (21, 60)),
        ({"prompt_tokens": 21, "completion_tokens": 60, "total_tokens": 81}, (21, 60)),
        ({"prompt_tokens": 21, "completion_tokens": 60, "total_tokens": 0}, (21, 60)),
        ({"prompt_tokens": 21, "total_tokens": 21}, (21, None)),
        ({"completion_tokens": 60, "total_tokens": 81}, (None, 60)),
    ],
)
def test_tokens_that_are_told_apart_or_as_floats(usage: dict[str, Any], tokens: tuple[int, int]) -> None:
    assert usage_of({"usage": usage}) == tokens
    progress = Progress()
    progress.take({"event_type": "stream-end", "response": {"text": "words", "meta": usage}})
    assert progress.usage == tokens


@pytest.mark.parametrize("later", [{}, {"input_tokens": 0}, {"input_tokens": 5}])
def test_a_later_event_takes_no_input_tokens_back(later: dict[str, int]) -> None:
    """Hosts that speak Anthropic's format may repeat the tokens without those of the cache."""
    progress = Progress()
    first = {"input_tokens": 5, "cache_read_input_tokens": 1000, "output_tokens": 1}
    progress.take({"type": "message_start", "message": {"usage": first}})
    progress.take({"type": "message_delta", "delta": {}, "usage": {**later, "output_tokens": 50}})
    assert progress.usage == (1005, 50)


def test_where_no_thread_can_be_started_the_caller_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    assert pumped(world, {}, feature="chat") == [*CHUNKS, END, USED]
    monkeypatch.undo()
    assert world.row.outcome == "succeeded"


@pytest.mark.parametrize("limits", [{}, {"first_token": 30, "between": 30}])
@pytest.mark.parametrize("rest", [[END], []])
def test_another_thread_closes_a_stream(limits: dict[str, Any], rest: list[Any]) -> None:
    """As a watchdog does: the reader gets no more chunks, the source is closed, the call has one outcome."""
    world, reads, go = World(), threading.Event(), threading.Event()

    def wait() -> Iterator[Any]:
        yield CHUNKS[0]
        reads.set()
        go.wait(10)
        yield from rest

    source = Source(wait())
    taken: list[Any] = []
    with world.calls.stream(lambda at: source, feature="chat", **limits) as chunks:
        reader = threading.Thread(target=lambda: taken.extend(chunks))
        reader.start()
        assert reads.wait(10)
        chunks.close()
        go.set()
        reader.join(10)
    assert (taken, world.row.outcome) == ([CHUNKS[0]], "cancelled")
    assert source.closed.wait(5)


@pytest.mark.parametrize("rest", [[END], []])
def test_another_task_closes_a_stream(rest: list[Any]) -> None:
    world, closed = World(), []

    async def open_stream(at: At) -> Any:
        try:
            yield CHUNKS[0]
            await asyncio.sleep(0.05)
            for chunk in rest:
                yield chunk
        finally:
            closed.append(at.model)

    async def main() -> list[Any]:
        taken = []
        async with world.calls.astream(open_stream, feature="chat") as chunks:

            async def read() -> None:
                async for chunk in chunks:
                    taken.append(chunk)

            task = asyncio.create_task(read())
            await asyncio.sleep(0.01)
            await chunks.aclose()
            assert closed == ["opus"]
            await task
        return taken

    assert asyncio.run(main()) == [CHUNKS[0]]
    assert world.row.outcome == "cancelled"


def test_the_close_of_a_stream_holds_up_nobody() -> None:
    """Neither the next model nor the end of the block waits for a source that takes long to close."""
    world = World()

    class Slow:
        def __init__(self, at: At) -> None:
            self.at = at

        def __aiter__(self) -> Any:
            return self

        async def __anext__(self) -> Any:
            if self.at.model == "opus":
                await asyncio.sleep(60)
            return END

        async def aclose(self) -> None:
            await asyncio.sleep(60)

    async def main() -> float:
        started = time.monotonic()
        async with world.calls.astream(Slow, feature="chat", first_token=0.02) as chunks:
            assert await anext(chunks) == END
        return time.monotonic() - started

    assert asyncio.run(main()) < 30
    assert (world.row.outcome, world.row.model) == ("fell_back", "mistral-3")


def test_a_stream_that_is_dropped_ends_its_thread() -> None:
    world, source = World(), Source(iter(CHUNKS * 100))
    stream = world.calls.stream(lambda at: source, feature="chat", between=30)
    next(stream.__enter__())
    del stream
    gc.collect()
    assert source.closed.wait(10)
    assert world.row.outcome == "cancelled"


def test_who_takes_long_over_chunks_blames_no_host() -> None:
    world = World({"resilience/failures": 1})

    def slow(at: At) -> Iterator[Any]:
        yield from [CHUNKS[0]] * 3

    def read() -> None:
        with world.calls.stream(slow, feature="chat", deadline=7) as chunks:
            for _ in chunks:
                world.clock.advance(5)

    with pytest.raises(StreamBroken):
        read()
    assert world.row.tries == [("opus", "timeout", "TimeoutError")]
    assert world.health.status()["scopes"] == []


@pytest.mark.parametrize("limits", [{}, {"between": 30}])
def test_a_stop_of_the_callers_own_is_no_empty_stream(limits: dict[str, Any]) -> None:
    world = World()

    def stop(at: At) -> Any:
        world.asked.append(at)
        raise StopIteration

    with pytest.raises(RuntimeError), world.calls.stream(stop, feature="chat", **limits):
        pass
    assert (world.models, world.row.outcome) == (["opus"], "failed")


def test_a_dropped_loop_whose_record_is_collected_first_is_cancelled() -> None:
    """The collector ends the things of a cycle in any order: the call is cancelled, once, and its place given back."""
    world = World()
    dispatch = world.calls.dispatch(feature="chat")
    next(iter(dispatch.__enter__()))
    call = dispatch._call
    assert call is not None
    assert call.record is not None
    ended: list[object] = []
    world.health.cancel = lambda permit, now: ended.append(permit)  # type: ignore[method-assign]
    world.kept.lose(call.record)
    call.__del__()  # type: ignore[attr-defined]
    call.__del__()  # type: ignore[attr-defined]
    assert len(ended) == 1
    assert world.kept.outcomes == ["cancelled"]
    world.kept.assert_once()


def silent(limits: dict[str, Any], changes: dict[str, Any], *, after_first: bool = False) -> World:
    """Let the host of a pinned model be silent as long as the caller lets it, five times."""
    world = World({**changes, "resilience/window_s": 600})

    def opened(at: At) -> Iterator[Any]:
        if after_first:
            yield CHUNKS[0]
        world.clock.advance(max(limits.values()))
        raise TimeoutError

    for _ in range(5):
        with suppress(Exhausted, StreamBroken), world.calls.stream(opened, model="opus", **limits) as chunks:
            list(chunks)
    return world


@pytest.mark.parametrize(
    ("limits", "changes", "counts"),
    [
        ({"first_token": 3}, {}, False),
        ({"first_token": 30}, {}, True),
        ({"first_token": 3}, {"models/opus/total_ms": 8000}, False),
        ({"first_token": 3}, {"models/opus/first_token_ms": 2000}, True),
        ({"first_token": 3}, {"models/opus/first_token_ms": 4000}, False),
        ({"between": 3}, {}, False),
        ({"between": 30}, {}, True),
    ],
)
def test_limits_that_are_too_short_blame_no_host(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, Any], changes: dict[str, Any], counts: bool
) -> None:
    """Neither do the caller's own limits close circuits, unless the host was silent for ten seconds or its own time."""
    monkeypatch.setattr(streams, "Pump", lambda opened: streams.Source(opened()))  # which reads by the world's clock
    world = silent(limits, changes, after_first="between" in limits)
    assert bool(world.health.barred(world.tables.router.facts, world.clock.monotonic())) == counts
    assert {row.tries[0][1] for row in world.kept.rows} == {"timeout"}


@pytest.mark.parametrize("limits", [{"first_token": 0}, {"first_token": -1, "between": 3}, {"between": 0}])
def test_limits_that_are_over_ask_nobody(limits: dict[str, Any]) -> None:
    world = World()
    with pytest.raises(Exhausted), world.calls.stream(world.call, feature="chat", **limits):
        pass
    assert (world.models, world.row.error_class) == ([], "Deadline")
