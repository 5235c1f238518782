"""Count the calls of a model or a provider against its declared limits: in a minute, their tokens, and at once."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Final, NamedTuple

_WINDOW_S: Final = 60


class Full(NamedTuple):
    """Which limit is reached, and until when."""

    limit: str
    """`rpm`, `tpm` or `parallel`."""
    until: float


class Quota:
    """The calls of one scope. Calls and tokens are added up by whole seconds, so that any limit takes as much memory.

    A second counts until the whole of it is a minute ago: in no 60 seconds do more calls begin than `rpm` says.
    Who takes a place and never gives it back holds it until a bound that it states.
    """

    __slots__ = ("_calls", "_first_end", "_places", "_seconds", "_tokens")

    def __init__(self) -> None:
        self._seconds: deque[list[int]] = deque()  # second, calls, tokens; the oldest first
        self._calls = 0
        self._tokens = 0
        self._places: dict[object, float] = {}
        self._first_end = math.inf  # no place is freed by its bound before

    def full(self, limits: Mapping[str, int], tokens: int, now: float) -> Full | None:
        """Return the limit that a call with so many tokens would break, the one that lasts longest; else None."""
        self._pass(now)
        reached = []
        if (rpm := limits.get("rpm")) is not None and self._calls >= rpm:
            reached.append(Full("rpm", self._when(1, self._calls - rpm)))
        # A call with more tokens than the limit could never begin: it may where no other one counts.
        if (tpm := limits.get("tpm")) is not None and self._tokens and self._tokens + max(tokens, 1) > tpm:
            reached.append(Full("tpm", self._when(2, self._tokens + max(tokens, 1) - tpm - 1)))
        if (parallel := limits.get("parallel")) is not None and len(self._places) >= parallel:
            reached.append(Full("parallel", sorted(self._places.values())[len(self._places) - parallel]))
        return max(reached, key=lambda full: full.until, default=None)

    def take(self, place: object, tokens: int, now: float, until: float) -> None:
        """Count a call that begins now and holds a place, at the latest until a bound."""
        self._pass(now)
        self._add(math.floor(now), 1, tokens)
        self._places[place] = until
        self._first_end = min(self._first_end, until)

    def give_back(self, place: object, tokens: int, now: float) -> None:
        """Free the place of a call that ended, and count tokens that it took beyond those it was expected to take."""
        self._places.pop(place, None)
        if tokens > 0:
            self._pass(now)
            self._add(math.floor(now), 0, tokens)

    def drop_places(self) -> None:
        """Free all places: those who hold them are not in this process."""
        self._places.clear()

    def counts(self, now: float) -> tuple[int, int, int]:
        """Return the calls and the tokens that count now, and the places that are taken."""
        self._pass(now)
        return self._calls, self._tokens, len(self._places)

    def _add(self, second: int, calls: int, tokens: int) -> None:
        if not self._seconds or self._seconds[-1][0] < second:
            self._seconds.append([second, 0, 0])
        self._seconds[-1][1] += calls
        self._seconds[-1][2] += tokens
        self._calls += calls
        self._tokens += tokens

    def _pass(self, now: float) -> None:
        """Let go what does not count any more."""
        oldest = math.floor(now) - _WINDOW_S
        while self._seconds and self._seconds[0][0] < oldest:
            _, calls, tokens = self._seconds.popleft()
            self._calls -= calls
            self._tokens -= tokens
        if now >= self._first_end:
            self._places = {place: until for place, until in [*self._places.items()] if until > now}
            self._first_end = min(self._places.values(), default=math.inf)

    def _when(self, column: int, excess: int) -> float:
        """Return when so much has passed that more than the excess does not count any more."""
        passed = 0
        for second in [*self._seconds]:
            passed += second[column]
            if passed > excess:
                break
        return float(second[0] + _WINDOW_S + 1)
