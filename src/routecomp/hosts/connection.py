"""Send requests to a host over one connection, within one deadline, and read the answers."""

from __future__ import annotations

import base64
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

MOST_BYTES = 4 << 20
"""How much of an answer is read."""
_PIECE = 1 << 16


class Answer(NamedTuple):
    """What a host sent, and after how many whole milliseconds it was there."""

    status: int
    headers: dict[str, str]
    body: bytes
    took_ms: int


class NoProxyError(Exception):
    """The environment names a proxy that is none."""


class TooLongError(HTTPException):
    """An answer is longer than one that is read."""


class Connection:
    """A connection that is opened by the first request and kept for the next; redirects are not followed.

    A proxy is used where the environment names one, as other clients do. `deadline` is a time of `time.monotonic`:
    what waits longer raises `TimeoutError`.
    """

    def __init__(self, url: str, deadline: float) -> None:
        parts = urlsplit(url)
        host, self._deadline, self._prefix = parts.hostname or "", deadline, ""
        is_safe = parts.scheme == "https"
        port = parts.port or (443 if is_safe else 80)
        proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
        by = _proxy(proxy) if proxy else None
        near, door = (host, port) if by is None else (by.hostname or "", by.port or 80)
        login = {} if by is None else _login(by)
        self._http: HTTPConnection
        if is_safe:
            self._http = HTTPSConnection(near, door, context=ssl.create_default_context())
            if by is not None:
                self._http.set_tunnel(host, port, login)
        else:
            self._http = HTTPConnection(near, door)
            self._prefix = "" if by is None else f"http://{parts.netloc}"
        self._login = {} if is_safe else login

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send a request and return the whole answer; raises what sockets, TLS and `http.client` raise."""
        parts = urlsplit(url)
        target = self._prefix + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        begun = time.monotonic()
        self._wait_no_longer()
        self._http.request(method, target, body, {**headers, **self._login})
        self._wait_no_longer()
        answer = self._http.getresponse()
        pieces, size = [], 0
        while True:
            self._wait_no_longer()
            piece = answer.read1(_PIECE)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise TooLongError
        answer.close()  # read whole, it leaves the connection to the next
        took_ms = round((time.monotonic() - begun) * 1000)
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, b"".join(pieces), took_ms)

    def close(self) -> None:
        """Close the connection, also under a thread that waits for the host."""
        open_socket = self._http.sock
        if open_socket is not None:
            with suppress(OSError):  # where the host has closed it
                open_socket.shutdown(socket.SHUT_RDWR)
        self._http.close()

    def _wait_no_longer(self) -> None:
        """Bound the next wait by what is left."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._http.timeout = left
        if self._http.sock is not None:
            self._http.sock.settimeout(left)


def _proxy(text: str) -> SplitResult:
    """Return the address of a proxy; raise `NoProxyError` where it is none. The text may hold a password."""
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        is_known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is none
        is_known = False
    if not is_known:
        raise NoProxyError("the address of the proxy, in http_proxy or https_proxy, is none")
    return parts


def _login(proxy: SplitResult) -> dict[str, str]:
    """Return the header with which a proxy is told the user and the password of its address."""
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
