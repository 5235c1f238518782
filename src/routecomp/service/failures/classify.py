"""Judge what an exception or an answer means: docs/service.md has the rules in this order."""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Final

from routecomp.service.failures.delay import retry_after
from routecomp.service.failures.failure import Blamed, Failure, FailureOutcome
from routecomp.service.failures.shape import SAID, Shape, as_status, entry, is_status, parsed, shape_of, shape_of_answer

_SPENT: Final = re.compile(
    r"insufficient_quota|credit_balance_exhausted|.*_spend_limit_.*|billing_error|.*_usage_limit_exceeded"
)
"""The words that mean that money is spent; no waiting mends that."""

_AWS: Final[tuple[tuple[FailureOutcome, re.Pattern[str]], ...]] = (
    ("rate_limited", re.compile(r"throttl|requestthrottled|toomanyrequests|servicequotaexceeded")),
    ("timeout", re.compile(r"modeltimeout|requesttimeout")),
    ("retriable_error", re.compile(r"modelnotready|modelerror|modelstreamerror|internal|serviceunavailable")),
)
"""How AWS's codes begin, in small letters."""

_WORDS: Final[tuple[tuple[FailureOutcome, re.Pattern[str]], ...]] = (
    ("rate_limited", re.compile(r"rate_limit.*|resource_exhausted|too_many_requests|slow_down")),
    (
        "retriable_error",
        re.compile(r"overloaded.*|api_error|server_error|internal(_server)?(_error)?|(service_)?unavailable(_error)?"),
    ),
    ("timeout", re.compile(r"(.*_)?timeout(_error)?|deadline_exceeded")),
)
"""What hosts say where the status does not decide."""

_NO_ANSWER: Final = ("Connect", "Network", "Transport", "Protocol", "OSError", "HTTPClientError", "IncompleteRead")
"""What the name of a class holds whose exceptions mean that no whole answer came."""
_GARBLED: Final = (
    "JSONDecodeError",
    "ResponseValidationError",
    "UnknownApiResponseError",
    "DecodingError",
    "ParserError",
)
"""The same, of those that mean that the answer could not be read."""

