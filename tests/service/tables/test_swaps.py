"""Tables swapped every 2 ms under load, a third of them corrupt: no failed or mixed answer, counts that add up."""

from __future__ import annotations

import os
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest

from routecomp.runtime.resolver import Decision, Router
from routecomp.service.tables.files import TABLE
from routecomp.service.tables.tables import Tables

from .pieces import Heard, adds_up, bad, good, kept, replace

THREADS = 8
EVERY_S = 0.002
CALL = {"feature": "chat", "tenant": "careful", "input_tokens": 5}
GOOD = 30
"""Good tables that come in turn; each bad one has bytes of its own."""


def digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def swap(path: Path, seconds: float) -> int:
    """Write a table every 2 ms, every third one corrupt; return how many."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        replace(path, bad(number // 3) if number % 3 == 0 else good(number % GOOD))
        time.sleep(EVERY_S)
    return number


class Load:
    """A thread that resolves in bursts; each answer must be the one of the table that it names."""

    def __init__(self, served: Tables, expected: dict[str | None, Decision]) -> None:
        self.served, self.expected = served, expected
        self.done, self.asked = False, 0
        self.wrong: list[Decision] = []
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.done:
            router = self.served.router
            for _ in range(20):
                decision = router.resolve(**CALL)  # type: ignore[arg-type]
                slug = decision.chain[-1] if decision.chain else None
                if decision != self.expected.get(decision.ruleset_hash) or router.endpoint(decision, slug) is None:
                    self.wrong.append(decision)
            self.asked += 20
            time.sleep(0.0005)  # as a service waits for its hosts


@pytest.mark.parametrize("seconds", [2, pytest.param(60, marks=pytest.mark.hard)])
def test_swaps_under_load(tmp_path: Path, seconds: float) -> None:
    """8 threads resolve while a watcher takes over what a process writes: each bad file that is read counts once."""
    path, heard = tmp_path / TABLE, Heard()
    raws = [good(number) for number in range(GOOD)]
    expected: dict[str | None, Decision] = {}
    for raw in raws:
        expected[digest(raw)] = Router.from_bytes(raw).resolve(**CALL)  # type: ignore[arg-type]
    assert len({decision.chain for decision in expected.values()}) > 1
    path.write_bytes(raws[0])
    writer = os.fork()
    if writer == 0:
        (tmp_path / "number").write_text(str(swap(path, seconds)))
        os._exit(0)
    hooks = [heard.append]
    served = Tables(path, last_good=tmp_path / "kept", every_s=0.001, on_activated=hooks, on_refused=hooks)
    served.start()
    loads = [Load(served, expected) for _ in range(THREADS)]
    for load in loads:
        load.thread.start()
    try:
        assert os.waitpid(writer, 0)[1] == 0
    finally:
        for load in loads:
            load.done = True
        for load in loads:
            load.thread.join()
    replace(path, raws[1])
    served.close()
    served.refresh()
    status, swaps = served.status(), int((tmp_path / "number").read_text())
    refused = [event.ruleset_hash for event in heard if event.kind == "refused"]
    activated = [event.ruleset_hash for event in heard if event.kind == "activated"]
    counts = f"{status['reads']} reads, {len(activated)} activated, {len(refused)} refused"
    print(f"{sum(load.asked for load in loads)} calls, {swaps} swaps, {counts}")
    assert [load.wrong for load in loads] == [[]] * THREADS
    assert min(load.asked for load in loads) > 0
    assert adds_up(served)
    assert (status["activated"], status["refused"]) == (len(activated), len(refused))
    assert len({*refused}) == len(refused) > 0  # each that was read is counted and told once
    assert {*refused} <= {digest(bad(number)) for number in range(swaps // 3 + 1)}
    assert {*activated} <= expected.keys()
    assert (status["ruleset_hash"], kept(tmp_path / "kept")) == (digest(raws[1]), raws[1])
    assert (status["unreadable"], status["watcher_restarts"], status["last_good_fault"]) == (0, 0, None)
