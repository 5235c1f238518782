"""Each call has one outcome; sinks never hold a call up, whatever they do; what is lost is counted."""

from __future__ import annotations

import gc
import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from routecomp.service.capture.capture import Capture
from routecomp.service.capture.record import Record
from routecomp.service.capture.rows import Row
from routecomp.service.capture.sinks.callback import Callback
from routecomp.service.usage import Usage
from tests.service.capture.calls import FACTS, Kept, answer, attempt, begin
from tests.service.clock import FakeClock

PROJECT = Path(__file__).parents[3]


class Hanging(Kept):
    """A sink that hangs in its first write until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.entered, self.go = threading.Event(), threading.Event()

    def write(self, rows: Sequence[Row]) -> None:
        self.entered.set()
        self.go.wait()
        super().write(rows)


def numbers(capture: Capture) -> tuple[int, int, int, int]:
    """Return what is in flight and captured, and both faults."""
    status = capture.status()
    faults = status["dispatch_without_capture_total"], status["unexpected_capture_total"]
    return status["in_flight"], status["captured"], *faults


def test_a_call_is_in_flight_until_it_is_finished() -> None:
    capture = Capture(clock=FakeClock())
    record = begin(capture)
    assert numbers(capture) == (1, 0, 0, 0)
    capture.finish(record, "succeeded")
    assert numbers(capture) == (0, 1, 0, 0)
    assert capture.status()["outcomes"] == {"succeeded": 1}


def test_once_is_once() -> None:
    sink = Kept()
    capture = Capture([sink], clock=FakeClock())
    record = begin(capture)
    capture.finish(record, "failed")
    capture.finish(record, "succeeded")
    attempt(capture, record, "opus")
    assert numbers(capture) == (0, 1, 0, 2)
    capture.close(10)
    assert [row["outcome"] for row in sink.of("routing_outcomes")] == ["failed"]
    assert sink.of("routing_attempts") == []
    assert sink.is_closed


def test_a_call_that_nobody_finishes_is_counted_and_written() -> None:
    sink = Kept()
    capture = Capture([sink], clock=FakeClock())
    begin(capture)
    gc.collect()
    assert numbers(capture) == (0, 1, 1, 0)
    capture.close(10)
    assert [(row["outcome"], row["error_class"]) for row in sink.of("routing_outcomes")] == [
        ("cancelled", "NotCaptured")
    ]


def test_many_threads_finish_the_same_calls() -> None:
    """Of 8 threads that finish each call in some order, one does; garbage is collected in the midst of it."""
    sink = Kept()
    capture = Capture([sink], clock=FakeClock(), capacity=10**6)
    records = [begin(capture) for _ in range(300)]
    threshold = gc.get_threshold()
    gc.set_threshold(5)

    def finish(seed: int) -> None:
        for record in random.Random(seed).sample(records, len(records)):
            capture.finish(record, "succeeded")
            if seed == 3:
                begin(capture)  # which nobody finishes: its finalizer does

    try:
        threads = [threading.Thread(target=finish, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.set_threshold(*threshold)
    gc.collect()
    assert numbers(capture) == (0, 600, 300, 7 * 300)
    assert capture.close(30)
    outcomes = sink.of("routing_outcomes")
    assert len({row["outcome_id"] for row in outcomes}) == len(outcomes) == 600


def test_a_sink_that_hangs_holds_up_nothing() -> None:
    """Calls go on, other sinks are served, what finds no room is dropped and counted, and the end waits no longer."""
    hanging, sink = Hanging(), Kept()
    capture = Capture([hanging, sink], clock=FakeClock(), capacity=10)
    answer(capture)
    hanging.entered.wait()
    for _ in range(30):
        answer(capture)
        assert capture._outlets[1].mark().wait(10)
    assert not capture.flush(0.01)
    by_sink = {status["sink"]: status for status in capture.status()["sinks"]}
    assert (by_sink["Hanging"]["dropped_calls"], by_sink["Hanging"]["waiting_calls"]) == (20, 11)
    assert len(sink.of("routing_outcomes")) == 31
    assert not capture.close(0.01)
    hanging.go.set()
    assert capture._outlets[0].join(10)
    assert len(hanging.of("routing_outcomes")) == 11


@pytest.mark.parametrize("error", [OSError(28, "disk full"), KeyError("x"), SystemExit(1), KeyboardInterrupt()])
def test_a_sink_that_raises_goes_on(error: BaseException) -> None:
    class Raising(Kept):
        def write(self, rows: Sequence[Row]) -> None:
            super().write(rows)
            if len(self.of("routing_outcomes")) == 1:
                raise error

    sink = Raising()
    capture = Capture([sink], clock=FakeClock())
    for _ in range(2):
        answer(capture)
        assert capture.flush(10)
    (status,) = capture.status()["sinks"]
    assert (status["failed"], status["written"], status["last_error"]) == (3, 3, type(error).__name__)
    assert capture.close(10)


def test_a_callback_is_called_once_for_each_row() -> None:
    seen: list[tuple[str, dict[str, Any]]] = []

    def keep(kind: str, values: dict[str, Any]) -> None:
        seen.append((kind, values))
        if kind == "routing_attempts":
            raise ValueError

    capture = Capture([Callback(keep), Callback(keep)], clock=FakeClock())
    answer(capture)
    assert capture.close(10)
    assert sorted(kind for kind, _ in seen) == sorted(["inference.routed", "routing_attempts", "routing_outcomes"] * 2)
    assert [(status["sink"], status["set_aside"]) for status in capture.status()["sinks"]] == [
        ("Callback", 1),
        ("Callback-2", 1),
    ]


def test_after_the_end_calls_are_dropped_and_counted() -> None:
    sink = Kept()
    capture = Capture([sink], clock=FakeClock())
    assert capture.close(10)
    answer(capture)
    assert capture.status()["sinks"][0]["dropped_calls"] == 1
    assert capture.close(10)


def test_metrics_are_prometheus_text_without_anybody_s_names() -> None:
    clock = FakeClock()
    capture = Capture([Kept()], clock=clock)
    answer(capture, feature="chat", tenant="acme-tenant", unit="unit-7", request_id="request-9")
    answer(capture, feature="feature-of-nobody", tenant="acme-tenant")
    record = begin(capture, feature="chat")
    attempt(capture, record, "opus", "timeout", "APITimeoutError")
    clock.advance(3)
    capture.finish(record, "failed", usage=Usage(1, None), first_token_ms=20, model="opus", facts=FACTS)
    assert capture.flush(10)
    text = capture.metrics()
    for name in ("acme-tenant", "unit-7", "request-9", "feature-of-nobody"):
        assert name not in text
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert samples['routecomp_calls_total{outcome="failed",status="ok",route="feature"}'] == "1"
    assert samples['routecomp_attempts_total{model="opus",outcome="timeout"}'] == "1"
    assert samples['routecomp_tokens_total{model="opus",kind="input"}'] == "101"
    assert samples['routecomp_cost_usd_total{model="opus"}'] == "0.001005000000"
    assert samples['routecomp_call_seconds_bucket{outcome="failed",le="2.5"}'] == "0"
    assert samples['routecomp_call_seconds_bucket{outcome="failed",le="5.0"}'] == "1"
    assert samples['routecomp_sink_rows_total{sink="Kept",result="written"}'] == "9"
    assert samples["routecomp_dispatch_without_capture_total"] == samples["routecomp_unexpected_capture_total"] == "0"
    names = re.findall("^# TYPE (.+) (?:counter|gauge|histogram)$", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {re.sub("_(bucket|sum|count)$", "", key.split("{")[0]) for key in samples} == set(names)
    capture.close(10)


ignored = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@ignored
def test_a_child_inherits_nothing_and_writes_its_own() -> None:
    """A fork while the queue is full and its thread hangs: the child begins with nothing and writes by itself."""
    hanging = Hanging()
    capture = Capture([hanging], clock=FakeClock(), capacity=5)
    begun = begin(capture)
    for _ in range(9):
        answer(capture)
    hanging.entered.wait()
    child = os.fork()
    if child == 0:
        hanging.rows.clear()
        hanging.go.set()
        capture.finish(begun, "succeeded")  # the parent's
        fresh = numbers(capture) == (0, 0, 0, 0)
        answer(capture)
        done = capture.close(10) and len(hanging.of("routing_outcomes")) == 1
        os._exit(0 if fresh and done else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    capture.finish(begun, "succeeded")
    hanging.go.set()
    capture.close(10)
    assert numbers(capture) == (0, 10, 0, 0)
    assert len({row["outcome_id"] for row in hanging.of("routing_outcomes")}) == len(hanging.of("routing_outcomes"))


@ignored
def test_a_record_of_before_the_fork_is_the_parent_s() -> None:
    sink = Kept()
    capture = Capture([sink], clock=FakeClock())
    record: Record | None = begin(capture)
    child = os.fork()
    if child == 0:
        record = None  # its finalizer tells nobody
        gc.collect()
        os._exit(0 if numbers(capture) == (0, 0, 0, 0) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert record is not None
    capture.finish(record, "succeeded")
    capture.close(10)
    assert len(sink.of("routing_outcomes")) == 1


EXITS = {
    "end": "",
    "exit": "raise SystemExit(3)",
    "error": "raise RuntimeError",
}


@pytest.mark.parametrize("way", EXITS)
def test_what_waits_is_written_when_the_program_ends(tmp_path: Path, way: str) -> None:
    program = f"""
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.sinks.json_lines import JsonLines
from tests.service.capture.calls import answer
capture = Capture([JsonLines({str(tmp_path / "log")!r})])
for _ in range(500):
    answer(capture)
{EXITS[way]}
"""
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT, stderr=subprocess.DEVNULL, check=False)
    assert (tmp_path / "log").read_text().count("routing_outcomes") == 500
