"""Test `migrate verify`, which names drift of rows and schema, and `audit verify`, which names where a chain breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.database import ledger
from routecomp.database.catalog import advance, changes_schema
from routecomp.sql.script_text import statements
from tests.database.migrating import Site, promote_fair
from tests.database.test_migrate import make_site

POSTGRES = (
    (
        "ALTER TABLE models DROP CONSTRAINT models_latency_ms_check",
        "constraint models_latency_ms_check of table models is missing",
    ),
    (
        "ALTER TABLE models ADD CONSTRAINT models_latency_ms_check CHECK (latency_ms >= 0)",
        "constraint models_latency_ms_check of table models is not defined as the migrations define it",
    ),
    (
        "ALTER TABLE feature_models DISABLE TRIGGER feature_models_holds",
        "trigger feature_models_holds of table feature_models is disabled",
    ),
    (
        "ALTER TABLE model_promotions DISABLE TRIGGER model_promotions_append_only",
        "trigger model_promotions_append_only of table model_promotions is disabled",
    ),
    ("ALTER TABLE models DISABLE TRIGGER ALL", "constraint models_provider_fkey of table models is disabled"),
    (
        "DROP INDEX model_experiment_one_running",
        "index model_experiment_one_running of table model_experiment is missing",
    ),
    ("DROP TRIGGER models_holds ON models", "trigger models_holds of table models is missing"),
    (
        "ALTER TABLE models ALTER latency_ms DROP NOT NULL",
        "column latency_ms of table models is not defined as the migrations define it",
    ),
    ("ALTER TABLE models ADD COLUMN extra int", "column extra of table models is there, and no migration made it"),
    (
        "CREATE RULE nothing AS ON DELETE TO features DO INSTEAD NOTHING",
        "rule nothing of table features is there, and no migration made it",
    ),
    (
        "CREATE OR REPLACE FUNCTION routecomp_check_feature(subject text) RETURNS void LANGUAGE sql AS 'SELECT'",
        "function routecomp_check_feature is not defined as the migrations define it",
    ),
    ("DROP TABLE routing_outcomes", "table routing_outcomes is missing"),
    (
        "ALTER TABLE tenant_routing_policy ENABLE ROW LEVEL SECURITY",
        "table tenant_routing_policy is not defined as the migrations define it",
    ),
)
SQLITE = (
    (
        "DROP INDEX model_experiment_one_running",
        "index model_experiment_one_running of table model_experiment is missing",
    ),
    (
        "DROP TRIGGER model_promotions_no_update",
        "trigger model_promotions_no_update of table model_promotions is missing",
    ),
    ("DROP TABLE routing_outcomes", "table routing_outcomes is missing"),
    (
        "CREATE TRIGGER mine AFTER DELETE ON models BEGIN SELECT 1; END",
        "trigger mine of table models is there, and no migration made it",
    ),
)
ROWS = (
    ("UPDATE models SET latency_ms = 901 WHERE model = 'good'", "models: latency_ms of row good is 901, not 900"),
    ("UPDATE models SET owner = 'x' WHERE model = 'good'", "models: owner of row good is `x`, not empty"),
    ("DELETE FROM tenant_stacks WHERE tenant = 'acme'", "tenant_stacks: row acme eu is missing"),
    (
        "INSERT INTO model_capabilities (model, capability) VALUES ('fair', 'json')",
        "model_capabilities: row fair json is there, and no migration made it",
    ),
    ("UPDATE models SET listed = {false} WHERE model = 'good'", "models: listed of row good is False, not True"),
)


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """Make a migrated database."""
    found = make_site(request.param, request, tmp_path)
    found.folder.add(promote_fair(found.folder.state))
    found.run_ok("up")
    return found


def drifts(site: Site) -> list[str]:
    """Return the differences that `verify` prints."""
    told = site.json("verify")
    assert told["skipped"] is None
    return [one["message"] for one in told["drift"]]


def test_rows(site: Site) -> None:
    """Each row that was changed by hand is named with table, key, column, actual and expected value."""
    assert drifts(site) == []
    false = "FALSE" if site.dialect == "postgres" else "0"
    for statement, said in ROWS:
        site.sql(statement.format(false=false))
        assert said in drifts(site)
    told = site.json("verify")["drift"]
    assert len(told) == len(ROWS)
    assert [one for one in told if one["column"] == "latency_ms"] == [
        {
            "kind": "row",
            "message": ROWS[0][1],
            "table": "models",
            "name": "good",
            "column": "latency_ms",
            "expected": 900,
            "found": 901,
        }
    ]
    ran = site.migrate("verify")
    assert ran.code == 1
    assert ran.out.endswith(f"2 applied, {len(ROWS)} differences\n")


def test_schema(site: Site) -> None:
    """Each constraint, index, trigger, column or function that the migrations did not make is named."""
    for statement, said in POSTGRES if site.dialect == "postgres" else SQLITE:
        site.sql(statement)
        assert said in drifts(site), statement


def test_what_is_the_company_s_own(site: Site) -> None:
    """Other tables, and indexes that only speed up queries, are no drift."""
    site.sql("CREATE TABLE tenants (slug text)", "CREATE INDEX mine ON routing_outcomes (tenant)")
    assert drifts(site) == []


def test_a_table_of_sqlite_made_anew(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A table rebuilt without a constraint is named by that constraint."""
    site = make_site("sqlite", request, tmp_path)
    site.run_ok("up")
    text = site.sql("SELECT sql FROM sqlite_master WHERE name = 'circuit_breakers'")[0][0]
    at = text.index(",\n  CONSTRAINT circuit_breakers_trip_count_check")
    end = text.index(",\n  CONSTRAINT", at + 1)
    site.sql("DROP TABLE circuit_breakers", text[:at] + text[end:])
    assert "constraint circuit_breakers_trip_count_check of table circuit_breakers is missing" in drifts(site)


