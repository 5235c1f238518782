"""Test that the rules over SQL know what a project calls its tables, and that released names do not change."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.sql.lint import lint_text
from routecomp.sql.migrations import migration_files
from routecomp.sql.names import Names
from routecomp.sql.steps.plain import are_current
from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, in_process
from tests.database import proofs

NAMES = Names("routing", "llm_")
# Each line breaks rules with the project's tables, and none with tables of the company's own.
HEAD = "BEGIN;\n\nSET LOCAL lock_timeout = '5s';\n\nSET LOCAL statement_timeout = '10min';\n\n"
LINES: tuple[tuple[str, list[str]], ...] = (
    ("DELETE FROM routing.{p}model_promotions WHERE id = 3", ["RC615"]),
    (
        "UPDATE routing.{p}feature_models SET status = 'primary' WHERE feature = 'chat' AND model = 'fair'",
        ["RC643", "RC646"],
    ),
    ("INSERT INTO routing.{p}model_promotions (feature, happened_at) VALUES ('chat', now())", []),
    ("INSERT INTO routing.{p}feature_models (feature) VALUES ('c') ON CONFLICT DO UPDATE SET status = 'x'", ["RC654"]),
)


def diagnostics(line: str) -> list[Diagnostic]:
    """Return what is found in a statement behind a baseline with names of its own."""
    base = migration_files({}, proofs.sample_state(), ["postgres"], names=NAMES)
    files = {f"m/{path}": data for path, data in base.items()}
    files["m/postgres/0002_x.up.sql"] = f"{HEAD}{line};\n\nCOMMIT;\n".encode()
    return lint_text(files, ["m/postgres/0002_x.up.sql"]).diagnostics


def test_rules_know_the_prefix() -> None:
    """A rule about a table of ours is about the one with the prefix."""
    for line, rules in LINES:
        ours, others = ({found.rule for found in diagnostics(line.format(p=prefix))} for prefix in ("llm_", ""))
        assert set(rules) <= ours, line
        assert "RC653" not in ours, line
        assert {"RC615", "RC643", "RC646", "RC654"} & others == set(), line


def test_the_remedy_names_the_schema() -> None:
    """A table without a schema is to be written with the project's."""
    (found,) = diagnostics("DELETE FROM llm_models WHERE model = 'x'")
    assert (found.rule, found.help) == ("RC655", "write routing.llm_models")


def test_a_schema_with_other_names_is_current() -> None:
    """Migrations with other names are seen to make the wanted schema as fast as any, and one that differs is seen."""
    files = {
        f"m/{path}": data
        for path, data in migration_files({}, proofs.sample_state(), ["postgres", "sqlite"], names=NAMES).items()
    }
    assert are_current(files, ["postgres", "sqlite"])
    path = "m/sqlite/0001_baseline.up.sql"
    other = files | {path: files[path].replace(b"latency_ms <= 1000000000", b"latency_ms <= 1000", 1)}
    assert other != files
    assert are_current(other, ["postgres"])
    assert not are_current(other, ["postgres", "sqlite"])


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a project with names of its own, whose first migration is released."""
    made = Repository(tmp_path / "project")
    made.write({**SMALL, "routecomp.yaml": "# ours\nschema: routing\ntable_prefix: llm_\n"})
    assert in_process(["compile"], made.project).code == 0
    made.commit("start")
    made.git("switch", "-qc", "branch")
    return made


def test_a_change_is_a_step_with_these_names(repository: Repository) -> None:
    """The next migration has the names of the first; all of it is clean, and leads where a fresh install does."""
    repository.write({"policies/new.yaml": "tenants:\n  new: {min_quality: 0.1}\n"})
    assert in_process(["compile"], repository.project).code == 0
    for name, table in (("postgres", "routing.llm_tenant_routing_policy"), ("sqlite", "llm_tenant_routing_policy")):
        text = (repository.project / f"generated/migrations/{name}/0002_tenant-new.up.sql").read_text()
        assert f"INSERT INTO {table} (" in text
    for command in (["check"], ["compile", "--check"], ["lint-migrations", "--all"]):
        assert in_process(command, repository.project).code == 0, command


@pytest.mark.parametrize(
    ("settings", "place", "now", "then"),
    [
        ("schema: public\ntable_prefix: llm_\n", "routecomp.yaml:1:9", "public.llm_models", "routing.llm_models"),
        ("schema: routing\ntable_prefix: x_\n", "routecomp.yaml:1:9", "routing.x_models", "routing.llm_models"),
        ("# gone\noutput: generated\n", "routecomp.yaml:1:1", "public.models", "routing.llm_models"),
        ("dialects: [sqlite]\ntable_prefix: x_\n", "routecomp.yaml:2:15", "x_models", "llm_models"),
    ],
)
def test_released_names_stay(repository: Repository, settings: str, place: str, now: str, then: str) -> None:
    """Other names are refused at the settings' line, by every command that writes or judges; nothing is written."""
    repository.write({"routecomp.yaml": settings, "policies/new.yaml": "tenants:\n  new: {min_quality: 0.1}\n"})
    before = repository.state()
    for command in (["compile"], ["compile", "--check"], ["check"], ["check", "--no-cache"], ["lint-migrations"]):
        ran = in_process(command, repository.project)
        said = ran.out + ran.err
        assert ran.code == 1, command
        assert f"error[RC639]: the settings call the tables `{now}` and so on" in said, command
        assert f"are released, `{then}`" in said, command
        assert f"--> {place}\n" in said, command
        assert "`routecomp migrate rename --dialect " in said
    assert {path: data for path, data in repository.state().items() if "generated" in path} == {
        path: data for path, data in before.items() if "generated" in path
    }


def test_the_place_in_pyproject(repository: Repository) -> None:
    """Settings under [tool.routecomp] are shown where they stand."""
    (repository.project / "routecomp.yaml").unlink()
    repository.write(
        {"pyproject.toml": '[tool.x]\nschema = "y"\n\n[tool.routecomp]\noutput = "generated"\ntable_prefix = "x_"\n'}
    )
    ran = in_process(["check"], repository.project)
    assert (ran.code, "--> pyproject.toml:6:1\n" in ran.out) == (1, True)


def test_names_of_a_draft_may_change(tmp_path: Path) -> None:
    """Before anything is released the first migration is written anew; what says the default is no other name."""
    made = Repository(tmp_path / "project")
    made.write({**SMALL, "routecomp.yaml": "table_prefix: a_\n"})
    assert in_process(["compile"], made.project).code == 0
    made.write({"routecomp.yaml": "schema: public\ntable_prefix: ''\n"})
    assert in_process(["compile"], made.project).code == 0
    assert (
        "CREATE TABLE public.models ("
        in (made.project / "generated/migrations/postgres/0001_baseline.up.sql").read_text()
    )
    made.commit("start")
    made.write({"routecomp.yaml": "output: generated\n"})
    assert in_process(["check"], made.project).code == 0
    assert in_process(["compile", "--check"], made.project).code == 0
