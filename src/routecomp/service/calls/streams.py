"""Drive a call whose answer streams: the next model only before the first chunk, and a half stream is a failure."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from types import TracebackType
from typing import Any, Final, Generic, NoReturn, TypeVar

from routecomp.runtime.resolver import Decision
from routecomp.service.calls.arguments import Request, seconds
from routecomp.service.calls.at import At
from routecomp.service.calls.call import Call, HeldCall, Wait
from routecomp.service.calls.desk import Desk, Mirrors
from routecomp.service.calls.heard import Heard
from routecomp.service.calls.pump import Pump
from routecomp.service.calls.raw_events import RawEvents
from routecomp.service.calls.streamed import close
from routecomp.service.clock import Clock
from routecomp.service.failures.answers import failure_of
from routecomp.service.failures.classify import classify
from routecomp.service.failures.failure import Failure
from routecomp.service.usage import Progress

Chunk = TypeVar("Chunk")

EMPTY: Final = Failure("retriable_error", "EmptyStream")
"""A stream that ended before its first chunk."""
HALF: Final = Failure("retriable_error", "HalfStream")
"""A stream that ended without the mark with which its provider ends an answer."""


class Streaming(ABC):
    """What streams of threads and of tasks have in common: the call, its time-outs, and what the chunks said."""

    def __init__(
        self, desk: Desk, request: Request, deadline: float | None, first_token: float | None, between: float | None
    ) -> None:
        self._desk = desk
        self._request: Request = {"stream": True, **request}
        self._deadline = deadline
        self._first_token = None if first_token is None else seconds("first_token", first_token, desk)
        self._between = None if between is None else seconds("between", between, desk)
        self._call: Call | None = None
        self._progress, self._events = Progress(), RawEvents()
        self._first_token_at: float | None = None
        self._served = ""
        self._asked_at = self._waited_s = 0.0  # since when, and how long in all, the host of this try was waited for

    @property
    def decision(self) -> Decision:
        """The router's decision."""
        return self._begun.decision

    @property
    def _begun(self) -> Call:
        if self._call is None:
            raise RuntimeError("the call begins with its `with` block")
        return self._call

    def _begin(self) -> Call:
        if self._call is not None:
            raise RuntimeError("a call is made once")
        is_over = 0 in (self._first_token, self._between)
        self._call = HeldCall(self._desk, self._request, 0 if is_over else self._deadline)
        self._call.begin()
        return self._call

    def _ready(self, step: At) -> float | None:
        """Return the seconds for the first chunk, None where nothing limits them but the try's own time.

        The client's own time-out is lowered to the longest wait that is allowed.
        """
        self._asked_at = self._desk.clock.monotonic()
        self._served = step.model
        declared = self._begun.first_token_s
        limits = [limit for limit in (self._first_token, declared) if limit is not None]
        first = min(limits) if limits else None
        self._begun.own_wait = (self._asked_at, self._first_token if first != declared else None)
        if first is not None and self._between is not None:
            step.timeout = min(step.timeout, max(first, self._between))
        return first

    def _left(self, limit: float | None) -> float:
        """Return the seconds that the next chunk may take."""
        left = self._begun.ends_try - self._desk.clock.monotonic()
        return max(left if limit is None else min(left, limit), 0.0)

    def _take_first(self, chunk: Any) -> bool:
        """Look at the first chunk; return False if it says that the host failed."""
        self._progress, self._events = Progress(), RawEvents()  # of this try
        if (failure := self._see(self._events.of(chunk))) is not None:
            self._begun.failed_by(failure, None)
            return False
        self._first_token_at = self._desk.clock.monotonic()
        self._waited_s = self._first_token_at - self._asked_at
        return True

    def _take(self, chunk: Any) -> None:
        """Look at another chunk; raise if it says that the host failed."""
        if (failure := self._see(self._events.of(chunk))) is not None:
            raise self._begun.broken(failure, self._progress.usage, self._first_token_at, self._waited_s)

    def _see(self, events: Sequence[Any]) -> Failure | None:
        """Take note of what events say; return the failure of which one of them tells, None if there is none."""
        for event in events:
            if (failure := failure_of(event, self._desk.clock)) is not None:
                return failure
            self._progress.take(event)
            self._begun.see(event)
        return None

    def _ended(self) -> None:
        """Take note of the end of the stream; raise if it is too early."""
        failure = self._see(self._events.rest())
        if failure is not None or self._progress.is_half:
            raise self._begun.broken(failure or HALF, self._progress.usage, self._first_token_at, self._waited_s)
        self._succeeded(self._begun)

    def _succeeded(self, call: Call) -> None:
        """Give the call its outcome, and mirror it."""
        call.succeeded(self._progress.usage, first_token_at=self._first_token_at)
        if call.decision.shadows and self._desk.mirror is not None:
            self._mirror(self._desk.mirror, call.decision)

    @abstractmethod
    def _mirror(self, mirror: Mirrors, decision: Decision) -> None:
        """Mirror the call."""

    def _broke(self, error: Exception) -> Exception:
        """Take what reading the stream raised after its first chunk; return what to raise."""
        failure = classify(error, wall=self._desk.clock.time())
        broken = self._begun.broken(failure, self._progress.usage, self._first_token_at, self._waited_s)
        return error if failure.blames == "caller" else broken

    def _left_early(self, error: BaseException | None) -> None:
        """Give the call its outcome where its block is left before the end of the stream."""
        call = self._begun
        if call.is_over:
            return
        if self._progress.ended:  # the caller saw the mark, and did not ask for what comes after it
            self._succeeded(call)
        elif isinstance(error, Exception):
            call.abandoned(error, usage=self._progress.usage, first_token_at=self._first_token_at)
        else:
            call.cancelled(usage=self._progress.usage, first_token_at=self._first_token_at)


