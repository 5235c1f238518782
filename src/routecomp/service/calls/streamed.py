"""Tell an answer that is still to be read from one that is there, and close what is left of it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

CLOSE_S: Final = 1.0
"""How long the close of a stream is waited for in a task: what it has to say concerns nobody any more."""
NOT_AWAITABLE: Final = "arun()'s function returned no awaitable: give it to run(), or write `async def`"
_STREAMS: Final = ("stream", "body", "completion")
"""Where boto3's answers hold a stream of events."""


def misused(answer: Any, way: str) -> TypeError | None:
    """Return what is wrong with an answer of `run` or `arun` which is a stream or a coroutine, and has not come yet.

    That a model was asked is no success: the rest of it may still fail, and nobody would see that.
    """
    try:
        kind = _kind_of(answer)
    except Exception:
        return None
    if kind is None:
        return None
    meant = "arun()" if kind == "coroutine" else "stream(), or in a task to astream()"
    name = type(answer).__name__
    return TypeError(f"{way}()'s function returned a {kind} ({name}), not a whole answer: give the function to {meant}")


def close(stream: Any) -> None:
    """Close a stream that can be closed; what that raises concerns nobody any more."""
    for source in _held(stream):
        with suppress(Exception):
            closing = getattr(source, "close", None)
            closed = closing() if callable(closing) else None
            if inspect.iscoroutine(closed):
                closed.close()


async def aclose(stream: Any, within_s: float = CLOSE_S) -> None:
    """Do the same in a task, and wait for no longer than is said."""
    for source in _held(stream):
        closing = getattr(source, "aclose", None) or getattr(source, "close", None)
        if callable(closing):
            with suppress(Exception):
                async with asyncio.timeout(within_s):
                    closed = closing()
                    if inspect.isawaitable(closed):
                        await closed


def _held(answer: Any) -> list[Any]:
    """Return what is to be closed of an answer."""
    if isinstance(answer, Mapping):
        return [answer.get(place) for place in _STREAMS]
    return [answer]


def _kind_of(answer: Any) -> str | None:
    """Return the word for what is still to be read; None for an answer that is there, and for a file."""
    kind = type(answer)
    if kind is dict:
        events = (answer.get(place) for place in _STREAMS)
        is_stream = any(
            hasattr(type(event), "__anext__")
            or (hasattr(type(event), "__iter__") and type(event).__name__ == "EventStream")
            for event in events
        )
        return "stream" if is_stream else None
    if hasattr(kind, "__await__"):
        word = "coroutine"
    elif (
        hasattr(kind, "__next__")
        or hasattr(kind, "__anext__")
        or ((hasattr(kind, "__enter__") or hasattr(kind, "__aenter__")) and kind.__name__.endswith("Manager"))
    ):
        word = "stream"
    else:
        return None
    # What has every attribute, as mocks do, tells nothing by those; a file's bytes are there, as far as anybody knows.
    return None if hasattr(answer, "read") or hasattr(answer, "no_such_attribute_of_an_answer") else word
