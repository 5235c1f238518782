"""Stream what is scripted: the waits are those of the clock of a test, and so is their end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

from routecomp.service.calls.arguments import Request
from routecomp.service.calls.astreams import AsyncStream
from routecomp.service.calls.at import At
from routecomp.service.calls.desk import Desk
from routecomp.service.calls.streams import Source, Stream
from routecomp.testing.script import Limits

Play = Callable[..., Any]


class ScriptedStream(Stream[Any]):
    """A stream whose script knows how long it waits. It is read in the caller's thread: nobody really waits."""

    def __init__(
        self,
        desk: Desk,
        play: Play,
        request: Request,
        deadline: float | None,
        first_token: float | None,
        between: float | None,
    ) -> None:
        self._limits = Limits()
        super().__init__(desk, partial(play, limits=self._limits), request, deadline, first_token, between)
        self._limits.between = self._between

    def _ready(self, step: At) -> float | None:
        limits = self._limits
        limits.step, limits.whole, limits.first = step, self._left(None), super()._ready(step)
        return limits.first

    def _read(self, opened: Callable[[], Iterator[Any]], *, has_limits: bool) -> Source:
        return Source(opened())


class AsyncScriptedStream(AsyncStream[Any]):
    """The same in a task."""

    def __init__(
        self,
        desk: Desk,
        play: Play,
        request: Request,
        deadline: float | None,
        first_token: float | None,
        between: float | None,
    ) -> None:
        self._limits = Limits()
        super().__init__(desk, partial(_played_async, play, self._limits), request, deadline, first_token, between)
        self._limits.between = self._between

    def _ready(self, step: At) -> float | None:
        limits = self._limits
        limits.step, limits.whole, limits.first = step, self._left(None), super()._ready(step)
        return limits.first


async def _played_async(play: Play, limits: Limits, step: At) -> AsyncIterator[Any]:
    for chunk in play(step, limits=limits):
        yield chunk
        await asyncio.sleep(0)  # whoever waits for the chunk has it before time passes
