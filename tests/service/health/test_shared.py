"""Processes tell each other what is closed, through a real server; without it each knows what it found itself."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from routecomp import service
from routecomp.service.health import sharing as sharing_module
from routecomp.service.health.health import Health
from routecomp.service.health.redis_store import RedisStore
from routecomp.service.health.scope import Scope
from routecomp.service.health.sharing import Closure, Sharing, _aged
from tests.runtime.tables import TABLE, encode
from tests.service.calls.world import set_keys
from tests.service.health.test_health import DOWN, REFUSED_KEY, Bench, Failed
from tests.service.health.valkey import NoServerError, valkey

PROJECT = Path(__file__).parents[3]
GPT = Scope("model", "gpt", "OPENAI_API_KEY")
WAIT = threading.Event()


@pytest.fixture
def server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield a server's URL and process, or skip the tests with a reason that is shown."""
    pytest.importorskip("redis", reason="NOT TESTED: the client of Redis is not installed")
    with tempfile.TemporaryDirectory(prefix="rc-") as folder:
        try:
            with valkey(Path(folder)) as running:
                yield running
        except NoServerError as failure:
            pytest.skip(f"NOT TESTED: no Valkey can be started here ({failure})")


class Shared(Bench):
    """A health that shares."""

    def __init__(self, store: Any) -> None:
        super().__init__()
        self.health = Health(clock=self.clock, shared=store)

    def sharing(self) -> Any:
        return self.health.status()["shared"]

    def exchanges(self) -> int:
        return int(self.sharing()["exchanges"])

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for the thread."""
        while not holds():
            WAIT.wait(0.01)


def test_the_later_deadline_holds(server: tuple[str, Any]) -> None:
    store, other = RedisStore(server[0]), RedisStore(server[0])
    asked = Closure(Scope("key", "K", "K"), "asked", 90.0)
    store.exchange([Closure(GPT, "open", 60.0), asked])
    (first, second) = other.exchange([Closure(GPT, "open", 5.0)])
    assert (first.scope, second.scope) == (GPT, asked.scope)
    assert 50 < first.for_s <= 60 < second.for_s <= 90
    other.exchange([Closure(GPT, "open", 300.0)])
    assert [closure.scope for closure in store.exchange([])] == [asked.scope, GPT]
    store.exchange([Closure(GPT, "open", 0.0), Closure(asked.scope, "asked", -3.0)])
    assert other.exchange([]) == [Closure(GPT, "open", 0.0)]  # well again, by a trial


def test_what_others_wrote_there_is_left_alone(server: tuple[str, Any]) -> None:
    import redis

    client = redis.Redis.from_url(server[0])
    for member in ("x", "[1]", '["model", "a", 5, "open"]', '["moon", "a", null, "open"]', '["model", "a", null, "?"]'):
        client.zadd("routecomp:closed", {member: 9e15})
    client.close()
    store = RedisStore(server[0])
    assert store.exchange([Closure(GPT, "open", 60.0)])[0].scope == GPT
    store.close()


def test_others_learn_of_a_trip_a_wait_and_a_key(server: tuple[str, Any]) -> None:
    one, other = (Shared(RedisStore(server[0])) for _ in range(2))
    for _ in range(5):
        one.call("opus", DOWN)
    one.call("mistral-3", Failed("rate_limited", "host", 33.0))
    for slug in ("gpt", "mini", "gpt", "mini", "gpt"):
        one.call(slug, REFUSED_KEY)
    other.until(lambda: other.barred() == one.barred())
    assert {"opus", "mistral-3", "gpt", "mini", "hidden"} <= other.barred()
    one.call("opus", despite=True)
    one.until(lambda: one.health.status()["shared"]["exchanges"] > 5)  # type: ignore[index]
    assert "opus" not in one.barred()
    other.until(lambda: "opus" not in other.barred())  # a trial closed it, for all
    assert {"mistral-3", "gpt"} <= other.barred()
    for _ in range(5):
        other.call("opus", DOWN)
    one.until(lambda: "opus" in one.barred())  # and whoever finds it closed again is believed
    other.until(lambda: other.exchanges() > 10)
    assert "opus" in other.barred()
    for bench in (one, other):
        assert bench.health.close(10)


def test_a_server_that_is_killed_leaves_each_with_what_it_knows(server: tuple[str, Any]) -> None:
    bench = Shared(RedisStore(server[0]))
    for _ in range(5):
        bench.call("opus", DOWN)

    def status() -> Any:
        return bench.health.status()["shared"]

    bench.until(lambda: status()["exchanges"] > 1)
    server[1].kill()
    bench.until(lambda: status()["degraded"])
    assert status()["last_error"] == "ConnectionError"
    for _ in range(5):
        bench.call("gpt", DOWN)
    assert bench.barred() == {"opus", "gpt"}
    bench.health.close(10)


def test_a_server_that_never_answers_is_given_up() -> None:
    """A call waits for nothing; the thread waits for its time-out, and says so."""
    pytest.importorskip("redis", reason="NOT TESTED: the client of Redis is not installed")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        bench = Shared(RedisStore(f"redis://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.05))
        for _ in range(5):
            bench.call("opus", DOWN)
        assert bench.barred() == {"opus"}
        bench.until(lambda: bool(bench.health.status()["shared"]["degraded"]))  # type: ignore[index]
        bench.health.close(10)


def test_a_server_that_forgets_all_closes_nothing(server: tuple[str, Any]) -> None:
    """It says that something is well only if a trial found it so."""
    import redis

    one, other = (Shared(RedisStore(server[0])) for _ in range(2))
    for _ in range(5):
        one.call("opus", DOWN)
    other.until(lambda: "opus" in other.barred())
    redis.Redis.from_url(server[0]).flushall()
    before = other.exchanges()
    other.until(lambda: other.exchanges() > before + 2)
    assert "opus" in other.barred()
    for bench in (one, other):
        bench.health.close(10)


class Hanging:
    """A store that answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.answers, self.closed = threading.Event(), threading.Event(), threading.Event()

    def exchange(self, told: Sequence[Closure], facts: Any) -> Sequence[Closure]:
        self.asked.set()
        self.answers.wait(60)
        return []

    def close(self) -> None:
        self.closed.set()


