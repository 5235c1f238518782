"""Record the requests that reach a server on the loopback, byte for byte, and answer each with an error."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ANSWER = b'{"error": {"message": "recorded", "type": "recorded"}}'


@dataclass(frozen=True)
class Request:
    """One request as it was on the wire: the target is the path with its query, undecoded."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@contextmanager
def recording(requests: list[Request], certificate: Path | None = None) -> Iterator[str]:
    """Listen on a free port of the loopback, add each request to a list, and give the server's URL.

    With a certificate and its key, in one file, over HTTPS.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            requests.append(Request(self.command, self.path, tuple(self.headers.items()), body))
            self.send_response(400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(ANSWER)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(ANSWER)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the requests are kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
