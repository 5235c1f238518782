"""What processes share of budgets: at the edge, over restarts and kills, and while the store is gone."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from routecomp import service
from routecomp.service.budgets import ledger as ledger_module
from routecomp.service.budgets import redis_store
from routecomp.service.budgets.budgets import Budgets
from routecomp.service.budgets.file_store import FileStore
from routecomp.service.budgets.ledger import Ledger
from routecomp.service.budgets.periods import Period, long_over, periods_of
from routecomp.service.budgets.redis_store import RedisBudgets
from routecomp.service.budgets.store import Answer, Ask, BudgetStore, granted
from routecomp.service.calls.errors import Rejected
from tests.runtime.tables import TABLE, changed, encode
from tests.seeds import FRESH
from tests.service.budgets.spend import COST
from tests.service.calls.world import World
from tests.service.clock import START, FakeClock
from tests.service.health.valkey import NoServerError, valkey

ROOT = Path(__file__).parents[3]
CENT = 10**10
INFINITE = b'{"budgets": 1, "periods": {"2026-11": [1, {"a": Infinity}]}}'
MONTH = Period("2026-11", START + 100_000)


@pytest.fixture(params=["file", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Yield where a store is."""
    if request.param == "file":
        yield str(tmp_path / "state" / "b.budgets")
        return
    try:
        with valkey(tmp_path) as (url, _):
            yield url
    except NoServerError as error:
        pytest.skip(str(error))


def store_at(place: str) -> BudgetStore:
    return RedisBudgets(place) if "://" in place else FileStore(place)


def spend(place: str, threads: int, calls: int, cents: int, end: str = "close") -> subprocess.Popen[str]:
    """Start a process that spends."""
    command = [sys.executable, "-m", "tests.service.budgets.spend", place, *map(str, (threads, calls, cents)), end]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def served(process: subprocess.Popen[str]) -> int:
    out, _ = process.communicate(timeout=60)
    return int(out)


def test_two_processes_at_the_edge(place: str) -> None:
    """Together they take no more than there is, and what is left pays for fewer calls than there are processes."""
    first, second = spend(place, 16, 50, 5), spend(place, 16, 50, 5)
    total = served(first) + served(second)
    assert total <= 5 * CENT // COST
    assert total >= 5 * CENT // COST - 2
    assert served(spend(place, 4, 50, 5)) <= 5 * CENT // COST - total


def test_what_a_killed_process_spent_stays_spent(place: str) -> None:
    """Nothing that it spent is forgotten, and at most what it took beforehand is lost."""
    first = served(spend(place, 2, 20, 5, "kill"))
    assert first == 40
    second = served(spend(place, 2, 300, 5))
    limit = 5 * CENT // COST
    assert limit - first - limit // 8 <= second <= limit - first


def test_amounts_are_exact_however_large(place: str) -> None:
    """To the pico-dollar, also where doubles have lost it; told twice is told once, and nobody gets half."""
    store, limit = store_at(place), 10**25 + 7
    ask = Ask("a", "2026-11", time.time() + 100, limit, 0, 10**25 + 1, 0)
    assert store.exchange("one", [ask]) == [Answer(10**25 + 1, 0)]
    assert store.exchange("one", [ask._replace(holds=10**25 + 1, need=0)]) == [Answer(10**25 + 1, 0)]
    other = store_at(place)
    assert other.exchange("two", [ask._replace(need=7)]) == [Answer(0, 10**25 + 1)]
    assert other.exchange("two", [ask._replace(need=5, more=100)]) == [Answer(6, 10**25 + 1)]
    assert store.exchange("one", [ask._replace(holds=999_999_999_999, need=0)]) == [Answer(999_999_999_999, 6)]
    assert other.exchange("two", [ask._replace(holds=6, need=0)]) == [Answer(6, 999_999_999_999)]
    assert other.exchange("two", [ask._replace(holds=10**26, need=1)]) == [Answer(10**26, 999_999_999_999)]
    store.close()
    other.close()


class Deaf:
    """A server's connection of which some answers are lost, after the server has done what it was asked."""

    def __init__(self, connection: Any, chance: random.Random, share: float = 0.3) -> None:
        self._connection, self._chance, self._share = connection, chance, share
        self._asked: Any = None

    def client(self) -> Deaf:
        return self

    def pipeline(self, **options: Any) -> Deaf:
        self._asked = self._connection.client().pipeline(**options)
        return self

    def eval(self, *arguments: Any) -> None:
        self._asked.eval(*arguments)

    def execute(self) -> Any:
        answers = self._asked.execute()
        if self._chance.random() < self._share:
            raise ConnectionError
        return answers


