"""Test that every fault between a command and a database is one message without a password or traceback."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from routecomp.database.address import address
from routecomp.database.catalog import SERVER, names_in
from routecomp.database.failure import DatabaseError
from routecomp.database.plan import body
from routecomp.database.postgres import refuse_old
from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.migration import list_migrations
from routecomp.sql.script_text import statements
from tests.cli.transcripts import in_process
from tests.database.migrating import Migrations, Site, edit_cells
from tests.database.test_migrate import make_site

SECRET = "Tr0ub4dor"
URLS = (
    f"postgresql://deploy:{SECRET}@127.0.0.1:1/x",
    f"postgresql://deploy:{SECRET}@127.0.0.1:port/x",
    f"postgresql://deploy:a@{SECRET}@127.0.0.1:1/x",
    f"postgresql://deploy:a/{SECRET}@127.0.0.1:1/x",
    f"postgresql://deploy:a?{SECRET}@127.0.0.1:1/x",
    f"postgresql://deploy:a#{SECRET}@127.0.0.1:1/x",
    f"postgresql://deploy:%zz{SECRET}@127.0.0.1:1/x",
    f"postgresql://127.0.0.1:1/x?password={SECRET}",
    f"postgresql://127.0.0.1:1/x?password={SECRET}&nonsense=1",
    f"postgresql://deploy:{SECRET}@nowhere.invalid/x",
    f"postgres:deploy:{SECRET}@127.0.0.1/x",
    f"postgresql+psycopg://deploy:{SECRET}@127.0.0.1:1/x",
    f"mysql://deploy:{SECRET}@127.0.0.1/x",
    f"{SECRET}",
    f"host=127.0.0.1 port=1 password={SECRET}",
    f"http://deploy:{SECRET}@127.0.0.1/",
    f"postgresql://deploy:{SECRET}%0a@127.0.0.1:1/x",
    f"postgresql://deploy:{SECRET}\n@127.0.0.1:1/x",
    f"sqlite://deploy:{SECRET}@/x",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a baseline."""
    return Migrations(tmp_path_factory.mktemp("faults") / "migrations").at


@pytest.mark.parametrize("url", URLS, ids=range(len(URLS)))
def test_no_password_is_shown(folder: Path, url: str) -> None:
    """For any database URL, the one message does not contain the password."""
    ran = in_process(["migrate", "up", "--from", str(folder), "--database", url, "--json"], folder)
    assert ran.code in (2, 5)
    assert SECRET not in ran.out + ran.err
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err


