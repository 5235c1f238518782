"""Open circuits are shared through the table of the real databases: the later deadline holds, others' rows are left."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from routecomp.service.health.database_store import DatabaseStore
from routecomp.service.health.scope import Scope
from routecomp.service.health.sharing import Closure
from tests.database.conftest import postgres, postgres_server
from tests.database.databases import ask, migrations, run_all, sqlite_database
from tests.runtime.tables import router
from tests.service.clock import FakeClock
from tests.service.health.test_health import DOWN
from tests.service.health.test_shared import Shared

if TYPE_CHECKING:
    import psycopg

__all__ = ["postgres", "postgres_server"]  # fixtures

EXAMPLE = Path(__file__).parents[3] / "generated" / "migrations"
FACTS = router({"models/gpt/api_key_env": "GPT_KEY"}).facts
GPT, OPUS = Scope("model", "gpt", "GPT_KEY"), Scope("model", "opus", "ANTHROPIC_API_KEY")
Stores = tuple[Callable[[], DatabaseStore], Any, FakeClock]


def example(dialect: str) -> list[Any]:
    files = {f"{dialect}/{path.name}": path.read_bytes() for path in (EXAMPLE / dialect).iterdir()}
    return migrations(files, dialect)


@pytest.fixture(params=["sqlite", "format", "pyformat"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """Yield what makes a store, a connection to its database and its clock."""
    clock = FakeClock()
    if request.param == "sqlite":
        path = tmp_path / "routing.db"
        database = sqlite_database(str(path))
        run_all(database, example("sqlite"))
        yield (
            lambda: DatabaseStore(lambda: sqlite3.connect(path, check_same_thread=False), clock=clock),
            database,
            clock,
        )
        database.close()
        return
    import psycopg

    connection: psycopg.Connection = request.getfixturevalue("postgres")
    run_all(connection, example("postgres"))
    where = connection.info.dsn
    yield (
        lambda: DatabaseStore(lambda: psycopg.connect(where), request.param, schema="public", clock=clock),
        connection,
        clock,
    )


def test_circuits_in_the_database(stores: Stores) -> None:
    make, database, clock = stores
    one, other = make(), make()
    assert one.exchange([], None) == []
    assert [closure.scope for closure in one.exchange([Closure(GPT, "open", 60.0)], FACTS)] == [GPT]
    clock.advance(10)
    (closure,) = other.exchange([Closure(GPT, "open", 5.0), Closure(OPUS, "open", 30.0)], FACTS)[:1]
    assert (closure.scope, round(closure.for_s)) == (GPT, 50)
    clock.advance(31)
    assert [closure.scope for closure in one.exchange([], FACTS)] == [GPT]  # of opus the time has passed
    one.exchange([Closure(OPUS, "open", 30.0)], FACTS)
    rows = "SELECT model, provider, state, trip_count FROM circuit_breakers ORDER BY model"
    assert ask(database, rows) == [("gpt", "openai", "open", 1), ("opus", "anthropic", "open", 2)]
    opened, well = other.exchange([Closure(GPT, "open", 0.0)], FACTS)
    assert (opened.scope, well) == (OPUS, Closure(GPT, "open", 0.0))
    assert ask(database, rows)[0][2] == "closed"
    assert {closure.for_s > 0 for closure in one.exchange([Closure(GPT, "open", 60.0)], FACTS)} == {True}
    one.exchange([Closure(GPT, "open", 0.0)], FACTS)
    clock.advance(601)
    assert one.exchange([], FACTS) == []  # old news is not told any more
    for store in (one, other):
        store.close()


def test_what_the_table_cannot_hold_stays_in_the_process(stores: Stores) -> None:
    make, database, _ = stores
    store = make()
    kept = [
        Closure(Scope("model", "gpt", "NIMBUS_KEY"), "open", 60.0),
        Closure(Scope("key", "GPT_KEY", "GPT_KEY"), "open", 60.0),
        Closure(GPT, "asked", 60.0),
        Closure(Scope("model", "Last Resort!", None), "open", 60.0),
    ]
    assert store.exchange(kept, FACTS) == []
    assert ask(database, "SELECT count(*) FROM circuit_breakers") == [(0,)]
    store.close()


def test_health_shares_through_it(stores: Stores) -> None:
    make, _, _ = stores
    one, other = Shared(make()), Shared(make())
    other.call("gpt")
    for _ in range(5):
        one.call("opus", DOWN)
    other.until(lambda: other.barred() == {"opus"})
    one.call("opus", despite=True)
    other.until(lambda: other.barred() == set())  # a trial closed it, for all
    for bench in (one, other):
        bench.health.close(10)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_is_not_locked_out_by_its_parent_s_exchange(tmp_path: Path) -> None:
    """A fork waits for the transaction to end: SQLite takes what a child inherits of one for a lock that is held."""
    path = tmp_path / "routing.db"
    database = sqlite_database(str(path))
    run_all(database, example("sqlite"))
    database.close()
    within, waits = threading.Event(), threading.Event()

    class Slow(sqlite3.Connection):
        def commit(self) -> None:
            within.set()
            waits.wait(0.2)
            super().commit()

    bench = Shared(DatabaseStore(lambda: sqlite3.connect(path, timeout=0.05, factory=Slow)))
    bench.call("gpt")
    bench.until(lambda: bench.exchanges() > 0)
    for _ in range(5):
        bench.call("opus", DOWN)
    within.clear()
    assert within.wait(60)  # in the midst of an exchange
    child = os.fork()
    if child == 0:
        try:
            with closing(sqlite3.connect(path, timeout=0.05)) as own:
                own.execute("UPDATE circuit_breakers SET trip_count = 7")
                own.commit()
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    waits.set()
    assert bench.health.close(10)
    assert code == 0
