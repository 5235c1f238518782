"""Drive a call whose answer streams, in a task: what takes too long is cancelled."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final, Generic, TypeVar

from routecomp.runtime.resolver import Decision
from routecomp.service.calls.apump import AsyncPump
from routecomp.service.calls.arguments import Request
from routecomp.service.calls.at import At
from routecomp.service.calls.call import Call, Wait
from routecomp.service.calls.desk import Desk, Mirrors
from routecomp.service.calls.heard import Heard
from routecomp.service.calls.streamed import CLOSE_S
from routecomp.service.calls.streams import EMPTY, Streaming

Chunk = TypeVar("Chunk")
_NEXT_S: Final = 0.05
"""How long the close of a stream that failed is waited for before the next model is asked."""
Opened = AsyncIterable[Chunk] | AbstractAsyncContextManager[AsyncIterable[Chunk]]


class AsyncStream(Streaming, Generic[Chunk]):
    """The chunks of the first model that answers: `async with … as chunks: async for chunk in chunks: …`."""

    def __init__(
        self,
        desk: Desk,
        open_stream: Callable[[At], Opened[Chunk] | Awaitable[Opened[Chunk]]],
        request: Request,
        deadline: float | None,
        first_token: float | None,
        between: float | None,
    ) -> None:
        super().__init__(desk, request, deadline, first_token, between)
        self._open_stream = open_stream
        self._source: AsyncPump | None = None
        self._waiting: list[Chunk] = []

    async def __aenter__(self) -> AsyncStream[Chunk]:
        """Walk the chain until a model sends its first chunk."""
        call = self._begin()
        try:
            while not await self._open(call):
                pass
        except BaseException:
            call.cancelled()
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the stream; one that is left before its end counts as cancelled, or as failed if an error passes."""
        self._left_early(error)
        await self.aclose()

    def __aiter__(self) -> AsyncIterator[Chunk]:
        """Return the chunks."""
        return self

    async def __anext__(self) -> Chunk:
        """Return the next chunk; StreamBroken where the rest of them does not come."""
        source = self._source
        if self._begun.is_over or source is None:
            raise StopAsyncIteration
        if self._waiting:
            return self._waiting.pop()
        chunk, error = None, None
        self._asked_at = self._desk.clock.monotonic()
        self._begun.own_wait = (self._asked_at, self._between)
        try:
            chunk = await source.next_within(self._left(self._between))
        except BaseException as raised:
            error = raised
        self._waited_s += self._desk.clock.monotonic() - self._asked_at
        if self._begun.is_over and isinstance(error, Exception | None):
            raise StopAsyncIteration  # another task closed it meanwhile
        if isinstance(error, StopAsyncIteration):
            self._ended()
            raise StopAsyncIteration
        if isinstance(error, Exception):
            broken = self._broke(error)
            if broken is error:
                raise error
            raise broken from error
        if error is not None:
            self._left_early(None)
            raise error
        self._take(chunk)
        result: Any = chunk
        return result  # type: ignore[no-any-return]

    async def aclose(self) -> None:
        """Leave the stream; before its end that counts as cancelled."""
        self._left_early(None)
        source, self._source = self._source, None
        if source is not None:
            await source.aclose(CLOSE_S)

    def _mirror(self, mirror: Mirrors, decision: Decision) -> None:
        mirror.offer_task(decision, self._request, self._served, self._read_whole, is_stream=True)

    async def _read_whole(self, heard: Heard, step: At) -> Any:
        """Open a stream of a shadow and read it to its end; return what it said, or a chunk that is an error."""
        source = AsyncPump(self._open_stream, step)
        try:
            while True:
                chunk = await source.next_within(step.timeout)
                if (error := heard.take(chunk, self._desk.clock)) is not None:
                    return error
        except StopAsyncIteration:
            return heard.take_rest(self._desk.clock)
        finally:
            await source.aclose(CLOSE_S)

    async def _open(self, call: Call) -> bool:
        """Try the next model; return whether its first chunk came."""
        step = call.next()
        if isinstance(step, Wait):
            await self._desk.clock.sleep_async(step.seconds)
            return False
        first = self._ready(step)
        source = self._source = AsyncPump(self._open_stream, step)
        try:
            chunk = await source.next_within(self._left(first))
        except StopAsyncIteration:
            call.failed_by(EMPTY, None)
        except Exception as error:
            if call.failed(error):
                raise
        else:
            if self._take_first(chunk):
                self._waiting.append(chunk)
                return True
        self._source = None
        await source.aclose(_NEXT_S)
        return False
