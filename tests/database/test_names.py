"""Test the settings `schema` and `table_prefix`: every name has them, and two projects share a database."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import entries, ledger_statements, promotions
from routecomp.sql.ddl import create_schema
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.lint import lint_text
from routecomp.sql.migrations import migration_files
from routecomp.sql.names import DEFAULT, LONGEST_NAME, LONGEST_PREFIX, Names
from routecomp.sql.read.objects import read_objects
from routecomp.sql.script_text import statements
from tests.cli.transcripts import SMALL, in_process
from tests.database.histories import states
from tests.database.migrating import Site, edit_cells, promote_fair
from tests.database.test_migrate import make_site
from tests.database.wanted import every_change, with_new_columns

PAIRS = (
    (DEFAULT, Names("public", "llm_")),
    (Names("one", ""), Names("two", "")),
    (Names("one", "a_"), Names("one", "a_b_")),
    (Names("one", "a_longer_prefix_19_"), Names("two", "a_longer_prefix_19_")),
)
MakeSites = Callable[[Names, Names], tuple[Site, Site]]


@pytest.fixture(params=["sqlite", "postgres"])
def make_sites(request: pytest.FixtureRequest, tmp_path: Path) -> MakeSites:
    """Return a function that makes two projects with these names in one empty database."""
    url = make_site(request.param, request, tmp_path).url

    def make(one: Names, other: Names) -> tuple[Site, Site]:
        return Site(tmp_path / "one", request.param, url, one), Site(tmp_path / "other", request.param, url, other)

    return make


def everything(site: Site) -> set[tuple[str, str]]:
    """Return schema and name of each table, view, index, constraint, trigger and function in the database."""
    if site.dialect == "sqlite":
        rows = site.sql("SELECT '', name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    else:
        named = (
            ("relname", "pg_class", "relnamespace", "relkind <> 't'"),
            ("conname", "pg_constraint", "connamespace", "contype <> 'n'"),
            ("proname", "pg_proc", "pronamespace", "true"),
        )
        queries = [
            f"SELECT nspname, {name} FROM {table} x JOIN pg_namespace n ON n.oid = x.{schema} WHERE {more}"
            for name, table, schema, more in named
        ] + ["SELECT '', tgname FROM pg_trigger WHERE NOT tgisinternal"]
        rows = site.sql(
            "SELECT * FROM (" + " UNION ALL ".join(queries) + ") every (nspname, name)"
            " WHERE nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')"
        )
    return {(schema, name) for schema, name in rows}


def drift(site: Site) -> list[str]:
    """Return the differences that `verify` prints."""
    told = site.json("verify")
    assert (told["skipped"], told["note"]) == (None, None)
    return [difference["message"] for difference in told["drift"]]


def run_script(site: Site, text: str) -> None:
    """Run a whole script at once, as `psql` and `sqlite3` do."""
    if site.dialect == "sqlite":
        with closing(sqlite3.connect(site.url.removeprefix("sqlite:///"), isolation_level=None)) as raw:
            raw.executescript(text)
    else:
        site.sql(text)


@pytest.mark.parametrize("names", [PAIRS[0][1], PAIRS[3][1]], ids=str)
def test_every_name(make_sites: MakeSites, names: Names) -> None:
    """Whatever is in the database begins with the prefix, lies in the schema, and has at most 63 characters."""
    site, _ = make_sites(names, DEFAULT)
    site.run_ok("up")
    found = everything(site)
    assert len(found) > (60 if site.dialect == "sqlite" else 300)
    assert {schema for schema, _ in found} == ({""} if site.dialect == "sqlite" else {"", names.schema})
    assert [name for _, name in found if not name.startswith(names.prefix) or len(name) > LONGEST_NAME] == []
    assert (f"{names.schema}" if site.dialect == "postgres" else "", f"{names.prefix}routecomp_migrations") in found
    assert drift(site) == []


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_two_projects(make_sites: MakeSites, pair: tuple[Names, Names]) -> None:
    """Two projects in one database know nothing of each other: up, verify, a change by hand, down."""
    one, other = make_sites(*pair)
    if one.dialect == "sqlite" and pair[0].prefix == pair[1].prefix:
        pytest.skip("SQLite has no schemas: two projects differ by their prefixes")
    assert one.run_ok("up") == "applied 0001_baseline\n"
    assert other.run_ok("up") == "applied 0001_baseline\n"
    assert drift(one) == drift(other) == []
    with other.open() as database:
        models = database.dialect.table_name("models")
        assert [row[1] for row in promotions(database)] == ["chat"]
    other.sql(f"UPDATE {models} SET latency_ms = 901 WHERE model = 'good'")
    assert drift(one) == []
    assert drift(other) == [f"{pair[1].of('models')}: latency_ms of row good is 901, not 900"]
    other.sql(f"UPDATE {models} SET latency_ms = 900 WHERE model = 'good'")
    before = everything(one)
    assert one.run_ok("down", "--yes") == "taken back 0001_baseline\n"
    assert drift(other) == []
    ours = {name for name in everything(other) if not name[1].startswith(pair[0].of("routecomp_migrations"))}
    assert ours <= before
    later = other.folder.add(promote_fair(other.folder.state))
    assert other.run_ok("up") == f"applied {later}\n"
    assert one.run_ok("up") == "applied 0001_baseline\n"
    assert drift(one) == drift(other) == []


def test_what_fails_names_the_table(make_sites: MakeSites) -> None:
    """Conflicts, foreign tables and adopted files are told with the names of the project."""
    site, _ = make_sites(Names("one", "llm_"), DEFAULT)
    site.run_ok("up")
    with site.open() as database:
        models = database.dialect.table_name("models")
        ledger = database.dialect.table_name("routecomp_migrations")
        kept = ledger + "_kept" if site.dialect == "postgres" else ""
    site.folder.add(edit_cells(site.folder.state, "models", (("good",), {"latency_ms": 950})))
    site.sql(f"UPDATE {models} SET latency_ms = 901 WHERE model = 'good'")
    ran = site.migrate("up")
    assert ran.code == 3
    assert "CONFLICT: llm_models good is not what this migration expects" in ran.err
    site.sql(f"UPDATE {models} SET latency_ms = 900 WHERE model = 'good'")
    site.run_ok("up")
    site.sql(f"DROP TABLE {ledger}", *([f"DROP FUNCTION {kept}"] if kept else []))
    assert "they were run by hand" in site.migrate("up").err
    assert "adopted 0001_baseline" in site.run_ok("adopt")
    assert drift(site) == []


def test_schema_step(make_sites: MakeSites) -> None:
    """A step of the schema changes the project's own tables alone, there and back, and breaks no rule over SQL."""
    names, schema = Names("one", "llm_"), every_change()
    site, other = make_sites(names, Names("public", "x_"))
    site.run_ok("up")
    other.run_ok("up")
    before = everything(other)
    base = site.folder.files()
    state = with_new_columns(site.folder.state, schema, lambda column: column.default)
    files = migration_files(base, state, dialect_names(), schema=schema, names=names)
    for path, data in files.items():
        (site.folder.at / path).write_bytes(data)
    new = [path for path in files if path.partition("/")[2] not in base[path.partition("/")[0]]]
    linted = lint_text(
        {f"migrations/{path}": data for path, data in files.items()}, [f"migrations/{path}" for path in new]
    )
    assert linted.diagnostics == []
    site.run_ok("up")
    assert drift(site) == drift(other) == []
    made = {name for schema, name in everything(site) - before if "_id_seq" not in name}
    assert {"llm_shadow_samples", "llm_serving", "llm_providers_url"} <= made
    assert [name for name in made if not name.startswith("llm_")] == []
    site.run_ok("down", "--to", "1")
    assert everything(other) == before


