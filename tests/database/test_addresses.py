"""Test how a database is named: URLs, paths, libpq's texts and the variables of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.database.address import address, from_environment
from routecomp.database.failure import DatabaseError
from routecomp.workspace.databases import chosen
from routecomp.workspace.problem import Problem
from tests.cli.transcripts import in_process
from tests.database.migrating import Migrations
from tests.database.test_migrate import make_site

SECRET = "Tr0ub4dor"
NAMES = ("ROUTECOMP_DATABASE", "DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGPORT", "PGUSER")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away whatever this machine says of databases."""
    for name in (*NAMES, "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("host=db.example dbname=routing user=deploy", "postgresql://deploy@db.example/routing"),
        (f"host=db.example port=5433 password={SECRET} dbname=routing", "postgresql://db.example:5433/routing"),
        (f"  user = deploy  password='{SECRET} \\'x' host=/run/pg ", "postgresql://deploy@/run/pg"),
        (f"host=a,b port=1,2 dbname=r sslpassword={SECRET}", "postgresql://a:1,b:2/r"),
        (f"host=a,b port=5432 dbname=r password={SECRET}", "postgresql://a:5432,b:5432/r"),
        ("service=routing", "postgresql:// (service routing)"),
        (f"dbname=r host=a\\ b password={SECRET}\\ more", "postgresql://a b/r"),
        (f"password= {SECRET} host=a", "postgresql://a"),
    ],
)
def test_pairs(text: str, shown: str) -> None:
    """What libpq takes as key=value pairs is read as it reads them, and its password is never shown."""
    read = address(text)
    assert read.shown == shown
    assert SECRET not in repr(read)
    assert any(SECRET in secret for secret in read.secrets) == (SECRET in text)
    from psycopg.conninfo import conninfo_to_dict

    assert conninfo_to_dict(read.where).get("password") in (None, *read.secrets)


@pytest.mark.parametrize(
    "text",
    [
        f"host=a password='{SECRET}",
        f"host=a {SECRET}",
        f"host=a port={SECRET}",
        f"dbname=postgresql://me:{SECRET}@h/x",
        f"dbname='host=h password={SECRET}'",
        f"dbname='postgres://me:{SECRET}@h/x' host=a",
        f"me:{SECRET}@host/x.db",
        SECRET,
        f"host=a password={SECRET}\nport=1",
        "",
    ],
)
def test_what_is_no_address(text: str) -> None:
    """What cannot be read is refused in words that hold nothing of it."""
    with pytest.raises(DatabaseError) as refused:
        address(text)
    assert SECRET not in refused.value.message + refused.value.help
    assert refused.value.message


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may be named by its path: one that is there, and one that is called as databases are."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routing").touch()
    for text in ("routing", "new.db", "./a b.sqlite3", "/srv/x.SQLITE"):
        assert (address(text).where, address(text).is_file) == (text, True)
    folder = Migrations(tmp_path / "migrations").at
    ran = in_process(["migrate", "up", "--from", str(folder), "--database", "new.db"], tmp_path)
    assert (ran.code, ran.out) == (0, "applied 0001_baseline\n")
    assert (tmp_path / "new.db").exists()


def test_the_order_of_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given counts first, then ROUTECOMP_DATABASE, DATABASE_URL and PGHOST; an empty one is none."""
    with pytest.raises(Problem, match="no database is named"):
        chosen(None)
    monkeypatch.setenv("PGPORT", "5433")
    with pytest.raises(Problem, match="no database is named"):
        chosen(None)
    monkeypatch.setenv("PGHOST", "pg.example")
    monkeypatch.setenv("PGDATABASE", "routing")
    monkeypatch.setenv("PGPASSWORD", SECRET)
    read = chosen(None)
    assert (read.shown, read.where, read.secrets) == ("postgresql://pg.example:5433/routing", "", (SECRET,))
    monkeypatch.setenv("DATABASE_URL", "postgres://app@url.example/app")
    assert chosen(None).shown == "postgresql://app@url.example/app"
    monkeypatch.setenv("ROUTECOMP_DATABASE", "sqlite:///own.db")
    assert chosen("-").shown == "sqlite:///own.db"
    assert chosen("given.db").where == "given.db"
    monkeypatch.setenv("ROUTECOMP_DATABASE", " ")
    assert chosen(None).shown == "postgresql://app@url.example/app"


@pytest.mark.parametrize(
    "text", [f"mysql://me:{SECRET}@db/app", f"postgres://me:{SECRET}@a@b/app", f"nonsense {SECRET}"]
)
def test_a_variable_that_is_wrong(text: str, tmp_path: Path) -> None:
    """What is wrong with a variable is said with its name, and nothing of what it holds; no other one is tried."""
    command = ["migrate", "status", "--from", str(Migrations(tmp_path / "migrations").at)]
    ran = in_process(command, tmp_path, {"DATABASE_URL": text, "PGHOST": "pg.example"})
    assert ran.code == 2
    assert ran.err.startswith("error: DATABASE_URL: ")
    assert SECRET not in ran.err


def test_on_a_server(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A server is reached by pairs, by DATABASE_URL and by PGHOST, all of them the same database."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    name, _, host = site.url.partition("@/")[2].partition("?host=")
    command = ["migrate", "status", "--from", str(site.folder.at)]
    here = f"postgresql://postgres@{host}/{name}: 1 applied, 0 pending"
    pairs = f"host={host} dbname={name} user=postgres"
    assert in_process([*command, "--database", pairs], tmp_path).out.startswith(here)
    assert from_environment({"PGPORT": "1"}) is None
    variables = {"PGHOST": host, "PGDATABASE": name, "PGUSER": "postgres"}
    assert in_process(command, tmp_path, variables).out.startswith(here)
    missing = in_process(command, tmp_path, {**variables, "PGDATABASE": "nothing_here"})
    assert missing.code == 5
    assert f"postgresql://postgres@{host}/nothing_here cannot be reached" in missing.err
    assert ": 1 applied, 0 pending" in in_process(command, tmp_path, {"DATABASE_URL": site.url}).out


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/x?bogus=1"}, "DATABASE_URL: this address cannot be read"),
        ({"ROUTECOMP_DATABASE": "host=127.0.0.1 bogus=s3cret"}, "ROUTECOMP_DATABASE: this is no `key=value` text"),
        ({"PGHOST": "127.0.0.1", "PGPORT": "s3cret"}, "PGPORT: the port is not a number"),
        ({"PGDATABASE": "postgresql://u:s3cret@127.0.0.1/x"}, "PGDATABASE: the name of the database is an address"),
    ],
)
def test_the_variable_that_is_wrong_is_named(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    """A variable that only libpq can tell to be wrong is named like any other, and nothing of it is shown."""
    command = ["migrate", "status", "--from", str(Migrations(tmp_path / "migrations").at)]
    ran = in_process(command, tmp_path, variables)
    assert ran.code == 2
    assert words in ran.err
    assert "s3cret" not in ran.out + ran.err
