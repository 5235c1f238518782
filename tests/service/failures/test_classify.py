"""What no SDK was made to raise: bare answers, AWS's streams, the caller's own errors, hostile ones, delays."""

from __future__ import annotations

import errno
import http.client
import json
import socket
import ssl
from types import SimpleNamespace
from typing import Any

import pytest

from routecomp.service.clock import SystemClock
from routecomp.service.failures.answers import failure_of
from routecomp.service.failures.classify import classify, classify_answer
from routecomp.service.failures.delay import retry_after

NOON = 1_796_000_000.0
NO_ERRORS: tuple[object, ...] = (
    *(False, 0, "", " ", {}, [], {"seen": 1}, [None], [{}], [""], {"code": None, "message": None}, {"code": 0}),
)
"""What hosts write under `error` that always have the key."""
NO_ANSWERS = (
    *("empty_response", "invalid_response", "invalid_response_error", "malformed_response", "bad_response"),
    *("response.parse_error", "response_parse_error", "response_validation_error", "no_completion", "model_error"),
    *("invalid_upstream_response", "upstream_error", "output_parsing_failed", "empty_model_output", "bad_gateway"),
)
"""The words by which hosts say that their model, or a host behind them, gave no answer."""
NO_ANSWERS_IN_WORDS = (
    "invalid response from upstream",
    "The model returned an empty response.",
    "Received malformed JSON output from the model: invalid response",
    "upstream returned an unsupported frame",
    "The response was invalid",
)
TOO_MUCH = (
    "This model's maximum context length is 8192 tokens",
    "prompt is too long: 210000 tokens > 200000 maximum",
    "Unsupported parameter: `top_k`",
    "Bad request: messages must not be empty",
)


def of_sdk(name: str, package: str = "openai", base: type[Exception] = Exception, **attributes: Any) -> Exception:
    error: Exception = type(name, (base,), {"__module__": package, **attributes})()
    return error


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("throttlingException", ("rate_limited", "host")),
        ("TooManyRequestsException", ("rate_limited", "host")),
        ("modelStreamErrorException", ("retriable_error", "host")),
        ("internalServerException", ("retriable_error", "host")),
        ("modelTimeoutException", ("timeout", "host")),
        ("validationException", ("terminal_error", "request")),
        ("SomethingNew", ("terminal_error", "request")),
    ],
)
def test_inside_a_stream_aws_says_its_code_alone(code: str, expected: tuple[str, str]) -> None:
    """An error of an event stream has no status, and a code that begins with a small letter."""
    error = of_sdk("EventStreamError", "botocore.exceptions", response={"Error": {"Code": code, "Message": "words"}})
    failure = classify(error)
    assert (failure.outcome, failure.blames) == expected
    assert failure.error_class == code


@pytest.mark.parametrize(
    "error",
    [
        TypeError("words"),
        KeyError("choices"),
        ValueError("words"),
        AssertionError(),
        RecursionError(),
        type("Declined", (Exception,), {"code": "no_such_order"})(),
        FileNotFoundError(errno.ENOENT, "words", "prompt.txt"),
        PermissionError(errno.EACCES, "words", "prompt.txt"),
        ExceptionGroup("words", [TypeError(), KeyError()]),
        OSError(errno.ENOSPC, "words"),
        OSError(errno.EMFILE, "words"),
        of_sdk("HTTPException", "fastapi.exceptions", status_code=503),
        of_sdk("NotFound", "werkzeug.exceptions", code=404),
        of_sdk("HTTPForbidden", "aiohttp.web_exceptions", status_code=403),
        type("Ours", (of_sdk("HTTPException", "starlette.exceptions").__class__,), {"status_code": 500})(),
    ],
    ids=repr,
)
def test_an_exception_without_a_providers_shape_is_the_callers_own(error: Exception) -> None:
    assert classify(error)[:4] == ("terminal_error", type(error).__name__, None, "caller")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TimeoutError(), "timeout"),
        (ConnectionRefusedError(), "retriable_error"),
        (socket.gaierror(), "retriable_error"),
        (ssl.SSLError(), "retriable_error"),
        (OSError(errno.ENETUNREACH, "words"), "retriable_error"),
        (json.JSONDecodeError("words", "<html>", 0), "retriable_error"),
        (ExceptionGroup("words", [TimeoutError()]), "timeout"),
        (of_sdk("ClientResponseError", "aiohttp.client_exceptions", status=503), "retriable_error"),
        (BrokenPipeError(), "retriable_error"),
        (of_sdk("ProxyError", "httpx", type("TransportError", (Exception,), {})), "retriable_error"),
        (of_sdk("URLError", "urllib.error", OSError, reason=TimeoutError()), "timeout"),
        (of_sdk("URLError", "urllib.error", OSError, reason="words"), "retriable_error"),
    ],
    ids=lambda value: repr(value),
)
def test_what_never_answered(error: Exception, outcome: str) -> None:
    assert classify(error)[0] == outcome
    assert classify(error).blames == "host"


