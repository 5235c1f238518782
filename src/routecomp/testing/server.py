"""Serve OpenAI's and Anthropic's wire formats on this machine, with the faults that hosts have."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

FAULTS: Final = ("429", "500", "hang", "reset", "half_stream", "slow_first_token", "error_in_stream")
"""What may go wrong. Without a stream `half_stream` and `error_in_stream` are a reset."""
_TEXT: Final = ("Hello", " from", " ")
_USAGE: Final = (9, 4)
_SLOW_S: Final = 0.5
_ROUNDING: Final = 1e-9


class Server:
    """A server at `url`. `faults` chooses what goes wrong in a call of a model: one of `FAULTS`, or None for nothing.

    A hang ends when the server does, or when the client gives up. `calls` counts what was asked, by model and fault.
    """

    def __init__(self, url: str, faults: Callable[[str], str | None]) -> None:
        self.url = url
        self.faults = faults
        self.calls: Counter[tuple[str, str | None]] = Counter()
        self.slow_s = _SLOW_S
        self.ends = threading.Event()
        self.mistake: BaseException | None = None
        """What `faults` raised, or why what it returned is no fault; it is raised at the end of the block."""
        self._lock = threading.Lock()

    def choose(self, model: str) -> str | None:
        """Return what goes wrong in the next call of a model, and count it."""
        with self._lock:
            fault = self.faults(model)
            if fault is not None and fault not in FAULTS:
                raise ValueError(f"`faults` returned {fault!r}, which is no fault: it is one of {', '.join(FAULTS)}")
            self.calls[model, fault] += 1
        return fault


def at_random(rates: Mapping[str, float], seed: int = 0) -> Callable[[str], str | None]:
    """Return a chooser of faults: each with its share of all calls, by a seed. ValueError for what is no such share."""
    for fault, rate in rates.items():
        if fault not in FAULTS:
            raise ValueError(f"{fault!r} is no fault: it is one of {', '.join(FAULTS)}")
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise ValueError(f"the share of {fault} is {rate!r}, and a number from 0 to 1 is meant")
    if sum(rates.values()) > 1 + _ROUNDING:
        raise ValueError(f"the shares of faults add up to {sum(rates.values()):g}, and to 1 at most is meant")
    dice = random.Random(seed)

    def choose(model: str) -> str | None:
        left = dice.random()
        for fault, rate in rates.items():
            left -= rate
            if left < 0:
                return fault
        return None

    return choose


@contextmanager
def serve(
    faults: Callable[[str], str | None] | Mapping[str, float] | None = None, *, seed: int = 0, port: int = 0
) -> Iterator[Server]:
    """Run a server on a port of this machine, a free one unless you name it.

    `faults` is a function of the model's upstream name, or the share of calls that each fault has; without it nothing
    goes wrong. ValueError for what is no fault or no share; of what a function returns, at the end of the block. The
    server answers every POST whose path ends with `/chat/completions` as OpenAI does, and with `/messages` as Anthropic
    does, streaming where the body says so.
    """
    chooser = faults if callable(faults) else at_random(faults or {}, seed)
    http = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    http.daemon_threads = True
    server = Server(f"http://127.0.0.1:{http.server_address[1]}", chooser)
    http.served = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ends.set()
        http.shutdown()
        http.server_close()
    if server.mistake is not None:
        raise server.mistake


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer one call."""
        server: Server = self.server.served  # type: ignore[attr-defined]
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
        except ValueError:
            body = None
        path = self.path.partition("?")[0]
        is_anthropic = path.endswith("/messages")
        if not (is_anthropic or path.endswith("/chat/completions")) or not isinstance(body, dict):
            self._send(404, {"error": {"type": "not_found", "message": "no such path, or no JSON object"}})
            return
        model, streams = str(body.get("model")), body.get("stream") is True
        try:
            fault = server.choose(model)
        except Exception as mistake:
            server.mistake = mistake
            self._send(400, {"error": {"type": "invalid_request_error", "message": str(mistake)}})
            return
        try:
            self._play(server, fault, model, is_anthropic=is_anthropic, streams=streams)
        except ConnectionError:  # the client has gone
            self.close_connection = True

    def _play(self, server: Server, fault: str | None, model: str, *, is_anthropic: bool, streams: bool) -> None:
        if fault == "429":
            self._send(429, {"error": {"type": "rate_limit_error", "message": "slow down"}}, {"retry-after": "1"})
        elif fault == "500":
            self._send(500, {"error": {"type": "api_error", "message": "something broke"}})
        elif fault == "hang":
            server.ends.wait()
            self.close_connection = True
        elif fault == "reset" or (fault in ("half_stream", "error_in_stream") and not streams):
            self._reset()
        else:
            if fault == "slow_first_token":
                server.ends.wait(server.slow_s)
            text = [*_TEXT, model]
            if streams:
                self._stream(_anthropic_events(text) if is_anthropic else _openai_events(text), fault)
            else:
                self._send(200, _anthropic_answer("".join(text)) if is_anthropic else _openai_answer("".join(text)))

    def _send(self, status: int, values: Any, headers: Mapping[str, str] | None = None) -> None:
        data = json.dumps(values).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, events: list[tuple[str | None, Any]], fault: str | None) -> None:
        """Send events, the first half of them where the stream breaks."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        is_whole = fault not in ("half_stream", "error_in_stream")
        for name, values in events if is_whole else events[: len(events) // 2]:
            self._event(name, values)
        if fault == "half_stream":
            self._reset()
            return
        if fault == "error_in_stream":
            error = {"type": "overloaded_error", "message": "overloaded"}
            self._event("error", {"type": "error", "error": error})
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, name: str | None, values: Any) -> None:
        text = values if isinstance(values, str) else json.dumps(values)
        data = (f"event: {name}\n" if name else "").encode() + f"data: {text}\n\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _reset(self) -> None:
        """End the connection without another byte."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(2)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


def _openai_answer(text: str) -> Any:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": _USAGE[0], "completion_tokens": _USAGE[1], "total_tokens": sum(_USAGE)}
    return {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}


def _openai_events(pieces: list[str]) -> list[tuple[str | None, Any]]:
    frame = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    deltas: list[tuple[str | None, Any]] = [
        (None, frame | {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        for piece in pieces
    ]
    end = frame | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    return [*deltas, (None, end), (None, "[DONE]")]


def _anthropic_answer(text: str) -> Any:
    return _message([{"type": "text", "text": text}], "end_turn")


def _anthropic_events(pieces: list[str]) -> list[tuple[str | None, Any]]:
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": _message([], None)},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": _USAGE[1]},
        },
        {"type": "message_stop"},
    ]
    return [(str(event["type"]), event) for event in events]


def _message(content: list[Any], stop_reason: str | None) -> Any:
    usage = {"input_tokens": _USAGE[0], "output_tokens": _USAGE[1]}
    message = {"id": "x", "type": "message", "role": "assistant", "model": "m", "content": content, "usage": usage}
    return message | {"stop_reason": stop_reason, "stop_sequence": None}
