"""A published set over HTTP, as any server of static files gives it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from routecomp.service.releases.names import CURRENT, FILES, MANIFEST, RELEASES
from routecomp.service.tables.files import TABLE
from routecomp.service.tables.tables import Tables
from tests.service.tables.pieces import adds_up, good, model

from .pieces import OLD, OTHER, publish


class Handler(SimpleHTTPRequestHandler):
    """Serves files, remembers what it was asked for, and sends on what it is told to."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.redirect is not None:
            self.send_response(302)
            self.send_header("Location", self.server.redirect)
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        return


class Server(ThreadingHTTPServer):
    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(Handler, directory=str(root)))
        self.asked: list[str] = []
        self.redirect: str | None = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "set").mkdir()
    made = Server(tmp_path / "set")
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def opened(server: Server, **more: Any) -> Tables:
    url = f"http://127.0.0.1:{server.server_address[1]}/?sig=hunter2"
    return Tables(url, **{"key": OLD, "last_good": False, "timeout_s": 20, **more})


def test_a_set_is_fetched_once_a_release(server: Server, tmp_path: Path) -> None:
    """Its manifest is asked for at each look; its files when it is another one, by their fixed names.

    This server tells manifests apart by the second, and several are published in one.
    """
    root = tmp_path / "set"
    publish(root, 1, OLD)
    served = opened(server)
    assert (model(served), served.status()["generation"], served.status()["fallback"]) == ("thinker", 1, "loaded")
    expected = [f"/{CURRENT}/{MANIFEST}", *(f"/{RELEASES}/1/{name}" for name in FILES)]
    assert server.asked == [f"{path}?sig=hunter2" for path in expected]
    assert served.refresh().outcome == "unchanged"
    assert len(server.asked) == 5
    publish(root, 2, OLD)
    assert (served.refresh().outcome, model(served), served.status()["generation"]) == ("activated", "mini", 2)
    assert adds_up(served)
    assert "hunter2" not in str(served.status())
    assert opened(server, key=None, unsigned=True).ready()


def test_what_is_wrong_with_a_set_is_said(server: Server, tmp_path: Path) -> None:
    """A file that was changed, a key that nobody knows, a release that is gone, another host: nothing of it serves."""
    root = tmp_path / "set"
    publish(root, 1, OLD)
    publish(root, 2, OLD)
    served = opened(server)
    assert "is signed by key" in str(opened(server, key=OTHER).status()["last_refusal"])
    os.unlink(root / CURRENT)
    os.symlink(f"{RELEASES}/1", root / CURRENT)
    assert "generation 1 is older than 2" in str(served.refresh().reason)
    publish_bytes = (root / RELEASES / "1" / TABLE).read_bytes()
    (root / RELEASES / "1" / TABLE).write_bytes(good(1)[:-1] + b" ")
    fresh = opened(server)
    assert "routing_table.json is not the file" in str(fresh.status()["last_refusal"])
    (root / RELEASES / "1" / TABLE).write_bytes(b" " * 2 * len(publish_bytes))
    assert "more than the" in str(fresh.refresh().reason)
    (root / RELEASES / "1" / TABLE).unlink()
    assert str(fresh.refresh().reason) == "the server answers 404"
    server.redirect = "http://127.0.0.1:9/"
    assert "another host" in str(fresh.refresh().reason)
    server.redirect = None
    (root / RELEASES / "1" / TABLE).write_bytes(publish_bytes)
    assert fresh.refresh().outcome == "activated"
    assert adds_up(fresh)
