"""Test what a server's own settings do to a migration: timeouts, read-only servers, standbys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.transcripts import in_process
from tests.database.majors import binaries
from tests.database.migrating import Migrations, Site
from tests.database.server import NoServerError, server
from tests.database.test_migrate import make_site
from tests.database.test_migrate_faults import as_role

if TYPE_CHECKING:
    pass

HURRIED = (
    "statement_timeout = '20ms'",
    "lock_timeout = '20ms'",
    "idle_in_transaction_session_timeout = '20ms'",
    "default_transaction_isolation = 'serializable'",
    "default_transaction_read_only = on",
)
SEEN = """\
-- Written by hand.

BEGIN;

{settings}CREATE TABLE public.seen AS SELECT current_setting('lock_timeout') AS value;

COMMIT;
"""
INDEX = """\
-- Written by hand.
-- routecomp:no-transaction

SET lock_timeout = '10min';

SET statement_timeout = '2h';

CREATE INDEX CONCURRENTLY IF NOT EXISTS own_index ON public.models (quality_bp);
"""


def write(
    site: Site, name: str, up: str, down: str = "BEGIN;\n\nDROP TABLE IF EXISTS public.seen;\n\nCOMMIT;\n"
) -> None:
    """Write a migration by hand, for PostgreSQL."""
    (site.folder.at / "postgres" / f"{name}.up.sql").write_text(up)
    (site.folder.at / "postgres" / f"{name}.down.sql").write_text(down)


def test_lock_timeout_wins(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """`--lock-timeout` counts for each lock of a file, whatever the file says; without it the file's own counts."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    forms = (
        "SET LOCAL lock_timeout = '5s';\n\n",
        "SET lock_timeout TO 5000;\n\n",
        "SELECT set_config('lock_timeout', '5s', true);\n\n",
        "SET LOCAL lock_timeout = '1s';\n\nSET LOCAL Lock_Timeout = '5s';\n\n",
    )
    for number, form in enumerate(forms, 2):
        write(site, f"000{number}_seen", SEEN.format(settings=form))
        for options, value in ((("--lock-timeout", "7.5"), "7500ms"), ((), "5s")):
            site.run_ok("up", *options)
            assert site.sql("SELECT value FROM public.seen") == [(value,)]
            site.run_ok("down", "--yes", "--drop-rows", "seen")
        (site.folder.at / "postgres" / f"000{number}_seen.up.sql").unlink()


def test_a_lock_that_is_held(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A table that is locked for longer than --lock-timeout ends with exit 5, and nothing of the migration is left."""
    import psycopg

    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    write(
        site,
        "0002_column",
        "BEGIN;\n\nSET LOCAL lock_timeout = '1h';\n\nALTER TABLE public.models ADD x int;\n\nCOMMIT;\n",
    )
    with psycopg.connect(site.url) as other:
        other.execute("LOCK TABLE models IN ACCESS SHARE MODE")
        ran = site.migrate("up", "--lock-timeout", "0.05")
    assert ran.code == 5
    assert "0002_column" in ran.err
    site.run_ok("up", "--lock-timeout", "0.05")


def hurried(site: Site, *settings: str) -> Site:
    """Return the database for a role, and through it every session, with settings that would end a migration."""
    name = site.url.partition("@/")[2].partition("?")[0]
    role = f"hurried_{name}"
    site.sql(f"CREATE ROLE {role} LOGIN SUPERUSER", *(f"ALTER ROLE {role} SET {setting}" for setting in settings))
    return as_role(site, role)


def everything(site: Site) -> None:
    """Run every command that opens a transaction, and an index outside of one."""
    write(site, "0002_own", INDEX, "BEGIN;\n\nDROP INDEX public.own_index;\n\nCOMMIT;\n")
    assert site.run_ok("up") == "applied 0001_baseline\napplied 0002_own\n"
    site.run_ok("status")
    assert "no drift" in site.migrate("verify").out or "rows were not compared" in site.migrate("verify").out
    assert site.run_ok("down", "--to", "1") == "taken back 0002_own\n"


def test_timeouts_of_a_role(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Timeouts that a role or a database sets for services do not end a migration."""
    everything(hurried(make_site("postgres", request, tmp_path), *HURRIED))


def test_timeouts_of_newer_servers(tmp_path: Path) -> None:
    """Neither does the limit that PostgreSQL 17 and newer can set for a whole transaction."""
    import psycopg

    try:
        folder = binaries(18)
    except NoServerError as failure:
        pytest.skip(f"NOT TESTED on PostgreSQL 18: {failure}")
    with server([folder]) as where:
        host = where.partition("host=")[2].partition(" ")[0]
        with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as admin:
            admin.execute("CREATE DATABASE routing")
            admin.execute("ALTER DATABASE routing SET transaction_timeout = '20ms'")
        site = Site(tmp_path, "postgres", f"postgresql://postgres@/routing?host={host}")
        everything(hurried(site, *HURRIED, "transaction_timeout = '20ms'"))


def test_a_standby(tmp_path: Path) -> None:
    """A standby is read, and what would write to it is told where to go: exit 5."""
    import psycopg

    folder = Migrations(tmp_path / "migrations").at

    def prepare(where: str) -> None:
        with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as admin:
            admin.execute("CREATE DATABASE routing")
            admin.execute("CREATE DATABASE empty")
        pairs = f"{where} dbname=routing"
        assert in_process(["migrate", "up", "--from", str(folder), "--database", pairs], tmp_path).code == 0

    try:
        with server(before_standby=prepare) as where:
            for name, command, code in (
                ("routing", ["status"], 0),
                ("routing", ["verify"], 0),
                ("routing", ["down", "--yes"], 5),
                ("routing", ["down"], 2),
                ("routing", ["up"], 5),
                ("empty", ["status"], 0),
                ("empty", ["up", "--dry-run"], 0),
                ("empty", ["up"], 5),
                ("empty", ["adopt"], 5),
            ):
                options = ["--from", str(folder), "--database", f"{where} dbname={name}"]
                ran = in_process(["migrate", *command, *options], tmp_path)
                assert ran.code == code, (name, command, ran.out, ran.err)
                if code == 5:
                    assert ran.err.startswith("error: this server is read-only: connect to the primary\n")
    except NoServerError as failure:
        pytest.skip(f"NOT TESTED on a standby: {failure}")
