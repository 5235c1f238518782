"""Tell objects that they are in the child of a fork, where threads, locks and calls under way are the parent's."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, Final

_CHILD: Final[list[weakref.WeakMethod[Callable[[], object]]]] = []


def in_child(method: Callable[[], Any]) -> None:
    """Call a method in each process that is forked from this one, as long as its object is in use."""
    _CHILD[:] = [reference for reference in _CHILD if reference() is not None]
    _CHILD.append(weakref.WeakMethod(method))


def _tell() -> None:
    for reference in list(_CHILD):
        method = reference()
        if method is not None:
            method()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell)
