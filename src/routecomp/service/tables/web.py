"""Fetch a table over HTTPS: conditional, bounded in size and time, from the one host that was named."""

from __future__ import annotations

import hashlib
import http.client
import re
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from routecomp.service.tables.files import Files, Unread, read_file

MAX_BYTES: Final = 64 * 1024 * 1024
"""The size of the largest table that is fetched, unless the caller allows more."""

Headers = Mapping[str, str] | Callable[[], Mapping[str, str]]


class WebSource:
    """A table at a URL. Nothing that is fetched is imported or run, and no header is ever shown."""

    def __init__(
        self, url: str, fallback: str | None, headers: Headers | None, timeout_s: float, max_bytes: int = MAX_BYTES
    ) -> None:
        """Take the URL of a table; `fallback` is the path of a local file. ValueError if the URL is not allowed."""
        self._url = check_url(url)
        self.name = shown(url)
        self.identity: str | None = identify(url, headers)
        self._fallback, self._max_bytes = fallback, max_bytes
        self._site = Site(headers, timeout_s)
        self._validators: dict[str, str] = {}  # what the server said of the table that was read last

    def read(self, *, afresh: bool) -> Files:
        """Ask for the table, and for nothing but the news of it if it was read before."""
        fallback = None if self._fallback is None else read_file(self._fallback, self._max_bytes)
        try:
            answer = self._site.begin().fetch(self._url, {} if afresh else self._validators, self._max_bytes)
        except Exception as error:
            return Files(Unread(describe(error)), fallback)
        if answer is None:
            return Files(None, fallback)
        self._validators = answer.validators
        return Files(answer.body, fallback)


class Site:
    """The one host that was named, what it is told in headers, and how long it may take for a look."""

    def __init__(self, headers: Headers | None, timeout_s: float) -> None:
        """Take the caller's headers. ValueError if one of them cannot be sent."""
        self._headers, self._timeout_s = headers, timeout_s
        if headers is not None and not callable(headers):
            _check_headers(headers)

    def begin(self) -> Visit:
        """Begin a look; its time runs from here. Raises what the caller's function of headers raises."""
        deadline = time.monotonic() + self._timeout_s
        given = self._headers() if callable(self._headers) else self._headers or {}
        _check_headers(given)
        return Visit(given, deadline)


class Visit(NamedTuple):
    """One look at a site."""

    headers: Mapping[str, str]
    deadline: float

    def fetch(self, url: SplitResult, validators: Mapping[str, str], max_bytes: int) -> Answer | None:
        """Return a file; None if the server says that it did not change. Raises what `describe` has words for."""
        headers = {"Accept-Encoding": "identity", "Cache-Control": "no-cache", **self.headers, **validators}
        for _ in range(_MOST_REDIRECTS + 1):
            answer = _get(url, headers, self.deadline, max_bytes)
            if answer.location is None:
                break
            url = _follow(url, answer.location)
        else:
            raise _Failed(f"the server redirects more than {_MOST_REDIRECTS} times")
        if answer.status == 304:
            if not validators:
                raise _Failed("the server answers 304 (not modified) to a question that was not conditional")
            return None
        if answer.status != 200:
            raise _Failed(f"the server answers {answer.status}")
        return answer

    def fetch_whole(self, url: SplitResult, max_bytes: int) -> bytes:
        """Return a file, asked for on no condition. Raises what `describe` has words for."""
        answer = self.fetch(url, {}, max_bytes)
        assert answer is not None
        return answer.body


def shown(url: str) -> str:
    """Return a URL as it may be shown: a query or a user may hold a credential."""
    parts = urlsplit(url)
    query = "?…" if parts.query else ""
    return f"{parts.scheme}://{_host(parts)}{parts.path}{query}"


def check_url(url: str) -> SplitResult:
    """Return the parts of a URL; raise ValueError if it is not HTTPS, loopback apart, or holds a user."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if not parts.hostname or port == -1 or not re.fullmatch(r"[\x21-\x7e]+", url):
        raise ValueError(f"{shown(url)} is not a URL with a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"the URL of {_host(parts)} holds a user or a password: give them in `headers`")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise ValueError(f"{shown(url)} is not https: only a table on this machine may come over plain http")
    return parts


def describe(error: Exception) -> str:
    """Say what went wrong with a look by its kind alone: words of the library may hold a header."""
    if isinstance(error, _Failed):
        return error.reason
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, http.client.IncompleteRead):
        return "the connection ended before the table did"
    if isinstance(error, ssl.SSLError):
        return f"the connection is not secure ({type(error).__name__})"
    if isinstance(error, OSError):
        return f"the server cannot be reached ({error.strerror or type(error).__name__})"
    return f"the table cannot be fetched ({type(error).__name__})"


def identify(url: str, headers: Headers | None) -> str:
    """Return what tells a source from others: its URL, and the headers with which it is asked.

    A header may be a secret, and what is written may be read by others: of headers only a digest is left, which takes
    long to compute and is of this URL alone, so that nobody tries all short secrets. A function's headers change from
    look to look: it counts by its name.
    """
    if not headers:
        return url
    if callable(headers):
        kind = headers if hasattr(headers, "__qualname__") else type(headers)
        return f"{url}\n{kind.__module__}.{kind.__qualname__}"
    _check_headers(headers)
    told = "\n".join(sorted(f"{name.lower()}:{value.strip()}" for name, value in headers.items()))
    return f"{url}\n{hashlib.pbkdf2_hmac('sha256', told.encode(), url.encode(), _ROUNDS).hex()}"


_MOST_REDIRECTS: Final = 3
_ROUNDS: Final = 100_000
_PIECE: Final = 64 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\t\x20-\x7e]*")


class _Failed(Exception):
    """Why a table was not fetched, in words without any credential."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Answer(NamedTuple):
    """What a server answered to one request."""

    status: int
    location: str | None
    validators: dict[str, str]
    body: bytes


