"""One sink's queue and thread, beside forks of several threads."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from routecomp.service.capture import outlet as outlet_module
from routecomp.service.capture import tally
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.outlet import Outlet
from routecomp.service.capture.rows import Row
from routecomp.service.capture.sinks.callback import Callback
from tests.service.capture.calls import Kept, answer, begin
from tests.service.clock import FakeClock

PROJECT = Path(__file__).parents[3]


class Quiet:
    """A sink that asks a fork to wait for its writes."""

    quiet_at_fork = True

    def write(self, rows: Sequence[Row]) -> None:
        return

    def close(self) -> None:
        return


def test_a_fork_that_waits_in_vain_leaves_the_others_hold_alone() -> None:
    """Two threads fork at once: the first lets the sink go on, although the second gave up waiting meanwhile."""
    outlet = Outlet(Quiet(), "quiet", 10, lambda record, hurry: [], lambda: None)
    outlet.before_fork(time.monotonic() + 60)

    def fork() -> None:
        outlet.before_fork(time.monotonic() + 0.05)
        outlet.after_fork_in_parent()

    other = threading.Thread(target=fork)
    other.start()
    other.join()
    assert outlet._writing.is_held
    outlet.after_fork_in_parent()
    assert not outlet._writing.is_held


def no_thread(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_where_no_thread_can_be_started_calls_wait_until_one_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process may be at its limit for a moment: that closes no sink; what finds no room is dropped as ever."""
    sink = Kept()
    capture = Capture([sink], clock=FakeClock(), capacity=3)
    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", no_thread)
        for _ in range(5):
            answer(capture)
        (status,) = capture.status()["sinks"]
        assert (status["waiting_calls"], status["dropped_calls"], status["last_error"]) == (3, 2, "RuntimeError")
        assert not capture.flush(0.01)
    answer(capture)  # which finds no room either, and starts the thread
    assert capture.flush(10)
    assert len(sink.of("routing_outcomes")) == 3
    answer(capture)
    assert capture.close(10)
    assert len(sink.of("routing_outcomes")) == 4


class Slow(Kept):
    """A sink whose closing takes long, or raises."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way = way
        self.closers: list[str] = []
        self.released = threading.Event()

    def close(self) -> None:
        self.closers.append(threading.current_thread().name)
        if self.way == "raises":
            raise RuntimeError
        self.released.wait(60)


@pytest.mark.parametrize("calls", [0, 1])
@pytest.mark.parametrize("way", ["raises", "hangs"])
def test_a_sink_is_closed_in_its_own_thread_once(calls: int, way: str) -> None:
    """Also one that was never written to: whatever it does, the caller goes on in time."""
    sink = Slow(way)
    capture = Capture([sink], clock=FakeClock())
    for _ in range(calls):
        answer(capture)
    assert capture.close(10 if way == "raises" else 0.2) == (way == "raises")
    sink.released.set()
    assert capture.close(10)
    assert sink.closers == ["routecomp-Slow"]


class Hanging(Kept):
    """A sink that waits for ever; so does being told to wait no longer raise."""

    def write(self, rows: Sequence[Row]) -> None:
        threading.Event().wait()

    def stop(self) -> None:
        raise OSError


def test_one_time_is_for_all_sinks() -> None:
    """However many of them hang, and whether they can be told to stop."""
    capture = Capture([Hanging() for _ in range(8)], clock=FakeClock())
    answer(capture)
    began = time.monotonic()
    assert not capture.close(0.4)
    assert time.monotonic() - began < 8 * 0.4  # each on its own would take that at least


def test_a_sink_that_hangs_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet_module, "_LONG_S", 0.05)
    capture = Capture([Hanging()], clock=FakeClock())
    answer(capture)
    while not capture.status()["sinks"][0]["degraded"]:
        time.sleep(0.01)
    assert capture.status()["sinks"][0]["waiting_calls"] == 1


def test_who_closes_waits_for_calls_that_are_under_way() -> None:
    """Those that end in time are written as they ended, the others as cancelled; later nobody hears of them."""
    sink = Kept()
    capture = Capture([sink], clock=FakeClock())
    ended, endless = begin(capture, feature="chat", tenant="a"), begin(capture, feature="chat", tenant="b")
    timer = threading.Timer(0.05, lambda: capture.finish(ended, "succeeded"))
    timer.start()
    assert capture.close(2)
    timer.join()
    capture.finish(endless, "succeeded")
    outcomes = {row["tenant"]: (row["outcome"], row["error_class"]) for row in sink.of("routing_outcomes")}
    assert outcomes == {"a": ("succeeded", None), "b": ("cancelled", "Closed")}
    status = capture.status()
    assert (status["in_flight"], status["unexpected_capture_total"]) == (0, 0)


DAEMON = """
import threading
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.sinks.json_lines import JsonLines
from tests.service.capture.calls import begin
begun = threading.Event()
def call():
    record = begin(capture)
    begun.set()
    threading.Event().wait()