@pytest.mark.parametrize("name", ["OpenAIError", "AnthropicError"])
def test_an_sdk_that_lacks_its_key_blames_the_configuration(name: str) -> None:
    assert classify(of_sdk(name))[0::3] == ("terminal_error", "configuration")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"choices": []}, None),
        (200, b'{"choices": []}', None),
        (200, {"error": None}, None),
        (200, "no JSON", None),
        (204, None, None),
        (200, {"error": {"code": 502, "message": "words"}}, ("retriable_error", "host")),
        (200, {"error": {"code": "429", "message": "words"}}, ("rate_limited", "host")),
        (200, b'{"error": {"code": 429, "metadata": {}}}', ("rate_limited", "host")),
        (200, '{"error": {"type": "insufficient_quota"}}', ("terminal_error", "key")),
        (200, {"error": {"type": "overloaded_error"}}, ("retriable_error", "host")),
        (200, {"error": "words"}, ("retriable_error", "host")),
        *[(200, {"error": nothing}, None) for nothing in NO_ERRORS],
        (529, None, ("retriable_error", "host")),
        (429, b'{"error": {"code": "credit_balance_exhausted"}}', ("terminal_error", "key")),
        (429, None, ("rate_limited", "host")),
        (402, {"error": {"code": "in_flight_budget_exhausted"}}, ("rate_limited", "host")),
        (402, None, ("terminal_error", "key")),
        (408, None, ("timeout", "host")),
        (425, None, ("retriable_error", "host")),
        (505, None, ("terminal_error", "configuration")),
        (403, {"error": {"metadata": {"reasons": ["x"]}}}, ("terminal_error", "request")),
    ],
)
def test_a_bare_answer(status: int, body: object, expected: tuple[str, str] | None) -> None:
    """Callers with an HTTP client of their own ask with status, headers and body; 200 with an error is none."""
    failure = classify_answer(status, {}, body)
    assert (failure and (failure.outcome, failure.blames)) == expected


@pytest.mark.parametrize(
    ("error", "beside", "expected"),
    [
        ({"code": "server_error", "message": "words"}, {}, ("retriable_error", "host")),
        ({"code": "rate_limit_exceeded", "message": "words"}, {}, ("rate_limited", "host")),
        ({"code": "vector_store_timeout", "message": "words"}, {}, ("timeout", "host")),
        ({"code": "insufficient_quota", "message": "words"}, {}, ("terminal_error", "key")),
        ({"code": "invalid_prompt", "message": "words"}, {}, ("terminal_error", "request")),
        ({"code": "image_content_policy_violation", "message": "words"}, {}, ("terminal_error", "request")),
        ({"code": "context_length_exceeded", "message": "words"}, {}, ("terminal_error", "request")),
        ({"code": "new_word", "message": "words"}, {}, ("retriable_error", "host")),
        ({"code": None, "message": "Provider returned error"}, {}, ("retriable_error", "host")),
        ({"code": 400, "message": "words"}, {}, ("terminal_error", "request")),
        ({"code": 400, "message": "model is overloaded"}, {}, ("terminal_error", "request")),
        ("Model is overloaded", {}, ("retriable_error", "host")),
        ("Model is overloaded", {"error_type": "overloaded"}, ("retriable_error", "host")),
        ("words", {"error_type": "generation"}, ("retriable_error", "host")),
        ("words", {"error_type": "validation"}, ("terminal_error", "request")),
        ("Input validation error: `inputs` must have less than 4096 tokens", {}, ("terminal_error", "request")),
        ("this model's maximum context length is 8192 tokens", {}, ("terminal_error", "request")),
        *[({"code": word, "message": "words"}, {}, ("retriable_error", "host")) for word in NO_ANSWERS],
        *[(text, {}, ("retriable_error", "host")) for text in NO_ANSWERS_IN_WORDS],
        *[({"type": "error", "message": text}, {}, ("retriable_error", "host")) for text in NO_ANSWERS_IN_WORDS],
        *[({"code": None, "type": "error", "message": text}, {}, ("terminal_error", "request")) for text in TOO_MUCH],
        *[({"type": "invalid_request_error", "message": text}, {}, ("terminal_error", "request")) for text in TOO_MUCH],
        ({"type": "error", "message": "words"}, {}, ("retriable_error", "host")),
        ({"detail": "words"}, {}, ("retriable_error", "host")),
        ({"errors": [{"message": "words"}]}, {}, ("retriable_error", "host")),
        ([{"code": 429, "message": "words"}], {}, ("rate_limited", "host")),
        (["words"], {}, ("retriable_error", "host")),
        ([{"message": TOO_MUCH[0]}], {}, ("terminal_error", "request")),
        (True, {"message": "words"}, ("retriable_error", "host")),
        (True, {"message": TOO_MUCH[0]}, ("terminal_error", "request")),
        (True, {}, ("retriable_error", "host")),
        (429, {"message": "words"}, ("rate_limited", "host")),
        (500, {}, ("retriable_error", "host")),
        (7, {"message": "words"}, ("retriable_error", "host")),
        ("503", {}, ("retriable_error", "host")),
        ("429", {}, ("rate_limited", "host")),
    ],
)
def test_an_error_in_an_answer(error: object, beside: dict[str, Any], expected: tuple[str, str]) -> None:
    """It is judged alike in a body and in an object of an SDK; what says nothing of the request is the host's."""
    body = {"error": error, **beside}
    of_sdk_class = SimpleNamespace(**error) if isinstance(error, dict) else error
    answer = SimpleNamespace(status="failed", error=of_sdk_class, **beside)
    for failure in (
        classify_answer(200, {}, body),
        classify_answer(200, {}, json.dumps(body)),
        failure_of(body, SystemClock()),
        failure_of(answer, SystemClock()),
    ):
        assert failure is not None
        assert (failure.outcome, failure.blames) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            {"type": "response.failed", "response": {"error": {"code": "rate_limit_exceeded", "message": "words"}}},
            ("rate_limited", "host"),
        ),
        ({"type": "response.failed", "response": {"error": None}}, None),
        ({"type": "message-end", "delta": {"finish_reason": "ERROR"}}, ("retriable_error", "host")),
        ({"type": "message-end", "delta": {"finish_reason": "COMPLETE"}}, None),
        (SimpleNamespace(type="message-end", delta=SimpleNamespace(finish_reason="TIMEOUT")), ("timeout", "host")),
        ({"id": "1", "finish_reason": "ERROR", "message": {}}, ("retriable_error", "host")),
        ({"choices": [{"finish_reason": "stop"}]}, None),
    ],
)
def test_an_end_that_is_none(answer: object, expected: tuple[str, str] | None) -> None:
    """What says of itself that it failed is no answer, wherever it says so."""
    failure = failure_of(answer, SystemClock())
    assert (failure and (failure.outcome, failure.blames)) == expected


