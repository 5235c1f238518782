"""Tell objects of forks: in the child threads, locks and calls under way are the parent's."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, Final

_Method = weakref.WeakMethod[Callable[[], Any]]
_BEFORE: Final[list[_Method]] = []
_PARENT: Final[list[_Method]] = []
_CHILD: Final[list[_Method]] = []


def in_child(method: Callable[[], Any]) -> None:
    """Call a method in each process that is forked from this one, as long as its object is in use."""
    _add(_CHILD, method)


def around_forks(before: Callable[[], Any], in_parent: Callable[[], Any], child: Callable[[], Any]) -> None:
    """Call a method before each fork, and another one after it in the parent, or in the child."""
    _add(_BEFORE, before)
    _add(_PARENT, in_parent)
    _add(_CHILD, child)


def _add(methods: list[_Method], method: Callable[[], Any]) -> None:
    methods[:] = [reference for reference in methods if reference() is not None]
    methods.append(weakref.WeakMethod(method))


def _call(methods: list[_Method]) -> None:
    for reference in list(methods):
        method = reference()
        if method is not None:
            method()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=lambda: _call(_BEFORE), after_in_parent=lambda: _call(_PARENT), after_in_child=lambda: _call(_CHILD)
    )
