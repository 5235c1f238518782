"""A host on this machine that answers as it is told and keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

GOOD = {"choices": [{"message": {"content": "Hello."}}], "usage": {"prompt_tokens": 9, "completion_tokens": 3}}


class Asked(NamedTuple):
    """A request, and by which connection it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    connection: tuple[str, int]


class Host:
    """`answers` are given in turn, the last for ever: a status and a body, `hang` or `reset`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: list[Any] = [(200, GOOD)]
        self.asked: list[Asked] = []
        self.release = threading.Event()


@contextmanager
def local_host() -> Iterator[Host]:
    """Run a host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    host = Host(f"http://127.0.0.1:{server.server_address[1]}")
    server.host = host  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.release.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def do_GET(self) -> None:
        self._answer(None)

    def _answer(self, body: Any) -> None:
        host: Host = self.server.host  # type: ignore[attr-defined]
        headers = {name.lower(): value for name, value in self.headers.items()}
        host.asked.append(Asked(self.command, self.path, headers, body, self.client_address))
        told = host.answers.pop(0) if len(host.answers) > 1 else host.answers[0]
        if told == "hang":
            host.release.wait(30)
            return
        if told == "reset":
            self.close_connection = True
            self.connection.close()
            return
        if told == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for _ in range(100):
                if host.release.wait(0.2):
                    return
                self.wfile.write(b" ")
                self.wfile.flush()
            return
        status, values = told
        data = values if isinstance(values, bytes) else json.dumps(values).encode()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


def wait_until(is_so: Any) -> None:
    """Wait for something that will be."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it never was so")
