"""Define what a sink is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from routecomp.service.capture.rows import Row


class Sink(Protocol):
    """What takes rows away. Both methods are called in a thread of the sink's own, which may wait as long as it likes.

    A sink may also have:
    `set_aside`, the number of rows that it could not keep although it keeps others;
    `stop()`, which another thread calls when the service ends, so that it waits no longer;
    `take_context()`, whose answer when a call begins is kept as the `context` of its record;
    `quiet_at_fork`: where it is True a fork waits a moment for a write to end, because the child would inherit it half.
    """

    def write(self, rows: Sequence[Row]) -> None:
        """Keep rows, in order. If it raises, all of them count as failed, and it is not given them again."""

    def close(self) -> None:
        """Let go what is open; after that nothing is written."""
