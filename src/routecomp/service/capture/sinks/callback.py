"""Give each row to a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from routecomp.service.capture.rows import Row


class Callback:
    """A sink that calls `function(kind, values)` once for each row; of one for which it raises, `set_aside` counts."""

    def __init__(self, function: Callable[[str, dict[str, Any]], object]) -> None:
        self._function = function
        self.set_aside = 0

    def write(self, rows: Sequence[Row]) -> None:
        """Call the function for each row, with values of its own."""
        for row in rows:
            try:
                self._function(row.kind, dict(row.values))
            except Exception:
                self.set_aside += 1

    def close(self) -> None:
        """Do nothing: there is nothing open."""
