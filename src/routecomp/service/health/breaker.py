"""Open a model's circuit after failures within a window, and let one call after the other try whether it is well."""

from __future__ import annotations

from collections import deque
from itertools import count
from typing import Final, Literal, NamedTuple

State = Literal["closed", "open", "half_open"]


class Figures(NamedTuple):
    """How a breaker judges: `Facts.resilience` of the table that serves, or these defaults without one."""

    failures: int = 5
    window_s: float = 60.0
    cooloff_s: float = 60.0


DEFAULT: Final = Figures()
_NUMBERS: Final = count(1)
"""What numbers trials and openings in the order in which they happen, of all circuits: some are forgotten between."""


class Breaker:
    """The circuit of one model as it is called with one key. Its times are seconds that never go back.

    `closed`: calls go through, and failures within the window are counted. As many as the figures say open it.
    `open`: nothing goes through until the deadline, which a later one replaces and an earlier one does not.
    `half_open`: the deadline has passed, and one call at a time is let through, the probe. If it succeeds, the circuit
    is closed and the window is empty; if it fails, the circuit is open again. A probe that does not end within a
    cool-off is given back, since whoever called may be gone.

    A call that begins while the circuit is not closed is a trial and has a number. Results of other calls tell nothing
    then: they began before it opened.
    """

    __slots__ = ("_before", "_failed", "_newest", "_probe_until", "_until", "closed_at", "opened_at", "trips")

    def __init__(self) -> None:
        self._failed: deque[float] = deque()
        self._until: float | None = None
        self._probe_until: float | None = None  # until when the probe that is under way counts
        self._newest = 0  # the number of the newest trial
        self._before = 0  # the number of when the circuit was opened last from closed
        self.trips = 0
        """How often the circuit opened."""
        self.opened_at: float | None = None
        self.closed_at: float | None = None

    def state(self, now: float) -> State:
        """Return the state of the circuit."""
        if self._until is None:
            return "closed"
        return "open" if now < self._until else "half_open"

    def until(self, now: float) -> float:
        """Return the moment until which no call may go through, as far as that is known now; `now` if one may."""
        until = now if self._until is None else max(now, self._until)
        return until if self._probe_until is None else max(until, self._probe_until)

    def failures(self, now: float, figures: Figures) -> int:
        """Return how many failures are in the window."""
        while self._failed and self._failed[0] <= now - figures.window_s:
            self._failed.popleft()
        return len(self._failed)

    def take(self, now: float, figures: Figures) -> int:
        """Return the number of the trial that a call which begins now is, and 0 where the circuit is closed."""
        if self._until is None:
            return 0
        self._probe_until = now + figures.cooloff_s
        self._newest = next(_NUMBERS)
        return self._newest

    def succeed(self, trial: int, now: float) -> None:
        """Take note that a call was answered."""
        if self._until is not None and trial > self._before:
            self.close(now)

    def close(self, now: float) -> None:
        """Close the circuit: a trial showed that the host is well, be it another process's."""
        self._until = self._probe_until = None
        self._failed.clear()
        self.closed_at = now

    def fail(self, trial: int, now: float, figures: Figures) -> None:
        """Take note that a call failed by the fault of its host or key."""
        if self._until is None:
            self._failed.append(now)
            if self.failures(now, figures) >= figures.failures:
                self._before = next(_NUMBERS)
                self._open(now + figures.cooloff_s, now)
        elif trial > self._before:
            self._open(now + figures.cooloff_s, now)

    def give_back(self, trial: int) -> None:
        """Take note that a trial ended and told nothing of the host, so that the next call may be the probe."""
        if trial == self._newest:
            self._probe_until = None

    def drop_probe(self) -> None:
        """Take note that whoever made the probe is not in this process."""
        self._probe_until = None

    def hold(self, until: float, now: float) -> None:
        """Open the circuit until a deadline that others found, unless it is open for as long already."""
        if until > now and (self._until is None or until > self._until):
            if self._until is None:
                self._before = next(_NUMBERS)
            self._open(until, now)

    def is_clean(self, now: float, figures: Figures) -> bool:
        """Return whether nothing is to be remembered but counts."""
        return self._until is None and self.failures(now, figures) == 0

    def _open(self, until: float, now: float) -> None:
        if self._until is None or now >= self._until:
            self.trips += 1
            self.opened_at = now
        self._until = until if self._until is None else max(self._until, until)
        self._probe_until = None
        self._failed.clear()
