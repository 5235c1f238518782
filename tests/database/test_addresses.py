"""Test how a database is named: URLs, paths, libpq's texts and the variables of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.database.address import address, from_environment
from routecomp.database.failure import DatabaseError
from routecomp.database.postgres_parts import shown_words
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
        (f"dbname=a\\ r host=b password={SECRET}\\ more", "postgresql://b/a r"),
        ("host=::1 user=app@project.iam dbname=r", "postgresql://***@::1/r"),
        ("host=a dbname=r options='-c search_path=x -c geqo=off' application_name='a=b, c'", "postgresql://a/r"),
        (f"host=a sslmode=verify-full sslrootcert='/etc/our ca/x=y.pem' require_auth='!{SECRET}'", "postgresql://a"),
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


PLACES = [
    "host=db.example{0}user=deploy{0}password={1}",
    "host=db.example{0}password={1} dbname=routing",
    "user=deploy{0}password={1} host=localhost",
    "dbname=routing{0}password={1}",
    "host=localhost dbname=routing sslmode=require{0}password={1}",
    "host=localhost target_session_attrs=any{0}pwd={1}",
    "service=x{0}password={1}",
    "postgresql://db.example/routing{0}password={1}",
    "postgresql://db.example{0}password={1}/routing",
    "postgresql://db.example:5432{0}password={1}/routing",
    "postgresql://deploy{0}{1}@db.example/routing",
    "postgresql:///routing?host=db.example%3B{0}{1}",
    "postgresql:///routing?sslmode=require%26password={0}{1}",
    "Password={1}{0}Data Source=routing.db",
    "host=db.example{0}password={1}{0}dbname=routing.db",
    "sqlite:///routing.db{0}Password={1}",
]


@pytest.mark.parametrize("between", [";", "; ", ",", "&", " & "])
@pytest.mark.parametrize("place", PLACES)
def test_other_separators(place: str, between: str) -> None:
    """Addresses as other libraries write them are refused, or read so that nothing shows the password."""
    said, secrets = _read(place.format(between, SECRET))
    assert SECRET not in said
    assert secrets is None or any(SECRET in secret for secret in secrets)


def _read(text: str) -> tuple[str, tuple[str, ...] | None]:
    """Return what is shown of an address and its secrets; what is said, and None, where it is refused."""
    try:
        read = address(text)
    except DatabaseError as refused:
        return refused.message + refused.help, None
    return read.shown, read.secrets


@pytest.mark.parametrize(
    "text",
    [
        f"host=u:{SECRET}@db.example",
        f"user=deploy:{SECRET} host=a",
        f"user=deploy/{SECRET} host=a",
        f"user=deploy:{SECRET}@db.example",
        f"postgresql://deploy%3A{SECRET}@db.example/r",
        f"postgresql:///r?user=deploy%3A{SECRET}",
        f"postgresql:///r?host=u%3A{SECRET}%40h",
        f"postgresql:///r%3B{SECRET}",
        f"hostaddr=127.0.0.1 host=u:{SECRET}@db.example",
        f"host=a application_name='x;{SECRET}'",
        f"host=a options='-c role=x password: {SECRET}'",
    ],
)
def test_a_password_in_another_part(text: str) -> None:
    """A host or a user that holds what none has is refused, and nothing of it is shown."""
    with pytest.raises(DatabaseError, match="holds what none has") as refused:
        address(text)
    assert SECRET not in refused.value.message + refused.value.help


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PGHOST", f"u:{SECRET}@db.example"),
        ("PGUSER", f"postgres:{SECRET}"),
        ("PGDATABASE", f"routing;password={SECRET}"),
        ("PGSSLMODE", f"require;password={SECRET}"),
        ("PGTARGETSESSIONATTRS", f"any&password={SECRET}"),
    ],
)
def test_a_variable_of_libpq_with_a_password(variable: str, value: str, tmp_path: Path) -> None:
    """Whichever of its variables libpq stumbles over, neither the text nor the JSON shows what it holds."""
    folder = Migrations(tmp_path / "migrations").at
    for command in (["status"], ["up", "--json"]):
        ran = in_process(
            ["migrate", *command, "--from", str(folder)],
            tmp_path,
            {"PGHOST": "/nowhere", "PGPORT": "1", variable: value},
        )
        assert ran.code in (2, 5)
        assert f"{variable}: the" in ran.out + ran.err
        assert SECRET not in ran.out + ran.err


@pytest.mark.parametrize("quotes", ['""', "''", "„“", "«»", "»«"])
def test_words_of_a_server(quotes: str) -> None:
    """What a server or libpq quotes is shown where it is plainly a name: a file of services may hold anything."""
    words = "role {0}{2}{1} does not exist on {0}/run/x/.s.PGSQL.5432{1}"
    assert shown_words(words.format(*quotes, "app-1")) == words.format(*quotes, "app-1")
    for doubtful in (f"u:{SECRET}", f"u:{SECRET}@db.example", f"h;password={SECRET}"):
        assert shown_words(words.format(*quotes, doubtful)) == words.format(*quotes, "***")


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may be named by its path: one that is there, and one that is called as databases are."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routing").touch()
    (tmp_path / "a=b.db").touch()
    for text in ("routing", "new.db", "./a b.sqlite3", "/srv/x.SQLITE", "a=b.db", "./c=d.db"):
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
