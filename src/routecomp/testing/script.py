"""Play the providers of a test: what each model answers, call after call."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from routecomp.service.calls.at import At
from routecomp.testing.clock import FakeClock, NoWait


class _Chunks:
    """A stream that was scripted."""

    def __init__(self, values: Iterable[Any], ends: BaseException | None) -> None:
        self._values = tuple(values)
        self._ends = ends

    def __iter__(self) -> Iterator[Any]:
        yield from self._values
        if self._ends is not None:
            raise self._ends


def chunks(*values: Any, ends: BaseException | None = None) -> Iterable[Any]:
    """Return a stream for a script: some chunks, and then its end, or the exception with which it breaks."""
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
        """Let this time pass in each call from now on."""
        self._seconds = seconds
        return self

    def play(self, step: At) -> Any:
        """Do what comes next."""
        with self._lock:
            self.calls.append(step)
            end: Any = f"from {self._slug}"
            if self._ends:
                end = self._ends.popleft() if len(self._ends) > 1 else self._ends[0]
        is_late = isinstance(end, TimeoutError)
        if isinstance(self._clock, FakeClock) and (self._seconds or is_late):
            self._clock.advance(step.timeout if is_late else self._seconds)
        if isinstance(end, BaseException):
            raise end
        return end