@pytest.mark.parametrize(("is_deaf", "quiet_s"), [(False, -1), (False, 3600), (True, 3600), (True, -1)])
def test_what_ended_processes_hold_stays_in_the_sum_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_deaf: bool, quiet_s: int
) -> None:
    """Their fields are dropped, and who was only quiet goes on with what it had: nothing is counted twice or forgotten.

    Only an answer that was lost on the way, before a quiet hour, may leave more in the sum than there is.
    """
    seed = FRESH
    chance = random.Random(seed)
    monkeypatch.setattr(redis_store, "_QUIET_S", quiet_s)
    monkeypatch.setattr(redis_store, "_FIELDS", 8)
    held: dict[str, int] = {}
    stores: dict[str, RedisBudgets] = {}
    try:
        with valkey(tmp_path) as (url, _):
            for turn in range(600):
                name = f"process-{chance.randrange(turn // 6 + 2)}"
                store = stores.setdefault(name, RedisBudgets(url))
                if is_deaf and not isinstance(store._connection, Deaf):
                    store._connection = Deaf(store._connection, chance)  # type: ignore[assignment]
                mine = max(held.get(name, 0) + chance.randrange(-(10**13), 10**13), 0)
                need = chance.choice([0, 10**12, 10**18])
                ask = Ask("a", "2026-11", time.time() + 100, 10**15, mine, need, chance.randrange(10**12))
                others = sum(amount for other, amount in held.items() if other != name)
                expected = mine + granted(10**15, others, mine, need, ask.more)
                held[name] = mine
                try:
                    answer = store.exchange(name, [ask])[0]
                except ConnectionError:
                    held[name] = expected if quiet_s > 0 else mine
                    continue
                if is_deaf and quiet_s < 0:
                    assert answer.others >= others, f"seed {seed}, turn {turn}"
                else:
                    assert answer == (expected, others), f"seed {seed}, turn {turn}"
                held[name] = answer.holds
            fields = RedisBudgets(url)._connection.client().hlen("routecomp:budgets:2026-11:a")
            assert fields <= 8 if quiet_s < 0 else fields > 80
    except NoServerError as error:
        pytest.skip(str(error))


def test_a_quiet_process_takes_back_no_more_than_was_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two amounts it may have left there it takes the lesser; of a server that went back it takes nothing."""
    monkeypatch.setattr(redis_store, "_FIELDS", 0)
    ask = Ask("a", "2026-11", time.time() + 100, 10**15, 1000, 0, 0)
    try:
        with valkey(tmp_path) as (url, _):
            one, other = RedisBudgets(url), RedisBudgets(url)
            client = other._connection.client()
            assert other.exchange("other", [ask._replace(holds=5000)]) == [Answer(5000, 0)]
            assert one.exchange("one", [ask]) == [Answer(1000, 5000)]
            client.hdel("routecomp:budgets:2026-11:a", "one")
            client.hset("routecomp:budgets:2026-11:a", mapping={"=sum": "5000", "=ended": "5000"})
            assert one.exchange("one", [ask]) == [Answer(1000, 5000)]
            connection, one._connection = one._connection, Deaf(one._connection, random.Random(), 1.0)  # type: ignore[assignment]
            with pytest.raises(ConnectionError):
                one.exchange("one", [ask._replace(holds=10)])
            one._connection = connection
            monkeypatch.setattr(redis_store, "_QUIET_S", -1)
            assert other.exchange("other", [ask._replace(holds=5000)])
            assert client.hlen("routecomp:budgets:2026-11:a") == 3
            assert one.exchange("one", [ask._replace(holds=10)]) == [Answer(10, 5000)]
    except NoServerError as error:
        pytest.skip(str(error))


class Gone:
    """A store that fails, or hangs, as it is told."""

    def __init__(self) -> None:
        self.is_gone = True
        self.hangs = threading.Event()
        self.hangs.set()
        self.told: dict[str, int] = {}

    def exchange(self, process: str, asks: Sequence[Ask]) -> Sequence[Answer]:
        self.hangs.wait(30)
        if self.is_gone:
            raise ConnectionError("gone")
        answers = []
        for ask in asks:
            self.told[ask.period] = ask.holds + ask.need
            answers.append(Answer(ask.holds + ask.need, 0))
        return answers

    def close(self) -> None:
        self.told["closed"] = 1


def test_without_the_store_each_counts_for_itself() -> None:
    """Calls go on by what is known, the status says so, and what was spent meanwhile is told later."""
    store = Gone()
    ledger = Ledger(store, every_s=0.01)
    account = ledger.account("a", MONTH, 1000)
    assert ledger.left([account]) == 1000
    assert ledger.take([account], 600)
    assert not ledger.take([account], 600)
    assert ledger.status()["degraded"]
    assert ledger.status()["last_error"] == "ConnectionError"
    store.is_gone = False
    deadline = time.monotonic() + 20
    while ledger.status()["degraded"] and time.monotonic() < deadline:
        time.sleep(0.01)
    ledger.close(5)
    assert store.told == {"2026-11": 600, "closed": 1}


def test_what_a_store_did_not_hear_is_told_though_the_account_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that is gone for longer than accounts are in use learns later what was spent."""
    monkeypatch.setattr(ledger_module, "_IN_USE_S", 0.0)
    store = Gone()
    ledger = Ledger(store, every_s=0.005)
    assert ledger.take([ledger.account("a", MONTH, 1000)], 7)
    deadline = time.monotonic() + 20
    while ledger.status()["errors"] < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    store.is_gone = False
    while ledger.status()["exchanges"] == 0 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert store.told == {"2026-11": 7}
    exchanges = ledger.status()["exchanges"]
    time.sleep(0.1)
    assert ledger.status()["exchanges"] == exchanges  # and then it is left alone
    assert ledger.close(5)


