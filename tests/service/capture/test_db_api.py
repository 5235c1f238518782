"""Outcomes and attempts reach a real database once, whatever happens to rows and connections on the way."""

from __future__ import annotations

import gc
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from routecomp.service.capture.capture import Capture
from routecomp.service.capture.rows import Row
from routecomp.service.capture.sinks.db_api import DbApi
from tests.database.conftest import postgres, postgres_server
from tests.database.databases import ask, migrations, run_all, sqlite_database
from tests.service.capture.calls import Kept, answer, attempt, begin
from tests.service.clock import FakeClock

if TYPE_CHECKING:
    import psycopg

__all__ = ["postgres", "postgres_server"]  # fixtures

EXAMPLE = Path(__file__).parents[3] / "generated" / "migrations"


END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


def example(dialect: str) -> list[Any]:
    """Return the migrations of the example."""
    return migrations({f"{dialect}/{path.name}": path.read_bytes() for path in (EXAMPLE / dialect).iterdir()}, dialect)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite database with the example's migrations."""
    path = tmp_path_factory.mktemp("sqlite") / "routing.db"
    with closing(sqlite_database(str(path))) as database:
        run_all(database, example("sqlite"))
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "routing.db"
    copy.write_bytes(template.read_bytes())
    return copy


def connector(path: Path) -> Callable[[], sqlite3.Connection]:
    return lambda: sqlite3.connect(path, timeout=0.05)


def rows(count: int = 3) -> list[Row]:
    """Return the rows of some calls, each with an attempt that failed and one that did not."""
    sink = Kept()
    capture = Capture([sink], clock=FakeClock())
    for _ in range(count):
        record = begin(capture, feature="chat", tenant="careful")
        attempt(capture, record, "opus", "timeout", "APITimeoutError")
        attempt(capture, record, "mistral-3")
        capture.finish(record, "fell_back", model="mistral-3")
    assert capture.close(10)
    return sink.rows


def counts(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as database:
        return (
            database.execute("SELECT count(*) FROM routing_outcomes").fetchone()[0],
            database.execute("SELECT count(*) FROM routing_attempts").fetchone()[0],
        )


@pytest.fixture
def sink(path: Path) -> Iterator[DbApi]:
    sink = DbApi(connector(path))
    yield sink
    sink.close()


def test_twice_is_once(sink: DbApi, path: Path) -> None:
    made = rows()
    sink.write(made)
    sink.write(made)
    assert (counts(path), sink.set_aside) == ((3, 6), 0)


def test_a_bad_row_is_set_aside_alone(sink: DbApi, path: Path) -> None:
    made = rows()
    bad = {"outcome": "splendid", "day": "2026-11-31", "tenant": "\ud800", "cost_pusd": 2**70, "version": 0}
    outcome = next(row for row in made if row.kind == "routing_outcomes")
    for number, (column, value) in enumerate(bad.items()):
        made.insert(number * 2, Row(outcome.kind, {**outcome.values, "outcome_id": f"bad-{number}", column: value}))
    sink.write(made)
    assert (counts(path), sink.set_aside) == ((3, 6), len(bad))


def test_a_database_that_is_locked_is_waited_for(sink: DbApi, path: Path) -> None:
    """While another process writes, and while the file is no database at all, nothing is lost."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    thread = threading.Thread(target=sink.write, args=(rows(),))
    thread.start()
    while sink.last_error is None:
        thread.join(0.01)
    assert thread.is_alive()
    other.execute("ROLLBACK")
    other.close()
    thread.join(30)
    assert (counts(path), sink.set_aside) == ((3, 6), 0)


@pytest.mark.parametrize("error", [OSError, ValueError, sqlite3.OperationalError])
def test_a_database_that_cannot_be_reached_is_waited_for(path: Path, error: type[Exception]) -> None:
    failures = [error] * 7

    def connect() -> sqlite3.Connection:
        if failures:
            raise failures.pop()
        return sqlite3.connect(path)

    sink = DbApi(connect)
    sink._stopped = Impatient()
    sink.write(rows())
    sink.close()
    assert (counts(path), sink.set_aside) == ((3, 6), 0)


class Impatient(threading.Event):
    """An event that is not waited for."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def test_a_missing_table_is_waited_for(path: Path) -> None:
    """Rows are not set aside because a migration was not applied yet."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE routing_attempts RENAME TO elsewhere")
    waits: list[float] = []

    class Mending(Impatient):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            if len(waits) == 8:
                with closing(sqlite3.connect(path)) as database:
                    database.execute("ALTER TABLE elsewhere RENAME TO routing_attempts")
            return False

    sink = DbApi(connector(path))
    sink._stopped = Mending()
    sink.write(rows())
    sink.close()
    assert (counts(path), sink.set_aside) == ((3, 6), 0)
    assert (waits[0], max(waits)) == (0.25, 15.0)


def test_the_end_waits_for_no_database(tmp_path: Path) -> None:
    """What could not be written when the program ends is counted."""

    def connect() -> Any:
        raise OSError

    capture = Capture([DbApi(connect)], clock=FakeClock())
    answer(capture)
    assert not capture.flush(0.01)
    (status,) = capture.status()["sinks"]
    assert (status["degraded"], status["waiting_calls"], status["last_error"]) == (True, 1, "OSError")
    text = capture.metrics()
    assert 'routecomp_sink_degraded{sink="DbApi"} 1' in text
    assert 'routecomp_sink_waiting_calls{sink="DbApi"} 1' in text
    assert capture.close(2)
    (status,) = capture.status()["sinks"]
    # Of three rows two have a table: the audit event is not given to it, and counts as nothing.
    assert (status["failed"], status["written"], status["waiting_calls"]) == (2, 0, 0)


def test_a_row_that_always_fails_is_set_aside_alone(sink: DbApi, path: Path) -> None:
    """Whatever class its exception has: the database takes others of its table meanwhile, so the row is to blame."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TRIGGER t BEFORE INSERT ON routing_outcomes WHEN new.tenant = 'poison'"
            " BEGIN SELECT abs(-9223372036854775808); END"
        )
    made = rows()
    outcome = next(row for row in made if row.kind == "routing_outcomes")
    poison = [
        Row(outcome.kind, {**outcome.values, "outcome_id": f"poison-{number}", "tenant": "poison"})
        for number in range(5)
    ]
    sink._stopped = Impatient()
    sink.write([*poison, *made])  # those that come first are the bad ones
    assert (counts(path), sink.set_aside, sink.last_error) == ((3, 6), 5, "OperationalError")
    assert not sink.is_waiting


