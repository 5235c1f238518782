"""Test what services write: outcomes and attempts by day, and how a database of before comes to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.database import runner
from routecomp.database.failure import DatabaseError
from routecomp.runtime.resolver import Router
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.literals import table_name
from routecomp.sql.reference import reference
from tests.database.migrating import Site
from tests.database.page import shown
from tests.database.steps import Folders, compiled, migrations_of, verified
from tests.database.test_migrate import make_site
from tests.released.first_version import PROJECT

OUTCOME = (
    "INSERT INTO routing_outcomes (day, outcome_id, begun_at, status, outcome)"
    " VALUES ('{0}', '{1}', '{0}T12:00:00Z', 'ok', 'failed')"
)
OLD = "INSERT INTO {} (request_id, inference_id, feature, tenant, source, status, created_at) VALUES {}"
OLD_ROWS = (
    "('r1', 'i1', 'chat', 'acme', 'table', 'ok', '2026-11-29T10:00:00Z'),"
    " ('r2', NULL, 'chat', 'acme', 'table', 'rejected_cost', '2026-11-29T23:59:59Z'),"
    " ('r3', NULL, 'chat', NULL, 'table', 'failed', '2026-11-29T00:00:00Z'),"
    " ('r4', 'i4', 'chat', NULL, 'table', 'fell_back', '2026-11-30T00:00:00Z')"
)


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """Make a database of PostgreSQL that has a baseline."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    return site


