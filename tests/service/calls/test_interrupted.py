"""Whatever a handler of signals raises between any two lines, a call has one outcome, and none stays in flight."""

from __future__ import annotations

import gc
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from routecomp import service
from routecomp.service.calls.at import At
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.rows import Row
from tests.service.calls.world import HostError, World
from tests.service.capture.calls import Kept

FOLDER = str(Path(service.__file__).parent)


class Interrupted(BaseException):
    """What a handler raises: of gunicorn's abort, of a time limit, of a key that was pressed."""


def interrupted_at(number: int, do: Callable[[], object], folder: str = FOLDER) -> bool:
    """Do something, with an exception before the line of that number; return False if there are not so many lines."""
    left = number

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.startswith(folder):
            return None if event == "call" else trace
        if event == "line":
            left -= 1
            if left == 0:
                sys.settrace(None)
                raise Interrupted
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        do()
    except Interrupted:
        pass
    finally:
        sys.settrace(before)
    return left == 0


def settle(capture: Capture) -> None:
    """Wait until the threads of sinks let go of calls that were interrupted after they had them."""
    for _ in range(500):
        if not capture.status()["in_flight"]:
            break
        capture.flush(10)
        time.sleep(0.01)


class Written(Kept):
    """A sink that holds no call once its rows are written."""

    def write(self, rows: Sequence[Row]) -> None:
        super().write([row._replace(record=None) for row in rows])


@pytest.fixture(autouse=True)
def quick_collection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave out of collections what was there before; finalizers may raise the interruption itself, and no fault."""
    faults: list[str] = []

    def note(raised: sys.UnraisableHookArgs) -> None:
        if not isinstance(raised.exc_value, Interrupted):
            faults.append(f"{raised.object!r}: {raised.exc_value!r}")  # what was raised itself would be kept

    monkeypatch.setattr(sys, "unraisablehook", note)
    gc.freeze()
    yield
    gc.unfreeze()
    assert faults == []


def whole(world: World) -> None:
    world.ends = {"opus": HostError(503), "mistral-3": {"usage": {"prompt_tokens": 1}}}
    world.calls.run(world.call, feature="chat")


def loop(world: World) -> None:
    with world.calls.dispatch(feature="chat") as call:
        for at in call:
            with at:
                world.call(at)


def stream(world: World) -> None:
    with world.calls.stream(lambda at: iter(["a", "b"]), feature="chat") as chunks:
        list(chunks)


def rejected(world: World) -> None:
    with pytest.raises(service.Rejected):
        world.calls.run(world.call, model="nobody")


@pytest.mark.parametrize("do", [whole, loop, stream, rejected])
def test_before_any_line(do: Callable[[World], None]) -> None:
    world, number, goes_on = World(), 0, True
    world.desk.capture = capture = Capture(clock=world.clock)
    while goes_on:
        number += 1
        before = capture.status()["captured"]
        goes_on = interrupted_at(number, lambda: do(world))
        world.asked.clear()
        gc.collect()  # a loop and its call know each other
        settle(capture)
        status = capture.status()
        assert status["in_flight"] == 0, number
        assert status["dispatch_without_capture_total"] == status["unexpected_capture_total"] == 0, number
        assert status["captured"] - before in ({0, 1} if goes_on else {1}), number
    assert number > 30
    assert status["outcomes"]["cancelled"] > 5 or do is rejected


def test_before_any_line_of_capture_each_sink_gets_each_call_once() -> None:
    world, number = World(), 0
    sinks = Written(), Written()
    world.desk.capture = capture = Capture(sinks, clock=world.clock)
    while interrupted_at(number + 1, lambda: whole(world), FOLDER + "/capture"):
        number += 1
    assert number > 15
    for _ in range(3):  # from one sink to the next
        gc.collect()
        assert capture.flush(10)
    settle(capture)
    status = capture.status()
    assert capture.close(10)
    assert (status["in_flight"], status["dispatch_without_capture_total"]) == (0, 0)
    for sink in sinks:
        ids = [row["outcome_id"] for row in sink.of("routing_outcomes")]
        assert len(set(ids)) == len(ids) == status["captured"]


def test_real_signals() -> None:
    """An alarm every few calls, as a time limit of a worker has it."""
    world, sink = World(), Written()
    world.desk.capture = capture = Capture([sink], clock=world.clock, capacity=10**6)

    def stop(*_: object) -> None:
        raise Interrupted

    def call(at: At) -> Any:
        if at.model == "opus":
            raise HostError(400)
        return {"usage": {"prompt_tokens": 1}}

    handler, stopped = signal.signal(signal.SIGALRM, stop), 0
    try:
        for turn in range(300):
            try:
                signal.setitimer(signal.ITIMER_REAL, 1e-5 + turn * 1e-6)
                for _ in range(100):
                    world.calls.run(call, feature="chat")
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Interrupted:
                stopped += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
    gc.collect()
    assert stopped > 100
    assert capture.flush(30)
    settle(capture)
    status = capture.status()
    assert capture.close(10)
    assert (status["in_flight"], status["unexpected_capture_total"]) == (0, 0)
    ids = [row["outcome_id"] for row in sink.of("routing_outcomes")]
    assert len(set(ids)) == len(ids) == status["captured"]
