"""A third dialect is one file with its templates: the example compiles with it, to its second migration."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import registered
from routecomp.sql.migration import list_migrations
from routecomp.sql.migrations import migration_files
from routecomp.sql.reference import Reference
from routecomp.sql.steps.step import find_gap
from tests.cli.repository import Repository
from tests.cli.transcripts import Ran, in_process
from tests.database import proofs
from tests.database.wanted import every_change, with_new_columns
from tests.dialects.toysql import TOYSQL

EXAMPLE = Path(__file__).parents[2]
MIGRATIONS = "generated/migrations"


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    """The example project, which asks for migrations in ToySQL alone, compiled and committed."""
    example = Repository(tmp_path / "project")
    for folder in ("routes", "policies", "experiments"):
        shutil.copytree(EXAMPLE / folder, example.project / folder)
    example.write({"routecomp.yaml": "dialects: [toysql]\n", ".gitignore": ".routecomp/\n"})
    with registered(TOYSQL):
        assert run(example, "compile").code == 0
        example.commit("start")
        yield example


def run(repository: Repository, *arguments: str) -> Ran:
    """Run the command line."""
    return in_process([*arguments], repository.project)


def migrations(repository: Repository) -> list[str]:
    """The migrations that are there, by their paths."""
    folder = repository.project / MIGRATIONS
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.sql"))


def test_the_example_compiles(repository: Repository) -> None:
    """Its baseline is written in the dialect's own words, and nothing for any other database."""
    assert migrations(repository) == ["toysql/0001_baseline.down.sql", "toysql/0001_baseline.up.sql"]
    text = (repository.project / MIGRATIONS / "toysql/0001_baseline.up.sql").read_text()
    assert "\nSTART WORK;\n" in text
    assert "\nCREATE TABLE main.feature_models (\n" in text
    assert "(1 = 1)" in text
    for command in ("check", "compile --check", "lint-migrations --all"):
        ran = run(repository, *command.split())
        assert ran.code == 0, ran.out + ran.err


def test_a_change_becomes_a_migration(repository: Repository) -> None:
    """What is released is replayed in the dialect's own sandbox, and the next migration holds what changed."""
    repository.write({"policies/toys.yaml": "tenants:\n  toys: {description: 'line\\end', min_quality: 0.1}\n"})
    assert run(repository, "compile", "--check").code == 1
    assert run(repository, "compile").code == 0
    assert "toysql/0002_tenant-toys.up.sql" in migrations(repository)
    text = (repository.project / MIGRATIONS / "toysql/0002_tenant-toys.up.sql").read_text()
    assert "('line' || letter(92) || 'end')" in text
    for command in ("check", "compile --check", "lint-migrations", "diff"):
        ran = run(repository, *command.split())
        assert ran.code == 0, ran.out + ran.err


def test_what_is_found_is_of_the_dialect(repository: Repository) -> None:
    """The way back is run in the sandbox, and a migration that does not run is found at its statement."""
    repository.write({"policies/toys.yaml": "tenants:\n  toys: {min_quality: 0.1}\n"})
    assert run(repository, "compile").code == 0
    path = repository.project / MIGRATIONS / "toysql/0002_tenant-toys.up.sql"
    path.write_text(path.read_text().replace("INSERT INTO main.tenant", "INSERT INTO main.toy"))
    ran = run(repository, "lint-migrations")
    assert ran.code == 1
    assert "RC634" in ran.out
    assert "0002_tenant-toys.up.sql" in ran.out


def test_a_dialect_that_is_asked_for_later_begins_with_a_baseline(repository: Repository) -> None:
    """The baseline holds what the released migrations of the others lead to; the next migration is that of all."""
    for setting in ("[postgres, sqlite, toysql]", "[sqlite, toysql]"):
        repository.write({"routecomp.yaml": f"dialects: {setting}\n"})
        assert run(repository, "compile").code == 0
        added = {name.split("/")[0] for name in migrations(repository) if "0001_baseline" in name}
        assert ", ".join(sorted(added)) == setting[1:-1]
    repository.commit("two dialects")
    repository.write({"policies/toys.yaml": "tenants:\n  toys: {min_quality: 0.1}\n"})
    assert run(repository, "compile").code == 0
    numbers = [name.split("_")[0] for name in migrations(repository) if name.endswith(".up.sql")]
    assert numbers == ["sqlite/0001", "sqlite/0002", "toysql/0001", "toysql/0002"]
    for command in ("check", "compile --check", "lint-migrations --all"):
        ran = run(repository, *command.split())
        assert ran.code == 0, ran.out + ran.err


def test_the_settings_name_all_dialects(repository: Repository) -> None:
    """A name that is no dialect's is refused with the list of all; without a sandbox nothing can be replayed."""
    repository.write({"routecomp.yaml": "dialects: [toysql, lego]\n"})
    assert "write postgres or sqlite or toysql" in run(repository, "check").err
    repository.write({"routecomp.yaml": "dialects: [postgres]\n"})
    assert "add sqlite or toysql" in run(repository, "check").err


def test_it_is_known_for_a_while() -> None:
    """Other tests know the two that are delivered."""
    assert dialect_names() == ("postgres", "sqlite")


def test_a_schema_step() -> None:
    """Where a dialect says nothing of how a table is changed, each is made anew with its rows."""
    state, schema = proofs.sample_state(), every_change()
    target = with_new_columns(state, schema, lambda column: column.high if column.kind == "whole" else column.default)
    with registered(TOYSQL):
        base = {Path(name).name: data for name, data in migration_files({}, state, ["toysql"]).items()}
        files = migration_files({"toysql": base}, target, ["toysql"], schema=schema)
        grown = list_migrations({Path(name).name: data for name, data in files.items()})
    assert [migration.id.partition("_")[2][:6] for migration in grown] == ["baseli", "schema", "model-"]
    assert Reference(TOYSQL, grown).state(schema).tables == target.tables
    assert not find_gap(grown, TOYSQL, schema)