def test_a_store_that_hangs_is_waited_for_once() -> None:
    """The first call waits as long as it may, the others not at all."""
    store = Gone()
    store.is_gone = False
    store.hangs.clear()
    ledger = Ledger(store, patience_s=0.05)
    account = ledger.account("a", MONTH, 1000)
    assert ledger.left([account]) == 1000
    assert ledger.status()["last_error"] == "TimeoutError"
    before = ledger._rounds
    for _ in range(100):
        assert ledger.take([account], 1)
    assert ledger._rounds == before
    assert ledger.status()["degraded"]
    store.hangs.set()
    ledger.close(5)
    assert store.told["2026-11"] == 100


@pytest.mark.parametrize("wrong", [[], [Answer(0, 0)] * 2, [None], None, [(0, 0)]])
def test_a_store_that_answers_wrongly_is_asked_again(wrong: Any) -> None:
    """Answers that are none count as an error, as if it had not been reached."""
    store = Gone()
    store.is_gone = False
    right, answers = store.exchange, [wrong]
    store.exchange = lambda process, asks: answers.pop() if answers else right(process, asks)  # type: ignore[method-assign]
    ledger = Ledger(store, every_s=0.01)
    account = ledger.account("a", MONTH, 1000)
    assert ledger.take([account], 7)
    deadline = time.monotonic() + 20
    while ledger.status()["exchanges"] == 0 and time.monotonic() < deadline:
        time.sleep(0.005)
    status = ledger.status()
    assert (status["errors"], status["degraded"]) == (1, False)
    assert ledger.close(5)
    assert store.told["2026-11"] == 7


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), MemoryError(), ConnectionError()])
def test_nothing_that_a_store_raises_ends_the_exchange(error: BaseException) -> None:
    """It counts as an error, and the next round asks again; so does what its `close` raises."""
    store = Gone()
    store.is_gone = False
    right, errors = store.exchange, [error, error]

    def exchange(process: str, asks: Sequence[Ask]) -> Sequence[Answer]:
        if errors:
            raise errors.pop()
        return right(process, asks)

    def close() -> None:
        raise error

    store.exchange, store.close = exchange, close  # type: ignore[method-assign]
    ledger = Ledger(store, every_s=0.005)
    account = ledger.account("a", MONTH, 1000)
    assert ledger.take([account], 7)
    deadline = time.monotonic() + 20
    while ledger.status()["exchanges"] == 0 and time.monotonic() < deadline:
        time.sleep(0.005)
    status = ledger.status()
    assert (status["errors"], status["degraded"], status["last_error"]) == (2, False, type(error).__name__)
    assert ledger.close(5)
    assert store.told["2026-11"] == 7


@pytest.mark.parametrize("without", [1, 3, 1000])
def test_where_no_thread_can_start_calls_go_on(monkeypatch: pytest.MonkeyPatch, without: int) -> None:
    """The status says so, a later call starts the thread, or the end does; what can be told to nobody is no success."""
    real, starts = threading.Thread.start, []

    def start(thread: threading.Thread) -> None:
        starts.append(thread)
        if len(starts) <= without:
            raise RuntimeError("can't start new thread")
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    store = Gone()
    store.is_gone = False
    ledger = Ledger(store, every_s=0.005)
    assert ledger.close(0) is True
    ledger = Ledger(store, every_s=0.005)
    account = ledger.account("a", MONTH, 1000)
    assert ledger.left([account]) == 1000
    assert ledger.status()["degraded"]
    assert ledger.status()["last_error"] == "RuntimeError"
    assert ledger.take([account], 7)
    assert ledger.take([account], 0)
    assert not ledger.take([account], 994)
    assert ledger.close(5) is (without < 1000)
    assert store.told == ({"2026-11": 7, "closed": 1} if without < 1000 else {})


