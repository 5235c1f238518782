"""Let tasks call a client that has no coroutines: each of its calls, and each step of a stream, waits in a thread."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, Final

from routecomp.service.calls.streamed import close

THREADS: Final = 64
"""How many calls of one client may wait at once; others wait for a thread."""
_END: Final = object()
_NO_THREAD: Final = "can't start new thread"


class InThreads:
    """A client whose methods are coroutines, of one whose methods wait. A stream in an answer is one for tasks too.

    A task that is cancelled waits no longer. The call goes on in its thread until the client's own time-out ends it;
    what it brings is closed.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._threads = _Threads()

    def __getattr__(self, name: str) -> Any:
        """Return a method as a coroutine function, anything else as it is."""
        method = getattr(self._client, name)
        return partial(self._call, method) if callable(method) else method

    async def close(self) -> None:
        """Close the client, and let the threads end with what they are at."""
        self._threads.end()
        self._client.close()

    async def _call(self, method: Any, /, *arguments: Any, **options: Any) -> Any:
        future = self._threads.submit(copy_context().run, partial(method, *arguments, **options))
        try:
            answer = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            future.add_done_callback(_close)
            raise
        if type(answer) is dict:
            return {name: self._stream(value) if _is_stream(value) else value for name, value in answer.items()}
        return answer

    def _stream(self, events: Any) -> _Events:
        return _Events(events, self._threads)


class _Events:
    """The events of a stream, each of which is waited for in a thread."""

    def __init__(self, events: Any, threads: _Threads) -> None:
        self._events = events
        self._iterator = iter(events)
        self._threads = threads

    def __aiter__(self) -> _Events:
        return self

    async def __anext__(self) -> Any:
        event = await asyncio.wrap_future(self._threads.submit(next, self._iterator, _END))
        if event is _END:
            raise StopAsyncIteration
        return event

    async def aclose(self) -> None:
        """Close the stream, which also ends a read that is under way."""
        with suppress(Exception):
            self._events.close()


class _Threads:
    """Threads that come as they are needed. Where there can be no further one, those there are do the work."""

    def __init__(self) -> None:
        self._running = threading.Event()
        self._waiting: set[Future[Any]] = set()
        self._pool = ThreadPoolExecutor(THREADS, "routecomp-client", initializer=self._running.set)

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Begin a call; raise OSError where there is no thread for it and none can be had: then nothing is called."""
        future: Future[Any] = Future()

        def work() -> None:
            if not self._take(future) or not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(function(*arguments))
            except BaseException as error:
                future.set_exception(error)

        self._waiting.add(future)
        try:
            self._pool.submit(work)
        except RuntimeError as error:
            # Where no thread can start, the work waits in the pool's queue for one that runs. Whatever else it is (the
            # pool is closed, the interpreter ends), nobody takes it from there.
            is_queued = str(error).startswith(_NO_THREAD) and self._running.is_set() and not self._is_closed
            if not is_queued:
                self._take(future)
                raise OSError(errno.EAGAIN, f"no thread for a call: {error}") from error
        return future

    _is_closed = False

    def end(self) -> None:
        """Let the threads end with what they are at. Calls that wait for a thread are refused: none will come."""
        self._is_closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        for future in tuple(self._waiting):
            if self._take(future) and future.set_running_or_notify_cancel():
                future.set_exception(OSError(errno.EAGAIN, "no thread for a call: its client was closed"))

    def _take(self, future: Future[Any]) -> bool:
        """Return whether a call still waited; of a thread and the end, one alone gets it."""
        try:
            self._waiting.remove(future)
        except KeyError:
            return False
        return True


def _is_stream(value: Any) -> bool:
    """Return whether a value of an answer is what botocore has for events."""
    return type(value).__name__ == "EventStream" and hasattr(type(value), "__iter__")


def _close(future: Future[Any]) -> None:
    """Close what a call brought that nobody waits for any more."""
    if not future.cancelled() and future.exception() is None:
        close(future.result())
