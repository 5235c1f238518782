"""Offer what callers ask of a service: decisions, and calls that walk a decision's chain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from typing import TypeVar, Unpack

from routecomp.runtime.resolver import Decision, Endpoint, Explanation, Facts, Router
from routecomp.service.calls.arguments import Question, Request
from routecomp.service.calls.astreams import AsyncStream, Opened
from routecomp.service.calls.at import At
from routecomp.service.calls.desk import Desk
from routecomp.service.calls.dispatch import AsyncDispatch, Dispatch
from routecomp.service.calls.run import arun, run
from routecomp.service.calls.streams import Stream
from routecomp.service.strict import resolve_strictly

Answer = TypeVar("Answer")
Chunk = TypeVar("Chunk")


class Calls:
    """What callers ask of a service: decisions as of a `Router`, and calls that walk a decision's chain.

    The arguments that name no time are those of `Router.resolve`. Times are in seconds.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def router(self) -> Router:
        """The router that serves now; another one as soon as another table is activated."""
        return self._desk.tables.router

    @property
    def facts(self) -> Facts:
        """What the table says that serves now."""
        return self.router.facts

    def resolve(self, **request: Unpack[Question]) -> Decision:
        """Return the decision for one request, which is not captured: no call is made."""
        if self._desk.strict:
            return resolve_strictly(self.router, **request)
        return self.router.resolve(**request)

    def explain(self, **request: Unpack[Question]) -> Explanation:
        """Return the decision for one request, and how it comes about."""
        return self.router.explain(**request)

    def endpoint(self, decision: Decision, slug: str | None) -> Endpoint | None:
        """Return how a model of a decision's chain is called."""
        return self.router.endpoint(decision, slug)

    def run(
        self, function: Callable[[At], Answer], *, deadline: float | None = None, **request: Unpack[Request]
    ) -> Answer:
        """Return what the function returns for the first model that answers."""
        return run(self._desk, function, request, deadline)

    async def arun(
        self, function: Callable[[At], Awaitable[Answer]], *, deadline: float | None = None, **request: Unpack[Request]
    ) -> Answer:
        """Return what the function returns for the first model that answers, within a task."""
        return await arun(self._desk, function, request, deadline)

    def stream(
        self,
        open_stream: Callable[[At], Iterable[Chunk] | AbstractContextManager[Iterable[Chunk]]],
        *,
        deadline: float | None = None,
        first_token: float | None = None,
        between: float | None = None,
        **request: Unpack[Request],
    ) -> Stream[Chunk]:
        """Return a context manager that gives the chunks of the first model that sends one.

        `first_token` bounds the wait for the first chunk of each model, `between` the wait for each other chunk.
        """
        return Stream(self._desk, open_stream, request, deadline, first_token, between)

    def astream(
        self,
        open_stream: Callable[[At], Opened[Chunk] | Awaitable[Opened[Chunk]]],
        *,
        deadline: float | None = None,
        first_token: float | None = None,
        between: float | None = None,
        **request: Unpack[Request],
    ) -> AsyncStream[Chunk]:
        """Return the same for a task: an asynchronous context manager and iterator."""
        return AsyncStream(self._desk, open_stream, request, deadline, first_token, between)

    def dispatch(self, *, deadline: float | None = None, **request: Unpack[Request]) -> Dispatch:
        """Return a context manager for a loop over the models to try: `for at in call: with at: …`."""
        return Dispatch(self._desk, request, deadline)

    def adispatch(self, *, deadline: float | None = None, **request: Unpack[Request]) -> AsyncDispatch:
        """Return the same for a task: `async for at in call: with at: …`."""
        return AsyncDispatch(self._desk, request, deadline)