def _is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _host(parts: SplitResult) -> str:
    """Return the host and port of a URL, without the user."""
    return parts.netloc.rpartition("@")[2]


def _check_headers(headers: Mapping[str, str]) -> None:
    """Raise ValueError for a header that cannot be sent; its value is not shown."""
    for name, value in headers.items():
        if not (isinstance(name, str) and _NAME.fullmatch(name)):
            raise ValueError("a name in `headers` is not the name of a header")
        if not (isinstance(value, str) and _VALUE.fullmatch(value)):
            raise ValueError(f"the value of the header {name} is not one line of printable ASCII")


def _follow(url: SplitResult, location: str) -> SplitResult:
    """Return where a redirect leads; raise _Failed if that is not the same scheme, host and port."""
    target = urlsplit(urljoin(url.geturl(), location))
    if _origin(target) != _origin(url) or target.username is not None:
        raise _Failed("the server redirects to another host, port or scheme, which is not followed")
    return target._replace(fragment="")


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port of a URL."""
    try:
        port = parts.port
    except ValueError:
        port = -1
    return parts.scheme, parts.hostname, port or {"https": 443, "http": 80}.get(parts.scheme)


def _get(url: SplitResult, headers: Mapping[str, str], deadline: float, max_bytes: int) -> Answer:
    """Make one request; it ends by the deadline even if the server sends a byte now and then."""
    connection = _connect(url, _left(deadline))
    guillotine = _Guillotine(deadline)
    # The one place where the library makes its socket: before it talks to a proxy, and before TLS.
    connection._create_connection = guillotine.connect  # type: ignore[attr-defined]
    try:
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request("GET", path, headers=dict(headers))
        answer = _read_answer(connection.getresponse(), max_bytes)
        _left(deadline)  # a connection that was cut may look like one that ended
        return answer
    except Exception:
        _left(deadline)
        raise
    finally:
        guillotine.stop()
        connection.close()


def _connect(url: SplitResult, timeout_s: float) -> http.client.HTTPConnection:
    """Return a connection to a host, through the environment's proxy for https if it names one."""
    scheme, host, port = _origin(url)
    if scheme != "https":  # this machine
        return http.client.HTTPConnection(host or "", port, timeout=timeout_s)
    context = ssl.create_default_context()
    named = None if proxy_bypass(host or "") else getproxies().get("https")
    if named is None:
        return http.client.HTTPSConnection(host or "", port, timeout=timeout_s, context=context)
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    if proxy.scheme != "http" or not proxy.hostname:
        raise _Failed("the proxy that https_proxy names is not one of http://")
    connection = http.client.HTTPSConnection(proxy.hostname, proxy.port or 80, timeout=timeout_s, context=context)
    user = f"{unquote(proxy.username or '')}:{unquote(proxy.password or '')}"
    pass_on = {"Proxy-Authorization": f"Basic {b64encode(user.encode()).decode()}"} if proxy.username else {}
    connection.set_tunnel(host or "", port, pass_on)
    return connection


def _left(deadline: float) -> float:
    """Return the seconds that are left; raise _Failed if none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _Failed("the server did not answer in time")
    return left


class _Guillotine:
    """Shut a socket down at a deadline, from another thread: a time-out of the socket begins anew with each byte."""

    def __init__(self, deadline: float) -> None:
        self._sock: socket.socket | None = None
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._fall)
        self._timer.daemon = True
        self._timer.start()

    def connect(self, *arguments: Any) -> socket.socket:
        """Make a connection, as `socket.create_connection` does, and watch a copy of its descriptor."""
        sock = socket.create_connection(*arguments)
        self._sock = sock.dup()  # TLS takes the socket over, and leaves an empty one behind
        if not self._timer.is_alive():  # it fell while a host of many addresses was tried
            self._fall()
        return sock

    def stop(self) -> None:
        """Let the connection go."""
        self._timer.cancel()
        self._timer.join()
        if self._sock is not None:
            self._sock.close()

    def _fall(self) -> None:
        """Shut the socket down; the thread that reads it is woken."""
        if self._sock is not None:
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)


def _read_answer(response: http.client.HTTPResponse, max_bytes: int) -> Answer:
    """Read an answer to its end; raise _Failed if it is too long, encoded, or shorter than it says."""
    location = response.getheader("Location") if response.status in _REDIRECTS else None
    if response.status != 200:
        return Answer(response.status, location, {}, b"")
    encoding = (response.getheader("Content-Encoding") or "identity").lower()
    if encoding != "identity":
        raise _Failed("the server sends the table in another encoding, though it was asked for plain bytes")
    announced = response.length
    if announced is not None and announced > max_bytes:
        raise _Failed(f"the table has {announced} bytes, more than the {max_bytes} allowed")
    pieces, size = [], 0
    while piece := response.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > max_bytes:
            raise _Failed(f"the table has more than the {max_bytes} bytes allowed")
    if announced is not None and size != announced:
        raise _Failed(f"the connection ended after {size} of {announced} bytes")
    validators = {}
    for question, header in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        value = response.getheader(header)
        if value and _VALUE.fullmatch(value):
            validators[question] = value
    return Answer(200, None, validators, b"".join(pieces))
