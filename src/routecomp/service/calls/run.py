"""Drive a call that brings a whole answer, in a thread or in a task."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from routecomp.service.calls.arguments import Request
from routecomp.service.calls.at import At
from routecomp.service.calls.call import Call, Wait
from routecomp.service.calls.desk import Desk

Answer = TypeVar("Answer")


def run(desk: Desk, function: Callable[[At], Answer], request: Request, deadline: float | None) -> Answer:
    """Return what the function returns for the first model that answers; docs/service.md says what is raised."""
    call = Call(desk, request, deadline)
    try:
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
                return answer
            if call.returned(answer):
                return answer
    except BaseException:
        call.cancelled()
        raise


async def arun(
    desk: Desk, function: Callable[[At], Awaitable[Answer]], request: Request, deadline: float | None
) -> Answer:
    """Do the same in a task; what takes longer than `at.timeout` is cancelled, and the next model is asked."""
    call = Call(desk, request, deadline)
    try:
        while True:
            step = call.next()
            if isinstance(step, Wait):
                await desk.clock.sleep_async(step.seconds)
                continue
            try:
                async with asyncio.timeout(step.timeout):
                    answer = await function(step)
            except Exception as error:
                if call.failed(error):
                    raise
                continue
            if call.returned(answer):
                return answer
    except BaseException:
        call.cancelled()
        raise
