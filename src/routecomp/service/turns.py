"""Take turns at a file: one thread of one process at a time."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from routecomp.service.forks import in_child

LOCK_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""How the file of a lock is opened."""


class Turns:
    """The turns of this process's threads, and of others by the lock of a file.

    That lock is one that a fork does not inherit: a child that was forked in the middle of a turn holds nothing. It is
    one of the process, so its threads wait for each other first.
    """

    def __init__(self, patience_s: float, poll_s: float) -> None:
        """Take how long a turn is waited for, and how long the next look at the lock."""
        self._patience_s = patience_s
        self._poll_s = poll_s
        self._begin()
        in_child(self._begin)

    def _begin(self) -> None:
        """Take a new lock, also in a child: a fork copies one as it is, without the thread that holds it."""
        self._lock = threading.Lock()

    @contextmanager
    def take(self, open_lock: Callable[[], int]) -> Iterator[None]:
        """Hold the turn for a block; raises TimeoutError, which says whom it waited for, and what opening raises."""
        deadline, lock = time.monotonic() + self._patience_s, self._lock
        if not lock.acquire(timeout=self._patience_s):
            raise TimeoutError("another thread has been writing there for long")
        try:
            descriptor = open_lock()
            try:
                while not _is_taken(descriptor):
                    if time.monotonic() > deadline:
                        raise TimeoutError("another process has been writing there for long")
                    time.sleep(self._poll_s)
                yield
            finally:
                os.close(descriptor)
        finally:
            lock.release()


def _is_taken(descriptor: int) -> bool:
    """Take the lock of an open file if nobody has it, and return whether it was taken."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
