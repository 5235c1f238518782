"""Test `routecomp migrate` on both databases: up, down, status, adopt, conflicts and concurrent runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from routecomp.database import ledger, runner
from routecomp.database.driver import READ_WAIT_S
from routecomp.database.failure import DatabaseError
from routecomp.sql.migration import list_migrations
from routecomp.sql.script_text import statements
from tests.cli.transcripts import in_process
from tests.database.migrating import Site, edit_cells, promote_fair
from tests.seeds import HARD

ROOT = Path(__file__).parents[2]
_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """Make a folder with a baseline, and an empty database."""
    return make_site(request.param, request, tmp_path)


def make_site(dialect: str, request: pytest.FixtureRequest, at: Path, tenants: tuple[str, str] | None = None) -> Site:
    """Make a folder with a baseline, and an empty database of a dialect; `tenants` is the company's own table."""
    if dialect == "sqlite":
        return Site(at, dialect, f"sqlite:///{at}/routing.db", tenants=tenants)
    import psycopg

    server = request.getfixturevalue("postgres_server")
    name = f"m{next(_numbers)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    host = server.partition("host=")[2].partition(" ")[0]
    return Site(at, dialect, f"postgresql://postgres@/{name}?host={host}", tenants=tenants)


def tenant(site: Site, cells: dict[str, object]) -> str:
    """Add a migration that changes cells of the tenant's row."""
    return site.folder.add(edit_cells(site.folder.state, "tenant_routing_policy", (("acme",), cells)))


def states(site: Site) -> dict[str, str]:
    """Return what `status` says of each migration."""
    return {one["migration"]: one["state"] for one in site.json("status")["migrations"]}


def rows(site: Site) -> list[ledger.Entry]:
    """Return the ledger, and assert that its chain is intact."""
    with site.open() as database:
        held = ledger.entries(database)
        assert list(ledger.breaks(held, ledger.promotions(database))) == []
    return held


def test_up_down_up(site: Site) -> None:
    """Everything is applied once, taken back one by one and applied again; the ledgers only grow."""
    swap = site.folder.add(promote_fair(site.folder.state))
    assert site.run_ok("up") == f"applied 0001_baseline\napplied {swap}\n"
    assert site.primaries() == ["fair"]
    assert "nothing to do" in site.run_ok("up")
    assert site.run_ok("down", "--yes") == f"taken back {swap}\n"
    assert site.primaries() == ["good"]
    assert states(site) == {"0001_baseline": "applied", swap: "pending"}
    assert site.run_ok("up") == f"applied {swap}\n"
    assert site.primaries() == ["fair"]
    assert [(one.direction, one.migration) for one in rows(site)] == [
        ("up", "0001_baseline"),
        ("up", swap),
        ("down", swap),
        ("up", swap),
    ]
    assert site.run_ok("verify").endswith("2 applied, no drift\n")


def test_the_whole_way_back(site: Site) -> None:
    """The baseline can be taken back and applied again as long as nothing was promoted since; afterwards it stays."""
    site.run_ok("up")
    site.run_ok("down", "--yes")
    assert states(site) == {"0001_baseline": "pending"}
    assert site.migrate("down", "--yes").code == 2
    site.run_ok("up")
    assert len(rows(site)) == 3
    site.run_ok("verify")
    site.folder.add(promote_fair(site.folder.state))
    site.run_ok("up")
    site.run_ok("down", "--yes")
    refused = site.migrate("down", "--yes")
    assert refused.code == 1
    assert "the ledger holds promotions that were made since" in refused.err
    assert states(site)["0001_baseline"] == "applied"


def test_to(site: Site) -> None:
    """`--to` stops at a migration, by name or by number, both ways."""
    first, second = tenant(site, {"min_quality_bp": 1}), tenant(site, {"owner": "it's"})
    site.run_ok("up", "--to", first)
    assert states(site) == {"0001_baseline": "applied", first: "applied", second: "pending"}
    site.run_ok("up", "--to", "3")
    assert site.run_ok("down", "--to", "0001_baseline") == f"taken back {second}\ntaken back {first}\n"
    assert "nothing to do" in site.run_ok("down", "--to", "1")
    unknown = site.migrate("up", "--to", "0009_x")
    assert unknown.code == 2
    assert "there is no migration `0009_x`" in unknown.err


