"""Drive a call whose answer streams, in a task: what takes too long is cancelled."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Any, Generic, TypeVar

from routecomp.service.calls.arguments import Request
from routecomp.service.calls.at import At
from routecomp.service.calls.call import Call, Wait
from routecomp.service.calls.desk import Desk
from routecomp.service.calls.streams import EMPTY, Streaming

Chunk = TypeVar("Chunk")
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
        self._source: AsyncIterator[Any] | None = None
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
        if self._waiting:
            return self._waiting.pop()
        if self._begun.is_over or self._source is None:
            raise StopAsyncIteration
        try:
            async with asyncio.timeout(self._left(self._between)):
                chunk = await anext(self._source)
        except StopAsyncIteration:
            self._ended()
            raise
        except Exception as error:
            raised = self._broke(error)
            if raised is error:
                raise
            raise raised from error
        except BaseException:
            self._left_early(None)
            raise
        self._take(chunk)
        result: Chunk = chunk
        return result

    async def aclose(self) -> None:
        """Leave the stream; before its end that counts as cancelled."""
        self._left_early(None)
        source, self._source = self._source, None
        if source is not None:
            with suppress(Exception):
                await source.aclose()  # type: ignore[attr-defined]

    async def _open(self, call: Call) -> bool:
        """Try the next model; return whether its first chunk came."""
        step = call.next()
        if isinstance(step, Wait):
            await self._desk.clock.sleep_async(step.seconds)
            return False
        first = self._ready(step)
        source = _chunks(self._open_stream, step)
        try:
            async with asyncio.timeout(self._left(first)):
                chunk = await anext(source)
        except StopAsyncIteration:
            call.failed_by(EMPTY, None)
        except Exception as error:
            if call.failed(error):
                raise
        except BaseException:
            self._source = source
            raise
        else:
            if self._take_first(chunk):
                self._source = source
                self._waiting.append(chunk)
                return True
        with suppress(Exception):
            await source.aclose()
        return False


async def _chunks(open_stream: Callable[[At], Any], step: At) -> Any:
    """Open a stream and yield its chunks; one that is a context manager is entered, any other closed."""
    stream = open_stream(step)
    if inspect.isawaitable(stream):
        stream = await stream
    if hasattr(stream, "__aiter__"):
        try:
            async for chunk in stream:
                yield chunk
        finally:
            await _aclose(stream)
    else:
        async with stream as chunks:
            async for chunk in chunks:
                yield chunk


async def _aclose(stream: Any) -> None:
    """Close a stream that can be closed; what that raises concerns nobody any more."""
    closing = getattr(stream, "aclose", None) or getattr(stream, "close", None)
    if callable(closing):
        with suppress(Exception):
            closed = closing()
            if inspect.isawaitable(closed):
                await closed