def test_pending_is_drift(site: Site) -> None:
    """A missing migration is drift, and rows are compared with the applied migrations."""
    site.run_ok("down", "--yes")
    assert [one for one in drifts(site) if "is not applied yet" not in one] == []
    assert site.migrate("verify").code == 1


def test_verify_only_reads(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A read-only file is verified, and not one byte of it changes."""
    site = make_site("sqlite", request, tmp_path)
    site.run_ok("up")
    path = tmp_path / "routing.db"
    path.chmod(0o444)
    before = path.read_bytes()
    assert drifts(site) == []
    assert path.read_bytes() == before


def test_drift_does_not_creep_into_what_is_expected() -> None:
    """What a migration changes is expected afterwards; what somebody else changed before it is not."""
    a, b, c = ("t", "constraint", "a"), ("t", "constraint", "b"), ("t", "constraint", "c")
    assert advance({a: "1", b: "1"}, {a: "1"}, {a: "1", c: "1"}) == {a: "1", b: "1", c: "1"}
    assert advance({a: "1", b: "1"}, {a: "9", b: "1"}, {a: "9"}) == {a: "1"}
    assert changes_schema(["ALTER TABLE x"])
    assert not changes_schema(["UPDATE x SET a = 1"])


def unlocked(site: Site, table: str, *tampering: str) -> None:
    """Tamper with a ledger as an owner of the database can: without its triggers, which are restored."""
    if site.dialect == "postgres":
        site.sql(f"ALTER TABLE {table} DISABLE TRIGGER USER", *tampering, f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    triggers = site.sql(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")
    site.sql(*(f"DROP TRIGGER {name}" for name, _ in triggers), *tampering, *(sql for _, sql in triggers))


TAMPERING = (
    ("routecomp_migrations", "UPDATE routecomp_migrations SET actor = 'x' WHERE seq = 2", 2, "not what was written"),
    (
        "routecomp_migrations",
        "UPDATE routecomp_migrations SET hash = prev_hash WHERE seq = 1",
        1,
        "not what was written",
    ),
    ("routecomp_migrations", "DELETE FROM routecomp_migrations WHERE seq = 1", 2, "what stood before it is gone"),
    ("routecomp_migrations", "DELETE FROM routecomp_migrations WHERE seq = 2", 3, "follows row 1"),
    ("model_promotions", "UPDATE model_promotions SET actor = 'x' WHERE id = 2", 2, "does not fit the promotions"),
    ("model_promotions", "DELETE FROM model_promotions WHERE id = 1", 1, "does not fit the promotions"),
    (
        "model_promotions",
        "UPDATE model_promotions SET to_model = 'poor' WHERE id = 3",
        3,
        "does not fit the promotions",
    ),
)


def broken_rows(site: Site) -> list[tuple[int, str]]:
    """Return where the chain breaks."""
    with site.open() as database:
        return [(one.seq, one.message) for one in ledger.breaks(ledger.entries(database), ledger.promotions(database))]


@pytest.mark.parametrize("number", range(len(TAMPERING)))
def test_tampering(site: Site, number: int) -> None:
    """Whatever row is changed, removed or inserted, the first row that does not fit is named."""
    table, statement, seq, said = TAMPERING[number]
    site.run_ok("down", "--yes")
    assert broken_rows(site) == []
    unlocked(site, table, statement)
    first = broken_rows(site)[0]
    assert first[0] == seq
    assert said in first[1]
    assert f"ledger: {first[1]}" in drifts(site)


def test_a_promotion_slipped_in_between(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A promotion inserted among the rows of the chain does not fit; one at the end is covered by the next row."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    insert = (
        "INSERT INTO model_promotions (id, feature, from_model, to_model, kind, migration) OVERRIDING SYSTEM"
        " VALUE VALUES ({}, 'chat', 'fair', 'good', 'swap', 'by hand')"
    )
    site.sql(insert.format(0))
    assert [said for _, said in broken_rows(site)] == [
        "a promotion of model_promotions has the id 0: ids begin with 1, and it was slipped in"
    ]
    unlocked(site, "model_promotions", "DELETE FROM model_promotions WHERE id = 0")
    assert broken_rows(site) == []
    site.sql("SELECT setval(pg_get_serial_sequence('model_promotions', 'id'), 7)", insert.format(7))
    site.folder.add(promote_fair(site.folder.state))
    site.run_ok("up")
    unlocked(site, "model_promotions", "DELETE FROM model_promotions WHERE id = 7")
    assert [seq for seq, _ in broken_rows(site)][-1] == 2


def test_a_text_where_the_chain_needs_a_number(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A text in a number's column of a SQLite ledger is a broken chain, and no internal error."""
    site = make_site("sqlite", request, tmp_path)
    site.run_ok("up")
    unlocked(
        site,
        "routecomp_migrations",
        "PRAGMA ignore_check_constraints = ON",
        "UPDATE routecomp_migrations SET promotions_to = 'q' WHERE seq = 1",
    )
    assert "not what was written" in broken_rows(site)[0][1]


def test_settings_of_a_database(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """PostgreSQL settings that reword definitions or end long statements make no drift and no failure."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up", "--to", "1")
    name = site.url.partition("@/")[2].partition("?")[0]
    for setting in (
        "standard_conforming_strings = off",
        "quote_all_identifiers = on",
        "statement_timeout = 20",
        "search_path = nowhere",
    ):
        site.sql(f"ALTER DATABASE {name} SET {setting}")
    assert drifts(site) == []
    site.run_ok("status")


def test_another_major_version(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """After a server upgrade definitions that differ are not compared, with a note; names still are."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    made_by_9 = 'UPDATE routecomp_migrations SET catalogue = regexp_replace(catalogue, \'"major version","[0-9]+"\','
    unlocked(site, "routecomp_migrations", made_by_9 + ' \'"major version","9"\')')
    told = site.json("verify")
    assert (told["note"], [one["kind"] for one in told["drift"]]) == (None, ["ledger"])
    site.sql("ALTER TABLE models DROP CONSTRAINT models_latency_ms_check")
    site.sql("ALTER TABLE models ADD CONSTRAINT models_latency_ms_check CHECK (latency_ms >= 0)")
    assert "1 that differ, models_latency_ms_check the first, names were compared" in site.json("verify")["note"]
    site.sql("ALTER TABLE models DROP CONSTRAINT models_latency_ms_check")
    assert "constraint models_latency_ms_check of table models is missing" in drifts(site)


def test_the_ledger_is_written_in_the_server_s_grammar() -> None:
    """The statements that make the ledger parse, and every object in them has a name and a schema."""
    import pglast

    text = (Path(ledger.__file__).parent / "ledger_postgres.sql").read_text()
    assert len(pglast.parse_sql(text)) == len(statements(text))
    assert "public.routecomp_migrations" in text


@pytest.mark.parametrize(("table", "column"), [("models", "latency_ms"), ("feature_models", "status")])
def test_a_table_that_lacks_a_column(request: pytest.FixtureRequest, tmp_path: Path, table: str, column: str) -> None:
    """A column that is gone is said once, with what went with it, and not again for each row."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    site.sql(f"ALTER TABLE {table} DROP COLUMN {column} CASCADE")
    drifts = site.json("verify")["drift"]
    assert [drift["name"] for drift in drifts if drift["kind"] == "schema" and drift["name"] == column] == [column]
    assert [drift for drift in drifts if drift["kind"] == "row"] == []


def test_a_table_that_lacks_a_column_of_its_key(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Neither are its rows called missing where they cannot be told apart any more."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    site.sql("ALTER TABLE model_capabilities DROP COLUMN capability CASCADE")
    drifts = site.json("verify")["drift"]
    assert "capability" in [drift["name"] for drift in drifts]
    assert [drift for drift in drifts if drift["kind"] == "row"] == []
