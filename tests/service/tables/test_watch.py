"""The watching thread looks, goes on whatever happens to it, and is there again after a fork."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from routecomp.service.tables import last_good
from routecomp.service.tables.files import TABLE
from routecomp.service.tables.tables import Tables
from routecomp.service.tables.watch import JITTER, Watcher

from .pieces import Heard, good, model, release, replace

SOON = 0.01


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something is so; fail if it does not become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not become so"
        time.sleep(0.005)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Tables]:
    """Return tables that are watched and rarely look by themselves."""
    made = Tables(release(tmp_path, 0), last_good=tmp_path / "kept", every_s=3600)
    made.start()
    yield made
    made.close()


def test_it_looks_by_itself(tmp_path: Path) -> None:
    made = Tables(release(tmp_path, 0), last_good=False, every_s=SOON)
    made.start()
    made.start()
    release(tmp_path, 1)
    wait_until(lambda: model(made) == "thinker")
    made.close()
    assert not made.status()["watching"]
    release(tmp_path, 2)
    time.sleep(20 * SOON)
    assert model(made) == "thinker"
    made.start()
    wait_until(lambda: model(made) == "mini")
    made.close()


def test_it_looks_when_it_is_asked(served: Tables, tmp_path: Path) -> None:
    release(tmp_path, 1)
    served.invalidate()
    wait_until(lambda: model(served) == "thinker")
    assert served.live()


def test_waits_differ(tmp_path: Path) -> None:
    """By up to a fifth, so that processes that start together do not look together."""
    waits: list[float] = []

    class Wishes:
        def get(self, timeout: float) -> bool:
            waits.append(timeout)
            return False

    watcher = Watcher(Tables(tmp_path / "none", last_good=False).refresh, 30)
    for _ in range(200):
        watcher._wait(Wishes())  # type: ignore[arg-type]
    assert min(waits) < 30 * (1 - JITTER / 2) < 30 * (1 + JITTER / 2) < max(waits)
    assert 30 * (1 - JITTER) <= min(waits) <= max(waits) <= 30 * (1 + JITTER)


def test_a_watcher_that_dies_is_started_again(tmp_path: Path) -> None:
    """A hook ends the thread by SystemExit, which no look catches: counted, and the next table serves."""

    def leave(_: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise SystemExit

    made = Tables(release(tmp_path, 0), last_good=False, every_s=3600, on_activated=[leave])
    made.start()
    for number in (1, 2):
        release(tmp_path, number)
        made.invalidate()
        wait_until(lambda number=number: made.status()["watcher_restarts"] == number)  # type: ignore[misc]
    assert (model(made), made.status()["watching"]) == ("mini", True)
    made.close()


def test_a_thread_that_ended_is_noticed(served: Tables, tmp_path: Path) -> None:
    """Whatever ended it: who asks for the status starts another one."""
    served._watcher._wishes.put(False)
    wait_until(lambda: not served._watcher.is_alive())
    assert served.live()
    assert (served.status()["watching"], served.status()["watcher_restarts"]) == (True, 1)
    release(tmp_path, 1)
    served.invalidate()
    wait_until(lambda: model(served) == "thinker")


def test_who_is_forgotten_stops_watching(tmp_path: Path) -> None:
    """A service that is dropped leaves no thread behind."""
    made = Tables(release(tmp_path, 0), last_good=False, every_s=3600)
    made.start()
    thread, ghost = made._watcher._thread, weakref.ref(made)
    assert thread is not None
    del made
    gc.collect()
    assert ghost() is None
    thread.join(20)
    assert not thread.is_alive()


def test_children_watch_too(served: Tables, tmp_path: Path) -> None:
    """Forked while the parent looks and holds every lock: the child looks by itself, and stores what it finds."""
    with served._turn, last_good._TURNS._lock:
        child = os.fork()
        if child == 0:
            signal.alarm(30)
            release(tmp_path, 1)
            served.invalidate()
            wait_until(lambda: model(served) == "thinker")
            fine = (
                served.live() and served.refresh().outcome == "unchanged" and served.status()["last_good_fault"] is None
            )
            os._exit(0 if fine else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    served.invalidate()
    wait_until(lambda: model(served) == "thinker")


def test_what_is_not_watched_is_not_watched_in_a_child(tmp_path: Path) -> None:
    made = Tables(release(tmp_path, 0), last_good=False)
    child = os.fork()
    if child == 0:
        os._exit(0 if not made.status()["watching"] and made.refresh().outcome == "unchanged" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_sighup_is_heard_where_it_is_asked_for(tmp_path: Path) -> None:
    """After what listened before, which is put back at the end."""
    heard: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: heard.append(number))
    try:
        handler = signal.getsignal(signal.SIGHUP)
        Tables(release(tmp_path, 0), last_good=False).start()
        assert signal.getsignal(signal.SIGHUP) is handler
        made = Tables(release(tmp_path, 1), last_good=False, every_s=3600, sighup=True)
        made.start()
        release(tmp_path, 2)
        os.kill(os.getpid(), signal.SIGHUP)
        wait_until(lambda: model(made) == "mini")
        assert heard == [signal.SIGHUP]
        made.close()
        assert signal.getsignal(signal.SIGHUP) is handler
        raised: list[str] = []

        def start() -> None:
            try:
                made.start()
            except ValueError as error:
                raised.append(str(error))

        thread = threading.Thread(target=start)
        thread.start()
        thread.join()
        assert raised == ["`sighup=True` needs the main thread: only there can a handler of signals be set"]
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_service_may_be_closed_in_any_thread(tmp_path: Path) -> None:
    """There no handler can be set: what listened before hears the next signal, and then is back."""
    heard: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: heard.append(number))
    try:
        handler = signal.getsignal(signal.SIGHUP)
        made = Tables(release(tmp_path, 0), last_good=False, every_s=3600, sighup=True)
        made.start()
        thread = threading.Thread(target=made.close)
        thread.start()
        thread.join()
        assert not made._watcher.is_watching
        for _ in range(2):
            signal.raise_signal(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is handler
        assert heard == [signal.SIGHUP] * 2
    finally:
        signal.signal(signal.SIGHUP, before)


CLOSED_ELSEWHERE = """
import os, signal, sys, threading
from routecomp.service.tables.tables import Tables
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a run in the background inherits it ignored
served = Tables(sys.argv[1], last_good=False, sighup=True)
served.start()
thread = threading.Thread(target=served.close)
thread.start()
thread.join()
signal.raise_signal(signal.SIGHUP)
"""


def test_after_the_end_the_signal_does_what_it_did_before(tmp_path: Path) -> None:
    """It ends the program, where nobody listened."""
    command = [sys.executable, "-c", CLOSED_ELSEWHERE, str(release(tmp_path, 0))]
    assert subprocess.run(command, timeout=60).returncode == -signal.SIGHUP


def test_a_hook_that_hangs_is_seen(tmp_path: Path) -> None:
    """Nothing is looked at meanwhile, and the status says for how long."""
    entered, released = threading.Event(), threading.Event()

    def hang(_: object) -> None:
        entered.set()
        released.wait(60)

    made = Tables(release(tmp_path, 1), last_good=False, every_s=3600, on_activated=[lambda _: None])
    assert made.status()["telling_s"] is None
    made._hooks["activated"] = (hang,)
    made.start()
    release(tmp_path, 2)
    made.invalidate()
    assert entered.wait(60)
    first = made.status()["telling_s"]
    assert first is not None
    wait_until(lambda: (made.status()["telling_s"] or 0) > first)
    released.set()
    wait_until(lambda: made.status()["telling_s"] is None)
    made.close()


def test_a_handler_that_looks_amid_a_look_waits_for_nobody(served: Tables, tmp_path: Path) -> None:
    """The same thread, in the middle of a look, looks again: that is left to the watcher."""
    answers: list[object] = []
    read = served._source.read

    def interrupted(*, afresh: bool) -> object:
        if not answers:
            answers.append(served.refresh())
        return read(afresh=afresh)

    served._source.read = interrupted  # type: ignore[method-assign,assignment]
    release(tmp_path, 1)
    assert served.refresh().outcome == "activated"
    assert answers == [("unchanged", "this thread is looking already")]


def test_inside_a_loop_nothing_waits(served: Tables, tmp_path: Path) -> None:
    """A loop resolves and asks for the status while its table is swapped; a look goes to a thread."""

    async def serve() -> str | None:
        release(tmp_path, 1)
        assert (await asyncio.to_thread(served.refresh)).outcome in ("activated", "unchanged")
        release(tmp_path, 2)
        served.invalidate()
        while model(served) != "mini":
            await asyncio.sleep(0.001)
        return served.status()["ruleset_hash"]

    assert asyncio.run(asyncio.wait_for(serve(), 20))


def test_threads_that_look_at_once_count_right(tmp_path: Path) -> None:
    heard, path = Heard(), tmp_path / TABLE
    path.write_bytes(good(0))
    made = Tables(path, last_good=False, on_activated=[heard.append], on_refused=[heard.append])
    replace(path, b"{")
    threads = [threading.Thread(target=made.refresh) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    status = made.status()
    assert (status["refused"], status["unchanged"], status["reads"]) == (1, 7, 9)
    assert heard.kinds == ["activated", "refused"]


PROGRAM = """
import os, sys, time
from routecomp.service.tables.tables import Tables
served = Tables(sys.argv[1], last_good=sys.argv[2], every_s=0.001)
served.start()
print(served.router.resolve(feature="chat").model, flush=True)
"""


def test_a_program_ends_while_it_watches(tmp_path: Path) -> None:
    """Neither the thread nor what is under way holds it up, and nothing is said on the way out."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(release(tmp_path, 0)), str(tmp_path / "kept")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "opus\n", "")
