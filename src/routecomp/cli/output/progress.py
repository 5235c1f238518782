"""Show the progress of a long command as one moving line on a terminal; a quick command shows nothing."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType

_AFTER_S = 1.0
_EVERY_S = 0.1
_WIDTH = 24


class Progress:
    """A line on standard error that appears when the command has run for a second, and goes when it ends.

    Only where standard error is a terminal that can redraw a line.
    """

    def __init__(self) -> None:
        self._live = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._next = time.monotonic() + _AFTER_S
        self._shown = False

    def __call__(self, what: str, done: int = 0, total: int = 0, unit: str = "files") -> None:
        """Show what is being done and how much of it is done; a `total` of 0 means that nobody counts."""
        if not self._live:
            return
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _EVERY_S
        self._shown = True
        sys.stderr.write(f"\r\x1b[K{line(what, done, total, unit)}")
        sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def line(what: str, done: int, total: int, unit: str = "files") -> str:
    """Return the line: `checking [######      ] 2,500 of 10,000 files`."""
    if not total:
        return f"{what} …"
    full = _WIDTH * done // total
    return f"{what} [{'#' * full}{' ' * (_WIDTH - full)}] {done:,} of {total:,} {unit}"
