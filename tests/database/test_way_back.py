"""Test what `migrate down` refuses to lose, and that it asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database.migrating import Site
from tests.database.test_migrate import make_site, rows, states, tenant

OUTCOME = (
    "INSERT INTO routing_outcomes (day, outcome_id, begun_at, status, outcome)"
    " SELECT '2026-11-20', count(*), '2026-11-20T12:00:00Z', 'ok', 'succeeded' FROM routing_outcomes"
)
CHECK = "INSERT INTO provider_health_checks (provider, model, outcome) VALUES ('p', 'm', 'ok')"
BREAKER = "INSERT INTO circuit_breakers (provider, model) VALUES ('p', 'm')"
PROMOTION = (
    "INSERT INTO model_promotions (feature, from_model, to_model, kind, migration)"
    " VALUES ('gone', NULL, 'good', 'initial', 'by hand')"
)
PRESET = "UPDATE routing_scoring SET owner = 'by hand'"
NOTES = """\
-- Written by hand.

{begin};

{body}

COMMIT;
"""
BEGIN = {"sqlite": "PRAGMA foreign_keys = ON;\n\nBEGIN IMMEDIATE", "postgres": "BEGIN"}


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """Make a folder with a baseline, and a database that has it."""
    site = make_site(request.param, request, tmp_path)
    site.run_ok("up")
    return site


def by_hand(site: Site, name: str, up: str, down: str) -> None:
    """Write a migration by hand, for both dialects."""
    schema = {"sqlite": "", "postgres": "public."}
    for dialect, begin in BEGIN.items():
        for way, body in (("up", up), ("down", down)):
            text = NOTES.format(begin=begin, body=body.format(schema=schema[dialect]))
            (site.folder.at / dialect / f"{name}.{way}.sql").write_text(text)


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        (OUTCOME, "routing_outcomes"),
        (CHECK, "provider_health_checks"),
        (BREAKER, "circuit_breakers"),
        (PROMOTION, "model_promotions"),
        (PRESET, "routing_scoring"),
    ],
)
def test_rows_of_others_stay(site: Site, statement: str, table: str) -> None:
    """The baseline stays while a table holds rows that no migration wrote; a later migration goes back alone."""
    site.sql(statement)
    later = tenant(site, {"min_quality_bp": 1})
    site.run_ok("up")
    site.run_ok("down", "--yes")
    for options in ((), ("--yes",), ("--yes", "--drop-rows", "models")):
        ran = site.migrate("down", *options)
        assert ran.code == 1
        assert f"would drop rows that no migration wrote: {table} (1 row)" in ran.err
        assert f"--drop-rows {table}" in ran.err
    assert states(site) == {"0001_baseline": "applied", later: "pending"}
    ran = site.migrate("down", "--yes", "--drop-rows", table)
    if table == "model_promotions":  # what the file itself asserts no option takes away
        assert "the ledger holds promotions that were made since" in ran.err
    else:
        assert ran.out == "taken back 0001_baseline\n"


def test_all_that_would_be_lost_is_named(site: Site) -> None:
    """Each table must be named; before that nothing is taken back, also not what comes first."""
    later = tenant(site, {"min_quality_bp": 1})
    site.run_ok("up")
    site.sql(OUTCOME, OUTCOME, BREAKER)
    assert site.run_ok("down", "--to", "1") == f"taken back {later}\n"
    ran = site.migrate("down", "--yes", "--drop-rows", "circuit_breakers")
    assert ran.code == 1
    assert "no migration wrote: routing_outcomes (2 rows)\n" in ran.err
    assert "--drop-rows circuit_breakers --drop-rows routing_outcomes" in ran.err
    wrong = site.migrate("down", "--yes", "--drop-rows", "routing_outcome")
    assert wrong.code == 2
    assert "--drop-rows names `routing_outcome`, which what is taken back does not drop" in wrong.err
    assert "routing_outcomes" in wrong.err
    both = ("--drop-rows", "circuit_breakers", "--drop-rows", "routing_outcomes")
    assert site.run_ok("down", "--yes", *both) == "taken back 0001_baseline\n"
    assert site.run_ok("up") == f"applied 0001_baseline\napplied {later}\n"


def test_a_table_made_by_hand(site: Site) -> None:
    """A table of a migration written by hand counts without the rows that it brought, and columns by their values."""
    by_hand(
        site,
        "0002_notes",
        "CREATE TABLE {schema}own_notes (x int);\n\nINSERT INTO {schema}own_notes (x) VALUES (1), (2);",
        "DROP TABLE IF EXISTS {schema}own_notes;",
    )
    by_hand(
        site,
        "0003_column",
        "ALTER TABLE {schema}own_notes ADD COLUMN y int;",
        "ALTER TABLE {schema}own_notes DROP COLUMN y;",
    )
    site.run_ok("up")
    assert site.run_ok("down", "--to", "1") == "taken back 0003_column\ntaken back 0002_notes\n"
    site.run_ok("up")
    site.sql("INSERT INTO own_notes (x, y) VALUES (3, 4)")
    ran = site.migrate("down", "--yes")
    assert ran.code == 1
    assert "0003_column would drop rows that no migration wrote: own_notes.y (1 row)" in ran.err
    ran = site.migrate("down", "--to", "1")
    assert ran.code == 1
    assert "0002_notes and 1 more would drop rows that no migration wrote: own_notes (1 row)\n" in ran.err
    assert states(site)["0003_column"] == "applied"
    assert site.run_ok("down", "--to", "1", "--drop-rows", "own_notes").count("taken back") == 2


def test_a_table_with_a_dot_in_its_name(site: Site) -> None:
    """A name between quotes is one name, whatever is in it."""
    table = '{schema}"own.notes"'
    by_hand(site, "0002_notes", f"CREATE TABLE {table} (x int);", f"DROP TABLE {table};")
    site.run_ok("up")
    site.sql('INSERT INTO "own.notes" (x) VALUES (1)')
    ran = site.migrate("down", "--yes")
    assert (ran.code, "would drop rows that no migration wrote: own.notes (1 row)" in ran.err) == (1, True), ran.err
    assert site.run_ok("down", "--yes", "--drop-rows", "own.notes") == "taken back 0002_notes\n"


def test_a_table_that_is_emptied(site: Site) -> None:
    """A way back that empties a table is one that drops its rows."""
    by_hand(site, "0002_empty", "DELETE FROM {schema}circuit_breakers;", "DELETE FROM {schema}routing_outcomes;")
    site.run_ok("up")
    site.sql(OUTCOME)
    assert "routing_outcomes (1 row)" in site.migrate("down", "--yes").err
    assert site.sql("SELECT count(*) FROM routing_outcomes") == [(1,)]


def test_a_row_that_comes_meanwhile(site: Site) -> None:
    """What is shown is taken back, or nothing: neither another migration nor a row that came in between."""
    later = tenant(site, {"min_quality_bp": 1})
    ran = ask(site, lambda: site.run_ok("up"), "y\n")
    assert ran.returncode == 5
    assert b"somebody else has migrated meanwhile" in ran.stdout
    assert states(site)[later] == "applied"
    site.run_ok("down", "--yes")
    ran = ask(site, lambda: site.sql(OUTCOME), "y\n")
    assert ran.returncode == 1
    assert b"routing_outcomes (1 row)" in ran.stdout


def ask(site: Site, meanwhile: object, answer: str) -> subprocess.CompletedProcess[bytes]:
    """Run `migrate down` at a terminal, do something when it asks, and answer; standard output has all it wrote."""
    mine, theirs = os.openpty()
    command = [sys.executable, "-m", "routecomp", "migrate", "down", "--from", str(site.folder.at)]
    process = subprocess.Popen(
        [*command, "--database", site.url], stdin=theirs, stdout=theirs, stderr=theirs, cwd=site.cwd
    )
    os.close(theirs)
    text = b""
    while b"[y/N]" not in text:
        text += os.read(mine, 10_000)
    assert callable(meanwhile)
    meanwhile()
    os.write(mine, answer.encode())
    code = process.wait(60)
    try:
        while data := os.read(mine, 10_000):
            text += data
    except OSError:  # the other end is closed
        pass
    os.close(mine)
    return subprocess.CompletedProcess(command, code, text)


def test_it_asks(site: Site) -> None:
    """Without --to it shows what it would take back, and asks; where nobody can answer it refuses."""
    ran = site.migrate("down")
    assert ran.code == 2
    assert "this would take back 0001_baseline, applied 20" in ran.err
    assert "--yes takes it back without a question" in ran.err
    answered = ask(site, lambda: None, "n\n")
    assert answered.returncode == 130
    assert b"0001_baseline, applied 20" in answered.stdout
    assert states(site) == {"0001_baseline": "applied"}
    assert ask(site, lambda: None, "y\n").returncode == 0
    assert states(site) == {"0001_baseline": "pending"}
    assert [row.direction for row in rows(site)] == ["up", "down"]


def test_nothing_to_take_back(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """An empty database and a migration that is not applied are said in words."""
    for dialect in ("sqlite", "postgres"):
        (tmp_path / dialect).mkdir()
        site = make_site(dialect, request, tmp_path / dialect)
        if dialect == "sqlite":
            Path(site.url.removeprefix("sqlite:///")).touch()
        for options in ((), ("--yes",), ("--to", "1"), ("--to", "0001_baseline")):
            ran = site.migrate("down", *options)
            assert ran.code == 2
            assert "no migration is applied: there is nothing to take back" in ran.err
        site.run_ok("up")
        later = tenant(site, {"min_quality_bp": 1})
        ran = site.migrate("down", "--to", later)
        assert ran.code == 2
        assert f"migration {later} is not applied, so nothing was applied after it" in ran.err
        assert "the last is 0001_baseline" in ran.err
        assert "there is no migration `0009`" in site.migrate("down", "--to", "0009").err
