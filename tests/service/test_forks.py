"""Whoever asks to be told of forks is told, however many ask at once; whoever is gone is forgotten."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator

import pytest

from routecomp.service import forks

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


class Listener:
    def __init__(self) -> None:
        self.is_child = False
        self.parents = self.befores = 0
        forks.around_forks(self.before, self.in_parent, self.child)

    def before(self) -> None:
        self.befores += 1

    def in_parent(self) -> None:
        self.parents += 1

    def child(self) -> None:
        self.is_child = True


@pytest.fixture
def impatient() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def told(listeners: list[Listener]) -> bool:
    """Fork, and return whether each was told, in the child and here."""
    befores = [listener.befores for listener in listeners]
    child = os.fork()
    if not child:
        os._exit(0 if all(listener.is_child for listener in listeners) else 1)
    is_told = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return is_told and [listener.befores - 1 for listener in listeners] == befores


def test_of_threads_that_ask_at_once_each_is_told(impatient: None) -> None:
    """Others go meanwhile, so that lists are cleared at the same time."""
    listeners: list[list[Listener]] = [[] for _ in range(6)]
    ready = threading.Barrier(len(listeners))

    def ask(mine: list[Listener]) -> None:
        ready.wait()
        for _ in range(40):
            mine.append(Listener())
            Listener()  # gone at once

    threads = [threading.Thread(target=ask, args=(mine,)) for mine in listeners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [listener for mine in listeners for listener in mine]
    assert len(kept) == 240
    assert told(kept)
    assert all(listener.parents == 1 for listener in kept)


def test_a_child_may_ask_whatever_other_threads_did_at_the_fork(impatient: None) -> None:
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            Listener()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for _ in range(20):
            child = os.fork()
            if not child:
                os._exit(0 if told([Listener()]) else 1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        is_over.set()
        thread.join()


def test_what_is_gone_is_forgotten() -> None:
    gc.collect()
    listener = Listener()
    sizes = [len(methods) for methods in (forks._BEFORE, forks._PARENT, forks._CHILD)]
    for _ in range(100):
        Listener()
    assert all(
        len(methods) <= size + 1
        for methods, size in zip((forks._BEFORE, forks._PARENT, forks._CHILD), sizes, strict=True)
    )
    assert told([listener])
