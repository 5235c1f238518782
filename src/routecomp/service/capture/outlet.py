"""Give a sink its rows in a thread of its own, through a queue with an end."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Final, TypedDict

from routecomp.service.capture.record import Record
from routecomp.service.capture.rows import Row
from routecomp.service.capture.sink import Sink
from routecomp.service.capture.ticks import Ticks

_BATCH: Final = 128
"""How many calls are given to a sink at once, at most."""
_GATHER_S: Final = 0.02
"""How long the first call of a batch waits for others: a thread that wakes for each would hold callers up."""
_STOP_S: Final = 0.5
"""How long a sink is waited for that was told to wait no longer."""
_FORK_S: Final = 0.5
"""How long a fork waits for a sink that is in the midst of a write."""


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
        self._writing = threading.Lock()
        self._quiet_for: int | None = None  # the thread that forks, while it holds `_writing`
        self._hurry = threading.Event()
        self._dropped = Ticks()
        self._written = self._failed = 0  # by the thread alone
        self._last_error: str | None = None

    def put(self, record: Record) -> None:
        """Let a call wait for its turn, or drop it; never wait. Any thread, a signal or a finalizer may put one."""
        if self._closed or self._queue.qsize() >= self._capacity:
            self._dropped.add()
            return
        self._queue.put(record)
        if self._thread is None:
            self._start()

    def mark(self) -> threading.Event:
        """Return an event that is set when all that waits now was given to the sink."""
        event = threading.Event()
        if self._thread is None:
            event.set()
        else:
            self._queue.put(event)
            self._hurry.set()
        return event

    def close(self, timeout_s: float) -> bool:
        """Take no more calls, and return whether all was written and the sink closed in time."""
        self._closed = True
        thread = self._thread
        if thread is None:
            self._close_sink()
            return True
        self._queue.put(_Stop())
        self._hurry.set()
        thread.join(timeout_s)
        stop = getattr(self.sink, "stop", None)
        if thread.is_alive() and stop is not None:
            stop()
            thread.join(_STOP_S)
        return not thread.is_alive()

    def status(self) -> SinkStatus:
        """Return what became of the rows."""
        return {
            "sink": self.name,
            "path": getattr(self.sink, "path", None),
            "written": self._written,
            "failed": self._failed,
            "set_aside": getattr(self.sink, "set_aside", 0),
            "dropped_calls": self._dropped.value,
            "waiting_calls": self._queue.qsize(),
            "last_error": self._last_error,
        }

    def before_fork(self) -> None:
        """Wait a moment until the sink is not in the midst of a write, if it asks for that."""
        is_asked = getattr(self.sink, "quiet_at_fork", False) and self._thread is not threading.current_thread()
        if is_asked and self._writing.acquire(timeout=_FORK_S):
            self._quiet_for = threading.get_ident()

    def after_fork_in_parent(self) -> None:
        """Go on; another thread's fork, which held nothing, leaves alone what this one holds."""
        if self._quiet_for == threading.get_ident():
            self._quiet_for = None
            self._writing.release()

    def after_fork_in_child(self) -> None:
        """Begin with nothing."""
        self._begin()

    def _start(self) -> None:
        if self._starting.acquire(blocking=False):
            try:
                if self._thread is None:
                    thread = threading.Thread(target=self._run, name=f"routecomp-{self.name}", daemon=True)
                    thread.start()
                    self._thread = thread
            except RuntimeError:  # the interpreter is going down
                self._closed = True
                self._dropped.add()
            finally:
                self._starting.release()

    def _run(self) -> None:
        """Give the sink what comes, until the end."""
        while True:
            batch: list[Record] = []
            entry = self._queue.get()
            self._hurry.wait(_GATHER_S)
            while isinstance(entry, Record):
                batch.append(entry)
                if len(batch) >= _BATCH:
                    break
                try:
                    entry = self._queue.get_nowait()
                except queue.Empty:
                    break
            if batch:
                self._write(batch)
            if isinstance(entry, threading.Event):
                self._hurry.clear()
                entry.set()
            elif isinstance(entry, _Stop):
                break
        self._close_sink()

    def _close_sink(self) -> None:
        try:
            self.sink.close()
        except BaseException as error:
            self._last_error = type(error).__name__

    def _write(self, batch: list[Record]) -> None:
        rows: list[Row] = []
        for record in batch:
            try:
                rows += self._make(record, self._queue.qsize() > self._capacity // 2)
            except Exception as error:
                self._failed += 1
                self._last_error = type(error).__name__
        try:
            with self._writing:
                self.sink.write(rows)
        except BaseException as error:  # whatever a sink does, the thread goes on
            self._failed += len(rows)
            self._last_error = type(error).__name__
        else:
            self._written += len(rows)
        try:
            self._after()
        except Exception as error:
            self._last_error = type(error).__name__
