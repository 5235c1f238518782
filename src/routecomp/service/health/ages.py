"""Make one time of the clock's, which never goes back, so that nothing is held for longer than it says."""

from __future__ import annotations

from typing import Final

_TOLERANCE_S: Final = 1.0
"""Threads read the clock before they are let in: by so much a reading may be older than the one before."""


class Ages:
    """Seconds that pass as the clock's do. Where the clock is set back they go on from where they were."""

    __slots__ = ("_latest", "ahead")

    def __init__(self) -> None:
        self._latest: float | None = None
        self.ahead = 0.0
        """By how much these seconds are ahead of the clock's."""

    def at(self, now: float) -> float:
        """Return the time of a reading of the clock."""
        time = now + self.ahead
        if self._latest is not None and time < self._latest:
            if time < self._latest - _TOLERANCE_S:
                self.ahead += self._latest - time
            time = self._latest
        self._latest = time
        return time
