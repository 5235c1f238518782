"""Tell other processes what was found closed, and learn it from them, off the path of calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol, TypedDict

from routecomp.runtime.resolver import Facts
from routecomp.service.forks import in_child
from routecomp.service.health.scope import Scope

_EVERY_S: Final = 0.25
"""How often the store is asked."""
_LONGEST_S: Final = 5.0
"""How long a store that fails is left alone, at most."""
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
    """What all processes share. It is asked in a thread of its own, and may raise or wait."""

    def exchange(self, told: Sequence[Closure], facts: Facts | None) -> Sequence[Closure]:
        """Keep what is told, of two deadlines the later, and return all that is closed now.

        `facts` are those of the table by which calls were made last; None before the first call.
        """

    def close(self) -> None:
        """Let go what is open."""


class SharingStatus(TypedDict):
    """How it is with the store."""

    degraded: bool
    """Whether the store was not reached when it was asked last: what is known then is this process's own."""
    exchanges: int
    errors: int
    last_error: str | None
    """The class of the last exception."""


class Sharing:
    """A thread that exchanges findings with a store. Calls only leave a note for it."""

    def __init__(self, store: Store, learn: Callable[[Closure], None], *, every_s: float = _EVERY_S) -> None:
        self._store = store
        self._learn = learn
        self.facts: Facts | None = None
        """What the table says that calls were made by last."""
        self._every_s = every_s
        self._is_closed = False
        self._exchanges = self._errors = 0
        self._last_error: str | None = None
        self._is_degraded = False
        self._begin()
        in_child(self._begin)

    def _begin(self) -> None:
        """Begin the thread, also in a child: notes that wait are the parent's."""
        self._lock = threading.RLock()  # again by its own thread: a finalizer may leave a note too
        self._notes: list[tuple[float, Closure]] = []
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        if not self._is_closed:
            self._thread = threading.Thread(target=self._run, name="routecomp-shared", daemon=True)
            self._thread.start()

    def tell(self, closure: Closure) -> None:
        """Leave a note of what was found; wait for nobody."""
        with self._lock:
            self._notes = [*self._notes[-_MOST:], (time.monotonic(), closure)]
        self._wake.set()

    def has_news_of(self, scope: Scope) -> bool:
        """Return whether something was found of a scope that the store has not been told yet."""
        with self._lock:
            return any(closure.scope == scope for _, closure in self._notes)

    def status(self) -> SharingStatus:
        """Return how it is with the store."""
        return {
            "degraded": self._is_degraded,
            "exchanges": self._exchanges,
            "errors": self._errors,
            "last_error": self._last_error,
        }

    def close(self, timeout_s: float) -> None:
        """End the thread, and close the store if it answers in time."""
        self._is_closed = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        notes: list[tuple[float, Closure]] = []
        wait_s = self._every_s
        while not self._is_closed:
            if self._exchanges + self._errors:
                self._wake.wait(wait_s)
            self._wake.clear()
            with self._lock:
                notes = [*notes, *self._notes][-_MOST:]
                self._notes = []
            now = time.monotonic()
            told = [closure._replace(for_s=closure.for_s - (now - noted)) for noted, closure in notes]
            try:
                closed = self._store.exchange(told, self.facts)
                for closure in closed:
                    self._learn(closure)
            except Exception as error:
                self._errors += 1
                self._last_error = type(error).__name__
                self._is_degraded = True
                wait_s = min(2 * wait_s, _LONGEST_S)
                time.sleep(self._every_s)  # a finding wakes the thread, and is no reason to ask at once
            else:
                notes = []
                self._exchanges += 1
                self._is_degraded = False
                wait_s = self._every_s
        try:
            self._store.close()
        except Exception as error:
            self._last_error = type(error).__name__
