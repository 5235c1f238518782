"""Test migrations that a person wrote for one dialect alone: from the draft to a database that is verified."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.database.branches import run_ok
from tests.database.migrating import Site
from tests.database.releasing import BOTH, change, configure, release, run, start, url_of
from tests.database.test_migrate import make_site

FRAME = """\
{begin};

{action};

COMMIT;
"""
TIMEOUTS = "BEGIN;\n\nSET LOCAL lock_timeout = '5s';\n\nSET LOCAL statement_timeout = '10min'"
KEY = "ALTER TABLE public.tenant_routing_policy {}"
WAYS = {
    "postgres": {
        "up": KEY.format(
            "ADD CONSTRAINT tenant_routing_policy_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenants (slug) "
            "ON DELETE CASCADE NOT VALID"
        ),
        "down": KEY.format("DROP CONSTRAINT tenant_routing_policy_tenant_fkey"),
    },
    "sqlite": {"up": "CREATE TABLE notes (x INTEGER)", "down": "DROP TABLE notes"},
}
BEGIN = {"postgres": TIMEOUTS, "sqlite": "PRAGMA foreign_keys = ON;\n\nBEGIN IMMEDIATE"}


@pytest.mark.parametrize("dialect", ["postgres", "sqlite"])
def test_from_the_draft_to_the_database(tmp_path: Path, postgres: psycopg.Connection, dialect: str) -> None:
    """Every command of CI lets it in, databases of both dialects are verified row by row, and it goes back."""
    repository = start(tmp_path, changes=1)
    urls = {"postgres": url_of(postgres), "sqlite": f"sqlite:///{tmp_path}/own.db"}
    repository.git("switch", "-qc", "own")
    if dialect == "postgres":
        settings = (repository.project / "routecomp.yaml").read_text()
        repository.write({"routecomp.yaml": settings + "tenants_table: public.tenants(slug)\n"})
        assert "RC640" in run(repository, "check").out
    for way, action in WAYS[dialect].items():
        text = FRAME.format(begin=BEGIN[dialect], action=action)
        repository.write({f"generated/migrations/{dialect}/0003_own.{way}.sql": text})
    commands = (["check", "--strict"], ["compile"], ["compile", "--check"], ["lint-migrations"])
    for command in commands:
        run_ok(repository, *command)
    repository.commit("a migration of our own")
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "own")
    change(repository, 1)
    release(repository, "more")
    for command in commands:
        run_ok(repository, *command)
    postgres.execute("CREATE TABLE tenants (slug text PRIMARY KEY)")
    postgres.execute("INSERT INTO tenants VALUES ('acme'), ('t0'), ('t1')")
    for url in urls.values():
        run_ok(repository, "migrate", "up", "--database", url)
        assert run_ok(repository, "migrate", "verify", "--database", url).endswith("no drift\n")
    postgres.execute("UPDATE tenant_routing_policy SET min_quality_bp = 7 WHERE tenant = 't0'")
    ran = run(repository, "migrate", "verify", "--database", urls["postgres"])
    assert "min_quality_bp of row t0 is 7, not 1000" in ran.out
    postgres.execute("UPDATE tenant_routing_policy SET min_quality_bp = 1000 WHERE tenant = 't0'")
    for url in urls.values():
        run_ok(repository, "migrate", "down", "--yes", "--to", "2", "--database", url)
        run_ok(repository, "migrate", "up", "--database", url)
        run_ok(repository, "migrate", "verify", "--database", url)


def test_what_routecomp_wrote_is_missed(tmp_path: Path, postgres: psycopg.Connection) -> None:
    """A migration of routecomp's that the reference lacks still keeps the rows from being compared."""
    repository, url = start(tmp_path, changes=1), url_of(postgres)
    run_ok(repository, "migrate", "up", "--database", url)
    configure(repository, BOTH)
    for path in (repository.project / "generated/migrations/sqlite").glob("0002_*"):
        path.unlink()
    ran = run(repository, "migrate", "verify", "--database", url)
    assert ran.code != 0
    assert "are not all there" in ran.out + ran.err