def test_a_wrong_password_is_not_shown(folder: Path) -> None:
    """A server that quotes what it received does not bring the password into the message."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        there, _ = listener.accept()
        with there:
            there.recv(1024)
            text = f"SFATAL\0C28P01\0Mpassword {SECRET} failed\0\0".encode()
            there.sendall(b"E" + (len(text) + 4).to_bytes(4) + text)

    thread = threading.Thread(target=answer)
    thread.start()
    url = f"postgresql://deploy:{SECRET}@127.0.0.1:{listener.getsockname()[1]}/x?sslmode=disable&gssencmode=disable"
    ran = in_process(["migrate", "status", "--from", str(folder), "--database", url], folder)
    thread.join()
    listener.close()
    assert ran.code == 5
    assert "password *** failed" in ran.err
    assert SECRET not in ran.out + ran.err


def test_the_variable(folder: Path, tmp_path: Path) -> None:
    """ROUTECOMP_DATABASE is used where --database is not given."""
    environment = {**os.environ, "ROUTECOMP_DATABASE": f"sqlite:///{tmp_path}/a.db"}
    for more in ([], ["--database", f"sqlite:///{tmp_path}/b.db"]):
        subprocess.run(
            [Path(sys.executable).parent / "routecomp", "migrate", "up", "--from", folder, *more],
            env=environment,
            check=True,
            capture_output=True,
        )
        assert (tmp_path / ("b.db" if more else "a.db")).exists()


def test_without_psycopg(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the driver, the message is the command that installs it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    ran = in_process(["migrate", "up", "--from", str(folder), "--database", "postgresql://127.0.0.1:1/x"], folder)
    assert ran.code == 2
    assert "pip install 'routecomp[postgres]'" in ran.err


def test_files_that_are_no_database(folder: Path, tmp_path: Path) -> None:
    """A folder, a text file, a missing folder and a device are each named, and none is written."""
    (tmp_path / "text").write_text("this is no database, whatever its name says\n" * 50)
    cases = {
        ".": "is a folder, not a database",
        "text": "is not a SQLite database",
        "no/such": "there is no folder for",
        "/dev/null": "is no regular file",
    }
    for name, said in cases.items():
        ran = in_process(["migrate", "up", "--from", str(folder), "--database", f"sqlite:///{name}"], tmp_path)
        assert (ran.code, said in ran.err) == (2, True), ran.err
    for command in ("down", "verify"):
        ran = in_process(["migrate", command, "--from", str(folder), "--database", "sqlite:///none.db"], tmp_path)
        assert ran.code == 2
        assert "`routecomp migrate up` makes it" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["text"]
    ran = in_process(["migrate", "up", "--from", str(folder), "--database", "sqlite:///:memory:"], tmp_path)
    assert ran.code == 2
    assert "names no file that stays" in ran.err


def test_a_read_only_file(folder: Path) -> None:
    """A read-only file stops `up` with a message; as root, a user without rights tries."""
    with tempfile.TemporaryDirectory() as temporary:
        at = Path(temporary)
        at.chmod(0o755)
        shutil.copytree(folder, at / "migrations")
        (at / "text").write_text("no database\n" * 100)
        with closing(sqlite3.connect(at / "routing.db")) as raw:
            raw.execute("CREATE TABLE own (a)")
        (at / "routing.db").chmod(0o444)
        before = (at / "routing.db").read_bytes()
        # The first run imports what is needed while the interpreter's own files can still be read.
        script = (
            "import os\nfrom routecomp.cli.main import main\nargv = ['migrate', 'up', '--from', 'migrations', "
            "'--database']\nmain([*argv, 'sqlite:///text'])\nos.geteuid() or os.setuid(65534)\n"
            "raise SystemExit(main([*argv, 'sqlite:///routing.db']))\n"
        )
        ran = subprocess.run([sys.executable, "-c", script], cwd=at, capture_output=True, text=True, check=False)
        assert ran.returncode == 2, ran.stderr
        assert "routing.db cannot be written: the file, or the folder it lies in, is read-only" in ran.stderr
        assert (at / "routing.db").read_bytes() == before


def test_too_old() -> None:
    """A server that is too old for the schema is refused by its version."""
    refuse_old(120000)
    with pytest.raises(DatabaseError, match="PostgreSQL 11, which is too old"):
        refuse_old(110022)


def test_permission_denied(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Missing permissions and a read-only server give a message, and nothing is left in the database."""
    site = make_site("postgres", request, tmp_path)
    name = site.url.partition("@/")[2].partition("?")[0]
    site.sql(
        f"CREATE ROLE guest_{name} LOGIN",
        f"CREATE ROLE reader_{name} LOGIN SUPERUSER",
        f"ALTER ROLE reader_{name} SET default_transaction_read_only = on",
    )
    ran = Site.migrate(as_role(site, f"guest_{name}"), "up")
    assert ran.code == 2
    assert "permission denied" in ran.err
    assert "connect as the role that owns the tables" in ran.err
    as_role(site, f"reader_{name}").run_ok("up")  # the runner asks for a transaction that may write
    unknown = as_role(site, "nobody_at_all").migrate("status")
    assert unknown.code == 5
    assert 'role "nobody_at_all" does not exist' in unknown.err


def as_role(site: Site, role: str) -> Site:
    """Return the same database for another role."""
    other = Site.__new__(Site)
    other.__dict__.update(site.__dict__, url=site.url.replace("//postgres@", f"//{role}@"))
    return other


