"""A table over HTTP, from a real server that misbehaves: what is wrong is said, and the last good table serves on."""

from __future__ import annotations

import select
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from routecomp.service.tables.files import Unread
from routecomp.service.tables.tables import Tables
from routecomp.service.tables.web import WebSource, shown

from .pieces import Heard, adds_up, fallback, good, kept, kept_file, model

SECRET = "hunter2"
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by what the test put into the server, and remembers what it was asked."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append({name.lower(): value for name, value in self.headers.items()})
        self.close_connection = True
        try:
            self.server.answer(self)
        except (ConnectionError, ssl.SSLError):  # who asked went away
            return

    def log_message(self, *_: object) -> None:
        return

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """A server on this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, str]] = []
        self.answer: Answer = lambda handler: handler.reply(404)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/tables/routing_table.json?sig={SECRET}"

    def handle_error(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def serving(raw: bytes) -> Answer:
    """Answer as a good server does: 304 to who has it already."""
    tag = f'"{sha256(raw).hexdigest()}"'

    def answer(handler: Handler) -> None:
        if handler.headers["If-None-Match"] == tag:
            handler.reply(304)
        else:
            handler.reply(200, raw, ETag=tag, Last_Modified="Mon, 30 Nov 2026 09:15:00 GMT")

    return answer


def opened(server: Server, **more: object) -> Tables:
    return Tables(server.url, **{"unsigned": True, "last_good": False, "timeout_s": 20, **more})  # type: ignore[arg-type]


def test_a_table_is_fetched_once(server: Server, tmp_path: Path) -> None:
    """Then the server is asked for the news of it; another table is activated, and kept."""
    server.answer = serving(good(0))
    local = tmp_path / "fallback.json"
    local.write_bytes(fallback(0))
    served = opened(server, last_good=tmp_path / "kept", fallback=local, headers={"Authorization": f"Bearer {SECRET}"})
    assert (model(served), served.refresh().outcome) == ("opus", "unchanged")
    server.answer = serving(good(1))
    assert (served.refresh().outcome, model(served), kept(tmp_path / "kept")) == ("activated", "thinker", good(1))
    assert [ask.get("if-none-match") for ask in server.asked] == [None, *[f'"{sha256(good(0)).hexdigest()}"'] * 2]
    assert server.asked[1]["if-modified-since"] == "Mon, 30 Nov 2026 09:15:00 GMT"
    assert {ask["authorization"] for ask in server.asked} == {f"Bearer {SECRET}"}
    status = served.status()
    assert (status["fallback"], status["reads"], adds_up(served)) == ("loaded", 3, True)
    assert status["source"].endswith("/tables/routing_table.json?…")
    assert SECRET not in str(status) + repr(served) + kept_file(tmp_path / "kept").read_text()


def test_a_refused_table_is_fetched_once(server: Server) -> None:
    """A 304 about it finds it refused; what is put back is unchanged."""
    heard = Heard()
    server.answer = serving(good(0))
    served = opened(server, on_refused=[heard.append])
    server.answer = serving(b"{")
    reasons = {served.refresh().reason for _ in range(3)}
    assert (served.status()["refused"], len(heard), len(reasons)) == (1, 1, 1)
    assert served.status()["last_refusal"] in reasons
    server.answer = serving(good(0))
    assert (served.refresh().outcome, served.status()["last_refusal"]) == ("unchanged", None)
    assert adds_up(served)


def test_a_look_that_breaks_off_is_made_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that was fetched and not judged is fetched again, though the server would say that it did not change."""
    server.answer = serving(good(0))
    served = opened(server)
    server.answer = serving(good(1))
    with monkeypatch.context() as broken:
        broken.setattr("routecomp.service.tables.tables.try_table", lambda *_: 1 // 0)
        assert served.refresh() == ("unreadable", "the look failed (ZeroDivisionError)")
    assert (served.refresh().outcome, model(served), adds_up(served)) == ("activated", "thinker", True)


def test_what_a_server_says_of_its_bytes_is_not_believed(server: Server) -> None:
    """One ETag for every table, another for each answer, a 304 to a question without condition: bytes decide."""
    server.answer = lambda handler: handler.reply(200, good(0), ETag='"same"')
    served = opened(server)
    server.answer = lambda handler: handler.reply(200, good(1), ETag='"same"')
    assert (served.refresh().outcome, model(served)) == ("activated", "thinker")
    server.answer = lambda handler: handler.reply(200, good(1), ETag=f'"{time.monotonic_ns()}"')
    assert [served.refresh().outcome for _ in range(2)] == ["unchanged", "unchanged"]
    server.answer = lambda handler: handler.reply(200, good(1))
    assert served.refresh().outcome == "unchanged"
    server.answer = lambda handler: handler.reply(304)
    assert "was not conditional" in str(served.refresh().reason)
    assert "was not conditional" in str(opened(server).status()["last_failure"])


def half(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(good(1))))
    handler.end_headers()
    handler.wfile.write(good(1)[:1000])


