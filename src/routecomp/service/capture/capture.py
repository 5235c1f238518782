"""Write down one outcome for each call, whatever way it ends, without holding it up."""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final, TypedDict

from routecomp.runtime.resolver import Decision, Endpoint, Facts, Router
from routecomp.service.capture.outlet import Outlet, SinkStatus
from routecomp.service.capture.record import Attempt, AttemptOutcome, CallOutcome, Record
from routecomp.service.capture.rows import Row, RowMaker
from routecomp.service.capture.sink import Sink
from routecomp.service.capture.tally import Tally
from routecomp.service.capture.ticks import Ticks
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.exposition import family
from routecomp.service.forks import around_forks
from routecomp.service.usage import Usage

_make: Final = tuple.__new__
_EXIT_S: Final = 5.0
"""How long the end of the program waits for sinks, at most."""


class CaptureStatus(TypedDict):
    """What `Capture.status` returns. All of it is of this process; a forked child begins with nothing."""

    in_flight: int
    """Calls that began and are not finished."""
    captured: int
    """Calls that are finished."""
    outcomes: dict[str, int]
    """The same by outcome."""
    dispatch_without_capture_total: int
    """Calls that nobody finished before they were let go: a fault of the service. They are written as cancelled."""
    unexpected_capture_total: int
    """Outcomes and attempts of calls that were finished before: a fault of the service. They are not written."""
    sinks: list[SinkStatus]