def test_a_schema_that_is_there(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A role that may make no schema installs into one that was made for it."""
    site = Site(tmp_path, "postgres", make_site("postgres", request, tmp_path / "x").url, Names("made", ""))
    role = f"limited_{site.url.partition('@/')[2].partition('?')[0]}"
    site.sql(f"CREATE ROLE {role} LOGIN", f"CREATE SCHEMA made AUTHORIZATION {role}")
    site.url = site.url.replace("postgres@", f"{role}@")
    assert site.run_ok("up") == "applied 0001_baseline\n"
    assert drift(site) == []
    other = Site(tmp_path / "other", "postgres", site.url, Names("not_made", ""))
    ran = other.migrate("up")
    assert ran.code == 2
    assert "may create some in schema not_made" in ran.err


def test_without_settings_names_are_what_they_were() -> None:
    """The default names are those of the statements that are kept; the ledger's are those of its files."""
    for name in ("postgres", "sqlite"):
        own = dialect_named(name)
        assert own.named(Names()) is own
        assert create_schema(own.named(Names("other", "x_"))) != create_schema(own)
        folder = Path(__file__).parents[2] / "src/routecomp/database"
        text = (folder / f"ledger_{name}.sql").read_text()
        assert [statement for statement in ledger_statements(own) if statement not in text] == []


def test_only_names_differ() -> None:
    """With other names a history has the same files, but for the names and the statement that makes the schema."""
    names = Names("routing", "llm_")
    histories: list[dict[str, bytes]] = []
    for own in (DEFAULT, names):
        files: dict[str, bytes] = {}
        for state in states(7, 12):
            base = {
                dialect: {
                    path.partition("/")[2]: data for path, data in files.items() if path.startswith(f"{dialect}/")
                }
                for dialect in dialect_names()
            }
            files = migration_files(base, state, dialect_names(), ("tenants", "slug"), names=own)
        histories.append(files)
    plain, named = histories
    assert plain.keys() == named.keys()
    assert len(plain) > 30
    for path, data in named.items():
        text = data.decode()
        assert "llm_" in text
        text = re.sub(r"DO \$body\$\n.*?\$body\$;\n\n", "", text, count=1, flags=re.DOTALL)
        assert text.replace("routing.", "public.").replace("llm_", "") == plain[path].decode(), path
    assert "REFERENCES public.tenants (" in named["postgres/0001_baseline.up.sql"].decode()


@pytest.mark.parametrize("name", ["postgres", "sqlite"])
def test_the_longest_prefix_fits(name: str) -> None:
    """With the longest prefix only names of constraints are shortened, and all stay apart."""
    own = dialect_named(name)
    prefix = "p" * (LONGEST_PREFIX - 1) + "_"
    plain, named = (read_objects(create_schema(own.named(Names("x", text))), own) for text in ("", prefix))
    assert len(plain) == len(named)
    short = [
        there
        for there, here in zip(plain, named, strict=True)
        if there[1] not in ("comment", "revoke") and here[2] not in (prefix + there[2], there[2])
    ]
    assert {kind for _, kind, _ in short} == {"constraint"}
    assert max(len(thing[2]) for thing in named if thing[1] not in ("comment", "revoke")) <= LONGEST_NAME


def run_each(raw: sqlite3.Connection, text: str, told: list[tuple[object, ...]]) -> None:
    """Run the statements of a script until one fails, and add the rows they have to those `told`."""
    for statement in statements(text):
        told += raw.execute(statement).fetchall()


def rename(site: Site, new: Names, project: Path, more: str = "") -> str:
    """Return what `migrate rename` prints or why it prints nothing, in a project with these names."""
    settings = f"schema: {new.schema}\n{f'table_prefix: {new.prefix}' if new.prefix else ''}\n{more}"
    for path, text in {**SMALL, "routecomp.yaml": settings}.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    arguments = ["migrate", "rename", "--from", str(site.folder.at), "--dialect", site.dialect]
    ran = in_process(arguments, project)
    return ran.out if ran.code == 0 else ran.err


@pytest.mark.parametrize(("old", "new"), [(DEFAULT, Names("llm", "x_")), (Names("one", "a_"), Names("one", "b_"))])
def test_rename(make_sites: MakeSites, old: Names, new: Names, tmp_path: Path) -> None:
    """What `migrate rename` prints moves a database with all its rows; it is adopted, verified, and goes on."""
    site, renamed = make_sites(old, new)
    site.folder.add(promote_fair(site.folder.state))
    site.run_ok("up")
    with site.open() as database:
        probes = database.dialect.table_name("provider_health_checks")
        before = promotions(database)
        outcomes = [database.dialect.table_name(name) for name in ("routing_outcomes", "routing_attempts")]
    site.sql(f"INSERT INTO {probes} (provider, model, outcome, latency_ms) VALUES ('north', 'good', 'ok', 7)")
    if site.dialect == "postgres":
        part = f"CREATE TABLE {outcomes[0]}_of_1 PARTITION OF {outcomes[0]}"
        site.sql(f"{part} FOR VALUES FROM ('2026-11-20') TO ('2026-11-21')")
    site.sql(
        f"INSERT INTO {outcomes[0]} (day, outcome_id, begun_at, status, outcome)"
        " VALUES ('2026-11-20', 'o', '2026-11-20T12:00:00Z', 'ok', 'failed')",
        f"INSERT INTO {outcomes[1]} (day, outcome_id, number, model, outcome) VALUES ('2026-11-20', 'o', 1, 'm', 'ok')",
    )
    run_script(site, rename(site, new, tmp_path / "project"))
    (renamed.folder.at / "sqlite").rename(renamed.folder.at / "gone")
    (renamed.folder.at / "postgres").rename(renamed.folder.at / "gone2")
    renamed.folder.add(site.folder.state)
    assert renamed.run_ok("adopt") == "adopted 0001_baseline\n"
    assert drift(renamed) == []
    with renamed.open() as database:
        assert promotions(database) == before
        assert len(entries(database)) == 1
        probes = database.dialect.table_name("provider_health_checks")
        outcomes = [database.dialect.table_name(name) for name in ("routing_outcomes", "routing_attempts")]
    assert renamed.sql(f"SELECT id, latency_ms FROM {probes}") == [(1, 7)]
    again = f"INSERT INTO {probes} (provider, model, outcome) VALUES ('north', 'good', 'ok') RETURNING id"
    assert renamed.sql(again) == [(2,)]
    assert [renamed.sql(f"SELECT outcome_id FROM {name}") for name in outcomes] == [[("o",)]] * 2
    renamed.folder.add(edit_cells(site.folder.state, "models", (("good",), {"latency_ms": 950})))
    renamed.run_ok("up")
    assert drift(renamed) == []
    left = {name for _, name in everything(renamed) if not name.startswith(new.prefix)}
    assert {name for name in left if "routecomp_migrations" not in name and "_id_seq" not in name} == set()


@pytest.mark.parametrize(("old", "new"), [(DEFAULT, Names("llm", "x_")), (Names("one", "a_"), Names("one", "b_"))])
def test_rename_there_and_back(make_sites: MakeSites, old: Names, new: Names, tmp_path: Path) -> None:
    """A rename is taken back by another one, as often as people like; the rows of every ledger are kept."""
    site, renamed = make_sites(old, new)
    site.run_ok("up")
    for here, there in ((site, renamed), (renamed, site)) * 2:
        run_script(here, rename(here, there.folder.names, tmp_path / "project"))
        assert there.run_ok("adopt") == "adopted 0001_baseline\n"
        assert drift(there) == []
    with site.open() as database:
        kept = database.dialect.table_name("routecomp_migrations_before")
        assert len(entries(database)) == 1
    rows = site.sql(f"SELECT migration, direction FROM {kept}")
    assert rows == [("0001_baseline", "up"), ("0001_baseline", "adopt")]


def test_rename_of_the_schema_alone(tmp_path: Path) -> None:
    """A database without schemas has its tables already: only the ledger is put aside, and `adopt` begins another."""
    site, renamed = (
        Site(tmp_path / names.schema, "sqlite", f"sqlite:///{tmp_path}/x.db", names)
        for names in (DEFAULT, Names("routing"))
    )
    site.run_ok("up")
    before = everything(site)
    for here, there in ((site, renamed), (renamed, site)):
        run_script(here, rename(here, there.folder.names, tmp_path / "project"))
        assert {name for _, name in before - everything(here)} == {
            "routecomp_migrations",
            *(f"routecomp_migrations_no_{what}" for what in ("update", "delete", "replace")),
        }
        there.run_ok("adopt")
        assert drift(there) == []
        assert everything(there) == before | {("", "routecomp_migrations_before")}


@pytest.mark.parametrize("dialect", dialect_names())
def test_rename_wants_this_schema(tmp_path: Path, dialect: str) -> None:
    """A database that is not yet, or no more, what this version makes is not renamed."""
    site = Site(tmp_path, dialect, "")
    text = site.folder.files()[dialect]["0001_baseline.up.sql"].replace(b"  owner TEXT,\n", b"", 1)
    (site.folder.at / dialect / "0001_baseline.up.sql").write_bytes(text)
    told = rename(site, Names("llm", "x_"), tmp_path / "project")
    assert "do not lead to the schema of this version of routecomp" in told


def write_anew(site: Site, tenants: tuple[str, str] | None) -> None:
    """Write the folder of a site anew, with a foreign key to this table of tenants."""
    files = migration_files({}, site.folder.state, dialect_names(), tenants, names=site.folder.names)
    for path, data in files.items():
        (site.folder.at / path).write_bytes(data)


@pytest.mark.parametrize("released", [("tenants", "slug"), None], ids=["with", "without"])
def test_rename_keeps_the_key_to_tenants(
    make_sites: MakeSites, released: tuple[str, str] | None, tmp_path: Path
) -> None:
    """Whether there is a foreign key to the company's tenants is up to the migrations, not to the settings of today."""
    site, renamed = make_sites(DEFAULT, Names("llm", "x_"))
    write_anew(site, released)
    write_anew(renamed, released)
    slugs = [f"('{slug}')" for (slug,) in site.folder.state.tables["tenant_routing_policy"]]
    site.sql("CREATE TABLE tenants (slug TEXT PRIMARY KEY)", f"INSERT INTO tenants VALUES {', '.join(slugs)}")
    site.run_ok("up")
    today = "tenants_table: tenants(slug)\n" if released is None else ""
    run_script(site, rename(site, renamed.folder.names, tmp_path / "project", today))
    assert renamed.run_ok("adopt") == "adopted 0001_baseline\n"
    assert drift(renamed) == []
    with renamed.open() as database:
        policies = database.dialect.table_name("tenant_routing_policy")
        database.run("DELETE FROM tenants")
        assert database.run(f"SELECT count(*) FROM {policies}") == [(len(slugs) if released is None else 0,)]


@pytest.mark.parametrize(
    ("added", "name"),
    [
        ("ALTER TABLE models ADD COLUMN owner_team TEXT", "models.owner_team"),
        ("CREATE INDEX acme_cost ON routing_outcomes (status)", "acme_cost"),
        ("CREATE TRIGGER acme_seen AFTER UPDATE ON Models BEGIN SELECT 1; END", "acme_seen"),
        ("CREATE TABLE acme_notes (model TEXT REFERENCES MODELS (model))", "acme_notes.model"),
        ('CREATE VIEW acme_models AS SELECT model FROM main."Models"', "acme_models"),
        ("CREATE TRIGGER acme_both AFTER INSERT ON acme BEGIN DELETE FROM models; END", "acme_both"),
        ("CREATE INDEX acme_applied ON routecomp_migrations (migration)", "acme_applied"),
    ],
)
def test_rename_loses_nothing_sqlite(tmp_path: Path, added: str, name: str) -> None:
    """Where tables are copied, the script names what the company added and fails before anything changes."""
    site = Site(tmp_path, "sqlite", f"sqlite:///{tmp_path}/x.db")
    other = Site(tmp_path / "other", "sqlite", site.url, Names("public", "b_"))
    site.run_ok("up")
    other.run_ok("up")
    text = rename(site, Names("public", "x_"), tmp_path / "project")
    site.sql("CREATE TABLE acme (note TEXT)", added)
    before = site.sql("SELECT * FROM sqlite_master")
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as raw:
        rows = list(raw.iterdump())
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as raw:
        for statement in statements(text):  # as `sqlite3` without -bail
            with suppress(sqlite3.Error):
                raw.execute(statement)
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as raw:
        assert list(raw.iterdump()) == rows
    told: list[tuple[object, ...]] = []
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as raw:
        with pytest.raises(sqlite3.IntegrityError):
            run_each(raw, text, told)
        assert raw.execute("SELECT * FROM sqlite_master").fetchall() == before
    assert [str(words).rpartition(": ")[2] for (words,) in told] == [name]
    kind = added.split()[1]
    site.sql(
        "ALTER TABLE models DROP COLUMN owner_team"
        if kind == "TABLE" and "ALTER" in added
        else f"DROP {kind} {added.split()[2]}"
    )
    run_script(site, text)
    assert drift(other) == []
    assert site.sql("SELECT count(winner) FROM x_model_experiment") == [(1,)]  # tables that refer to each other
    assert site.sql("PRAGMA foreign_key_check") == []


def test_rename_loses_nothing_postgres(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Triggers of the company's own go on calling a function of ours that was renamed, and its views a table."""
    site = Site(tmp_path, "postgres", make_site("postgres", request, tmp_path / "x").url)
    site.run_ok("up")
    site.sql(
        "CREATE TABLE acme (note text)",
        "INSERT INTO acme VALUES ('kept')",
        "CREATE TRIGGER acme_kept BEFORE DELETE ON acme FOR EACH ROW EXECUTE FUNCTION public.routecomp_append_only()",
        "CREATE VIEW acme_models AS SELECT model FROM models",
        "CREATE INDEX acme_applied ON routecomp_migrations (migration)",
    )
    with pytest.raises(DatabaseError, match="on the ledger would be lost; drop them first: acme_applied"):
        run_script(site, rename(site, Names("llm", "x_"), tmp_path / "project"))
    site.sql("DROP INDEX acme_applied")
    run_script(site, rename(site, Names("llm", "x_"), tmp_path / "project"))
    with pytest.raises(DatabaseError, match="acme is append-only: DELETE is refused"):
        site.sql("DELETE FROM acme")
    assert site.sql("SELECT count(*) FROM acme_models") == site.sql("SELECT count(*) FROM llm.x_models")


def test_audit(make_sites: MakeSites, tmp_path: Path) -> None:
    """`audit verify` reads the ledgers of the project in whose folder it runs, and names them where it finds none."""
    site, other = make_sites(Names("one", "llm_"), DEFAULT)
    site.run_ok("up")
    other.run_ok("up")
    other.sql(f"DROP TABLE {'' if site.dialect == 'sqlite' else 'public.'}routecomp_migrations")
    project = tmp_path / "project"
    for path, text in {**SMALL, "routecomp.yaml": "schema: one\ntable_prefix: llm_\n"}.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    ran = in_process(["audit", "verify", "--database", site.url], project)
    assert (ran.code, "the chain holds, 1 row over 1 promotion" in ran.out) == (0, True)
    ran = in_process(["audit", "verify", "--database", site.url], tmp_path)
    assert ran.code == 1
    assert "the database has no ledger routecomp_migrations" in ran.err


def test_a_folder_without_its_baseline_is_not_run(make_sites: MakeSites) -> None:
    """Which names it is about is not known: it is refused in words, and nothing is run."""
    site, _ = make_sites(Names("one", "a_"), Names("two", "b_"))
    site.folder.add(promote_fair(site.folder.state))
    site.run_ok("up", "--to", "1")
    for path in site.folder.at.rglob("0001_*"):
        path.unlink()
    for command in ("up", "status", "verify"):
        ran = site.migrate(command)
        assert ran.code == 1
        assert "has no baseline, with which migrations begin" in ran.err
