"""Drive a call that brings a whole answer, in a thread or in a task."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, TypeVar

from routecomp.service.calls.arguments import Request
from routecomp.service.calls.at import At
from routecomp.service.calls.call import Call, Wait
from routecomp.service.calls.desk import Desk
from routecomp.service.calls.streamed import NOT_AWAITABLE, aclose, close, misused

Answer = TypeVar("Answer")


def run(desk: Desk, function: Callable[[At], Answer], request: Request, deadline: float | None) -> Answer:
    """Return what the function returns for the first model that answers; docs/service.md says what is raised."""
    call = Call(desk, request, deadline)
    try:
        call.begin()
        return _walk(call, desk, function, request)  # apart: the interpreter's own table of a loop's handlers has gaps
    except BaseException:
        call.cancelled()
        raise


async def arun(
    desk: Desk, function: Callable[[At], Awaitable[Answer]], request: Request, deadline: float | None
) -> Answer:
    """Do the same in a task; what takes longer than `at.timeout` is cancelled, and the next model is asked."""
    call = Call(desk, request, deadline)
    try:
        call.begin()
        return await _walk_in_task(call, desk, function, request)
    except BaseException:
        call.cancelled()
        raise


def _walk(call: Call, desk: Desk, function: Callable[[At], Answer], request: Request) -> Answer:
    while True:
        step = call.next()
        if isinstance(step, Wait):
            desk.clock.sleep(step.seconds)
            continue
        try:
            answer = function(step)
        except Exception as error:
            if call.failed(error):
                raise
            continue
        if type(answer) is str:  # most callers take the text out of the answer themselves
            call.succeeded()
        elif (mistake := misused(answer, "run")) is not None:
            call.refused(mistake)
            close(answer)
            raise mistake
        elif not call.returned(answer):
            continue
        if desk.mirror is not None and call.decision.shadows:
            desk.mirror.offer(call.decision, request, step.model, function)
        return answer


async def _walk_in_task(
    call: Call, desk: Desk, function: Callable[[At], Awaitable[Answer]], request: Request
) -> Answer:
    while True:
        step = call.next()
        if isinstance(step, Wait):
            await desk.clock.sleep_async(step.seconds)
            continue
        try:
            async with asyncio.timeout(step.timeout):
                awaited: Any = function(step)
                answer: Answer = await awaited if isawaitable(awaited) else awaited
        except Exception as error:
            if call.failed(error):
                raise
            continue
        if not isawaitable(awaited):
            mistake: TypeError | None = TypeError(NOT_AWAITABLE)
        else:
            mistake = misused(answer, "arun")
        if mistake is not None:
            call.refused(mistake)
            await aclose(answer)
            raise mistake
        if call.returned(answer):
            if desk.mirror is not None and call.decision.shadows:
                desk.mirror.offer_task(call.decision, request, step.model, function)
            return answer
