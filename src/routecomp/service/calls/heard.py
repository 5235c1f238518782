"""Note what the stream of a shadow says while it is read, so that it counts however the stream ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routecomp.service.budgets.measure import bytes_seen
from routecomp.service.calls.raw_events import RawEvents
from routecomp.service.clock import Clock
from routecomp.service.failures.answers import failure_of
from routecomp.service.usage import Progress


class Heard:
    """What the chunks of a shadow's stream have said so far."""

    __slots__ = ("_events", "progress", "seen_bytes")

    def __init__(self) -> None:
        self._events = RawEvents()
        self.progress = Progress()
        self.seen_bytes = 0

    @property
    def has_begun(self) -> bool:
        """Whether the model has written anything, or its tokens were told."""
        return self.seen_bytes > 0 or self.progress.usage is not None

    def take(self, chunk: Any, clock: Clock) -> Any:
        """Look at one chunk; return the event in it which says that the host failed, None if there is none."""
        return self._see(self._events.of(chunk), clock)

    def take_rest(self, clock: Clock) -> Any:
        """Take the end of the stream; return what it said, or an event which says that the host failed."""
        error = self._see(self._events.rest(), clock)
        return self.progress if error is None else error

    def _see(self, events: Sequence[Any], clock: Clock) -> Any:
        for event in events:
            if failure_of(event, clock) is not None:
                return event
            self.progress.take(event)
            self.seen_bytes += bytes_seen(event)
        return None