@pytest.mark.parametrize("status", range(400, 600))
def test_every_status_has_a_verdict(status: int) -> None:
    failure = classify_answer(status, {"Retry-After": "5"}, None)
    assert failure is not None
    assert failure.retry_after_s == 5.0
    assert (failure.blames == "host") == (failure.outcome != "terminal_error")


class Hostile(Exception):
    """Every attribute that is asked for raises, or is nonsense."""

    status_code = True
    code = 10**30
    body = SimpleNamespace(items=3)

    @property
    def response(self) -> None:
        raise RuntimeError

    @property
    def headers(self) -> None:
        raise OSError

    def __str__(self) -> str:
        raise RuntimeError


def test_hostile_exceptions_are_judged_too() -> None:
    assert classify(Hostile()).blames == "caller"
    deep: Any = {"code": "x"}
    for _ in range(500):
        deep = {"error": deep, "details": [deep]} if len(str(deep)) < 1000 else {"error": deep}
    assert classify(of_sdk("APIError", body=deep, headers={1: 2, "a": b"c"})).outcome == "terminal_error"
    assert classify(type("Ä" * 300 + "<script>", (Exception,), {})()).error_class == "script"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "1e99"}, 86_400.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "9", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "9", "retry-after-ms": "soon"}, 9.0),
        ({"retry-after": "Wed, 01 Jan 2020 00:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 30 Nov 2026 09:01:00 GMT", "date": "Mon, 30 Nov 2026 09:00:30 GMT"}, 30.0),
        ({"retry-after": "Mon, 30 Nov 2026 00:54:10 GMT"}, 50.0),
        ({"retry-after": "Mon, 30 Nov 2026 00:54:10 -0000"}, 50.0),
        ({"retry-after": "Mon, 99 Nov 2026 00:54:10 GMT"}, None),
    ],
)
def test_the_time_to_wait(headers: dict[str, str], expected: float | None) -> None:
    """The host's own clock counts where it says what it shows; else the caller's."""
    assert retry_after(headers, None, NOON) == expected


def test_a_pipe_that_breaks_is_a_hosts_where_a_client_wrote_to_it() -> None:
    """The caller's own pipe, or the connection of the caller's user, is no host's fault."""
    ours, theirs = socket.socketpair()
    theirs.close()
    with pytest.raises(BrokenPipeError) as own:
        ours.sendall(b"words")
    assert classify(own.value).blames == "caller"
    connection = http.client.HTTPConnection("host.invalid")
    connection.sock = ours
    with pytest.raises(BrokenPipeError) as hosts:
        connection.send(b"words")
    assert classify(hosts.value)[0::3] == ("retriable_error", "host")
    ours.close()


def test_what_an_exception_holds_may_raise() -> None:
    class Values(dict[str, Any]):
        def items(self) -> Any:
            raise ValueError

    assert classify(of_sdk("APIError", body={"error": Values()})).blames == "caller"