_KEY_REFUSED: Final = re.compile(
    r"api_key_invalid|invalid_api_key|authentication_error|unauthenticated|unrecognizedclient.*|expiredtoken.*|"
    r"invalidsignature.*|invalidclienttoken.*"
)
"""The words by which a host refuses the key."""
_OF_THE_KEY: Final = frozenset({401, 402, 498})
"""The status of a key that is refused or has no money left."""
_NOT_ALLOWED: Final = re.compile(
    r"permission_(error|denied)|not_found.*|model_not_found|accessdenied.*|resourcenotfound.*"
)
"""The words by which a host does not know the model, or not for this key."""
_REQUESTS_FAULT: Final = frozenset({400, 406, 409, 411, 412, 413, 414, 415, 416, 422, 431, 451})
_OF_THE_REQUEST: Final = re.compile(
    r"(.*[_.])?(invalid|malformed|unsupported|validation|bad_request|unprocessable|failed_precondition|out_of_range"
    r"|too_(large|long|small)|context_(length|window)|content_(filter|policy)|moderation|safety|empty|failed_to_download|parse)([_.].*)?"
)
"""The words by which a host says within an answer that it cannot take the request."""
_REQUEST_IN_TEXT: Final = re.compile(
    r"\b(invalid|malformed|unsupported|not supported|validation|bad request|too (large|long)|context (length|window)"
    r"|maximum (context|length|number of tokens)|content (filter|policy)|moderation)\b",
    re.IGNORECASE,
)
"""The same of a message."""
_PLAINLY_IN_TEXT: Final = re.compile(
    r"\b(context[ _](length|window)|maximum (context|number of tokens)|prompt is too long"
    r"|content[ _](filter|policy))\b",
    re.IGNORECASE,
)
"""What a message says of the request alone, whatever words stand beside it."""
_ANSWERS: Final = "(response|answer|output|completion|reply|generation)"
_PARAMETERS: Final = "(format|schema|type|tokens?|window|config|modalit|length|language|limit)"
"""What stands behind these words where they name a parameter of the request."""
_OF_THE_ANSWER: Final = re.compile(
    rf"(.*[_.])?({_ANSWERS}(?![_.]{_PARAMETERS})|upstream|backend)([_.](.*[_.])?)?"
    r"(empty|invalid|malformed|unparsable|parse|parsing|validation|failed|error)(_error)?"
    r"|model[_.](.*[_.])?(empty|malformed|unparsable|parse|parsing|validation|failed|error)(_error)?"
    rf"|(.*[_.])?(empty|invalid|malformed|no|bad|incomplete|unexpected)_(.*_)?({_ANSWERS}|upstream|gateway)"
    r"(_error|_from_.*)?"
)
"""The words by which a host says that what came from its model, or from the host behind it, was no answer."""
_ANSWER_IN_TEXT: Final = re.compile(
    rf"\b(invalid|malformed|empty|unexpected|incomplete|no|bad)( \w+)? {_ANSWERS}\b(?![ _-]{_PARAMETERS})"
    rf"|\b{_ANSWERS}( \w+)? (is|was) (invalid|malformed|empty|incomplete)\b"
    rf"|\b(pars|decod|validat|read)\w*( of)?( the| a)?( \w+('s)?)? {_ANSWERS}\b(?![ _-]{_PARAMETERS})"
    rf"|\b{_ANSWERS} (pars|decod|validat)\w* (failed|error|failure)\b"
    r"|\b(generated|produced|returned|sent) by (the )?(model|upstream|backend|provider|host)\b"
    r"|\bupstream( \w+)? (error|failure|failed|returned|responded|sent)\b",
    re.IGNORECASE,
)
"""The same of a message."""
_SDKS: Final = frozenset(
    {"aiohttp", "anthropic", "boto3", "botocore", "cohere", "google", "groq", "http", "httpcore", "httpcore2", "httpx"}
    | {"httpx2", "litellm", "mistralai", "openai", "requests", "ssl", "urllib", "urllib3"}
)
"""The packages whose exceptions tell of a provider; what comes from none, and has no shape, is the caller's own."""
_SERVERS: Final = re.compile(
    r"(fastapi|starlette|django|rest_framework|ninja|flask|werkzeug|quart|sanic|falcon|litestar|bottle|pyramid|webob"
    r"|connexion|cherrypy|blacksheep|robyn|aiohttp\.web\w*|tornado\.web)(\..*)?"
)
"""The modules of web frameworks: a status in their exceptions is what their user answers, not what a host did."""
_LOCAL: Final = frozenset(
    {errno.EACCES, errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EISDIR, errno.EMFILE, errno.ENFILE}
    | {errno.ENOENT, errno.ENOMEM, errno.ENOSPC, errno.ENOTDIR, errno.EPERM, errno.EROFS}
)
"""What the system says of this machine: another host would mend none of it."""
_SENDERS: Final = frozenset({"anyio", "asyncio", "grpc", "socket", "socks", "trio"})
"""Beside the clients themselves, whose code writes to a host."""
_MESSAGES: Final = ("message", "detail", "details", "error", "errors")
_TOLD: Final = (*_MESSAGES, "metadata")
"""What else is read of an error that is an object of an SDK's own class."""
_LONGEST_TEXT: Final = 10_000
_OF_AN_ERROR: Final = (*_MESSAGES, *SAID)
"""What an error says of itself; another object under `error` is none."""
_BARE: Final = ("OpenAIError", "AnthropicError")
"""The classes of which SDKs raise an object where they lack a key."""
_WORD: Final = re.compile(r"[^A-Za-z0-9_.]")