def test_two_of_one_number(site: Site) -> None:
    """A migration of a parallel branch with an equal or lower number is applied when it arrives later."""
    base = site.folder.state
    first = tenant(site, {"min_quality_bp": 1})
    site.folder.rename(first, "0003_late")
    site.run_ok("up")
    late = site.folder.files()
    for dialect in ("postgres", "sqlite"):
        for way in ("up", "down"):
            (site.folder.at / dialect / f"0003_late.{way}.sql").unlink()
    site.folder.state = base
    assert tenant(site, {"owner": "x"}) == first
    for dialect, files in late.items():
        for name, data in files.items():
            (site.folder.at / dialect / name).write_bytes(data)
    assert site.run_ok("up") == f"applied {first}\n"
    assert site.run_ok("verify").endswith("3 applied, no drift\n")
    assert site.run_ok("down", "--yes") == f"taken back {first}\n"


def test_dry_run_changes_nothing(site: Site) -> None:
    """`up --dry-run` prints the pending SQL, and creates no database."""
    name = tenant(site, {"owner": "x"})
    said = site.run_ok("up", "--dry-run")
    own = site.folder.files()[site.dialect]
    assert said == "\n".join(own[f"{one}.up.sql"].decode() for one in ("0001_baseline", name))
    assert site.json("up", "--dry-run", "--to", "1")["would_apply"][0]["sql"] == own["0001_baseline.up.sql"].decode()
    assert states(site) == {"0001_baseline": "pending", name: "pending"}
    assert "There is no ledger yet" in site.run_ok("status")
    assert not (site.cwd / "routing.db").exists()


def test_a_lost_race(site: Site) -> None:
    """The second of two promotions of one feature ends with CONFLICT and exit 3; what came before it stays."""
    base = site.folder.state
    swap = site.folder.add(promote_fair(base))
    site.folder.rename(swap, "0002_zz-rival")
    site.folder.state = base
    ours = site.folder.files()
    for dialect in ("postgres", "sqlite"):
        for way in ("up", "down"):
            (site.folder.at / dialect / f"0002_zz-rival.{way}.sql").unlink()
    swap = site.folder.add(promote_fair(base))
    for dialect, files in ours.items():
        for name, data in files.items():
            (site.folder.at / dialect / name).write_bytes(data)
    ran = site.migrate("up")
    assert ran.code == 3
    assert ran.out == f"applied 0001_baseline\napplied {swap}\n"
    assert ran.err.startswith("error: CONFLICT: feature chat is already on fair (migration 0002_zz-rival)\n")
    assert "Traceback" not in ran.err
    assert states(site)["0002_zz-rival"] == "pending"
    assert len(rows(site)) == 2
    again = site.migrate("up", "--json")
    assert again.code == 3
    assert json.loads(again.out)["failed"]["kind"] == "conflict"
    assert site.primaries() == ["fair"]


def test_a_feature_that_is_there_already(site: Site) -> None:
    """A unique key that is taken is a CONFLICT too, and the message names the feature's primary."""
    site.run_ok("up")
    state = site.folder.state
    new = dict(state.tables["features"]["chat",])
    more = edit_cells(
        edit_cells(state, "features", (("more",), {**new, "feature": "more"})),
        "feature_models",
        (("more", "good"), {**state.tables["feature_models"]["chat", "good"], "feature": "more"}),
    )
    name = site.folder.add(more)
    site.sql(
        "BEGIN",
        "INSERT INTO features (feature, then_target, min_quality_bp) VALUES ('more', 'auto', 1)",
        "INSERT INTO feature_models (feature, model, status, position) VALUES ('more', 'fair', 'primary', 0)",
        "COMMIT",
    )
    ran = site.migrate("up")
    assert ran.code == 3, ran.err
    assert ran.err.startswith(f"error: CONFLICT: feature more is already on fair (migration {name})\n")