def test_rows_that_are_written_count_as_written_whatever_became_of_others(path: Path) -> None:
    """When the sink is told to wait no longer, in the midst of rows of which one fails."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TRIGGER t BEFORE INSERT ON routing_outcomes WHEN new.tenant = 'poison'"
            " BEGIN SELECT abs(-9223372036854775808); END"
        )
    sink = DbApi(connector(path))
    capture = Capture([sink], clock=FakeClock())
    for tenant in ("poison", "acme", "acme"):
        answer(capture, feature="chat", tenant=tenant)
    while not sink.is_waiting:
        threading.Event().wait(0.01)
    assert counts(path) == (2, 3)
    sink.stop()
    assert capture.close(10)
    (status,) = capture.status()["sinks"]
    assert (status["written"], status["failed"], status["set_aside"]) == (5, 1, 0)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_writes_with_a_connection_of_its_own(path: Path) -> None:
    """Forks in the midst of writes: no child is locked out by a transaction that it inherited."""
    capture = Capture([DbApi(lambda: sqlite3.connect(path, timeout=10))])
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            answer(capture)
            capture.flush(1)
            stop.wait(0.005)

    thread = threading.Thread(target=write)
    thread.start()
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            answer(capture)
            os._exit(0 if capture.close(20) and capture.status()["sinks"][0]["written"] == 2 else 1)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    stop.set()
    thread.join()
    assert capture.close(20)
    assert codes == [0] * 3
    assert counts(path)[0] == capture.status()["captured"] + 3


class Watched(sqlite3.Connection):
    """A connection that tells when it is let go, and by which process."""

    ended: list[int]

    def __del__(self) -> None:
        self.ended.append(os.getpid())


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_lets_its_parent_s_connection_alone(path: Path) -> None:
    """To let it go would end the parent's session, of some drivers; to use it would mix two conversations."""
    connected: list[int] = []
    ended: list[int] = []

    def connect() -> sqlite3.Connection:
        connected.append(os.getpid())
        connection = sqlite3.connect(path, timeout=10, factory=Watched)
        connection.ended = ended
        return connection

    sink = DbApi(connect)
    sink.write(rows(1))
    child = os.fork()
    if child == 0:
        sink.write(rows(1))
        gc.collect()
        os._exit(0 if connected[1:] == [os.getpid()] and ended == [] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    sink.write(rows(1))
    assert connected == [os.getpid()]
    sink.close()
    assert counts(path)[0] == 3


def test_postgres(postgres: psycopg.Connection) -> None:
    """With the example's migrations, in either style of marks: once, bad rows alone, connections that are lost."""
    import psycopg

    run_all(postgres, example("postgres"))
    where = postgres.info.dsn
    made = rows()
    outcome = next(row for row in made if row.kind == "routing_outcomes")
    made.insert(1, Row(outcome.kind, {**outcome.values, "outcome_id": "bad", "outcome": "splendid"}))
    made.insert(5, Row(outcome.kind, {**outcome.values, "outcome_id": "bad", "day": "2026-11-29"}))
    for style in ("format", "pyformat"):
        sink = DbApi(lambda: psycopg.connect(where), style, schema="public")
        sink.write(made)
        assert (sink.set_aside, sink.last_error) == (2, "CheckViolation")
        assert len(ask(postgres, END_OTHERS)) == 1
        sink.write(rows(2))
        sink.close()
    assert ask(postgres, "SELECT count(*) FROM routing_outcomes") == [(3 + 2 * 2,)]
    assert ask(postgres, "SELECT count(*) FROM routing_attempts") == [(6 + 2 * 4,)]
