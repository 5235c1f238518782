"""Look at the source on SIGHUP, beside whatever else listens to that signal."""

from __future__ import annotations

import signal
import threading
import weakref
from collections.abc import Callable
from typing import Any


def check_thread() -> None:
    """Raise ValueError where no handler of signals can be set."""
    if threading.current_thread() is not threading.main_thread():
        raise ValueError("`sighup=True` needs the main thread: only there can a handler of signals be set")


class Handler:
    """Looks at the source on SIGHUP, after what listened before, until it is retired or nobody has the tables."""

    def __init__(self, look: Callable[[], object]) -> None:
        """Take a bound method, whose object is not kept, and listen from now on."""
        self._look: weakref.WeakMethod[Callable[[], object]] | None = weakref.WeakMethod(look)
        self._before: Any = signal.getsignal(signal.SIGHUP)
        signal.signal(signal.SIGHUP, self)

    def __call__(self, number: int, frame: Any) -> None:
        """Hear the signal, in the main thread. One who should hear no more leaves it to the one before, for good."""
        look = None if self._look is None else self._look()
        if look is None and self.retire() and not callable(self._before):
            signal.raise_signal(number)  # what the system does with it
        if callable(self._before):
            self._before(number, frame)
        if look is not None:
            look()

    def retire(self) -> bool:
        """Listen no more, and return whether what listened before is back.

        In another thread than the main one it cannot be set; then the next signal brings it back.
        """
        self._look = None
        is_ours = signal.getsignal(signal.SIGHUP) is self
        if is_ours and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGHUP, signal.SIG_DFL if self._before is None else self._before)
            return True
        return False
