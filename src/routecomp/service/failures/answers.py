"""Judge what a call returned: an object that says that the host failed is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from routecomp.service.clock import Clock
from routecomp.service.failures.classify import classify_answer, classify_error
from routecomp.service.failures.failure import Failure
from routecomp.service.failures.shape import attribute, entry, is_status, plain_headers

PLAIN: Final = (str, bytes)
"""What callers return who took the text out of the answer themselves."""


_COHERES: Final = {
    "ERROR": Failure("retriable_error", "error_in_answer"),
    "TIMEOUT": Failure("timeout", "error_in_answer"),
}
"""The reasons for which Cohere ends an answer that is none."""


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
    failure = classify_error(answer, {}, wall=clock.time())
    if failure is None and entry(answer, "type") == "response.failed":
        failure = classify_error(entry(answer, "response"), {}, wall=clock.time())
    return failure or _COHERES.get(_reason_of(answer))


def _reason_of(answer: Any) -> str:
    """Return why an answer of Cohere, or a stream of its, has ended; empty for others."""
    ended = entry(answer, "delta") if entry(answer, "type") == "message-end" else answer
    reason = entry(ended, "finish_reason")
    return str(entry(reason, "value") or reason) if reason is not None else ""


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
