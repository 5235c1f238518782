"""Note what the stream of a shadow says while it is read, so that it counts however the stream ends."""

from __future__ import annotations

from typing import Any

from routecomp.service.budgets.measure import bytes_seen
from routecomp.service.usage import Progress


class Heard:
    """What the chunks of a shadow's stream have said so far."""

    __slots__ = ("progress", "seen_bytes")

    def __init__(self) -> None:
        self.progress = Progress()
        self.seen_bytes = 0

    @property
    def has_begun(self) -> bool:
        """Whether the model has written anything, or its tokens were told."""
        return self.seen_bytes > 0 or self.progress.usage is not None

    def take(self, chunk: Any) -> None:
        """Look at one chunk."""
        self.progress.take(chunk)
        self.seen_bytes += bytes_seen(chunk)
