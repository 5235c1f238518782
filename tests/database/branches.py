"""Merge branches into a repository whose `main` has migrations, and read what databases hold then."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.sql.migrations import Released
from tests.cli.repository import WHO, Repository
from tests.cli.transcripts import SMALL, Ran, environment, in_process
from tests.database.databases import Dump, dump, run, sqlite_database

OUTPUT = "generated/migrations"


def start_repository(root: Path) -> Repository:
    """Make a compiled project on `main`, with the merge driver installed."""
    made = Repository(root / "project")
    made.write({**SMALL, ".gitignore": ".routecomp/\n"})
    made.git("config", "user.name", "Ada")
    made.git("config", "user.email", "ada@example.com")
    run_ok(made, "compile")
    run_ok(made, "merge-driver", "--install")
    made.commit("start")
    return made


def run_ok(repository: Repository, *arguments: str) -> str:
    """Run the command line, which must succeed, and return its output."""
    ran = in_process([*arguments], repository.project)
    assert ran.code == 0, ran.out + ran.err
    return ran.out


def check_compiled(repository: Repository) -> Ran:
    """Run `compile --check`."""
    return in_process(["compile", "--check"], repository.project)


def git(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Git, which may fail."""
    return subprocess.run(
        ["git", *arguments],
        cwd=repository.root,
        env=environment(repository.root) | WHO,
        check=False,
        capture_output=True,
        text=True,
    )


def migration_ids(repository: Repository) -> list[str]:
    """Return the ids of the migrations in the work tree, which are the same for both dialects."""
    folders = [repository.project / OUTPUT / dialect for dialect in ("sqlite", "postgres")]
    found = [sorted(path.name.removesuffix(".up.sql") for path in folder.glob("*.up.sql")) for folder in folders]
    assert found[0] == found[1]
    return found[0]


def declare_tenant(repository: Repository, name: str, value: int = 1) -> None:
    """Declare a tenant in a file of its own."""
    repository.write({f"policies/{name}.yaml": f"tenants:\n  {name}: {{min_quality: 0.{value}}}\n"})


def compile_and_commit(repository: Repository, message: str) -> str:
    """Compile and commit."""
    run_ok(repository, "compile")
    return repository.commit(message)


def branch(repository: Repository, *tenants: str, start: str = "main") -> None:
    """Make a branch named after its first tenant, with a commit for each tenant."""
    repository.git("switch", "-qc", tenants[0], start)
    for name in tenants:
        declare_tenant(repository, name)
        compile_and_commit(repository, name)


def merge_branch(repository: Repository, name: str, *how: str) -> None:
    """Merge a branch into `main`, by default with a merge commit."""
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-edit", *(how or ("--no-ff",)), name)


def database_after(repository: Repository, ids: list[str]) -> Dump:
    """Return the rows of a database after these migrations of the work tree, in this order."""
    folder = repository.project / OUTPUT / "sqlite"
    database = sqlite_database()
    for id in ids:
        run(database, (folder / f"{id}.up.sql").read_bytes())
    found = dump(database)
    database.close()
    return found


def assert_fresh(repository: Repository) -> None:
    """Assert that everything is compiled and committed, and that the migrations give what a fresh install gives."""
    assert repository.git("status", "--porcelain") == ""
    ran = check_compiled(repository)
    assert ran.code == 0, ran.out + ran.err
    state = _fresh_database(repository)
    assert database_after(repository, migration_ids(repository)) == state


def _fresh_database(repository: Repository) -> Dump:
    """Return the rows of a database made from the YAML of the work tree alone."""
    today = date(2026, 11, 20)
    yaml = {
        path.relative_to(repository.project).as_posix(): path.read_bytes()
        for folder in ("routes", "policies")
        for path in (repository.project / folder).rglob("*.yaml")
    }
    made = compile(yaml, Options(today=today), released=Released({}))
    database = sqlite_database()
    run(database, made.artifacts["migrations/sqlite/0001_baseline.up.sql"])
    found = dump(database)
    database.close()
    return found
