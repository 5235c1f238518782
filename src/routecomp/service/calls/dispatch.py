"""Let callers drive a call themselves: a `with` block around a loop over the models to try."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from routecomp.runtime.resolver import Decision
from routecomp.service.calls.arguments import Request
from routecomp.service.calls.at import At
from routecomp.service.calls.call import Call, HeldCall, Wait
from routecomp.service.calls.desk import Desk


class _Block:
    """What the loops of threads and of tasks have in common."""

    def __init__(self, desk: Desk, request: Request, deadline: float | None) -> None:
        self._desk = desk
        self._request: Request = request
        self._deadline = deadline
        self._call: Call | None = None
        self._trying = False  # whether a try has begun of which nothing was said

    @property
    def decision(self) -> Decision:
        """The router's decision."""
        return self._begun.decision

    @property
    def is_over(self) -> bool:
        """Whether the call has its outcome."""
        return self._begun.is_over

    def succeeded(self, answer: Any = None) -> None:
        """Say that the try brought an answer, which ends the loop; the answer tells the tokens that it took."""
        if self._trying:
            self._trying = False
            self._begun.returned(answer)

    def failed(self, error: BaseException) -> None:
        """Say that the try failed; the loop goes on with the next model.

        An exception that has no provider's shape is raised again: no other model would mend it.
        """
        if not isinstance(error, Exception):
            self._begun.cancelled()
            raise error
        if self._trying:
            self._trying = False
            if self._begun.failed(error):
                raise error

    def end_try(self, error: BaseException | None) -> bool:
        """Take note of how a try in a `with at:` block ended; return whether the loop goes on after its error."""
        if not self._trying:
            return False
        if error is None:
            self.succeeded()
            return False
        if not isinstance(error, Exception):
            return False  # the block around the loop says that it was cancelled
        self._trying = False
        return not self._begun.failed(error)

    @property
    def _begun(self) -> Call:
        if self._call is None:
            raise RuntimeError("the call begins with its `with` block")
        return self._call

    def _begin(self) -> None:
        if self._call is not None:
            raise RuntimeError("a call is made once")
        self._call = HeldCall(self._desk, self._request, self._deadline, trying=self)
        self._call.begin()
        if self._call.decision.status != "ok":
            self._call.next()  # raises why

    def _step(self) -> At | Wait | None:
        """Return what to do next; None when the loop ends."""
        call = self._begun
        if call.is_over:
            return None
        self._trying = False
        step = call.next()
        self._trying = isinstance(step, At)
        return step

    def _end(self, error: BaseException | None) -> None:
        """End the call as the block was left."""
        call = self._begun
        if self._trying and error is None:
            self.succeeded()
        elif self._trying and isinstance(error, Exception):
            self._trying = False
            call.failed(error)
            call.gave_up()
        elif isinstance(error, Exception):
            call.abandoned(error)
        elif error is not None:
            call.cancelled()
        call.gave_up()


class Dispatch(_Block):
    """A call whose tries the caller makes: `with … as call: for at in call: with at: …`."""

    def __enter__(self) -> Dispatch:
        """Decide; a request that the policy rejects raises `Rejected` here."""
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give the call its outcome; a try of which nothing was said brought an answer, unless an error passes."""
        self._end(error)

    def __iter__(self) -> Dispatch:
        """Return the loop itself."""
        return self

    def __next__(self) -> At:
        """Return where to go next; a try of which nothing was said counts as failed."""
        while isinstance(step := self._step(), Wait):
            self._desk.clock.sleep(step.seconds)
        if step is None:
            raise StopIteration
        return step


class AsyncDispatch(_Block):
    """The same in a task: `async with … as call: async for at in call: with at: …`."""

    async def __aenter__(self) -> AsyncDispatch:
        """Decide; a request that the policy rejects raises `Rejected` here."""
        self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give the call its outcome."""
        self._end(error)

    def __aiter__(self) -> AsyncDispatch:
        """Return the loop itself."""
        return self

    async def __anext__(self) -> At:
        """Return where to go next; a try of which nothing was said counts as failed."""
        while isinstance(step := self._step(), Wait):
            await self._desk.clock.sleep_async(step.seconds)
        if step is None:
            raise StopAsyncIteration
        return step
