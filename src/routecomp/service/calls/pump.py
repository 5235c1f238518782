"""Read a stream in a thread of its own, so that the reader can stop waiting for it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import copy_context
from typing import Any, Final

from routecomp.service.calls.streamed import close

_AHEAD: Final = 64
"""How many chunks are read ahead of the reader."""


class Pump:
    """Chunks that another thread reads; `next_within` waits for the next one, and not for longer than it is told.

    The thread opens the stream, reads it and closes it. It ends with the stream, or after `close` with the read that is
    under way: the client's own time-out ends that, for which `at.timeout` is.
    """

    def __init__(self, open_stream: Callable[[], Iterator[Any]]) -> None:
        self._open = open_stream
        self._chunks: deque[Any] = deque()
        self._change = threading.Condition()
        self._error: BaseException | None = None
        self._ended = self._closed = False
        context = copy_context()
        threading.Thread(target=context.run, args=(self._read,), name="routecomp-stream", daemon=True).start()

    def next_within(self, seconds: float) -> Any:
        """Return the next chunk; raise StopIteration at the end or once closed, TimeoutError, or what was raised."""
        with self._change:
            if not self._change.wait_for(lambda: self._chunks or self._ended or self._closed, seconds):
                raise TimeoutError
            if self._closed:
                raise StopIteration
            if self._chunks:
                chunk = self._chunks.popleft()
                self._change.notify_all()
                return chunk
        if self._error is not None:
            raise self._error
        raise StopIteration

    def close(self) -> None:
        """Stop reading."""
        with self._change:
            self._closed = True
            self._chunks.clear()
            self._change.notify_all()

    def _read(self) -> None:
        error: BaseException | None = None
        try:
            stream = self._open()
            try:
                for chunk in stream:
                    if not self._put(chunk):
                        break
            finally:
                close(stream)
        except BaseException as raised:
            error = raised
        with self._change:
            self._error, self._ended = error, True
            self._change.notify_all()

    def _put(self, chunk: Any) -> bool:
        """Hand a chunk over; return False once nobody reads any more."""
        with self._change:
            self._change.wait_for(lambda: self._closed or len(self._chunks) < _AHEAD)
            if not self._closed:
                self._chunks.append(chunk)
                self._change.notify_all()
            return not self._closed