def test_a_store_that_hangs_is_said_and_awaited_no_longer_than_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_module, "_HANGS_S", 0.05)
    store = Hanging()
    bench = Shared(store)
    bench.until(lambda: bench.sharing()["degraded"])
    assert bench.sharing()["asking_s"] >= 0.05
    assert bench.sharing()["exchanges"] == 0
    assert not bench.health.close(0.05)
    store.answers.set()
    assert store.closed.wait(60)


class Leaving(Hanging):
    """A store whose driver ends the thread, once."""

    def exchange(self, told: Sequence[Closure], facts: Any) -> Sequence[Closure]:
        if not self.asked.is_set():
            self.asked.set()
            raise SystemExit
        return []


def test_a_store_that_raises_anything_is_asked_again() -> None:
    bench = Shared(Leaving())
    bench.until(lambda: bench.sharing()["exchanges"] > 0)
    assert (bench.sharing()["errors"], bench.sharing()["last_error"]) == (1, "SystemExit")
    assert bench.health.close(10)


def test_where_no_thread_can_be_started_it_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", no_thread)
        bench = Shared(Leaving())
        assert (bench.sharing()["degraded"], bench.sharing()["last_error"]) == (True, "RuntimeError")
    bench.until(lambda: not bench.sharing()["degraded"])
    assert bench.health.close(10)