def test_edited_missing_ahead(site: Site) -> None:
    """An applied file that was changed or is missing stops `up` and `down`, and is named with a remedy."""
    first, second = tenant(site, {"min_quality_bp": 1}), tenant(site, {"owner": "x"})
    site.run_ok("up")
    path = site.folder.at / site.dialect / f"{first}.up.sql"
    kept = path.read_bytes()
    path.write_bytes(kept + b"\n-- one more comment\n")
    for command in ("up", "down"):
        ran = site.migrate(command, *["--yes"] * (command == "down"))
        assert ran.code == 1
        assert f"migration {first} was edited after it was applied" in ran.err
        assert "restore the file from Git" in ran.err
    assert site.migrate("status").code == 1
    assert states(site)[first] == "edited"
    other = next(site.folder.at.glob(f"[!{site.dialect[0]}]*/{first}.up.sql"))
    gone = other.read_bytes()
    other.unlink()  # of one dialect alone it would be called behind the other
    path.unlink()
    assert states(site)[first] == "missing"
    assert f"migration {first} is applied, and its file is missing" in site.migrate("up").err
    path.write_bytes(kept)
    other.write_bytes(gone)
    for file in site.folder.at.glob(f"*/{second}.up.sql"):
        file.unlink()
    assert states(site)[second] == "ahead"
    ran = site.migrate("up")
    assert ran.code == 1
    assert f"the database is ahead of this folder: {second} is applied and has no file" in ran.err
    verified = site.migrate("verify")
    assert verified.code == 1
    assert f"migration {second} is applied, and the database is ahead of this folder" in verified.out


def test_not_one_transaction(site: Site) -> None:
    """A file without its transaction, or with a COMMIT inside, is not run: half of it could stay."""
    path = site.folder.at / site.dialect / "0001_baseline.up.sql"
    whole = path.read_text()
    middle = statements(whole)[10]
    for broken in (whole.replace("COMMIT;\n", ""), whole.replace(f"{middle};\n", f"{middle};\n\nCOMMIT;\n")):
        path.write_text(broken)
        ran = site.migrate("up")
        assert ran.code == 1
        assert "migration 0001_baseline is not one transaction" in ran.err
        assert states(site) == {"0001_baseline": "pending"}


def test_run_by_hand(site: Site) -> None:
    """Files that were run by hand are detected, compared and adopted; `up` continues from there."""
    swap = site.folder.add(promote_fair(site.folder.state))
    own = site.folder.files()[site.dialect]
    site.sql(*statements(own["0001_baseline.up.sql"].decode()))
    said = site.migrate("status")
    assert said.code == 1
    assert "the files were run by hand" in said.out
    ran = site.migrate("up")
    assert ran.code == 1
    assert "migrate adopt --to ID" in ran.err
    refused = site.migrate("adopt")
    assert refused.code == 1
    assert f"the database is not what {swap} and those before it lead to" in refused.err
    assert site.run_ok("adopt", "--to", "0001_baseline") == "adopted 0001_baseline\n"
    assert site.run_ok("up") == f"applied {swap}\n"
    assert [one.direction for one in rows(site)] == ["adopt", "up"]
    site.run_ok("verify")


def test_the_ledger_is_append_only(site: Site) -> None:
    """No plain statement changes or removes a row of the ledger."""
    site.run_ok("up")
    tries = ["UPDATE routecomp_migrations SET actor = 'x'", "DELETE FROM routecomp_migrations"]
    if site.dialect == "postgres":
        tries += ["TRUNCATE routecomp_migrations", "SET session_replication_role = replica"]
    for statement in tries[:3]:
        with pytest.raises(Exception, match="append-only"):
            site.sql(*([tries[3]] if len(tries) > 3 else []), statement)
    if site.dialect == "sqlite":
        with pytest.raises(Exception, match="append-only"):
            site.sql(
                "INSERT OR REPLACE INTO routecomp_migrations SELECT seq, 'x', direction, checksum, applied_at,"
                " actor, version, promotions_to, promotions_hash, catalogue, prev_hash, hash"
                " FROM routecomp_migrations"
            )
    assert len(rows(site)) == 1