def half_a_chunk(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"400\r\n" + good(1)[:100])


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 65536)


def drip(handler: Handler) -> None:
    """Send a byte now and then, so that no wait for a byte is long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n")
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.02)


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        handler.wfile.write(f"X-{number}: x\r\n".encode())
        time.sleep(0.02)


def hello(handler: Handler) -> None:
    handler.wfile.write(b"hello\r\n")


def hang(handler: Handler) -> None:
    time.sleep(2)


FAULTS: dict[str, tuple[Answer, str]] = {
    "500": (lambda handler: handler.reply(500, SECRET.encode()), "the server answers 500"),
    "404": (lambda handler: handler.reply(404), "the server answers 404"),
    "206": (lambda handler: handler.reply(206, good(1)[:9]), "the server answers 206"),
    "hang": (hang, "the server did not answer in time"),
    "drip": (drip, "the server did not answer in time"),
    "drip headers": (drip_headers, "the server did not answer in time"),
    "half": (half, f"the connection ended after 1000 of {len(good(1))} bytes"),
    "half a chunk": (half_a_chunk, "the connection ended before the table did"),
    "announced too long": (
        lambda handler: handler.reply(200, Content_Length="99999999"),
        "the table has 99999999 bytes, more than the 50000 allowed",
    ),
    "endless": (endless, "the table has more than the 50000 bytes allowed"),
    "another encoding": (
        lambda handler: handler.reply(200, good(1), Content_Encoding="gzip"),
        "the server sends the table in another encoding, though it was asked for plain bytes",
    ),
    "another host": (
        lambda handler: handler.reply(302, Location=f"http://localhost:1/{SECRET}"),
        "the server redirects to another host, port or scheme, which is not followed",
    ),
    "another scheme": (
        lambda handler: handler.reply(301, Location="file:///etc/passwd"),
        "the server redirects to another host, port or scheme, which is not followed",
    ),
    "round and round": (
        lambda handler: handler.reply(307, Location=handler.path),
        "the server redirects more than 3 times",
    ),
    "nothing": (lambda handler: None, "the server cannot be reached (RemoteDisconnected)"),
    "no HTTP": (hello, "the table cannot be fetched (BadStatusLine)"),
    "long headers": (
        lambda handler: handler.reply(200, good(1), X="x" * 70_000),
        "the table cannot be fetched (LineTooLong)",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_server_does_wrong(server: Server, fault: str) -> None:
    """It is said without a credential, counted as nothing read, and the table serves on."""
    answer, words = FAULTS[fault]
    server.answer = serving(good(0))
    served = opened(server, timeout_s=0.3 if "in time" in words else 20, max_bytes=50_000)
    server.answer = answer
    assert served.refresh() == ("unreadable", words)
    status = served.status()
    assert (status["last_failure"], status["unreadable"], status["reads"]) == (words, 1, 1)
    assert (model(served), served.ready(), adds_up(served)) == ("opus", True, True)
    assert SECRET not in str(status)
    server.answer = serving(good(0))
    assert (served.refresh().outcome, served.status()["last_failure"]) == ("unchanged", None)


def test_a_page_is_refused_as_a_table(server: Server) -> None:
    """What a proxy says with 200 is read, and is no table."""
    server.answer = lambda handler: handler.reply(200, b"<html>please log in</html>")
    served = opened(server)
    assert "the file is not JSON" in str(served.status()["last_refusal"])
    assert not served.ready()


def test_redirects_on_the_same_host_are_followed(server: Server) -> None:
    def answer(handler: Handler) -> None:
        if handler.path.startswith("/tables/"):
            handler.reply(302, Location="../moved/table")
        else:
            serving(good(2))(handler)

    server.answer = answer
    served = opened(server, headers={"X-Token": SECRET})
    assert (model(served), [ask["x-token"] for ask in server.asked]) == ("mini", [SECRET, SECRET])


def test_headers_may_change(server: Server) -> None:
    """A function is asked for them before each look; one that fails is said, without what it raised."""
    tokens = iter(["first", "second"])
    server.answer = serving(good(0))
    served = opened(server, headers=lambda: {"Authorization": next(tokens)})
    served.refresh()
    assert [ask["authorization"] for ask in server.asked] == ["first", "second"]
    assert served.refresh().reason == "the table cannot be fetched (StopIteration)"
    assert opened(server, headers=lambda: {"A": f"{SECRET}\n"}).status()["last_failure"] == (
        "the table cannot be fetched (ValueError)"
    )


def test_a_server_that_is_gone_and_comes_back(server: Server, tmp_path: Path) -> None:
    """What was kept serves, though the server cannot be reached."""
    server.answer = serving(good(0))
    opened(server, last_good=tmp_path)
    gone = WebSource(server.url.replace("127.0.0.1", "127.9.9.9"), None, None, 5)
    assert gone.read(afresh=False).table == Unread("the server cannot be reached (Connection refused)")
    server.answer = lambda handler: handler.reply(503)
    served = opened(server, last_good=tmp_path)
    assert (model(served), served.status()["origin"]) == ("opus", "last-good")
    server.answer = serving(good(0))
    assert (served.refresh().outcome, served.status()["origin"]) == ("unchanged", "source")


def test_what_is_shown_of_a_url() -> None:
    assert shown("https://me:pw@host:8443/a/b?sig=x#f") == "https://host:8443/a/b?…"
    assert shown("https://host/a") == "https://host/a"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate for localhost and its key in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=localhost", "-days", "2"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return both


@pytest.fixture
def secure(server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Return a server that speaks TLS, trusted by this process."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.answer = serving(good(0))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return server


def over_tls(server: Server, **more: object) -> Tables:
    url = f"https://localhost:{server.server_address[1]}/table"
    return Tables(url, **{"unsigned": True, "last_good": False, **more})  # type: ignore[arg-type]


def test_certificates_are_checked(secure: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a server whose certificate nobody signed nothing is read; once it is trusted, its table serves."""
    served = over_tls(secure)
    assert model(served) == "opus"
    secure.answer = drip
    assert over_tls(secure, timeout_s=0.3).status()["last_failure"] == "the server did not answer in time"
    monkeypatch.delenv("SSL_CERT_FILE")
    assert served.refresh().reason == "the connection is not secure (SSLCertVerificationError)"
    assert model(served) == "opus"


