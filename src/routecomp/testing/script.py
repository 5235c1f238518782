"""Play the providers of a test: what each model answers, call after call."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from routecomp.service.calls.at import At
from routecomp.testing.clock import FakeClock, NoWait
from routecomp.testing.failures import hangs


class Limits:
    """How long a stream waits in the try that is under way: in all, for the first chunk, and for each other one."""

    step: At | None = None
    """The try; what else is played at the same time, as for a shadow, has none of these limits."""
    whole: float = math.inf
    first: float | None = None
    between: float | None = None


class _Turn:
    """One call that is played, and how long its caller waits."""

    def __init__(self, step: At, limits: Limits | None, clock: FakeClock | NoWait) -> None:
        has_limits = limits is not None and limits.step is step
        self._whole, self._first, self._between = (
            (limits.whole, limits.first, limits.between)
            if limits is not None and has_limits
            else (step.timeout, None, None)
        )
        self._clock = clock
        self._begun = clock.monotonic()
        self._is_first = True

    def spend(self, seconds: float) -> None:
        """Let time pass, no more than the caller waits; TimeoutError if that is over then."""
        elapsed = self._clock.monotonic() - self._begun
        wait = self._whole - elapsed
        if self._is_first and self._first is not None:
            wait = min(wait, self._first - elapsed)
        elif not self._is_first and self._between is not None:
            wait = min(wait, self._between)
        if isinstance(self._clock, FakeClock):
            self._clock.advance(max(min(seconds, wait), 0.0))
        if seconds >= wait:
            raise hangs()

    def came(self) -> None:
        """Take note that a chunk came."""
        self._is_first = False


class _Chunks:
    """A stream that was scripted."""

    def __init__(self, values: Iterable[Any], ends: BaseException | None) -> None:
        self._values = tuple(values)
        self._ends = ends

    def play(self, turn: _Turn) -> Iterator[Any]:
        """Give the chunks of one call, and end as scripted."""
        for value in self._values:
            yield value
            turn.came()
        if isinstance(self._ends, TimeoutError):
            turn.spend(math.inf)
        if self._ends is not None:
            raise self._ends


def chunks(*values: Any, ends: BaseException | None = None) -> Any:
    """Return a stream for a script: some chunks, and then its end, or the exception with which it breaks.

    `hangs()` as its end takes as long as the caller would wait for the next chunk.
    """
    return _Chunks(values, ends)


class Script:
    """What one model does: `answers`, `fails` and `takes` say so, each for the next calls, the last for all others.

    Without a word the model answers with the text `from SLUG`.
    """

    def __init__(self, slug: str, clock: FakeClock | NoWait) -> None:
        self._slug = slug
        self._clock = clock
        self._lock = threading.Lock()
        self._ends: deque[Any] = deque()
        self._seconds = 0.0
        self.calls: list[At] = []
        """Where each call went, in order."""

    def answers(self, *answers: Any) -> Script:
        """Answer the next calls with these objects; a stream is given by `chunks`."""
        with self._lock:
            self._ends.extend(answers)
        return self

    def fails(self, *errors: BaseException) -> Script:
        """Raise these in the next calls: see `status`, `hangs`, `refuses`, `resets`."""
        for error in errors:
            if not isinstance(error, BaseException):
                raise TypeError(f"`fails` takes exceptions, such as testing.status(429), and no {type(error).__name__}")
        return self.answers(*errors)

    def takes(self, seconds: float) -> Script:
        """Let this time pass in each call from now on; a caller who waits no longer than that gets no answer.

        In a stream it is the time before the first chunk.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
            raise TypeError(f"`takes` takes seconds from 0 on, and no {seconds!r}")
        self._seconds = seconds
        return self

    def play(self, step: At, limits: Limits | None = None) -> Any:
        """Do what comes next; raise TimeoutError once the caller would have given up, as a client would."""
        with self._lock:
            self.calls.append(step)
            end: Any = f"from {self._slug}"
            if self._ends:
                end = self._ends.popleft() if len(self._ends) > 1 else self._ends[0]
        turn = _Turn(step, limits, self._clock)
        turn.spend(math.inf if isinstance(end, TimeoutError) else self._seconds)
        if isinstance(end, BaseException):
            raise end
        return end.play(turn) if isinstance(end, _Chunks) else end