capture = Capture([JsonLines(%r)])
threading.Thread(target=call, daemon=True).start()
begun.wait()
"""


def test_a_call_that_the_end_of_the_program_breaks_off_is_written(tmp_path: Path) -> None:
    """A daemon thread's, which nobody waits for."""
    path = tmp_path / "log"
    subprocess.run([sys.executable, "-c", DAEMON % str(path)], cwd=PROJECT, timeout=60, check=True)
    assert path.read_text(encoding="utf-8").count('"outcome":"cancelled"') == 1


def test_a_context_that_cannot_be_taken_is_counted() -> None:
    class Without(Kept):
        def take_context(self) -> Any:
            raise LookupError

    sink = Without()
    capture = Capture([sink], clock=FakeClock())
    answer(capture)
    assert capture.close(10)
    assert (capture.status()["contexts_missed_total"], len(sink.of("routing_outcomes"))) == (1, 1)
    assert "routecomp_contexts_missed_total 1" in capture.metrics()


async def later(kind: str, values: dict[str, Any]) -> None:
    raise AssertionError


class Later:
    async def __call__(self, kind: str, values: dict[str, Any]) -> None:
        raise AssertionError


async def all_later(kind: str, values: dict[str, Any]) -> AsyncIterator[None]:
    yield


def one_after_the_other(kind: str, values: dict[str, Any]) -> Iterator[None]:
    yield


@pytest.mark.parametrize(
    "function", [later, partial(later, "x"), Later(), all_later, one_after_the_other, None, "print"]
)
def test_a_callback_that_nobody_could_call_is_refused(function: Any) -> None:
    with pytest.raises(ValueError, match="function"):
        Callback(function)


def test_a_callback_that_answers_with_a_coroutine_has_not_kept_the_row() -> None:
    capture = Capture([Callback(lambda kind, values: later(kind, values))], clock=FakeClock())
    answer(capture)
    assert capture.close(10)
    (status,) = capture.status()["sinks"]
    assert (status["written"], status["set_aside"]) == (0, 3)


def test_whatever_a_callback_raises_concerns_one_row() -> None:
    """Those before and after it were kept."""
    errors: list[BaseException | None] = [None, SystemExit(1), KeyboardInterrupt(), ValueError(), None]

    def call(kind: str, values: Any) -> None:
        if (error := errors.pop(0)) is not None:
            raise error

    sink = Callback(call)
    sink.write([Row("routing_outcomes", {})] * 5)
    assert (sink.set_aside, errors) == (3, [])


def test_what_makes_rows_or_follows_them_ends_no_thread() -> None:
    """Values of a caller's own class may raise anything: it counts as failed, and later rows are written."""
    errors: list[BaseException] = [SystemExit(1), KeyboardInterrupt()]

    def make(record: object, hurry: bool) -> Sequence[Row]:
        if errors:
            raise errors.pop()
        return [Row("routing_outcomes", {})]

    def after() -> None:
        raise SystemExit(1)

    kept = Kept()
    outlet = Outlet(kept, "kept", 10, make, after)
    capture = Capture([])
    for _ in range(3):
        outlet.put(begin(capture))
    outlet.end()
    assert outlet.join(10)
    assert len(kept.rows) == 1
    assert outlet.status()["failed"] == 2


def test_a_sink_may_close_its_own_service() -> None:
    """In its thread, which cannot wait for itself."""
    answers: list[bool] = []
    capture = Capture([Callback(lambda kind, values: answers.append(capture.close(0.1)))], clock=FakeClock())
    answer(capture)
    while len(answers) < 3:
        time.sleep(0.01)
    assert answers == [False] * 3
    assert capture.close(10)


def test_without_sinks_calls_are_added_up_all_the_same() -> None:
    """In a thread, soon: nothing waits for whoever asks for metrics, and no call does the work of others."""
    capture = Capture(clock=FakeClock())
    for _ in range(300):
        answer(capture)
    assert capture.flush(10)
    assert not capture._tally._pending
    assert capture.status()["sinks"] == []
    assert capture.close(10)


def test_without_any_thread_each_call_does_a_little_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "_MOST_PENDING", 20)
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    capture = Capture(clock=FakeClock())
    waiting = []
    for _ in range(60):
        answer(capture)
        waiting.append(len(capture._tally._pending))
    assert max(waiting) < 20
    assert min(waiting[20:]) >= 20 - 1 - tally._FEW
    assert capture.status()["captured"] == 60


class StrangeError(Exception):
    unwritten = "many"


class Strange(Kept):
    """A sink that says of itself what no sink should."""

    path = Path("somewhere")
    last_error = 5

    @property
    def set_aside(self) -> int:
        raise LookupError

    def write(self, rows: Sequence[Row]) -> None:
        super().write(rows)
        raise StrangeError


def test_what_a_sink_says_of_itself_is_believed_only_if_it_can_be_meant() -> None:
    sink = Strange()
    capture = Capture([sink], clock=FakeClock())
    for _ in range(2):
        answer(capture)
        assert capture.flush(10)
    (status,) = capture.status()["sinks"]
    assert (status["path"], status["set_aside"], status["failed"]) == (None, 0, 6)
    assert status["last_error"] == "StrangeError"
    assert capture.close(10)
