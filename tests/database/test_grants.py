"""Test that a role with the rights that `migrate grants` prints can do what a service does, and nothing else."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from routecomp.sql.names import DEFAULT, Names
from routecomp.sql.tables import TABLES
from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, in_process
from tests.database.migrating import Site
from tests.database.test_migrate import make_site

if TYPE_CHECKING:
    pass

_numbers = count(1)
ALLOWED = (
    "SELECT * FROM {t}model_promotions",
    "SELECT count(*) FROM {t}routing_outcomes",
    "INSERT INTO {t}routing_outcomes (day, outcome_id, begun_at, status, outcome) VALUES ('2026-11-20', 'o',"
    " '2026-11-20T12:00:00Z', 'ok', 'succeeded') ON CONFLICT (day, outcome_id) DO NOTHING",
    "INSERT INTO {t}routing_attempts (day, outcome_id, number, model, outcome) VALUES ('2026-11-20', 'o', 1, 'm', 'ok')"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO {t}provider_health_checks (provider, model, outcome) VALUES ('p', 'm', 'ok')",
    "INSERT INTO {t}circuit_breakers (provider, model) VALUES ('p', 'm') ON CONFLICT (provider, model)"
    " DO UPDATE SET state = 'open', trip_count = {t}circuit_breakers.trip_count + 1",
    "UPDATE {t}circuit_breakers SET state = 'closed' WHERE provider = 'p'",
    "SELECT * FROM {t}circuit_breakers FOR UPDATE",
)
FORBIDDEN = (
    "UPDATE {t}routing_outcomes SET status = 'ok'",
    "DELETE FROM {t}routing_outcomes",
    "TRUNCATE {t}circuit_breakers",
    "DELETE FROM {t}circuit_breakers",
    "UPDATE {t}provider_health_checks SET outcome = 'ok'",
    "INSERT INTO {t}model_promotions (feature, to_model, kind, migration) VALUES ('x', 'y', 'initial', 'z')",
    "UPDATE {t}feature_models SET status = 'shadow'",
    "UPDATE {t}tenant_routing_policy SET min_quality_bp = 0",
    "DELETE FROM {t}tenant_banned_models",
    "INSERT INTO {t}tenant_banned_models DEFAULT VALUES",
    "SELECT * FROM {t}routecomp_migrations",
    "ALTER TABLE {t}models ADD x int",
    "DROP TABLE {t}routing_outcomes",
    "CREATE TRIGGER x BEFORE INSERT ON {t}models EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
)


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("svc", DEFAULT),
        ("svc", Names("routing", "llm_")),
        ('Svc "x"; DROP TABLE models; --', Names("routing")),
        ("o'hara", DEFAULT),
        ("select", DEFAULT),
        ("üñí", DEFAULT),
    ],
)
def test_a_service_s_role(request: pytest.FixtureRequest, tmp_path: Path, role: str, names: Names) -> None:
    """Whatever a role is called, it may read the policy and write what services write, and nothing else."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    plain = make_site("postgres", request, tmp_path / "unused")
    site = Site(tmp_path, "postgres", plain.url, names)
    site.run_ok("up")
    role = f"{role}{next(_numbers)}" if len(role) < 40 else role
    tables = f"{names.schema}.{names.prefix}"
    ran = in_process(["migrate", "grants", "--from", str(site.folder.at), "--role", role], tmp_path)
    assert ran.code == 0, ran.err
    with psycopg.connect(site.url, autocommit=True) as owner:
        owner.execute(SQL("CREATE ROLE {}").format(Identifier(role)))
        try:
            owner.execute(ran.out.encode())
            owner.execute(SQL("SET ROLE {}").format(Identifier(role)))
            for table in TABLES:
                owner.execute(f"SELECT * FROM {tables}{table.name}".encode())
            for statement in ALLOWED:
                owner.execute(statement.format(t=tables).encode())
            for statement in FORBIDDEN:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    owner.execute(statement.format(t=tables).encode())
        finally:
            owner.execute(b"RESET ROLE")
            owner.execute(SQL("DROP OWNED BY {0}").format(Identifier(role)))
            owner.execute(SQL("DROP ROLE {0}").format(Identifier(role)))


@pytest.mark.parametrize("role", ["public", "none", "", "x" * 64, "ü" * 32, "a\nb", "a\x00b"])
def test_what_is_no_role(role: str, tmp_path: Path) -> None:
    """A name that stands for everybody, or that no role can have, is refused."""
    site = Site(tmp_path, "sqlite", "")
    ran = in_process(["migrate", "grants", "--from", str(site.folder.at), "--role", role], tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: --role: ")


def test_in_a_project(tmp_path: Path) -> None:
    """The settings say which database is meant and what its tables are called; SQLite has no roles."""
    made = Repository(tmp_path / "project")
    made.write({**SMALL, "routecomp.yaml": "schema: routing\ntable_prefix: llm_\n"})
    assert in_process(["compile"], made.project).code == 0
    ran = in_process(["migrate", "grants", "--role", "svc"], made.project)
    assert 'GRANT USAGE ON SCHEMA routing TO "svc";' in ran.out
    assert "  routing.llm_circuit_breakers\n" in ran.out
    for options in (["--dialect", "sqlite"], []):
        if not options:
            made.write({"routecomp.yaml": "dialects: [sqlite]\n"})
        ran = in_process(["migrate", "grants", "--role", "svc", *options], made.project)
        assert (ran.code, ran.out) == (2, "")
        assert "no database of this project has roles" in ran.err