def no_thread(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_who_is_dropped_ends_its_thread_and_closes_its_store() -> None:
    store = Leaving()
    health = Health(shared=store)
    assert store.asked.wait(60)
    del health
    gc.collect()
    assert store.closed.wait(60)


def test_what_lapsed_while_nobody_was_told_is_told_nobody() -> None:
    """Not as something that is well again, above all; and what was found well long ago is no news either."""
    found = Closure(GPT, "open", 60.0)
    well = found._replace(for_s=0.0)
    assert [_aged(found, age) for age in (0.0, 59.0, 61.0)] == [found, found._replace(for_s=1.0), None]
    assert [_aged(well, age) for age in (0.0, 9.0, 11.0)] == [well, well, None]


class Failing:
    """A store that fails until it is mended, and keeps what it is told."""

    def __init__(self) -> None:
        self.is_mended = False
        self.asked = 0
        self.told: list[Closure] = []

    def exchange(self, told: Sequence[Closure], facts: Any) -> Sequence[Closure]:
        self.asked += 1
        if not self.is_mended:
            raise OSError
        self.told += told
        return []

    def close(self) -> None:
        raise OSError


def test_what_was_found_meanwhile_is_told_later() -> None:
    store = Failing()
    sharing = Sharing(store, lambda closure: None, every_s=0.001)
    sharing.tell(Closure(GPT, "open", 60.0))
    while store.asked < 3:
        WAIT.wait(0.001)
    store.is_mended = True
    while not store.told:
        WAIT.wait(0.001)
    ((scope, _, for_s),) = store.told
    assert scope == GPT
    assert for_s < 60
    sharing.close(10)
    assert sharing.status()["errors"] >= 3
    assert sharing.status()["degraded"] is False


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_shares_with_a_thread_of_its_own(server: tuple[str, Any]) -> None:
    bench = Shared(RedisStore(server[0]))
    child = os.fork()
    if child == 0:
        for _ in range(5):
            bench.call("opus", DOWN)
        bench.until(lambda: bench.health.status()["shared"]["exchanges"] > 3)  # type: ignore[index]
        os._exit(0)
    bench.until(lambda: bench.barred() == {"opus"})
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    bench.health.close(10)


def test_services_share(server: tuple[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two services with one URL: what one finds, the other's next call goes around; metrics of both tell."""
    set_keys(monkeypatch)
    (tmp_path / "table.json").write_bytes(encode(TABLE))
    one, other = (service.open(tmp_path / "table.json", last_good=False, shared=server[0]) for _ in range(2))

    def fail(at: service.At) -> str:
        if at.model == "opus":
            raise ConnectionError
        return at.model

    with one, other:
        assert [one.run(fail, feature="chat") for _ in range(5)] == ["mistral-3"] * 5
        while other.run(lambda at: at.model, feature="chat") == "opus":
            WAIT.wait(0.01)
        assert other.run(lambda at: at.model, feature="chat") == "mistral-3"
        assert (
            'routecomp_circuit_trips_total{kind="model",name="opus",api_key_env="ANTHROPIC_API_KEY"} 1' in one.metrics()
        )
        assert other.status()["capture"]["unexpected_capture_total"] == 0


SERVING = """
import sys, time
from routecomp.service.health.redis_store import RedisStore
from tests.service.health.test_health import DOWN
from tests.service.health.test_shared import Shared
bench = Shared(RedisStore(sys.argv[1]))
bench.until(lambda: bench.health.status()["shared"]["exchanges"] > 0)
print("ready", flush=True)
if sys.stdin.readline() == "trip\\n":
    for _ in range(5):
        bench.call("opus", DOWN)
while bench.barred() != {"opus"}:
    time.sleep(0.005)
print(time.time(), flush=True)
sys.stdin.read()
"""


def agree(url: str, count: int) -> float:
    """Return how long after a trip in one process the last of them bars the model, in seconds."""
    command = [sys.executable, "-c", SERVING, url]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, cwd=PROJECT, **pipes) for _ in range(count)]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for number, process in reversed([*enumerate(processes)]):
            assert process.stdin is not None
            process.stdin.write("\n" if number else "trip\n")
            process.stdin.flush()
        moments = [float(process.stdout.readline()) for process in processes if process.stdout is not None]
    finally:
        for process in processes:
            process.communicate()
    return max(moments) - min(moments)


def test_two_processes_agree(server: tuple[str, Any]) -> None:
    print(f"agreed after {agree(server[0], 2):.3f} s")


@pytest.mark.hard
def test_eight_processes_agree(server: tuple[str, Any]) -> None:
    print(f"agreed after {agree(server[0], 8):.3f} s")
