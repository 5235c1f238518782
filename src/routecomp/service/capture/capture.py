"""Write down one outcome for each call, whatever way it ends, without holding it up."""

from __future__ import annotations

import asyncio
import atexit
import gc
import os
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any, Final, TypedDict

from routecomp.runtime.resolver import Decision, Endpoint, Facts, Router
from routecomp.service.capture.outlet import Outlet, SinkStatus
from routecomp.service.capture.record import Attempt, AttemptOutcome, CallOutcome, Holder, Record
from routecomp.service.capture.rows import Row, RowMaker
from routecomp.service.capture.sink import NOWHERE, Sink
from routecomp.service.capture.tally import Tally
from routecomp.service.capture.ticks import Ticks
from routecomp.service.clock import SYSTEM, Clock
from routecomp.service.exposition import family
from routecomp.service.forks import FORK_S, around_forks
from routecomp.service.usage import Usage

_make: Final = tuple.__new__
_EXIT_S: Final = 5.0
"""How long the end of the program waits for sinks, at most."""
_SINKS_S: Final = 1.0
"""How much of the time of a close is kept for sinks while calls are waited for."""
_STOP_S: Final = 0.5
"""How long a sink is waited for that was told to wait no longer."""
_POLL_S: Final = 0.02


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
    contexts_missed_total: int
    """Calls that began while a sink's `take_context` raised: their rows have no context."""
    sinks: list[SinkStatus]