def test_a_file_that_nobody_wrote_is_put_aside(tmp_path: Path) -> None:
    """One exchange says so, the next one begins anew; one that others may write is not read."""
    path = tmp_path / "b.budgets"
    store = FileStore(str(path))
    ask = Ask("a", "2026-11", time.time() + 100, 1000, 5, 0, 0)
    for wrong in (b"", b"{", b"[]", b'{"budgets": 2}', b'{"budgets": 1, "periods": 3}', INFINITE):
        path.write_bytes(wrong)
        with pytest.raises(ValueError, match="no file of budgets"):
            store.exchange("p", [ask])
        assert store.exchange("p", [ask]) == [Answer(5, 0)]
        assert path.with_suffix(".budgets.bad").exists()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o666)
    with pytest.raises(PermissionError):
        store.exchange("p", [ask])


@pytest.mark.parametrize("days", [2, 40, 400, -400])
@pytest.mark.parametrize("is_shared", [True, False])
def test_a_clock_that_was_wrong_finds_its_accounts_again(tmp_path: Path, days: int, is_shared: bool) -> None:
    """Another process, or this one, spends at another time; what was spent before stays, of the day and the month."""
    path = str(tmp_path / "b.budgets")
    clock = FakeClock()

    def opened() -> Budgets:
        return Budgets(FileStore(path, clock=clock) if is_shared else None, clock=clock)

    def spend(budgets: Budgets, count: int) -> list[int]:
        for number in range(count):
            accounts = [budgets.ledger.account(f"t-{number}", period, CENT) for period in periods_of(clock.time())]
            budgets.ledger.take(accounts[:: 1 if number == 0 else 2], 5)
        kept = [budgets.ledger.account("t-0", period, CENT) for period in periods_of(clock.time())]
        return [CENT - budgets.ledger.left([account]) for account in kept]

    budgets = opened()
    assert spend(budgets, 1) == [5, 5]
    for offset in (days, 0):
        clock.step(86_400 * days if offset else -86_400 * days)
        if is_shared:
            assert budgets.close(5)
            budgets = opened()
        assert spend(budgets, 1 if is_shared else 1100) == ([5, 5] if offset else [10, 10])
    assert budgets.close(5)


def test_files_and_ledgers_do_not_grow_for_ever() -> None:
    """Periods that are over, and not among the latest few that were in use, are dropped."""
    names = {period.name: period.ends for day in range(100) for period in periods_of(START + 86_400 * day)}
    over = long_over(names, START + 86_400 * 200)
    assert len(names) - len(over) == 5 + len([name for name in names if len(name) == 7][-4:])
    assert not over & {*list(names)[-2:]}
    assert not long_over(names, START - 86_400 * 200)


def test_a_child_begins_with_what_its_parent_took(tmp_path: Path) -> None:
    """A forked child takes from the account for itself, and settles nothing of its parent's."""
    world = World({"budgets": {"cheap": {"daily_cents": 1, "monthly_cents": None}}})
    world.desk.budgets = Budgets(FileStore(str(tmp_path / "b.budgets")), clock=world.clock)
    answer = {"usage": {"prompt_tokens": 400, "completion_tokens": 200}}
    world.ends["opus"] = answer

    def left() -> bool:
        try:
            world.calls.run(world.call, model="opus", tenant="cheap", input_tokens=400)
        except Rejected:
            return False
        return True

    call = world.calls.dispatch(model="mini", tenant="cheap", input_tokens=100)
    call.__enter__()
    assert left()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            call._begun._claim.settle()
            status = 0 if not left() else 2
            world.desk.budgets.close(5)
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    call.__exit__(None, None, None)
    assert not left()
    world.desk.budgets.close(5)


def test_a_service_remembers_over_a_restart(tmp_path: Path) -> None:
    """By default what was spent is kept beside the table; what is no store is refused."""
    source = tmp_path / "routing_table.json"
    source.write_bytes(encode(changed(TABLE, {"budgets": {"cheap": {"daily_cents": None, "monthly_cents": 1}}})))
    spent = []
    for options in ({}, {}, {"budgets": False}, {"last_good": False}):
        made: dict[str, Any] = {"last_good": tmp_path / "state", "sinks": (), **options}
        with service.open(source, **made) as router:
            try:
                router.run(
                    lambda at: {"usage": {"prompt_tokens": 1000}}, model="opus", tenant="cheap", input_tokens=400
                )
            except Rejected as error:
                spent.append(error.http_status)
            else:
                spent.append(200)
            store = router.status()["budgets"]["store"]
            assert store == (None if "last_good" in options or "budgets" in options else "FileStore")
    assert spent == [200, 429, 200, 200]
    with pytest.raises(ValueError, match="`budgets` is"):
        service.open(source, budgets=5)  # type: ignore[arg-type]