class Capture:
    """The outcomes of calls on their way to sinks. Nothing here waits or raises, but `flush` and `close`."""

    def __init__(self, sinks: Sequence[Sink] = (), *, clock: Clock = SYSTEM, capacity: int = 10_000) -> None:
        self._clock = clock
        self._tally = Tally()
        names: Counter[str] = Counter()
        self._outlets: list[Outlet] = []
        for sink in sinks:
            kind = type(sink).__name__
            names[kind] += 1
            name = kind if names[kind] == 1 else f"{kind}-{names[kind]}"
            self._outlets.append(Outlet(sink, name, capacity, self._make, self._tally.add_up))
        self._take_context = next((sink.take_context for sink in sinks if hasattr(sink, "take_context")), None)
        self._epoch = 0
        self._begin_anew()
        around_forks(self._before_fork, self._after_fork, self._in_child)
        reference = weakref.ref(self)
        self._at_exit = lambda: (capture := reference()) and capture.close(_EXIT_S)
        atexit.register(self._at_exit)

    def _begin_anew(self) -> None:
        self._making = threading.Lock()
        self._rows = RowMaker()
        self.prefix = os.urandom(12).hex()
        self._numbers = count(1)
        self._begun, self._finished, self._lost, self._unexpected = Ticks(), Ticks(), Ticks(), Ticks()

    def begin(
        self,
        decision: Decision,
        request: Mapping[str, Any],
        router: Router | None = None,
        unavailable: frozenset[str] = frozenset(),
    ) -> Record:
        """Begin the record of a call: its id and its day are fixed. It is to be finished once.

        `request` holds the arguments of `resolve`, which are kept as they are, `unavailable` the models that health
        barred beside them, and `router` is the one that decided: from them the audit event is made when the call is
        over.
        """
        self._begun.add()
        record = Record(
            next(self._numbers),
            self._clock.time(),
            decision,
            request,
            router,
            unavailable,
            self._epoch,
            self,
        )
        if self._take_context is not None:
            record.context = self._take_context()
        return record

    def attempt(
        self,
        record: Record,
        endpoint: Endpoint,
        outcome: AttemptOutcome,
        latency_ms: float | None,
        error_class: str | None = None,
    ) -> None:
        """Add a try of a model to a call."""
        if record.is_open:
            # As `Attempt(…)` makes it, in half the time.
            record.attempts.append(_make(Attempt, (endpoint, outcome, latency_ms, error_class, self._clock.time())))
        elif record.epoch == self._epoch:
            self._unexpected.add()

    def finish(
        self,
        record: Record,
        outcome: CallOutcome,
        *,
        usage: Usage | None = None,
        latency_ms: float | None = None,
        first_token_ms: float | None = None,
        model: str | None = None,
        error_class: str | None = None,
        facts: Facts | None = None,
    ) -> None:
        """Finish a call. `model` is the one that answered; without a latency it is the time since it began.

        What was begun before a fork is the parent's to write. A call that the router refused is `rejected`, whatever
        is said of it. The prices in `facts` tell what it cost. If it failed and no class of an error is given, the one
        of its last attempt counts.
        """
        if not record.close():
            if record.epoch == self._epoch:
                self._unexpected.add()
            return
        if record.epoch != self._epoch:
            return
        decision = record.decision
        if decision.status != "ok" or outcome == "rejected":
            outcome, model = "rejected", None
        elif model is None and outcome in ("succeeded", "fell_back"):
            model = decision.model
        elif error_class is None and outcome == "failed" and record.attempts:
            error_class = record.attempts[-1].error_class
        if latency_ms is None:
            latency_ms = (self._clock.time() - record.begun) * 1000
        record.fill(outcome, usage, facts, latency_ms, first_token_ms, model, error_class)
        self._finished.add()
        self._tally.note(record)
        for outlet in self._outlets:
            outlet.put(record)

    def status(self) -> CaptureStatus:
        """Return counts since the process began."""
        finished = self._finished.value
        return {
            "in_flight": max(self._begun.value - finished, 0),
            "captured": finished,
            "outcomes": self._tally.outcomes(),
            "dispatch_without_capture_total": self._lost.value,
            "unexpected_capture_total": self._unexpected.value,
            "sinks": [outlet.status() for outlet in self._outlets],
        }

    def metrics(self) -> str:
        """Return the same and more as Prometheus' text: no label is a tenant, a unit or an id."""
        status = self.status()
        sinks = status["sinks"]
        words = ("written", "failed", "set_aside")
        rows = [({"sink": sink["sink"], "result": word}, int(sink[word])) for sink in sinks for word in words]  # type: ignore[literal-required]
        dropped = [({"sink": sink["sink"]}, sink["dropped_calls"]) for sink in sinks]
        waiting = [({"sink": sink["sink"]}, sink["waiting_calls"]) for sink in sinks]
        without, unexpected = status["dispatch_without_capture_total"], status["unexpected_capture_total"]
        name = "routecomp_{}".format
        return (
            self._tally.metrics()
            + family(name("calls_in_flight"), "gauge", "Calls that are not finished.", [({}, status["in_flight"])])
            + family(name("dispatch_without_capture_total"), "counter", "Calls nobody finished.", [({}, without)])
            + family(name("unexpected_capture_total"), "counter", "Calls finished twice.", [({}, unexpected)])
            + family(name("sink_rows_total"), "counter", "Rows by what became of them.", rows)
            + family(name("sink_dropped_calls_total"), "counter", "Calls for which a queue had no room.", dropped)
            + family(name("sink_waiting_calls"), "gauge", "Calls that wait in a queue.", waiting)
        )

    def flush(self, timeout_s: float) -> bool:
        """Return whether all that is finished now was given to every sink within a time."""
        end = time.monotonic() + timeout_s
        events = [outlet.mark() for outlet in self._outlets]
        waited = [event.wait(max(end - time.monotonic(), 0.0)) for event in events]
        return all(waited)

    def close(self, timeout_s: float) -> bool:
        """Take no more calls, and return whether all was written within a time. What waits then is lost."""
        atexit.unregister(self._at_exit)
        end = time.monotonic() + timeout_s
        self.flush(timeout_s)
        closed = [outlet.close(max(end - time.monotonic(), 0.0)) for outlet in self._outlets]
        return all(closed)

    def lose(self, record: Record) -> None:
        """Write down a call that nobody finished."""
        if record.epoch == self._epoch:
            self._lost.add()
            self.finish(record, "cancelled", error_class="NotCaptured")

    def _make(self, record: Record, is_late: bool) -> Sequence[Row]:
        """Return the rows of a call, which are made by the first sink that asks."""
        with self._making:
            if record.rows is None:
                record.rows = self._rows.of(record, is_late=is_late)
            rows: Sequence[Row] = record.rows
            return rows

    def _before_fork(self) -> None:
        for outlet in self._outlets:
            outlet.before_fork()

    def _after_fork(self) -> None:
        for outlet in self._outlets:
            outlet.after_fork_in_parent()

    def _in_child(self) -> None:
        self._epoch += 1
        self._begin_anew()
        self._tally.begin_anew()
        for outlet in self._outlets:
            outlet.after_fork_in_child()