def classify(error: BaseException, *, wall: float | None = None) -> Failure:
    """Return what an exception means, by its shape. `wall` is the time now, for a host that names a date."""
    try:
        error = _unwrapped(error)
        shape = shape_of(error)
        name = shape.aws_code or type(error).__name__
        if _is_the_callers(error, shape):
            return Failure("terminal_error", _short(name), None, "caller")
        return _judged(shape, _short(name), wall)
    except Exception:  # of a method of the exception's own class, or of what it holds
        return Failure("terminal_error", _short(type(error).__name__), None, "caller")


def classify_answer(
    status: int, headers: Mapping[str, str], body: object, *, wall: float | None = None
) -> Failure | None:
    """Return what a bare HTTP answer means; None if it is one. `body` is JSON values, their text, their bytes, or None.

    A body with a top-level `error` is no answer, although its status is 200: its `code` is read as the status.
    """
    if is_status(status) and status >= 400:
        return _judged(shape_of_answer(status, headers, body), f"http_{status}", wall)
    values = parsed(body)
    return classify_error(values, headers, wall=wall) if isinstance(values, Mapping) else None


def classify_error(answer: object, headers: Mapping[str, str], *, wall: float | None = None) -> Failure | None:
    """Return what the top-level `error` of an answer means whose status was 200; None where there is no error in it.

    The answer is a mapping, or an object of an SDK's own class, and so is its error; or the error is a text.
    """
    error = entry(answer, "error")
    if not _is_an_error(error):
        return None
    if isinstance(error, list | tuple):
        error = next(each for each in error if _is_an_error(each))
    if isinstance(error, bool):
        error = entry(answer, "message") or ""
    if isinstance(error, int | float):
        error = {"code": error, "message": entry(answer, "message")}
    values = error if isinstance(error, Mapping | str) else {name: entry(error, name) for name in (*SAID, *_TOLD)}
    code = values if isinstance(values, str) else values.get("code")
    shape = shape_of_answer(as_status(code) or 200, headers, {"error": values, "type": entry(answer, "error_type")})
    failure = _judged(shape, "error_in_answer", wall)
    if (
        failure.blames != "request"
        or (shape.status or 0) >= 400
        or _is_the_requests(shape.words, tuple(_texts(values)))
    ):
        return failure
    # The host took the request, and says nothing of it: a host that always fails like this must not be asked first.
    return failure._replace(outcome="retriable_error", blames="host")


def _is_an_error(error: object) -> bool:
    """Return whether an entry says that there is an error: what is empty, false or 0 says that there is none."""
    if isinstance(error, str):
        return bool(error.strip())
    if isinstance(error, int | float):
        return bool(error)
    if isinstance(error, list | tuple):
        return any(_is_an_error(each) for each in error)
    if isinstance(error, Mapping):
        told = [error.get(name) for name in _OF_AN_ERROR]
    else:
        told = [getattr(error, name, None) for name in _OF_AN_ERROR]  # one that raises is none that could be judged
    return any(isinstance(each, bool | int | str | Mapping | list) and bool(each) for each in told)


def _is_the_requests(words: frozenset[str], texts: Sequence[str]) -> bool:
    """Return whether a message plainly says that the request cannot be taken; else words do, or else a message."""
    if any(_PLAINLY_IN_TEXT.search(text) for text in texts):
        return True
    if any(_OF_THE_ANSWER.fullmatch(word) for word in words):
        return False
    if any(_OF_THE_REQUEST.fullmatch(word) for word in words):
        return True
    return any(_REQUEST_IN_TEXT.search(text) and not _ANSWER_IN_TEXT.search(text) for text in texts)


def _texts(error: object, depth: int = 3) -> Iterator[str]:
    """Yield the messages of an error, of those within it too."""
    if isinstance(error, str):
        yield error[:_LONGEST_TEXT]
    elif isinstance(error, list | tuple):
        for inner in error[:20]:
            yield from _texts(inner, depth - 1) if depth else ()
    elif depth and error is not None:
        for name in _MESSAGES:
            yield from _texts(entry(error, name), depth - 1)


def _judged(shape: Shape, error_class: str, wall: float | None) -> Failure:
    outcome, blames = _verdict(shape)
    delay = retry_after(shape.headers, shape.body, time.time() if wall is None else wall)
    return Failure(outcome, error_class, delay, blames, shape.headers)


