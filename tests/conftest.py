"""Leave long runs (marked `hard`) out of an ordinary run, and say so; let Ctrl-C reach the processes of tests."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import settings

from tests.cli import command_server
from tests.runtime import hostile
from tests.seeds import HARD

_LEFT_OUT = pytest.StashKey[int]()


@pytest.fixture(autouse=True)
def _hostile_values_have_not_run() -> None:
    """Forget which methods of hostile values ran in tests before: some run them on purpose."""
    hostile.ran.clear()


def pytest_configure() -> None:
    """Restore Ctrl-C: a run in the background inherits it ignored, and so would every process that tests interrupt."""
    # What a draw takes is the machine's affair, and an ordinary run draws the same each time (see `seeds`).
    settings.register_profile("routecomp", deadline=None, derandomize=not HARD)
    settings.load_profile("routecomp")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """End what serves `routecomp` to the tests of this process."""
    command_server.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests marked `hard`, unless they are what was asked for."""
    if os.environ.get("ROUTECOMP_HARD") == "1" or "hard" in (config.getoption("markexpr") or ""):
        return
    hard = [item for item in items if item.get_closest_marker("hard")]
    items[:] = [item for item in items if not item.get_closest_marker("hard")]
    config.stash[_LEFT_OUT] = len(hard)
    if hard:
        config.hook.pytest_deselected(items=hard)


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say how many long runs were left out, and how to run them."""
    left_out = config.stash.get(_LEFT_OUT, 0)
    return [f"{left_out} long runs left out: make hard"] if left_out else []
