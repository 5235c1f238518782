"""Tell objects of forks: in the child threads, locks and calls under way are the parent's."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from itertools import count
from typing import Any, Final

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