class Stream(Streaming, Generic[Chunk]):
    """The chunks of the first model that answers: `with … as chunks: for chunk in chunks: …`."""

    def __init__(
        self,
        desk: Desk,
        open_stream: Callable[[At], Iterable[Chunk] | AbstractContextManager[Iterable[Chunk]]],
        request: Request,
        deadline: float | None,
        first_token: float | None,
        between: float | None,
    ) -> None:
        super().__init__(desk, request, deadline, first_token, between)
        self._open_stream = open_stream
        self._source: Source | Pump | None = None
        self._waiting: list[Chunk] = []
        # Another thread may close the stream; the collector may, in this one.
        self._ending = threading.RLock()

    def __enter__(self) -> Stream[Chunk]:
        """Walk the chain until a model sends its first chunk."""
        call = self._begin()
        try:
            while not self._open(call):
                pass
        except BaseException:
            self._close()
            call.cancelled()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the stream; one that is left before its end counts as cancelled, or as failed if an error passes."""
        with self._ending:
            self._left_early(error)
        self._close()

    def __del__(self) -> None:
        """End the thread that reads, if nobody closed the stream; its call is cancelled where it is dropped."""
        source = getattr(self, "_source", None)
        if source is not None:
            source.close()

    def __iter__(self) -> Iterator[Chunk]:
        """Return the chunks."""
        return self

    def __next__(self) -> Chunk:
        """Return the next chunk; StopIteration also where another thread closed the stream.

        StreamBroken where the rest of them does not come.
        """
        source = self._source
        if self._begun.is_over or source is None:
            raise StopIteration
        if self._waiting:
            return self._waiting.pop()
        chunk, error = None, None
        self._asked_at = self._desk.clock.monotonic()
        self._begun.own_wait = (self._asked_at, self._between)
        try:
            chunk = source.next_within(self._left(self._between))
        except BaseException as raised:
            error = raised
        self._waited_s += self._desk.clock.monotonic() - self._asked_at
        with self._ending:
            if self._begun.is_over and isinstance(error, Exception | None):
                source.close()  # whoever closed it could not, while it was read
                raise StopIteration
            if error is not None:
                self._failed_at(error)
            self._take(chunk)
        result: Any = chunk
        return result  # type: ignore[no-any-return]

    def _failed_at(self, error: BaseException) -> NoReturn:
        """Take what the read raised, and raise what it means."""
        if isinstance(error, StopIteration):
            self._ended()
            raise StopIteration
        if not isinstance(error, Exception):
            self._left_early(None)
            raise error
        broken = self._broke(error)
        if broken is error:
            raise error
        raise broken from error

    def close(self) -> None:
        """Leave the stream before its end."""
        self.__exit__(None, None, None)

    def _mirror(self, mirror: Mirrors, decision: Decision) -> None:
        read = partial(_read_whole, self._open_stream, self._desk.clock)
        mirror.offer(decision, self._request, self._served, read, is_stream=True)

    def _open(self, call: Call) -> bool:
        """Try the next model; return whether its first chunk came."""
        step = call.next()
        if isinstance(step, Wait):
            self._desk.clock.sleep(step.seconds)
            return False
        first = self._ready(step)
        try:
            opened = partial(_chunks, self._open_stream, step)
            source = self._source = self._read(opened, has_limits=first is not None or self._between is not None)
            chunk = source.next_within(self._left(first))
        except StopIteration:
            call.failed_by(EMPTY, None)
        except Exception as error:
            if call.failed(error):
                raise
        else:
            if self._take_first(chunk):
                self._waiting.append(chunk)
                return True
        self._close()
        return False

    def _read(self, opened: Callable[[], Iterator[Any]], *, has_limits: bool) -> Source | Pump:
        """Return what reads chunks: a thread where waits have limits, which holds nothing of this stream.

        So a stream that is dropped ends. Where there can be no thread now, and without limits, it is the caller's own.
        """
        if has_limits:
            with suppress(RuntimeError):
                return Pump(opened)
        return Source(opened())

    def _close(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None


class Source:
    """Chunks that are read in the caller's own thread, where nothing but the client's time-out ends a wait."""

    def __init__(self, chunks: Iterator[Any]) -> None:
        self._chunks = chunks

    def next_within(self, seconds: float) -> Any:
        """Return the next chunk; TimeoutError if there is no time left."""
        if seconds <= 0:
            raise TimeoutError
        return next(self._chunks)

    def close(self) -> None:
        """Close the stream."""
        close(self._chunks)


def _chunks(open_stream: Callable[[At], Any], step: At) -> Iterator[Any]:
    """Open a stream and yield its chunks, and close it; one that is a context manager is entered."""
    stream = open_stream(step)
    if hasattr(stream, "__iter__"):
        try:
            yield from stream
        finally:
            close(stream)
    else:
        with stream as chunks:
            yield from chunks


def _read_whole(open_stream: Callable[[At], Any], clock: Clock, heard: Heard, step: At) -> Any:
    """Open a stream of a shadow and read it to its end; return what it said, or a chunk that is an error."""
    for chunk in (chunks := _chunks(open_stream, step)):
        if (error := heard.take(chunk, clock)) is not None:
            close(chunks)
            return error
    return heard.take_rest(clock)
