"""Judge what a call returned: an object that says that the host failed is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from routecomp.service.clock import Clock
from routecomp.service.failures.classify import classify_answer, classify_error
from routecomp.service.failures.failure import Failure
from routecomp.service.failures.shape import attribute, is_status, plain_headers

PLAIN: Final = (str, bytes)
"""What callers return who took the text out of the answer themselves."""


def failure_of(answer: Any, clock: Clock) -> Failure | None:
    """Return what is wrong with a returned answer; None if it is one.

    It is none if it is a response with a status from 400 on, and if it has a top-level `error`: OpenRouter and others
    send that with status 200, as a dictionary, as a text or, through openai's client, as an attribute.
    """
    if isinstance(answer, PLAIN):
        return None
    try:
        return _failure_of(answer, clock)
    except Exception:  # of a property of the answer's own class: it tells nothing, and what was paid for is not lost
        return None


def _failure_of(answer: Any, clock: Clock) -> Failure | None:
    if not isinstance(answer, Mapping):
        status, headers = attribute(answer, "status_code"), attribute(answer, "headers")
        if status is None and headers is not None:  # of the standard library's responses, and of aiohttp's
            status = attribute(answer, "status")
        if isinstance(status, int) and is_status(status) and status >= 400:
            headers = plain_headers(headers)
            return classify_answer(status, headers, attribute(answer, "_content"), wall=clock.time())
    return classify_error(answer, {}, wall=clock.time())


def headers_of(answer: Any) -> dict[str, str] | None:
    """Return the headers of a returned answer that has some, names in small letters."""
    if isinstance(answer, PLAIN):
        return None
    if isinstance(answer, Mapping):
        try:
            metadata = answer.get("ResponseMetadata")
            return plain_headers(metadata.get("HTTPHeaders")) if isinstance(metadata, Mapping) else None
        except Exception:
            return None
    headers = attribute(answer, "headers")
    return None if headers is None else plain_headers(headers)