def test_the_example_of_the_page(tmp_path: Path, postgres: psycopg.Connection) -> None:
    """What docs/database.md shows is let in by every command of CI, and runs; for SQLite with the lines it says."""
    page = (Path(__file__).parents[2] / "docs/database.md").read_text()
    example = page.partition("### Migrations of your own\n")[2].partition("```sql\n")[2].partition("```")[0]
    action = example.split("\n\n")[3].removesuffix(";")
    assert example == FRAME.format(begin=BEGIN["postgres"], action=action)
    repository = start(tmp_path, changes=1)
    repository.git("switch", "-qc", "own")
    ups = {"postgres": action, "sqlite": action.replace("public.", "")}
    for dialect, up in ups.items():
        down = f"DROP TABLE {up.split()[2]}"
        for way, text in (("up", up), ("down", down)):
            whole = FRAME.format(begin=BEGIN[dialect], action=text)
            repository.write({f"generated/migrations/{dialect}/0003_own.{way}.sql": whole})
    for command in (["check", "--strict"], ["compile", "--check"], ["lint-migrations", "--all"]):
        run_ok(repository, *command)
    for url in (url_of(postgres), f"sqlite:///{tmp_path}/own.db"):
        run_ok(repository, "migrate", "up", "--database", url)
        run_ok(repository, "migrate", "verify", "--database", url)
        run_ok(repository, "migrate", "down", "--yes", "--database", url)


@pytest.mark.parametrize("dialect", ["postgres", "sqlite"])
@pytest.mark.parametrize("name", ["OwnNotes", '"OwnNotes"', '"Own ""x"".y"', '"Ämter"'])
def test_names_with_capitals_and_quotes(site_of: Callable[[str], Site], dialect: str, name: str) -> None:
    """What a person's own migration makes is verified by its name, however that is written."""
    site = site_of(dialect)
    made = f"{'public.' * (dialect == 'postgres')}{name}"
    view = f"{made[:-1]}v" + made[-1] if made.endswith('"') else f"{made}v"
    statements = f"CREATE TABLE {made} (Word text);\n\nCREATE VIEW {view} AS SELECT Word FROM {made}"
    text = FRAME.format(begin=BEGIN[dialect], action=statements)
    (site.folder.at / dialect / "0002_own.up.sql").write_text(text)
    assert site.run_ok("up").endswith("applied 0002_own\n")
    assert site.run_ok("verify").endswith("no drift\n")
    site.sql(f"DROP VIEW {view}")
    assert "is missing" in site.migrate("verify").out


@pytest.fixture
def site_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Site]:
    """Make a database with a baseline in a dialect."""
    return lambda dialect: make_site(dialect, request, tmp_path)


WITHIN_A_COLUMN = (
    "tenant text CONSTRAINT own_notes_pkey PRIMARY KEY",
    "a integer NOT NULL CONSTRAINT own_notes_pkey PRIMARY KEY, note text NOT NULL",
    "a integer CONSTRAINT own_notes_once UNIQUE NOT NULL DEFAULT 1, b text",
    "a integer CONSTRAINT own_notes_a CHECK (a > 0) CONSTRAINT own_notes_1 UNIQUE CONSTRAINT own_notes_b CHECK (a < 9)"
    ", b integer CONSTRAINT own_notes_required NOT NULL",
    "a text CONSTRAINT own_notes_fkey REFERENCES {}features (feature) ON DELETE SET NULL ON UPDATE CASCADE NOT NULL",
    "tenant text CONSTRAINT own_notes_fkey REFERENCES {}features (feature) DEFERRABLE INITIALLY DEFERRED DEFAULT 'x'",
    '"Own Key" integer CONSTRAINT "Own Notes" PRIMARY KEY, b integer CONSTRAINT own_notes_once UNIQUE',
    "a integer, b integer, CONSTRAINT own_notes_pkey PRIMARY KEY (a, b), CONSTRAINT own_notes_once UNIQUE (b)",
)


@pytest.mark.parametrize("dialect", ["postgres", "sqlite"])
def test_constraints_of_a_column_are_adopted(site_of: Callable[[str], Site], dialect: str) -> None:
    """A table that was made by other means is adopted, wherever its constraints with a name are written."""
    site = site_of(dialect)
    schema = "public." * (dialect == "postgres")
    site.run_ok("up")
    statements = [
        re.sub("own_notes|Own Notes", rf"\g<0>{number}", f"CREATE TABLE {schema}own_notes ({columns.format(schema)})")
        for number, columns in enumerate(WITHIN_A_COLUMN)
    ]
    for statement in statements:
        site.sql(statement)
    text = FRAME.format(begin=BEGIN[dialect], action=";\n\n".join(statements))
    (site.folder.at / dialect / "0002_own.up.sql").write_text(text)
    ran = site.migrate("adopt")
    assert ran.code == 0, ran.err
    assert site.run_ok("verify").endswith("no drift\n")
    site.sql(f"ALTER TABLE {schema}own_notes0 RENAME TO own_others")
    assert "is missing" in site.migrate("verify").out
