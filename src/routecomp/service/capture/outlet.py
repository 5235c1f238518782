"""Give a sink its rows in a thread of its own, through a queue with an end."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, TypedDict, TypeVar

from routecomp.service.capture.record import Record
from routecomp.service.capture.rows import Row
from routecomp.service.capture.sink import Sink
from routecomp.service.capture.ticks import Ticks
from routecomp.service.forks import Gate

_BATCH: Final = 128
"""How many calls are given to a sink at once, at most."""
_GATHER_S: Final = 0.02
"""How long the first call of a batch waits for others: a thread that wakes for each would hold callers up."""
_LONG_S: Final = 5.0
"""How long a write may take before the sink counts as one that cannot write."""


_Kind = TypeVar("_Kind")
_Default = TypeVar("_Default")


class SinkStatus(TypedDict):
    """What became of the rows of one sink; calls that were dropped have left no row in it."""

    sink: str
    path: str | None
    """The file to which it writes; None for a sink that has none."""
    written: int
    failed: int
    set_aside: int
    dropped_calls: int
    waiting_calls: int
    """Calls in its queue, and those in its hands."""
    degraded: bool
    """Whether its last write failed, or the one under way has not ended for long or waits for what it writes to."""
    last_error: str | None
    """The class of the last exception."""


class _Stop:
    """Ends the thread when all before it is written."""


class Outlet:
    """A sink, its queue and its thread, which begins with the first call."""

    def __init__(
        self,
        sink: Sink,
        name: str,
        capacity: int,
        make: Callable[[Record, bool], Sequence[Row]],
        after: Callable[[], None],
    ) -> None:
        """Take what makes the rows of a call, quickly where many wait, and what is to be done after each write."""
        self.sink = sink
        self.name = name
        self._capacity = capacity
        self._make = make
        self._after = after
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        """Begin with nothing, also in a child: what waits is the parent's."""
        self._queue: queue.SimpleQueue[Record | threading.Event | _Stop] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._writing = Gate()
        self._hurry = threading.Event()
        self._dropped, self._signs = Ticks(), Ticks()
        # By the thread alone:
        self._seen_signs = 0
        self._in_hands = 0
        self._since: float | None = None  # when the write began that is under way
        self._has_failed = False
        self._written = self._failed = 0
        self._last_error: str | None = None

    def put(self, record: Record) -> None:
        """Let a call wait for its turn, or drop it; never wait. Any thread, a signal or a finalizer may put one."""
        if self._closed or self._queue.qsize() >= self._capacity:
            self._dropped.add()
        else:
            self._queue.put(record)
        if self._thread is None and not self._closed:
            self._start()

    def mark(self) -> threading.Event:
        """Return an event that is set when all that waits now was given to the sink."""
        event = threading.Event()
        if self._thread is None:
            if self._queue.empty():
                event.set()
                return event
            self._start()
        self._sign(event)
        return event

    def end(self) -> None:
        """Take no more calls; the thread writes what waits, and closes the sink. It waits for nobody."""
        self._closed = True
        if self._thread is None:
            self._start()
        self._sign(_Stop())

    def stop(self) -> None:
        """Tell the sink to wait no longer, if its thread has not ended and it listens."""
        stop = getattr(self.sink, "stop", None)
        if stop is not None and not self.join(0):
            try:
                stop()
            except Exception as error:
                self._last_error = type(error).__name__

    def join(self, timeout_s: float) -> bool:
        """Return whether all was written and the sink was closed within a time."""
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return False
        thread.join(timeout_s)
        return not thread.is_alive()

    def status(self) -> SinkStatus:
        """Return what became of the rows."""
        since = self._since
        is_waiting = since is not None and (
            _told(self.sink, "is_waiting", bool, False) or time.monotonic() - since >= _LONG_S
        )
        return {
            "sink": self.name,
            "path": _told(self.sink, "path", str, None),
            "written": self._written,
            "failed": self._failed,
            "set_aside": _told(self.sink, "set_aside", int, 0),
            "dropped_calls": self._dropped.value,
            "waiting_calls": max(self._queue.qsize() - self._signs.value + self._seen_signs, 0) + self._in_hands,
            "degraded": self._has_failed or is_waiting,
            "last_error": _told(self.sink, "last_error", str, None) or self._last_error,
        }

    def before_fork(self, until: float) -> None:
        """Wait until the sink is not in the midst of a write, if it asks for that, or until a moment."""
        if _told(self.sink, "quiet_at_fork", bool, False) and self._thread is not threading.current_thread():
            self._writing.wait(until)

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self._writing.open()

    def after_fork_in_child(self) -> None:
        """Begin with nothing."""
        self._begin()

    def _sign(self, sign: threading.Event | _Stop) -> None:
        """Let the thread know something when it comes to it, soon; a thread that cannot be started is told nothing."""
        if self._thread is not None:
            self._signs.add()
            self._queue.put(sign)
            self._hurry.set()

    def _start(self) -> None:
        """Start the thread; where the process can have no more of them, whoever comes next tries again."""
        if self._starting.acquire(blocking=False):
            try:
                if self._thread is None:
                    thread = threading.Thread(target=self._run, name=f"routecomp-{self.name}", daemon=True)
                    thread.start()
                    self._thread = thread
            except RuntimeError as error:
                self._last_error = type(error).__name__
            finally:
                self._starting.release()

    def _run(self) -> None:
        """Give the sink what comes, until the end."""
        while self._take():
            pass
        try:
            self.sink.close()
        except BaseException as error:
            self._last_error = type(error).__name__

    def _take(self) -> bool:
        """Give the sink what comes next, and return whether more may come. Nothing of it is kept here meanwhile."""
        batch: list[Record] = []
        entry = self._queue.get()
        self._hurry.wait(_GATHER_S)
        while isinstance(entry, Record):
            batch.append(entry)
            self._in_hands = len(batch)
            if len(batch) >= _BATCH:
                break
            try:
                entry = self._queue.get_nowait()
            except queue.Empty:
                break
        if batch:
            self._write(batch)
            self._in_hands = 0
        if not isinstance(entry, Record):
            self._seen_signs += 1
        if isinstance(entry, threading.Event):
            self._hurry.clear()
            entry.set()
        return not isinstance(entry, _Stop)

    def _write(self, batch: list[Record]) -> None:
        rows: list[Row] = []
        kinds = _told(self.sink, "kinds", frozenset, None)
        for record in batch:
            try:
                made = self._make(record, self._queue.qsize() > self._capacity // 2)
                rows += made if kinds is None else [row for row in made if row.kind in kinds]
            except BaseException as error:
                self._failed += 1
                self._last_error = type(error).__name__
        before, unwritten = _told(self.sink, "set_aside", int, 0), 0
        self._since = time.monotonic()
        try:
            with self._writing:
                self.sink.write(rows)
        except BaseException as error:  # whatever a sink does, the thread goes on
            unwritten = min(max(_told(error, "unwritten", int, len(rows)), 0), len(rows))
            self._last_error = type(error).__name__
        self._since, self._has_failed = None, unwritten > 0
        self._failed += unwritten
        set_aside = max(_told(self.sink, "set_aside", int, 0) - before, 0)
        self._written += max(len(rows) - unwritten - set_aside, 0)
        try:
            self._after()
        except BaseException as error:
            self._last_error = type(error).__name__


def _told(thing: object, name: str, kind: type[_Kind], default: _Default) -> _Kind | _Default:
    """Return what a sink, or an exception of its, says of itself; the default where that is nothing of the kind."""
    try:
        value = getattr(thing, name, default)
    except Exception:
        return default
    return value if isinstance(value, kind) else default