def test_a_handshake_that_drips_ends_in_time(secure: Server) -> None:
    """What answers sends the beginning of a TLS record, byte by byte."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                for byte in b"\x16\x03\x03\x40\x00" + bytes(2000):
                    connection.sendall(bytes([byte]))
                    time.sleep(0.02)

        thread = threading.Thread(target=answer)
        thread.start()
        source = WebSource(f"https://localhost:{listening.getsockname()[1]}/table", None, None, 0.3)
        assert source.read(afresh=False).table == Unread("the server did not answer in time")
        thread.join()


class Proxy(BaseHTTPRequestHandler):
    """A proxy that connects to one server, whatever host is asked for, and passes bytes on."""

    asked: ClassVar[list[tuple[str, str | None]]] = []
    target: ClassVar[tuple[str, int]]

    def do_CONNECT(self) -> None:
        self.asked.append((self.path, self.headers["Proxy-Authorization"]))
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(self.target) as inner:
            pairs = {inner: self.connection, self.connection: inner}
            while True:
                for ready in select.select([*pairs], [], [])[0]:
                    raw = ready.recv(65536)
                    if not raw:
                        return
                    pairs[ready].sendall(raw)

    def log_message(self, *_: object) -> None:
        return


def test_a_proxy_of_the_environment_is_used(secure: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for the host and sees neither the path nor the token; hosts of `no_proxy` go without it."""
    Proxy.target = ("127.0.0.1", secure.server_address[1])
    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        thread.start()
        try:
            monkeypatch.setenv("https_proxy", f"http://me:p%40ss@127.0.0.1:{proxy.server_address[1]}")
            assert model(over_tls(secure, headers={"Authorization": SECRET})) == "opus"
            assert Proxy.asked == [(f"localhost:{secure.server_address[1]}", "Basic bWU6cEBzcw==")]
            assert "proxy-authorization" not in secure.asked[-1]
            monkeypatch.setenv("no_proxy", "localhost")
            assert model(over_tls(secure)) == "opus"
            assert len(Proxy.asked) == 1
        finally:
            proxy.shutdown()
            thread.join()
    monkeypatch.delenv("no_proxy")
    assert str(over_tls(secure).status()["last_failure"]) == "the server cannot be reached (Connection refused)"
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1")
    assert "is not one of http://" in str(over_tls(secure).status()["last_failure"])