def _verdict(shape: Shape) -> tuple[FailureOutcome, Blamed]:
    """Apply the rules in their order."""
    status, words = shape.status, shape.words
    if any(_SPENT.fullmatch(word) for word in words):
        return "terminal_error", "key"
    if shape.aws_code is not None:
        for outcome, beginning in _AWS:
            if beginning.match(shape.aws_code.lower()):
                return outcome, "host"
        return "terminal_error", _blamed(status, words)
    if status is None or status < 400:
        return _verdict_without_status(shape)
    if status in (408, 504):
        return "timeout", "host"
    if status == 429 or (status == 498 and "InvalidTokenError" not in shape.names):
        return "rate_limited", "host"
    if status == 402 and "in_flight_budget_exhausted" in words:
        return "rate_limited", "host"
    if status in (409, 423, 424, 425) or (status >= 500 and status not in (501, 505)):
        return "retriable_error", "host"
    if status == 403 and _was_refused(shape.body):
        return "terminal_error", "request"
    return "terminal_error", _blamed(status, words)


def _verdict_without_status(shape: Shape) -> tuple[FailureOutcome, Blamed]:
    """Judge what came inside a stream, or never came: by the words, then by the names of the classes."""
    for outcome, pattern in _WORDS:
        if any(pattern.fullmatch(word) for word in shape.words):
            return outcome, "host"
    if any("Timeout" in name for name in shape.names):
        return "timeout", "host"
    for parts in (_NO_ANSWER, _GARBLED):
        if any(part in name for name in shape.names for part in parts):
            return "retriable_error", "host"
    if shape.names and not shape.packages & _SDKS:
        return "terminal_error", "caller"
    if shape.names[:1] and (shape.names[0] in _BARE or {"BotoCoreError", "GoogleAuthError"} & set(shape.names)):
        return "terminal_error", "configuration"
    return "terminal_error", _blamed(None, shape.words)


def _blamed(status: int | None, words: frozenset[str]) -> Blamed:
    """Return who has to mend a terminal error."""
    if status in _OF_THE_KEY or any(_KEY_REFUSED.fullmatch(word) for word in words):
        return "key"
    if any(_NOT_ALLOWED.fullmatch(word) for word in words):
        return "configuration"
    return "request" if status is None or status < 400 or status in _REQUESTS_FAULT else "configuration"


def _was_refused(body: object) -> bool:
    """Return whether a 403 refuses the content and not the key: OpenRouter then says what its moderation saw."""
    error = body.get("error", body) if isinstance(body, Mapping) else None
    return isinstance(error, Mapping) and bool(error.get("metadata"))


def _unwrapped(error: BaseException) -> BaseException:
    """Return what a group of one exception holds, and what urllib's `URLError` was raised for."""
    for _ in range(10):
        if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        elif type(error).__name__ == "URLError" and isinstance(reason := getattr(error, "reason", None), BaseException):
            error = reason
        else:
            break
    return error


def _is_the_callers(error: BaseException, shape: Shape) -> bool:
    """Return whether an exception tells of the caller's own program, although it has the shape of a failed call."""
    if any(_SERVERS.fullmatch(str(cls.__module__)) for cls in type(error).__mro__):
        return True
    if shape.status is not None or not isinstance(error, OSError) or shape.packages & _SDKS:
        return False
    if isinstance(error, BrokenPipeError) and error.__traceback__ is not None:
        return not _is_of_a_client(error.__traceback__)
    return error.filename is not None or error.errno in _LOCAL


def _is_of_a_client(traceback: TracebackType | None) -> bool:
    """Return whether the code of a client raised: else a pipe that broke may be the one to the caller's own user."""
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        if module in _SDKS or module in _SENDERS:
            return True
        traceback = traceback.tb_next
    return False


def _short(name: str) -> str:
    """Return the name of a class or a code without what no name has, at most 64 characters of it."""
    return _WORD.sub("", name)[:64] or "error"