def race(site: Site, rounds: int) -> None:
    """Run 20 processes at once, with a new database in each round."""
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-m", "tests.database.migrating", site.url, str(site.folder.at), "20"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert len(found) == 20
        assert {code for code, _ in found} == {0}
        names = [one.id for one in list_migrations(site.folder.files()[site.dialect])]
        assert sorted(id for _, told in found for id in told["applied"]) == names
        assert [one.migration for one in rows(site)] == names
        assert site.primaries() == ["fair"]
        clear(site)


def clear(site: Site) -> None:
    """Empty the database."""
    if site.dialect == "sqlite":
        os.unlink(site.url.removeprefix("sqlite:///"))
    else:
        site.sql("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def test_twenty_runners(site: Site) -> None:
    """20 processes that migrate at once apply everything exactly once, and each of them succeeds."""
    site.folder.add(promote_fair(site.folder.state))
    tenant(site, {"owner": "x"})
    race(site, 1)


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
def test_twenty_runners_fifty_times(site: Site) -> None:
    """20 processes at once succeed 50 times on each database."""
    site.folder.add(promote_fair(site.folder.state))
    tenant(site, {"owner": "x"})
    race(site, 50)


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "3000000", "soon"])
def test_what_is_no_span_of_time_is_wrong_usage(seconds: str, tmp_path: Path) -> None:
    """Also where Python takes it for a float."""
    ran = in_process(["migrate", "up", "--lock-timeout", seconds, "--database", str(tmp_path / "x.db")], tmp_path)
    assert (ran.code, "--lock-timeout" in ran.err) == (2, True), ran


def test_a_lock_held_elsewhere(site: Site) -> None:
    """A run says that it waits and for whom; after its timeout it names a remedy and exits with 5."""
    with site.open() as other:
        other.begin(1, print)
        ran = site.migrate("up", "--lock-timeout", "0.3")
        assert ran.code == 5
        assert "note: waiting up to 0.3 s for" in ran.err
        assert "--lock-timeout" in ran.err
        if site.dialect == "postgres":
            assert "of postgres, routecomp (idle in transaction" in ran.err
        other.rollback()
    site.run_ok("up")


def test_a_table_held_elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """`down` counts what would be lost within the time that was given, and names the table and who holds it."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    with site.open() as other:
        other.begin(1, print)
        other.run(f"LOCK TABLE {other.dialect.table_name('routing_outcomes')}")
        begun = time.monotonic()
        ran = site.migrate("down", "--yes", "--lock-timeout", "0.2")
        assert ran.code == 5, ran
        assert time.monotonic() - begun < READ_WAIT_S
        assert "routing_outcomes is held by session" in ran.err
        other.rollback()


def test_a_killed_backend_at_every_statement(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Wherever the connection is lost, nothing is half done, there is one primary, and the next run succeeds."""
    import psycopg

    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    swap = site.folder.add(promote_fair(site.folder.state))
    own = list_migrations(site.folder.files()["postgres"])
    count = len(statements(own[1].up.decode())) - 2
    admin = site.url.replace(site.url.partition("@/")[2].partition("?")[0], "postgres")
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'routecomp' AND datname = "
        f"'{site.url.partition('@/')[2].partition('?')[0]}'"
    )
    with psycopg.connect(admin, autocommit=True) as reaper:
        for at in range(1, count + 2):
            told = iter(range(1, count + 2))

            def steps(what: str, done: int, total: int, at: int = at, told: Iterator[int] = told) -> None:
                if next(told) == at:
                    reaper.execute(kill.encode())

            with pytest.raises(DatabaseError, match="the connection was lost") as lost, site.open() as database:
                runner.up(database, own, run=runner.Run(steps=steps))
            assert lost.value.kind == "again"
            assert site.primaries() == ["good"], at
            assert len(rows(site)) == 1
            assert states(site)[swap] == "pending"
    site.run_ok("up")
    assert site.primaries() == ["fair"]
    site.run_ok("verify")