def test_tables_of_somebody_else(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A database that already has a table of one of our names is left as it is."""
    for dialect in ("sqlite", "postgres"):
        (tmp_path / dialect).mkdir()
        site = make_site("sqlite" if dialect == "sqlite" else "postgres", request, tmp_path / dialect)
        site.sql("CREATE TABLE models (id int)")
        ran = site.migrate("up")
        assert ran.code == 1
        assert "it is not one of this project's" in ran.err
        assert "There is no ledger yet" in site.run_ok("status")


def test_a_ledger_of_somebody_else(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A table that has the ledger's name and is none is named, with a remedy."""
    for dialect in ("sqlite", "postgres"):
        (tmp_path / dialect).mkdir()
        site = make_site("sqlite" if dialect == "sqlite" else "postgres", request, tmp_path / dialect)
        site.sql("CREATE TABLE routecomp_migrations (version int)")
        ran = site.migrate("up")
        assert ran.code == 1
        assert "has the name of one of this project's, and is another" in ran.err
        assert "use a database where the names" in ran.err


def test_an_encoding_that_does_not_hold_every_text(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A database that is not in UTF8 is refused before anything is run, with a remedy."""
    site = make_site("postgres", request, tmp_path)
    name = site.url.partition("@/")[2].partition("?")[0]
    site.sql(f"CREATE DATABASE latin_{name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    site.url = site.url.replace(f"/{name}?", f"/latin_{name}?")
    ran = site.migrate("up")
    assert ran.code == 2
    assert "encoded in LATIN1" in ran.err
    assert "ENCODING 'UTF8'" in ran.err


def test_a_tenant_that_the_company_does_not_know(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Where a foreign key refuses a row, the message names the missing value."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    site.sql(
        "CREATE TABLE tenants (slug text PRIMARY KEY)",
        "ALTER TABLE tenant_routing_policy ADD CONSTRAINT own FOREIGN KEY (tenant) REFERENCES tenants (slug) NOT VALID",
    )
    site.folder.add(
        edit_cells(
            site.folder.state,
            "tenant_routing_policy",
            (("other",), {**site.folder.state.tables["tenant_routing_policy"]["acme",], "tenant": "other"}),
        )
    )
    ran = site.migrate("up")
    assert ran.code == 1
    assert "tenant other is not in public.tenants (slug), to which tenant_routing_policy refers" in ran.err


HAND = """\
-- Written by hand.

{begin};

-- Why this is so: the comment
-- has two lines.
UPDATE {schema}models SET owner = 'a -- b' WHERE model = 'good'; -- and why not

COMMIT;
"""
BEGIN = {"sqlite": "PRAGMA foreign_keys = ON;\n\nBEGIN IMMEDIATE", "postgres": "BEGIN"}


def test_a_comment_above_a_statement(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A statement below a comment or waiver is run like any other."""
    for dialect in ("sqlite", "postgres"):
        (tmp_path / dialect).mkdir()
        site = make_site("sqlite" if dialect == "sqlite" else "postgres", request, tmp_path / dialect)
        text = HAND.format(begin=BEGIN[dialect], schema="public." * (dialect == "postgres"))
        (tmp_path / dialect / f"migrations/{dialect}/0002_hand.up.sql").write_text(text)
        site.run_ok("up")
        query = f"SELECT owner FROM {'public.' * (dialect == 'postgres')}models WHERE model = 'good'"
        assert site.sql(query) == [("a -- b",)]


def test_two_statements_in_one_place(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A file with a COMMIT behind another statement is not run at all."""
    for dialect in ("sqlite", "postgres"):
        (tmp_path / dialect).mkdir()
        site = make_site("sqlite" if dialect == "sqlite" else "postgres", request, tmp_path / dialect)
        site.run_ok("up")
        schema = "public." * (dialect == "postgres")
        text = (
            f"{BEGIN[dialect]};\n\nUPDATE {schema}models SET owner = 'x' WHERE model = 'good';\nCOMMIT;\n\n"
            f"SELECT 1 FROM {schema}nothing_there;\n\nCOMMIT;\n"
        )
        (tmp_path / dialect / f"migrations/{dialect}/0002_hand.up.sql").write_text(text)
        assert site.migrate("up").code == 1
        assert site.sql(f"SELECT owner FROM {schema}models WHERE model = 'good'") == [(None,)]


def test_a_file_that_is_not_there_is_named(folder: Path, tmp_path: Path) -> None:
    """`status` of a missing SQLite file says that it is missing."""
    ran = in_process(["migrate", "status", "--from", str(folder), "--database", "sqlite:///rooting.db"], tmp_path)
    assert ran.code == 0
    assert "and no file rooting.db: `routecomp migrate up` makes both" in ran.out


def test_a_lost_server_in_the_middle_of_reading(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A connection that is lost before a statement gives a message, also where it only reads."""
    site = make_site("postgres", request, tmp_path)

    def read() -> None:
        with site.open() as database:
            database.begin_reading()
            pid = database.run("SELECT pg_backend_pid()")[0][0]
            site.sql(f"SELECT pg_terminate_backend({pid})")
            database.run("SELECT 1")

    with pytest.raises(DatabaseError, match="the connection was lost") as lost:
        read()
    assert lost.value.kind == "again"


def test_addresses() -> None:
    """Paths are taken as they are written; of a server, everything but the password is shown."""
    assert address("sqlite:///a/b.db").where == "a/b.db"
    assert address("sqlite:////srv/a%20b%3F.db").where == "/srv/a b?.db"
    shown = address("postgresql://me:pass%40word@db.example:5432/routing?sslmode=require")
    assert shown.shown == "postgresql://me@db.example:5432/routing"
    assert shown.where.endswith("?sslmode=require")
    assert "pass" not in repr(shown)


def test_names_in_files_are_those_of_the_catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The names in the files are those the server then has, which `adopt` compares."""
    site = make_site("postgres", request, tmp_path)
    site.run_ok("up")
    up = list_migrations(site.folder.files()["postgres"])[0]
    inner = body(up.id, up.up, POSTGRES)
    assert len(inner) == len(statements(up.up.decode())) - 2
    names = names_in(inner, POSTGRES)
    with site.open() as database:
        found = database.catalogue({table for table, kind, _ in names if kind in ("table", "view")})
    assert set(found) - {SERVER} == names
    assert len(names) > 500


def test_a_tenant_that_the_company_does_not_know_at_the_baseline(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The first migration, which makes the key, names the company's table with its schema and column, too."""
    site = make_site("postgres", request, tmp_path, ("app.tenants", "slug"))
    site.sql("CREATE SCHEMA app", "CREATE TABLE app.tenants (slug text PRIMARY KEY)")
    ran = site.migrate("up")
    assert ran.code == 1
    assert "tenant acme is not in app.tenants (slug), to which tenant_routing_policy refers" in ran.err
    site.sql("INSERT INTO app.tenants VALUES ('acme')")
    site.run_ok("up")


def test_tenants_that_the_company_does_not_know_at_the_baseline(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """All of a baseline's tenants are looked up: the message names five of those that are missing."""
    site = make_site("postgres", request, tmp_path, ("app.tenants", "slug"))
    for path in site.folder.at.rglob("*.sql"):
        path.unlink()
    row = site.folder.state.tables["tenant_routing_policy"]["acme",]
    more = [((f"t{n}",), {**row, "tenant": f"t{n}"}) for n in range(7)]
    site.folder.add(edit_cells(site.folder.state, "tenant_routing_policy", *more))
    site.sql("CREATE SCHEMA app", "CREATE TABLE app.tenants (slug text PRIMARY KEY)")
    site.sql("INSERT INTO app.tenants VALUES ('acme')")
    ran = site.migrate("up")
    assert ran.code == 1
    assert "tenant t0, t1, t2, t3, t4 and 2 more are not in app.tenants (slug)" in ran.err
