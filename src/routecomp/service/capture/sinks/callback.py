"""Give each row to a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import isasyncgenfunction, iscoroutine, iscoroutinefunction, isgeneratorfunction
from typing import Any, Final

from routecomp.service.capture.rows import Row

_DO_NOTHING: Final = (iscoroutinefunction, isasyncgenfunction, isgeneratorfunction)


class Callback:
    """A sink that calls `function(kind, values)` once for each row; of one for which it raises, `set_aside` counts.

    It is no coroutine function: the sink's thread has no loop in which it could run.
    """

    def __init__(self, function: Callable[[str, dict[str, Any]], object]) -> None:
        """Take a function; ValueError for what cannot be called, and for what does nothing when it is called."""
        calls = function, getattr(type(function), "__call__", None)  # noqa: B004
        if not callable(function) or any(is_one(call) for is_one in _DO_NOTHING for call in calls):
            raise ValueError("`Callback` takes a function, and no coroutine function or generator")
        self._function = function
        self.set_aside = 0

    def write(self, rows: Sequence[Row]) -> None:
        """Call the function for each row, with values of its own."""
        for row in rows:
            try:
                made = self._function(row.kind, dict(row.values))
                if iscoroutine(made):  # of a function that does not look like one
                    made.close()
                    self.set_aside += 1
            except BaseException:  # SystemExit too: the rows before it were kept, and those after it may be
                self.set_aside += 1

    def close(self) -> None:
        """Do nothing: there is nothing open."""
