"""Read a stream in a task of its own, so that the reader can stop waiting for it, and for its end too."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, Final

from routecomp.service.calls.at import At
from routecomp.service.calls.streamed import aclose

_CLOSING: Final[set[asyncio.Task[None]]] = set()
"""The tasks that still close what they read; a loop alone does not keep them."""


class AsyncPump:
    """Chunks that another task reads: it opens the stream, reads it and closes it, and holds nothing of the reader."""

    def __init__(self, open_stream: Callable[[At], Any], step: At) -> None:
        self._queue: asyncio.Queue[tuple[BaseException | None, Any]] = asyncio.Queue(1)
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(_read(open_stream, step, self._queue))

    async def next_within(self, seconds: float) -> Any:
        """Return the next chunk; raise StopAsyncIteration at the end, TimeoutError, or what the read raised."""
        if seconds <= 0:
            raise TimeoutError
        async with asyncio.timeout(seconds):
            error, chunk = await self._queue.get()
        if error is not None:
            raise error
        return chunk

    async def aclose(self, within_s: float) -> None:
        """Stop reading, which also ends a wait of the reader's, and wait a moment until the stream is closed."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._task.cancel()
        if self._queue.empty():
            self._queue.put_nowait((StopAsyncIteration(), None))
        if not self._task.done():
            _CLOSING.add(self._task)
            self._task.add_done_callback(_CLOSING.discard)
            await asyncio.wait({self._task}, timeout=within_s)

    def __del__(self) -> None:
        """End the task of a stream that was dropped."""
        if not self._task.done() and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)


async def _read(open_stream: Callable[[At], Any], step: At, queue: asyncio.Queue[Any]) -> None:
    error: BaseException = StopAsyncIteration()
    try:
        async with aclosing(_chunks(open_stream, step)) as chunks:
            async for chunk in chunks:
                await queue.put((None, chunk))
    except BaseException as raised:  # a KeyboardInterrupt would end the loop, if it were raised here
        error = raised
    task = asyncio.current_task()
    if task is None or not task.cancelling():
        await queue.put((error, None))


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
            await aclose(stream)
    else:
        async with stream as chunks:
            async for chunk in chunks:
                yield chunk
