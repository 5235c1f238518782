"""Tables swapped under load: no failed call, no mixed answer, every bad table counted."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import pytest

from routecomp.runtime.resolver import Router, load

from .tables import FALLBACK, TABLE, changed, encode

LONG_RUN = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")

GOOD = [encode(changed(TABLE, {"features/chat/rows/0/model": slug})) for slug in ("opus", "thinker", "mini")]
BAD = [
    b"",
    b"{",
    b"[]",
    GOOD[0][: len(GOOD[0]) // 2],
    GOOD[0] + b"}",
    b"\xff" + GOOD[0],
    GOOD[0].replace(b'"2.0"', b'"3.0"'),
    GOOD[0].replace(b'"requires":[]', b'"requires":["x"]'),
    GOOD[0].replace(b'"model":"opus"', b'"model":"gone"'),
    GOOD[0].replace(b"1800", b"1800.5"),
    GOOD[0].replace(b'"o-cheap"', b'"o-plain"', 1),
    b"[" * 10_000,
]


def replace(path: Path, raw: bytes) -> None:
    """Write a file the way a deployment does: whole, then renamed into place."""
    beside = path.with_suffix(".new")
    beside.write_bytes(raw)
    beside.rename(path)


@pytest.mark.parametrize(("threads", "swaps"), [(2, 60), pytest.param(8, 1_000, marks=[LONG_RUN, pytest.mark.hard])])
def test_swaps_under_load(tmp_path: Path, threads: int, swaps: int) -> None:
    """Threads that ask while tables come and go: each answer is of one table, and each bad one is counted."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(GOOD[0])
    router = load(path)
    expected = {}
    for raw in GOOD:
        decision = Router.from_bytes(raw).resolve(feature="chat", tenant="careful", input_tokens=5)
        expected[decision.ruleset_hash] = decision
    assert len({decision.chain for decision in expected.values()}) > 1
    done, wrong, asked = threading.Event(), [], [0] * threads

    def ask(number: int) -> None:
        while not done.is_set():
            decision = router.resolve(feature="chat", tenant="careful", input_tokens=5)
            asked[number] += 1
            if expected.get(decision.ruleset_hash) != decision:
                wrong.append(decision)

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
    for thread in asking:
        thread.start()
    bad = 0
    try:
        for number in range(swaps):
            if number % 3 == 2:
                replace(path, BAD[number // 3 % len(BAD)])
                assert router.reload() is False
                bad += 1
            else:
                replace(path, GOOD[(number // 3 + number) % len(GOOD)])
                assert router.reload() is True
            assert router.status()["rejected"] == bad
    finally:
        done.set()
        for thread in asking:
            thread.join()
    assert wrong == []
    assert min(asked) > 0


def test_two_swaps_at_once(tmp_path: Path) -> None:
    """A table replaced twice in a row is the second one, however often it is read."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(GOOD[0])
    router = load(path)
    replace(path, GOOD[1])
    replace(path, GOOD[2])
    assert router.reload() is True
    assert router.resolve(feature="chat").model == "mini"


def test_reload_from_many_threads(tmp_path: Path) -> None:
    """Threads that reload at once leave one good table, and count the table that each of them refuses once."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(GOOD[0])
    router = load(path)
    path.write_bytes(b"{")
    threads = [threading.Thread(target=router.reload) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert router.status()["rejected"] == 1
    assert router.resolve(feature="chat").model == "opus"


def test_a_fork_during_a_reload_can_reload(tmp_path: Path) -> None:
    """A child forked while another thread was loading does not wait for that thread for ever."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(GOOD[0])
    router = load(path)
    replace(path, GOOD[1])
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:  # what a thread holds in the middle of a reload
        with router._lock:
            held.set()
            let_go.wait()

    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(30)  # a child that waits is killed, and the test fails
        good = router.reload() and router.resolve(feature="chat").model == "thinker"
        os._exit(0 if good else 1)
    let_go.set()
    other.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_reload_within_a_reload(tmp_path: Path) -> None:
    """What a handler of signals reloads amid a reload waits for nobody, and is not undone by the older file."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(GOOD[0])
    router = load(path)
    replace(path, GOOD[1])
    answers: list[bool] = []

    def interrupt(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_name == "_parse_file":  # the file was read
            sys.setprofile(None)
            replace(path, GOOD[2])
            answers.append(router.reload())

    def work() -> None:
        sys.setprofile(interrupt)
        answers.append(router.reload())

    one = threading.Thread(target=work, daemon=True)  # should it wait for itself, the test fails and goes on
    one.start()
    one.join(30)
    assert answers == [True, True]
    assert router.resolve(feature="chat").model == "mini"


def test_what_vanishes_is_said_in_words(tmp_path: Path) -> None:
    """Table, then fallback, then folder go away: the last good ones serve, and the status says what happened."""
    folder = tmp_path / "generated"
    folder.mkdir()
    (folder / "routing_table.json").write_bytes(GOOD[0])
    (folder / "fallback.json").write_bytes(encode(FALLBACK))
    router = load(folder / "routing_table.json")
    for name in ("routing_table.json", "fallback.json"):
        (folder / name).unlink()
    folder.rmdir()
    assert router.reload() is False
    status = router.status()
    assert status["last_rejection"] == "routing table: the file does not exist"
    assert status["fallback"] == "refused, the last good one is kept: the file does not exist"
    assert status["serving"] == "routing table"
    assert router.resolve(feature="chat").source == "table"
    (tmp_path / "generated").write_bytes(b"a file where the folder was")
    assert router.reload() is False
    assert "cannot be read" in str(router.status()["last_rejection"])
