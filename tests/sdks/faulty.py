"""A server on the loopback that fails in every way that hosts do; the first part of the path says how.

It runs in the environment of the SDKs too, and imports the standard library alone.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """What the server does: an answer, or what it breaks. `body` is JSON, or raw bytes as they are."""

    status: int = 200
    headers: Mapping[str, str] = {}
    body: Any = None
    ends: str = "whole"
    """`whole`; `hang`: no answer until the caller gives up; `reset`: the connection is torn before an answer, `half`
    within its body."""


def _openai(code: str | None, kind: str, status: int, **headers: str) -> Fault:
    return Fault(status, headers, {"error": {"message": "words", "type": kind, "param": None, "code": code}})


def _anthropic(kind: str, status: int, *, spent: str | None = None, **headers: str) -> Fault:
    error = {"type": kind, "message": "words"} | ({"details": {"error_code": spent}} if spent else {})
    return Fault(status, headers, {"type": "error", "error": error, "request_id": "req_1"})


def _gemini(code: int, status: str, details: list[Any] | None = None) -> Fault:
    error = {"code": code, "message": "words", "status": status} | ({"details": details} if details else {})
    return Fault(code, {}, {"error": error})


def _aws(code: str, status: int) -> Fault:
    return Fault(status, {"x-amzn-errortype": f"{code}:http://internal.amazon.com/"}, {"message": "words"})


def _sse(*events: object, named: bool = False) -> bytes:
    lines = (f"event: {event['type']}\n" if named and isinstance(event, dict) else "" for event in events)
    return "".join(f"{line}data: {json.dumps(event)}\n\n" for line, event in zip(lines, events, strict=True)).encode()


CHUNK: dict[str, Any] = {
    "id": "c",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hello"}, "finish_reason": None}],
}
ANTHROPIC_START: dict[str, Any] = {
    "type": "message_start",
    "message": {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 3, "output_tokens": 1},
    },
}
RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17.5s"}
KEY_INFO = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}
SSE = {"content-type": "text/event-stream"}

COMMON = {
    "hang": Fault(ends="hang"),
    "reset": Fault(ends="reset"),
    "half": Fault(body=b'{"id": "c", "choi', ends="half"),
    "html": Fault(503, {"content-type": "text/html"}, b"<html>Service Unavailable</html>"),
}
OPENAI = COMMON | {
    "rate": _openai("rate_limit_exceeded", "requests", 429, **{"retry-after": "7"}),
    "rate-ms": _openai("rate_limit_exceeded", "tokens", 429, **{"retry-after-ms": "1500", "retry-after": "2"}),
    "slow-down": _openai("slow_down", "requests", 429),
    "quota": _openai("insufficient_quota", "insufficient_quota", 429),
    "credit": _openai("credit_balance_exhausted", "billing", 429),
    "spend": _openai("project_spend_limit_exceeded", "billing", 429),
    "usage": _openai("organization_usage_limit_exceeded", "billing", 429),
    "overloaded": _openai(None, "server_error", 503),
    "internal": _openai(None, "server_error", 500),
    "context": _openai("context_length_exceeded", "invalid_request_error", 400),
    "content": _openai("content_filter", "invalid_request_error", 400),
    "unprocessable": _openai(None, "invalid_request_error", 422),
    "key": _openai("invalid_api_key", "invalid_request_error", 401),
    "forbidden": _openai(None, "permission_error", 403),
    "moderated": Fault(403, {}, {"error": {"code": 403, "message": "words", "metadata": {"reasons": ["violence"]}}}),
    "model": _openai("model_not_found", "invalid_request_error", 404),
    "conflict": _openai(None, "conflict", 409),
    "timeout": _openai(None, "timeout", 408),
    "gateway-timeout": _openai(None, "timeout", 504),
    "flex": _openai("capacity_exceeded", "flex", 498),
    "paid": _openai(None, "billing", 402),
    "in-flight": _openai("in_flight_budget_exhausted", "billing", 402),
    "not-implemented": _openai(None, "server_error", 501),
    "stream-error": Fault(200, SSE, _sse(CHUNK, {"error": {"message": "words", "type": "server_error", "code": None}})),
    "stream-rate": Fault(
        200, SSE, _sse({"error": {"message": "words", "type": "tokens", "code": "rate_limit_exceeded"}})
    ),
    "stream-code": Fault(200, SSE, _sse(CHUNK, {"error": {"message": "words", "code": 502}})),
    "stream-quota": Fault(200, SSE, _sse({"error": {"message": "words", "type": "insufficient_quota", "code": None}})),
    "stream-half": Fault(200, SSE, _sse(CHUNK), "half"),
}
ANTHROPIC = COMMON | {
    "rate": _anthropic("rate_limit_error", 429, **{"retry-after": "12"}),
    "overloaded": _anthropic("overloaded_error", 529),
    "internal": _anthropic("api_error", 500),
    "context": _anthropic("invalid_request_error", 400),
    "large": _anthropic("request_too_large", 413),
    "key": _anthropic("authentication_error", 401),
    "forbidden": _anthropic("permission_error", 403),
    "model": _anthropic("not_found_error", 404),
    "billing": _anthropic("billing_error", 402),
    "spend": _anthropic("rate_limit_error", 429, spent="enforced_spend_limit_reached"),
    "timeout": _anthropic("timeout_error", 504),
    "stream-error": Fault(
        200,
        SSE,
        _sse(
            ANTHROPIC_START,
            {"type": "error", "error": {"type": "overloaded_error", "message": "words"}},
            named=True,
        ),
    ),
    "stream-rate": Fault(
        200, SSE, _sse({"type": "error", "error": {"type": "rate_limit_error", "message": "words"}}, named=True)
    ),
    "stream-timeout": Fault(
        200, SSE, _sse({"type": "error", "error": {"type": "timeout_error", "message": "words"}}, named=True)
    ),
    "stream-half": Fault(200, SSE, _sse(ANTHROPIC_START, named=True), "half"),
}
GEMINI = COMMON | {
    "rate": _gemini(429, "RESOURCE_EXHAUSTED", [RETRY_INFO]),
    "overloaded": _gemini(503, "UNAVAILABLE"),
    "internal": _gemini(500, "INTERNAL"),
    "context": _gemini(400, "INVALID_ARGUMENT"),
    "key": _gemini(400, "INVALID_ARGUMENT", [KEY_INFO]),
    "forbidden": _gemini(403, "PERMISSION_DENIED"),
    "model": _gemini(404, "NOT_FOUND"),
    "timeout": _gemini(504, "DEADLINE_EXCEEDED"),
    "stream-half": Fault(200, SSE, _sse({"candidates": [{"content": {"parts": [{"text": "Hello"}]}}]}), "half"),
}
BEDROCK = COMMON | {
    "rate": _aws("ThrottlingException", 429),
    "quota": _aws("ServiceQuotaExceededException", 400),
    "overloaded": _aws("ServiceUnavailableException", 503),
    "internal": _aws("InternalServerException", 500),
    "model-error": _aws("ModelErrorException", 424),
    "not-ready": _aws("ModelNotReadyException", 429),
    "timeout": _aws("ModelTimeoutException", 408),
    "context": _aws("ValidationException", 400),
    "key": _aws("UnrecognizedClientException", 403),
    "expired": _aws("ExpiredTokenException", 403),
    "forbidden": _aws("AccessDeniedException", 403),
    "model": _aws("ResourceNotFoundException", 404),
}
COHERE = COMMON | {
    "rate": Fault(429, {"retry-after": "3"}, {"message": "words"}),
    "overloaded": Fault(503, {}, {"message": "words"}),
    "internal": Fault(500, {}, {"message": "words"}),
    "context": Fault(400, {}, {"message": "too many tokens"}),
    "unprocessable": Fault(422, {}, {"message": "words"}),
    "key": Fault(401, {}, {"message": "invalid api token"}),
    "token": Fault(498, {}, {"message": "invalid token"}),
    "paid": Fault(402, {}, {"message": "words"}),
    "timeout": Fault(504, {}, {"message": "words"}),
}
HTTP = COMMON | {
    "rate": Fault(429, {"retry-after": "Mon, 30 Nov 2026 09:00:09 GMT", "date": "Mon, 30 Nov 2026 09:00:00 GMT"}, {}),
    "quota": _openai("insufficient_quota", "insufficient_quota", 429),
    "overloaded": Fault(503, {}, {}),
    "context": _openai("context_length_exceeded", "invalid_request_error", 400),
    "key": Fault(401, {}, {}),
}

_USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
_CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
_END = CHUNK | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
_PART = {"content": {"role": "model", "parts": [{"text": "Hello"}]}}
_COUNTS = {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5}
ANSWERS: dict[str, dict[str, Fault]] = {
    "openai": {
        "whole": Fault(body=CHUNK | {"object": "chat.completion", "choices": [_CHOICE], "usage": _USAGE}),
        "stream": Fault(200, SSE, _sse(CHUNK, _END, CHUNK | {"choices": [], "usage": _USAGE}) + b"data: [DONE]\n\n"),
        "unended": Fault(200, SSE, _sse(CHUNK, CHUNK)),
    },
    "anthropic": {
        "whole": Fault(
            body=ANTHROPIC_START["message"]
            | {"stop_reason": "end_turn", "usage": {"input_tokens": 3, "output_tokens": 2}}
        ),
        "stream": Fault(
            200,
            SSE,
            _sse(
                ANTHROPIC_START,
                {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}},
                {"type": "content_block_stop", "index": 0},
                {
                    "type": "message_delta",
                    "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                    "usage": {"output_tokens": 2},
                },
                {"type": "message_stop"},
                named=True,
            ),
        ),
        "unended": Fault(200, SSE, _sse(ANTHROPIC_START, named=True)),
    },
    "genai": {
        "whole": Fault(body={"candidates": [_PART | {"finishReason": "STOP"}], "usageMetadata": _COUNTS}),
        "stream": Fault(
            200,
            SSE,
            _sse({"candidates": [_PART]}, {"candidates": [_PART | {"finishReason": "STOP"}], "usageMetadata": _COUNTS}),
        ),
        "unended": Fault(200, SSE, _sse({"candidates": [_PART]})),
    },
}
"""Answers that are none of these faults: whole, as a stream, and as a stream that just ends."""

FAULTS: dict[str, dict[str, Fault]] = {
    "openai": OPENAI,
    "anthropic": ANTHROPIC,
    "genai": GEMINI,
    "boto3": BEDROCK,
    "cohere": COHERE,
    "httpx": HTTP,
    "httpx2": HTTP,
    "requests": HTTP,
    "urllib": HTTP,
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        _, library, name, *_ = self.path.split("/")
        fault = FAULTS[library].get(name) or ANSWERS[library][name]
        if fault.ends == "hang":
            self.server.over.wait(30)
        if fault.ends in ("hang", "reset"):
            self._tear()
            return
        body = fault.body if isinstance(fault.body, bytes) else json.dumps(fault.body).encode()
        self.send_response(fault.status)
        headers = {"content-type": "application/json"} | dict(fault.headers)
        for header, value in headers.items():
            if header != "date":
                self.send_header(header, value)
        self.send_header("content-length", str(len(body) + (100 if fault.ends == "half" else 0)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        if fault.ends == "half":
            self._tear()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Say the day of the recordings, so that dates in headers do."""
        return "Mon, 30 Nov 2026 09:00:00 GMT"

    def _tear(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.over = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of callers who went away."""


@contextmanager
def faulty() -> Iterator[str]:
    """Listen on a free port of the loopback, and give the server's URL."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