class Capture:
    """The outcomes of calls on their way to sinks. Nothing here waits or raises, but `flush` and `close`."""

    def __init__(self, sinks: Sequence[Sink] = (), *, clock: Clock = SYSTEM, capacity: int = 10_000) -> None:
        self._clock = clock
        self._tally = Tally()
        self._maker = _Maker()
        names: Counter[str] = Counter()
        self._outlets: list[Outlet] = []
        for number, sink in enumerate(sinks or (NOWHERE,)):
            kind = type(sink).__name__
            names[kind] += 1
            name = kind if names[kind] == 1 else f"{kind}-{names[kind]}"
            make = partial(self._maker.make, number) if sink is not NOWHERE else _no_rows
            self._outlets.append(Outlet(sink, name, capacity, make, self._tally.add_up))
        self._maker.all = (1 << len(self._outlets)) - 1
        self._take_context = next((sink.take_context for sink in sinks if hasattr(sink, "take_context")), None)
        self._epoch = 0
        self._is_closed = False
        self._begin_anew()
        around_forks(self._before_fork, self._after_fork, self._in_child)
        reference = weakref.ref(self)
        self._at_exit = lambda: (capture := reference()) and capture.close(_EXIT_S, waits=False)
        atexit.register(self._at_exit)
        weakref.finalize(self, _let_go, self._at_exit, self._outlets).atexit = False

    def _begin_anew(self) -> None:
        self.prefix = os.urandom(12).hex()
        self._numbers = count(1)
        self._lost, self._unexpected, self._without_context = Ticks(), Ticks(), Ticks()
        self.mark = object()
        self._idle = sys.getrefcount(self.mark)

    def begin(
        self,
        decision: Decision,
        request: Mapping[str, Any],
        router: Router | None = None,
        unavailable: frozenset[str] = frozenset(),
        holder: Holder | None = None,
    ) -> Record:
        """Begin the record of a call: its id and its day are fixed. It is to be finished once.

        `request` holds the arguments of `resolve`, which are kept as they are, `unavailable` the models that health
        barred beside them, and `router` is the one that decided: from them the audit event is made when the call is
        over. `holder` is who finishes the call, whatever comes between.
        """
        record = Record(
            next(self._numbers),
            self._clock.time(),
            decision,
            request,
            router,
            unavailable,
            self._epoch,
            self,
            holder,
        )
        if self._take_context is not None:
            try:
                record.context = self._take_context()
            except Exception:
                self._without_context.add()
        return record

    def redecide(self, record: Record, decision: Decision, unavailable: frozenset[str]) -> None:
        """Take note that the router decided anew before any model was asked, with these models left out."""
        record.decision, record.unavailable = decision, unavailable

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
            record.attempts += (_make(Attempt, (endpoint, outcome, latency_ms, error_class, self._clock.time())),)
        elif record.epoch == self._epoch and not self._is_closed:
            self._unexpected.add()

    def answered(
        self,
        record: Record,
        endpoint: Endpoint,
        outcome: CallOutcome,
        usage: Usage | None,
        latency_ms: float,
        whole_ms: float,
        first_token_ms: float | None,
        facts: Facts | None,
    ) -> None:
        """Add the try that brought an answer, and finish the call: `attempt` and `finish` in one, as most calls end."""
        if self._closes(record):
            record.attempts += (_make(Attempt, (endpoint, "ok", latency_ms, None, self._clock.time())),)
            record.fill(outcome, usage, facts, whole_ms, first_token_ms, endpoint.model, None)
            self._give(record)

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
        if not self._closes(record):
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
        self._give(record)

    def _closes(self, record: Record) -> bool:
        """Return whether whoever asks is the one to finish a call: the first, and in the process in which it began."""
        if not record.close():
            if record.epoch == self._epoch and not self._is_closed:
                self._unexpected.add()
            return False
        if record.epoch != self._epoch:
            record.land()
            return False
        return True

    def _give(self, record: Record) -> None:
        """Give a call to all who are to know what came of it."""
        self._tally.note(record)
        for outlet in self._outlets:
            outlet.put(record)
        record.land()

    def status(self) -> CaptureStatus:
        """Return counts since the process began."""
        outcomes = self._tally.outcomes()
        return {
            "in_flight": self._in_flight(),
            "captured": sum(outcomes.values()),
            "outcomes": outcomes,
            "dispatch_without_capture_total": self._lost.value,
            "unexpected_capture_total": self._unexpected.value,
            "contexts_missed_total": self._without_context.value,
            "sinks": [outlet.status() for outlet in self._outlets if outlet.sink is not NOWHERE],
        }

    def _in_flight(self) -> int:
        return max(sys.getrefcount(self.mark) - self._idle, 0)

    def metrics(self) -> str:
        """Return the same and more as Prometheus' text: no label is a tenant, a unit or an id."""
        status = self.status()
        sinks = status["sinks"]
        words = ("written", "failed", "set_aside")
        rows = [({"sink": sink["sink"], "result": word}, int(sink[word])) for sink in sinks for word in words]  # type: ignore[literal-required]
        dropped = [({"sink": sink["sink"]}, sink["dropped_calls"]) for sink in sinks]
        waiting = [({"sink": sink["sink"]}, sink["waiting_calls"]) for sink in sinks]
        degraded = [({"sink": sink["sink"]}, int(sink["degraded"])) for sink in sinks]
        contexts = status["contexts_missed_total"]
        without, unexpected = status["dispatch_without_capture_total"], status["unexpected_capture_total"]
        name = "routecomp_{}".format
        return (
            self._tally.metrics()
            + family(name("calls_in_flight"), "gauge", "Calls that are not finished.", [({}, status["in_flight"])])
            + family(name("dispatch_without_capture_total"), "counter", "Calls nobody finished.", [({}, without)])
            + family(name("unexpected_capture_total"), "counter", "Calls finished twice.", [({}, unexpected)])
            + family(name("contexts_missed_total"), "counter", "Calls without a context.", [({}, contexts)])
            + family(name("sink_rows_total"), "counter", "Rows by what became of them.", rows)
            + family(name("sink_dropped_calls_total"), "counter", "Calls for which a queue had no room.", dropped)
            + family(name("sink_waiting_calls"), "gauge", "Calls that a sink has not written.", waiting)
            + family(name("sink_degraded"), "gauge", "Whether a sink cannot write now.", degraded)
        )

    def flush(self, timeout_s: float) -> bool:
        """Return whether all that is finished now was given to every sink within a time."""
        end = time.monotonic() + timeout_s
        events = [outlet.mark() for outlet in self._outlets]
        waited = [event.wait(max(end - time.monotonic(), 0.0)) for event in events]
        return all(waited)

    def close(self, timeout_s: float, *, waits: bool = True) -> bool:
        """Take no more calls, and return whether all was written within a time. What waits then is lost.

        Calls that are under way are waited for, but for a part of the time that sinks need. Those that have not ended
        then, and none of them where it does not wait, are written as cancelled.
        """
        atexit.unregister(self._at_exit)
        end = time.monotonic() + timeout_s
        if waits and not self._is_closed:
            self._await_calls(end - min(_SINKS_S, timeout_s / 2))
        self._is_closed = True
        self._cancel_calls()
        for outlet in self._outlets:
            outlet.end()
        for outlet in self._outlets:
            outlet.join(max(end - min(_STOP_S, timeout_s / 4) - time.monotonic(), 0.0))
        for outlet in self._outlets:
            outlet.stop()
        joined = [outlet.join(max(end - time.monotonic(), 0.0)) for outlet in self._outlets]
        return all(joined)

    def _await_calls(self, end: float) -> None:
        """Wait until no call is under way; not in the thread of a loop, whose tasks would wait too."""
        with suppress(RuntimeError):
            asyncio.get_running_loop()
            return
        while self._in_flight() and time.monotonic() < end:
            time.sleep(_POLL_S)

    def _cancel_calls(self) -> None:
        """Write down what has not ended. Nobody has a list of it, since calls have no time to keep one."""
        if not self._in_flight():
            return
        for record in [thing for thing in gc.get_objects() if type(thing) is Record]:
            if record.is_kept_by(self) and record.is_open and record.epoch == self._epoch:
                self.finish(record, "cancelled", error_class="Closed")

    def lose(self, record: Record) -> None:
        """Write down a call that nobody finished; or go on where an exception came between its finish and its end.

        Whoever has got the record by then has done with it, since nobody holds it, and has said so.
        """
        if record.epoch != self._epoch:
            return
        if record.is_open:
            is_cancelled = hasattr(record, "dropped_is_cancelled")
            if not is_cancelled:
                self._lost.add()
            self.finish(record, "cancelled", error_class="Cancelled" if is_cancelled else "NotCaptured")
            return
        if not hasattr(record, "error_class"):  # which `fill` sets last
            latency_ms = (self._clock.time() - record.begun) * 1000
            record.fill("cancelled", None, None, latency_ms, None, None, "Cancelled")
        if not hasattr(record, "counted"):
            self._tally.note(record)
        for number, outlet in enumerate(self._outlets):
            if not getattr(record, "given", 0) >> number & 1:
                outlet.put(record)
        record.land()

    def _before_fork(self) -> None:
        until = time.monotonic() + FORK_S
        for outlet in self._outlets:
            outlet.before_fork(until)

    def _after_fork(self) -> None:
        for outlet in self._outlets:
            outlet.after_fork_in_parent()

    def _in_child(self) -> None:
        self._epoch += 1
        self._begin_anew()
        self._tally.begin_anew()
        self._maker.begin_anew()
        for outlet in self._outlets:
            outlet.after_fork_in_child()


def _let_go(at_exit: Callable[[], object], outlets: Sequence[Outlet]) -> None:
    """End the threads of a capture that nobody has any more, nor any of its calls."""
    atexit.unregister(at_exit)
    for outlet in outlets:
        outlet.end()


class _Maker:
    """Make the rows of calls for the threads of sinks, which know nothing of the capture."""

    all = 0
    """All sinks, as bits."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Take a new lock, also in a child."""
        self._lock = threading.Lock()
        self._rows = RowMaker()

    def make(self, number: int, record: Record, is_late: bool) -> Sequence[Row]:
        """Return the rows of a call, which are made by the first sink that asks; take note of which one asks."""
        with self._lock:
            record.given = getattr(record, "given", 0) | 1 << number
            if record.given == self.all:
                record.land()  # it was interrupted where it would have said so, and sinks may keep it
            if not hasattr(record, "rows"):
                record.rows = self._rows.of(record, is_late=is_late)
            rows: Sequence[Row] = record.rows
            return rows


def _no_rows(record: Record, is_late: bool) -> Sequence[Row]:
    return ()