def test_urls_that_differ_in_their_queries_keep_their_own_tables(tmp_path: Path) -> None:
    """What is shown of both is the same, since a query may hold a credential; what is kept is told apart."""
    stems = {
        Tables(f"http://127.0.0.1:9/table?env={name}", last_good=tmp_path, unsigned=True, timeout_s=0.2).stem
        for name in ("prod", "staging")
    }
    assert len(stems) == 2
    assert not any("prod" in stem or "staging" in stem for stem in stems)


def token_of_prod() -> dict[str, str]:
    return {"Authorization": SECRET}


def token_of_staging() -> dict[str, str]:
    return {"Authorization": SECRET}


def test_one_url_with_other_headers_is_another_source(tmp_path: Path) -> None:
    """Each keeps its own table; how a header's name is written changes nothing, and no header is written anywhere."""

    def stem(headers: Any) -> str:
        return Tables("http://127.0.0.1:9/t", last_good=tmp_path, unsigned=True, timeout_s=0.2, headers=headers).stem

    others = [
        None,
        {"X-Env": "prod"},
        {"X-Env": "staging"},
        {"Authorization": SECRET},
        {"X-Env": "prod", "Authorization": SECRET},
        token_of_prod,
        token_of_staging,
    ]
    stems = [stem(headers) for headers in others]
    assert len({*stems}) == len(others)
    assert stem({"authorization": SECRET, "x-env": " prod"}) == stems[4]
    assert not any(SECRET in stem for stem in stems)
    url = "http://127.0.0.1:9/t"
    identity = WebSource(url, None, {"Authorization": SECRET}, 5).identity
    assert identity is not None
    assert SECRET not in identity
    plain = sha256(f"authorization:{SECRET}".encode()).hexdigest()
    assert plain not in identity  # nothing that all URLs have in common


def test_a_service_starts_with_the_table_of_its_own_headers(server: Server, tmp_path: Path) -> None:
    tables = {"prod": good(0), "staging": good(1)}
    server.answer = lambda handler: serving(tables[handler.headers["X-Env"]])(handler)
    for name in tables:
        opened(server, last_good=tmp_path, headers={"X-Env": name})
    server.answer = lambda handler: handler.reply(503)
    served = [model(opened(server, last_good=tmp_path, headers={"X-Env": name})) for name in tables]
    assert served == ["opus", "thinker"]
