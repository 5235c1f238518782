"""`Router.status` is what a readiness probe asks: what serves, since when, and whether the file there is refused."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router, RouterStatus, load

from .tables import TABLE, changed, encode

GOOD = [encode(changed(TABLE, {"features/chat/rows/0/model": slug})) for slug in ("opus", "thinker")]
BAD = [b"{", GOOD[0].replace(b'"2.0"', b'"3.0"')]


class Clocks:
    """Two clocks that stand still until they are moved; the wall clock may be set back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.monotonic = 1_800_000_000.0, 500.0
        monkeypatch.setattr(time, "gmtime", lambda: real(self.wall))
        monkeypatch.setattr(time, "monotonic", lambda: self.monotonic)

    def move(self, seconds: float, wall: float | None = None) -> None:
        """Let time pass, and the wall clock move as told."""
        self.monotonic += seconds
        self.wall += seconds if wall is None else wall


real = time.gmtime


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "routing_table.json").write_bytes(GOOD[0])
    return tmp_path / "routing_table.json"


def rejection(router: Router) -> tuple[int, Any, Any, Any]:
    """Return what a status says of refused tables."""
    status = router.status()
    return (
        status["rejected"],
        status["last_rejection"],
        status["last_rejection_at"],
        status["last_rejection_age_s"],
    )


def test_a_good_load_clears_the_rejection(path: Path, clocks: Clocks) -> None:
    """A refused file is said with its time until a good one is read, be it another or the one that served before."""
    router = load(path)
    assert rejection(router) == (0, None, None, None)
    for number, good in enumerate((GOOD[1], GOOD[1], GOOD[0]), start=1):
        path.write_bytes(BAD[0])
        assert router.reload() is False
        count, reason, at, age = rejection(router)
        assert (count, age) == (number, 0)
        assert str(reason).startswith("routing table: the file is not JSON")
        assert at == time.strftime("%Y-%m-%dT%H:%M:%SZ", real(clocks.wall))
        clocks.move(10)
        assert rejection(router) == (number, reason, at, 10)
        path.write_bytes(good)
        assert router.reload() is True
        assert rejection(router) == (number, None, None, None)


def test_a_table_refused_again_counts_once(path: Path, clocks: Clocks) -> None:
    """Five polls of one bad file are one rejection, dated when it was first refused; another bad file is another."""
    router = load(path)
    seen: list[tuple[Any, ...]] = []
    for raw in (BAD[0], BAD[1], None, b""):
        if raw is None:
            path.unlink()
        else:
            path.write_bytes(raw)
        clocks.move(100)
        first: tuple[Any, ...] = ()
        for poll in range(5):
            assert router.reload() is False
            count, reason, at, age = rejection(router)
            first = first or (count, reason, at)
            assert (count, reason, at, age) == (*first, poll)
            clocks.move(1)
        seen.append(first)
    assert [count for count, *_ in seen if count] == [1, 2, 3, 4]
    assert len({reason for _, reason, _ in seen}) == len({at for *_, at in seen}) == 4
    assert router.status()["serving"] == "routing table"


def test_another_pin_is_said(path: Path) -> None:
    """The same bytes, refused for another reason than before, are one rejection whose words are the latest."""
    router = load(path)
    path.write_bytes(BAD[1])
    assert router.reload() is False
    assert "format 3.0" in str(router.status()["last_rejection"])
    assert router.reload(sha256="0" * 64) is False
    assert "SHA-256" in str(router.status()["last_rejection"])
    assert router.status()["rejected"] == 1


def test_the_age_is_that_of_the_activation(path: Path, clocks: Clocks) -> None:
    """Neither a reload of the same bytes nor a refused file nor a wall clock that is set changes a table's age."""
    router = load(path)
    at = router.status()["loaded_at"]
    assert at == "2027-01-15T08:00:00Z"
    clocks.move(60, wall=-86_400)
    assert router.reload() is True
    path.write_bytes(BAD[0])
    assert router.reload() is False
    assert (router.status()["loaded_at"], router.status()["loaded_age_s"]) == (at, 60)
    path.write_bytes(GOOD[1])
    clocks.move(1)
    assert router.reload() is True
    assert router.status()["loaded_age_s"] == 0
    assert router.status()["loaded_at"] == "2027-01-14T08:00:01Z"


def test_without_a_table_nothing_is_loaded(tmp_path: Path) -> None:
    """A table that never came is one rejection, and neither has a time nor an age."""
    router = load(tmp_path / "routing_table.json")
    status = router.status()
    assert (status["loaded_at"], status["loaded_age_s"], status["ruleset_hash"]) == (None, None, None)
    assert (status["serving"], status["rejected"]) == ("nothing", 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(status["last_rejection_at"]))


def test_the_type_names_every_key(path: Path) -> None:
    """The typed dictionary has the keys that the status has, in its order, and they are JSON."""
    router = load(path)
    path.write_bytes(BAD[0])
    router.reload()
    assert [*get_type_hints(RouterStatus)] == [*router.status()] == [*Router.from_bytes(None).status()]
    assert json.loads(json.dumps(router.status())) is not None


def test_status_while_tables_come_and_go(path: Path) -> None:
    """A status that is asked for meanwhile holds together: a reason has its time and its age, or there is none."""
    router, done = load(path), threading.Event()
    torn: list[object] = []

    def ask() -> None:
        while not done.is_set():
            status = router.status()
            if len({status["last_rejection"] is None, status["last_rejection_at"] is None}) > 1:
                torn.append(status)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for number in range(300):
            path.write_bytes((*GOOD, *BAD)[number % 4])
            assert router.reload() is (number % 4 < 2)
    finally:
        done.set()
        asking.join()
    assert torn == []
    assert router.status()["rejected"] == 150


def test_arguments_without_a_name_are_a_type_error() -> None:
    """A feature that is sent without its name is a mistake of the program, and not a request that names nothing."""
    router: Any = Router.from_bytes(encode(TABLE))
    for ask in (router.resolve, router.explain):
        for given in (("chat",), ("chat", "auto"), (None,), ({"feature": "chat"},)):
            with pytest.raises(TypeError, match="positional argument"):
                ask(*given)
    with pytest.raises(TypeError, match="positional argument"):
        resolver.load("table", "fallback")  # type: ignore[call-arg]
