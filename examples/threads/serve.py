"""Serve chats with threads and the standard library alone: `routecomp-service` is all that must be installed."""

from __future__ import annotations

import json
import os
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from routecomp import service
from routecomp.service import At, CallError

router = service.open(os.environ["ROUTING_TABLE"], every_s=float(os.getenv("RELOAD_S", "30")), mirror=True, deadline=20)


def send(at: At, messages: list[Any], *, stream: bool) -> HTTPResponse:
    """Ask one model in its host's own format; whatever goes wrong is raised, as urllib raises it."""
    headers = {"Content-Type": "application/json", **at.headers}
    if at.auth == "bearer":
        headers["Authorization"] = f"Bearer {at.api_key}"
    elif at.auth != "none":
        headers[at.auth.removeprefix("header:")] = at.api_key or ""
    body = {"model": at.upstream_model, "messages": messages, "stream": stream, **at.params}
    request = urllib.request.Request(at.stream_url if stream else at.url, json.dumps(body).encode(), headers)
    response: HTTPResponse = urllib.request.urlopen(request, timeout=at.timeout)
    return response


def ask(at: At, messages: list[Any]) -> Any:
    """Return the whole answer of one model."""
    with send(at, messages, stream=False) as response:
        return json.load(response)


def ask_stream(at: At, messages: list[Any]) -> Iterator[Any]:
    """Yield the events of one model as they come."""
    with send(at, messages, stream=True) as response:
        for line in response:
            if line.startswith(b"data: {"):
                yield json.loads(line[6:])


def text_of(piece: Any) -> str:
    """Return the text of an answer or an event, OpenAI's or Anthropic's."""
    part = (piece.get("choices") or piece.get("content") or [piece])[0]
    part = part.get("message") or part.get("delta") or part
    return part.get("content") or part.get("text") or ""


class Handler(BaseHTTPRequestHandler):
    """One connection: `POST /chat`, the probes and the metrics."""

    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self) -> None:
        """Answer a probe, or tell the metrics."""
        if self.path == "/metrics":
            self.answer(200, router.metrics())
        else:
            is_well = {"/ready": router.ready, "/live": router.live}.get(self.path)
            self.answer(404 if is_well is None else 200 if is_well() else 503, "")

    def do_POST(self) -> None:
        """Answer a chat: JSON, or with `"stream": true` text as it comes."""
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            messages, stream = body["messages"], body.get("stream", False)
        except (ValueError, LookupError, TypeError, AttributeError):
            return self.answer(422, "a JSON object with `messages`")
        asked = {"feature": "support-chat", "messages": messages, "tenant": self.headers.get("X-Tenant")}
        asked |= {"request_id": self.headers.get("X-Request-Id")}
        try:
            if stream:
                return self.relay(messages, asked)
            text = text_of(router.run(lambda at: ask(at, messages), **asked))
        except CallError as error:  # rejected, exhausted, no key: each knows the status that fits
            return self.answer(error.http_status, json.dumps({"error": str(error)}), error.http_headers)
        except urllib.error.HTTPError as error:  # every model refused the request itself
            return self.answer(422, json.dumps({"error": str(error)}))
        return self.answer(200, json.dumps({"text": text}))

    def relay(self, messages: list[Any], asked: dict[str, Any]) -> None:
        """Pass a stream on as it comes; where it breaks, the response breaks too."""
        with router.stream(lambda at: ask_stream(at, messages), first_token=5, between=5, **asked) as chunks:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                for text in map(text_of, chunks):
                    if text:
                        self.wfile.write(f"{len(text.encode()):x}\r\n{text}\r\n".encode())
                self.wfile.write(b"0\r\n\r\n")
            except (service.StreamBroken, OSError):  # the host's half of it, or the caller's
                self.close_connection = True

    def answer(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        """Send a whole answer."""
        data = text.encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    """A server whose end waits for the calls that are under way."""

    daemon_threads = False
    request_queue_size = 128


def main() -> None:
    """Serve until SIGTERM; then end the calls that are under way, and write every outcome."""
    with router, Server(("127.0.0.1", int(os.getenv("PORT", "8000"))), Handler) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
