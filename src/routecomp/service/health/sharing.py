"""Tell other processes what was found closed, and learn it from them, off the path of calls."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Sequence
from types import MethodType
from typing import Final, NamedTuple, Protocol, TypedDict

from routecomp.runtime.resolver import Facts
from routecomp.service.forks import FORK_S, Gate, around_forks
from routecomp.service.health.scope import Scope

_EVERY_S: Final = 0.25
"""How often the store is asked."""
_LONGEST_S: Final = 5.0
"""How long a store that fails is left alone, at most."""
_HANGS_S: Final = 5.0
"""How long a store may take before it counts as one that is not reached."""
_WELL_S: Final = 10.0
"""How long a note of what a trial found well is of use."""
_MOST: Final = 1000
"""How many findings wait for a store that cannot be reached; of more the oldest are forgotten."""


class Closure(NamedTuple):
    """What was found closed."""

    scope: Scope
    reason: str
    """`open`: its circuit; `asked`: the host said for how long."""
    for_s: float
    """For how many seconds from now; 0 or less where it is well again."""


class Store(Protocol):
    """What all processes share. It is asked in a thread of its own, and may raise or wait.

    Where it has a `quiet_at_fork` that is True, a fork waits a moment for an exchange to end.
    """

    def exchange(self, told: Sequence[Closure], facts: Facts | None) -> Sequence[Closure]:
        """Keep what is told, of two deadlines the later, and return all that is closed now.

        What a trial found well lately is returned too, for no seconds, until somebody finds it closed again: others
        learn it from that. `facts` are those of the table by which calls were made last; None before the first call.
        """

    def close(self) -> None:
        """Let go what is open."""


class SharingStatus(TypedDict):
    """How it is with the store."""

    degraded: bool
    """Whether the store was not reached when it was asked last, or has not answered for long: what is known then is
    this process's own."""
    exchanges: int
    errors: int
    last_error: str | None
    """The class of the last exception."""
    asking_s: float | None
    """Seconds for which the store has been asked; None if it is not."""


class Sharing:
    """A thread that exchanges findings with a store. Calls only leave a note for it."""

    def __init__(self, store: Store, learn: Callable[[Closure], None], *, every_s: float = _EVERY_S) -> None:
        """Take a store, and a function that is told what others found; of a method the object is not kept."""
        self._store = store
        self._learn: Callable[[], Callable[[Closure], None] | None] = lambda: learn
        if isinstance(learn, MethodType):
            self._learn = weakref.WeakMethod(learn)
        self.facts: Facts | None = None
        """What the table says that calls were made by last."""
        self._every_s = every_s
        self._is_closed = False
        self._exchanges = self._errors = 0
        self._last_error: str | None = None
        self._is_degraded = False
        self._begin()
        around_forks(self._before_fork, self._after_fork, self._begin)

    def _begin(self) -> None:
        """Begin the thread, also in a child: notes that wait are the parent's."""
        self._lock = threading.RLock()  # again by its own thread: a finalizer may leave a note too
        self._notes: list[tuple[float, Closure]] = []
        self._wake = threading.Event()
        self._starting = threading.Lock()
        self._asking = Gate()
        self._asked_at: float | None = None
        self._thread: threading.Thread | None = None
        self._start()

    def _start(self) -> None:
        """Start the thread, unless it runs or should not; where there can be none, whoever comes next tries again."""
        thread = self._thread
        if self._is_closed or (thread is not None and thread.is_alive()) or not self._starting.acquire(blocking=False):
            return
        try:
            thread = threading.Thread(target=self._run, name="routecomp-shared", daemon=True)
            thread.start()
            self._thread = thread
        except RuntimeError as error:
            self._note(error)
        finally:
            self._starting.release()

    def tell(self, closure: Closure) -> None:
        """Leave a note of what was found; wait for nobody."""
        with self._lock:
            self._notes = [*self._notes[-_MOST:], (time.monotonic(), closure)]
        self._wake.set()
        self._start()

    def has_news_of(self, scope: Scope) -> bool:
        """Return whether something was found of a scope that the store has not been told yet."""
        with self._lock:
            return any(closure.scope == scope for _, closure in self._notes)

    def status(self) -> SharingStatus:
        """Return how it is with the store."""
        self._start()
        asked_at = self._asked_at
        asking_s = None if asked_at is None else time.monotonic() - asked_at
        return {
            "degraded": self._is_degraded or (asking_s is not None and asking_s >= _HANGS_S),
            "exchanges": self._exchanges,
            "errors": self._errors,
            "last_error": self._last_error,
            "asking_s": None if asking_s is None else round(asking_s, 3),
        }

    def end(self) -> None:
        """Tell the thread to end, and wait for nobody."""
        self._is_closed = True
        self._wake.set()

    def close(self, timeout_s: float) -> bool:
        """End the thread and close the store; return whether it answered in time."""
        self.end()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        """Exchange findings again and again, until the end; nothing that a store raises ends that."""
        notes: list[tuple[float, Closure]] = []
        wait_s = self._every_s
        while not self._is_closed:
            if self._exchanges + self._errors:
                self._wake.wait(wait_s)
            self._wake.clear()
            with self._lock:
                notes = [*notes, *self._notes][-_MOST:]
                self._notes = []
            try:
                self._exchange(notes)
            except BaseException as error:
                self._note(error)
                wait_s = min(2 * wait_s, _LONGEST_S)
                time.sleep(self._every_s)  # a finding wakes the thread, and is no reason to ask at once
            else:
                notes = []
                self._exchanges += 1
                self._is_degraded = False
                wait_s = self._every_s
            finally:
                self._asked_at = None
        try:
            self._store.close()
        except BaseException as error:
            self._last_error = type(error).__name__

    def _exchange(self, notes: Sequence[tuple[float, Closure]]) -> None:
        """Tell the store what was found, and learn what others found."""
        self._asked_at = now = time.monotonic()
        told = [told for noted, closure in notes if (told := _aged(closure, now - noted)) is not None]
        with self._asking:
            closed = self._store.exchange(told, self.facts)
        learn = self._learn()
        if learn is not None:
            for closure in closed:
                learn(closure)

    def _before_fork(self) -> None:
        """Wait a moment until the store is not in the midst of an exchange, if it asks for that."""
        if getattr(self._store, "quiet_at_fork", False) and self._thread is not threading.current_thread():
            self._asking.wait(time.monotonic() + FORK_S)

    def _after_fork(self) -> None:
        self._asking.open()

    def _note(self, error: BaseException) -> None:
        """Take note that the store was not reached."""
        self._errors += 1
        self._last_error = type(error).__name__
        self._is_degraded = True


def _aged(closure: Closure, age_s: float) -> Closure | None:
    """Return what is left of a finding after some seconds; None if nothing, or if others may know better by now."""
    if closure.for_s <= 0:
        return closure if age_s < _WELL_S else None
    return closure._replace(for_s=closure.for_s - age_s) if closure.for_s > age_s else None
