"""Define what a sink is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from routecomp.service.capture.rows import Row


class Sink(Protocol):
    """What takes rows away. Both methods are called in a thread of the sink's own, which may wait as long as it likes.

    A sink may also have:
    `kinds`, the kinds of rows that it takes, as a frozenset: no others are given to it;
    `set_aside`, the number of rows that it could not keep although it keeps others;
    `is_waiting`, `last_error`: whether it waits for what it writes to, and the class of the exception that told it to;
    `stop()`, which another thread calls when the service ends, so that it waits no longer;
    `take_context()`, whose answer when a call begins is kept as the `context` of its record;
    `quiet_at_fork`: where it is True a fork waits a moment for a write to end, because the child would inherit it half.
    """

    def write(self, rows: Sequence[Row]) -> None:
        """Keep rows, in order. If it raises, they count as failed, and it is not given them again.

        All of them, unless the exception says in `unwritten` how many.
        """

    def close(self) -> None:
        """Let go what is open; after that nothing is written."""


class _Nowhere:
    """Takes rows nowhere, where nobody asked for any: its thread adds calls up."""

    def write(self, rows: Sequence[Row]) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


NOWHERE: Final = _Nowhere()
