"""Tell objects of forks: in the child threads, locks and calls under way are the parent's."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable
from itertools import count
from typing import Any, Final

FORK_S: Final = 0.5
"""How long a fork waits for what is half done, at most."""
_Methods = dict[int, weakref.WeakMethod[Callable[[], Any]]]
# Any thread, a handler of signals or a finalizer may add a method at any moment. There is no lock, which a fork could
# leave locked: each access is one step of the interpreter.
_BEFORE: Final[_Methods] = {}
_PARENT: Final[_Methods] = {}
_CHILD: Final[_Methods] = {}
_NUMBERS: Final = count()


def in_child(method: Callable[[], Any]) -> None:
    """Call a method in each process that is forked from this one, as long as its object is in use."""
    _add(_CHILD, method)


def around_forks(before: Callable[[], Any], in_parent: Callable[[], Any], child: Callable[[], Any]) -> None:
    """Call a method before each fork, and another one after it in the parent, or in the child."""
    _add(_BEFORE, before)
    _add(_PARENT, in_parent)
    _add(_CHILD, child)


class Gate:
    """Keeps forks of other threads out of a block for a moment: the child would inherit what is half done within it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept_by: int | None = None  # the thread that forks, while it holds the lock

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait(self, until: float) -> None:
        """Wait before a fork until nobody is within the block, or until a moment of `time.monotonic`."""
        if self._lock.acquire(timeout=max(until - time.monotonic(), 0.0)):
            self._kept_by = threading.get_ident()

    def open(self) -> None:
        """Go on after a fork; another thread's, which held nothing, leaves alone what this one holds."""
        if self._kept_by == threading.get_ident():
            self._kept_by = None
            self._lock.release()

    @property
    def is_held(self) -> bool:
        """Whether somebody is within the block, or forks."""
        return self._lock.locked()


def _add(methods: _Methods, method: Callable[[], Any]) -> None:
    """Add a method, and forget those whose objects are gone."""
    methods[next(_NUMBERS)] = weakref.WeakMethod(method)
    for number, reference in methods.copy().items():
        if reference() is None:
            methods.pop(number, None)


def _call(methods: _Methods) -> None:
    for reference in methods.copy().values():
        method = reference()
        if method is not None:
            method()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=lambda: _call(_BEFORE), after_in_parent=lambda: _call(_PARENT), after_in_child=lambda: _call(_CHILD)
    )
