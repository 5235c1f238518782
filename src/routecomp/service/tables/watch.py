"""Look at a source now and then in a thread of its own, which a fork does not end."""

from __future__ import annotations

import random
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

JITTER = 0.2
"""The part of the interval by which each wait is longer or shorter, so that many processes do not look at once."""


class Watcher:
    """A thread that calls a method again and again, as long as the method's object lives."""

    def __init__(self, look: Callable[[], object], every_s: float) -> None:
        """Take a bound method; only a weak reference to its object is kept."""
        self._look = weakref.WeakMethod(look)
        self._every_s = every_s
        self._wishes: SimpleQueue[bool] = SimpleQueue()  # True: look now; False: end
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self.is_watching = False
        """Whether it was started and not stopped."""
        self.restarts = 0

    def start(self) -> None:
        """Start the thread, if it does not run; one that ended although nobody stopped it is counted.

        Where the process can have no more threads, whoever asks for the status later tries again.
        """
        self.is_watching = True
        if self.is_alive() or not self._starting.acquire(blocking=False):
            return
        try:
            thread = threading.Thread(target=self._run, args=(self._wishes,), name="routecomp-tables", daemon=True)
            with suppress(RuntimeError):
                thread.start()
                self.restarts += self._thread is not None
                self._thread = thread
        finally:
            self._starting.release()

    def wake(self) -> None:
        """Look now; a handler of signals may call this, since putting into this queue takes no lock of Python's."""
        self._wishes.put(True)

    def stop(self, wait_s: float = 0) -> None:
        """End the thread once it has finished the look that it is at; wait for that, but not for long."""
        thread, self._thread, self.is_watching = self._thread, None, False
        self._wishes.put(False)
        self._wishes = SimpleQueue()
        if wait_s and thread is not None and thread is not threading.current_thread():
            thread.join(wait_s)

    def rearm(self) -> None:
        """Start again in a forked child, if the parent was watching."""
        self._thread, self._wishes, self._starting = None, SimpleQueue(), threading.Lock()
        if self.is_watching:
            self.start()

    def is_alive(self) -> bool:
        """Return whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self, wishes: SimpleQueue[bool]) -> None:
        """Wait and look, until it is stopped or nobody has the object any more; what a look raises ends no watch."""
        while self._wait(wishes):
            try:
                if not self._call():
                    return
            except BaseException:  # SystemExit too: a table that is never looked at again is noticed by nobody
                self.restarts += 1

    def _call(self) -> bool:
        """Look; return False if nobody has the object any more."""
        look = self._look()
        if look is not None:
            look()
        return look is not None

    def _wait(self, wishes: SimpleQueue[bool]) -> bool:
        """Wait for the next look; return False if there is none."""
        wish = True
        with suppress(Empty):
            wish = wishes.get(timeout=self._every_s * _CHANCE.uniform(1 - JITTER, 1 + JITTER))
            while wish:  # several wishes are one
                wish = wishes.get_nowait()
        return wish


_CHANCE = random.SystemRandom()
"""Neither seeded by a user's program nor the same in each child of a fork."""