@pytest.mark.parametrize("dialect", dialect_names())
def test_the_statements_of_the_page(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """What the page shows runs, twice where rows are written: then they are there once."""
    site = make_site(dialect, request, tmp_path)
    site.run_ok("up")
    blocks = shown("## What services write", dialect)
    written, breaker, *days = [block for block in blocks if "routing_outcomes_before" not in "".join(block)]
    site.sql(*written, *written, *breaker)
    later = breaker[0].replace("T09:31", "T09:30")
    site.sql(later)
    assert site.sql("SELECT count(*) FROM routing_outcomes")[0] == (1,)
    assert site.sql("SELECT count(*) FROM routing_attempts")[0] == (2,)
    until = (
        "to_char(open_until AT TIME ZONE 'UTC', 'HH24:MI')" if dialect == "postgres" else "substr(open_until, 12, 5)"
    )
    assert site.sql(f"SELECT trip_count, {until} FROM circuit_breakers") == [(2, "09:31")]
    with site.open() as database:  # one session: a block may be a transaction
        for block in days:
            for statement in block:
                database.run(statement)
    assert site.sql("SELECT outcome_id FROM routing_outcomes") == [("c-4711",)]
    assert site.json("verify")["drift"] == []


@pytest.mark.parametrize("dialect", dialect_names())
def test_what_a_last_resort_says_is_stored(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Its names are whatever the code gives it, and the rows of an outage are wanted most of all."""
    site = make_site(dialect, request, tmp_path)
    site.run_ok("up")
    for number, name in enumerate(("Foo/Bar", "GPT 4o", "ü", "a" * 300)):
        given = {
            "model": name,
            "provider": name,
            "upstream_model": "u",
            "url": "https://x.example",
            "adapter": "openai",
        }
        decision = Router.from_bytes(None, None, given).resolve(feature="chat")
        assert (decision.status, decision.source, decision.model) == ("ok", "last_resort", name)
        site.sql(
            OUTCOME.format("2026-11-20", number),
            f"UPDATE routing_outcomes SET model = '{decision.model}', answered_by = '{decision.model}',"
            f" source = '{decision.source}', route = '{decision.route}', route_name = '{decision.route_name}'"
            f" WHERE outcome_id = '{number}'",
            "INSERT INTO routing_attempts (day, outcome_id, number, model, outcome)"
            f" VALUES ('2026-11-20', '{number}', 1, '{decision.model}', 'ok')",
            f"INSERT INTO circuit_breakers (provider, model) VALUES ('{decision.provider}', '{decision.model}')",
            "INSERT INTO provider_health_checks (provider, model, outcome)"
            f" VALUES ('{decision.provider}', '{decision.model}', 'ok')",
        )
    assert site.sql("SELECT count(*) FROM routing_outcomes") == [(4,)]


def test_days_come_and_go(server: Site) -> None:
    """Rows go to their day's partition or to the default one; a day is dropped whole; verify accepts what there is."""
    make = "CREATE TABLE routing_outcomes_{} PARTITION OF routing_outcomes FOR VALUES FROM ('{}') TO ('{}')"
    server.sql(make.format("a", "2026-11-01", "2026-11-02"), make.format("b", "2026-11-02", "2026-11-03"))
    server.sql(*(OUTCOME.format(f"2026-11-0{day}", f"o{number}") for day in (1, 2, 3) for number in (1, 2)))
    counts = "SELECT tableoid::regclass::text, count(*) FROM routing_outcomes GROUP BY 1 ORDER BY 1"
    assert server.sql(counts) == [("routing_outcomes_a", 2), ("routing_outcomes_b", 2), ("routing_outcomes_default", 2)]
    assert server.json("verify")["drift"] == []
    server.sql("DROP TABLE routing_outcomes_a")
    assert server.sql(counts) == [("routing_outcomes_b", 2), ("routing_outcomes_default", 2)]
    assert server.json("verify")["drift"] == []
    server.sql("DROP TABLE routing_outcomes_default")
    (drift,) = server.json("verify")["drift"]
    assert drift["message"] == "partition routing_outcomes_default of table routing_outcomes is missing"


def test_a_call_is_written_on_its_own_day(server: Site) -> None:
    """In whatever time zone a session is, the day is that of UTC; a row with another one is refused by name."""
    late = "SET TIME ZONE 'Asia/Tokyo'"
    server.sql(late, OUTCOME.format("2026-11-30", "o").replace("T12:00:00Z", "T23:59:59Z"))
    with pytest.raises(Exception, match="routing_outcomes_day_of_call"):
        server.sql(late, OUTCOME.format("2026-11-30", "p").replace("T12:00:00Z", "T23:59:59-01:00"))


@pytest.mark.parametrize("dialect", dialect_names())
def test_outcomes_of_before(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The table of 0.1.0 is put aside with its rows; new ones begin empty; the way back brings it again."""
    base: Folders = {
        one: {path.name: path.read_bytes() for path in (PROJECT / "generated/migrations" / one).glob("*.sql")}
        for one in dialect_names()
    }
    files = compiled([reference(base, dialect_names()).state()], base)
    with make_site(dialect, request, tmp_path).open() as database:
        own = migrations_of(files, dialect)
        now, old = (table_name(name, database.dialect) for name in ("routing_outcomes", "routing_outcomes_before"))
        runner.up(database, migrations_of(base, dialect))
        database.run(OLD.format(now, OLD_ROWS))
        rows = database.run(f"SELECT * FROM {now} ORDER BY id")
        runner.up(database, own)
        assert verified(database, files) == []
        assert database.run(f"SELECT * FROM {old} ORDER BY id") == rows
        assert database.run(f"SELECT * FROM {now}") == []
        database.run(OLD.format(old, "('r5', 'i5', 'chat', NULL, 'table', 'ok', '2026-11-30T00:00:00Z')"))
        (carry,) = shown("### Outcomes of before", dialect) or [[]]
        for statement in carry * 2:
            database.run(statement)
        ends = database.run(f"SELECT request_id, status, outcome FROM {now} ORDER BY request_id")
        assert ends == [("r1", "ok", "succeeded"), ("r2", "rejected_cost", "rejected"), ("r3", "ok", "failed")] * (
            dialect == "postgres"
        )
        database.run(OUTCOME.format("2026-11-30", "o").replace("routing_outcomes", now))
        to = migrations_of(base, dialect)[-1].id
        with pytest.raises(DatabaseError, match="table routing_outcomes holds what its way back would lose"):
            runner.down(database, own, to)
        database.rollback()
        database.run(f"DELETE FROM {now}")
        runner.down(database, own, to)
        assert verified(database, base) == []
        assert database.run(f"SELECT * FROM {now} ORDER BY id")[: len(rows)] == rows
        runner.up(database, own)
        assert verified(database, files) == []
        assert len(database.run(f"SELECT * FROM {old}")) == len(rows) + 1
