"""A repository whose main has migrations, branches that are merged into it, and what databases hold then."""

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


def begun(root: Path) -> Repository:
    """A compiled project on main, whose clone merges generated/ with the driver."""
    made = Repository(root / "project")
    made.write({**SMALL, ".gitignore": ".routecomp/\n"})
    made.git("config", "user.name", "Ada")
    made.git("config", "user.email", "ada@example.com")
    done(made, "compile")
    done(made, "merge-driver", "--install")
    made.commit("start")
    return made


def done(repository: Repository, *arguments: str) -> str:
    """Run the command line, which must succeed; what it said."""
    ran = in_process([*arguments], repository.project)
    assert ran.code == 0, ran.out + ran.err
    return ran.out


def checked(repository: Repository) -> Ran:
    """Run `compile --check`."""
    return in_process(["compile", "--check"], repository.project)


def git(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git, which may fail."""
    return subprocess.run(
        ["git", *arguments],
        cwd=repository.root,
        env=environment(repository.root) | WHO,
        check=False,
        capture_output=True,
        text=True,
    )


def names(repository: Repository) -> list[str]:
    """The ids of the migrations that are there, the same for both databases."""
    folders = [repository.project / OUTPUT / dialect for dialect in ("sqlite", "postgres")]
    found = [sorted(path.name.removesuffix(".up.sql") for path in folder.glob("*.up.sql")) for folder in folders]
    assert found[0] == found[1]
    return found[0]


def tenant(repository: Repository, name: str, value: int = 1) -> None:
    """Declare a tenant in a file of its own."""
    repository.write({f"policies/{name}.yaml": f"tenants:\n  {name}: {{min_quality: 0.{value}}}\n"})


def saved(repository: Repository, message: str) -> str:
    """Compile and commit."""
    done(repository, "compile")
    return repository.commit(message)


def branch(repository: Repository, *tenants: str, start: str = "main") -> None:
    """A branch that is called as its first tenant, a commit for each."""
    repository.git("switch", "-qc", tenants[0], start)
    for name in tenants:
        tenant(repository, name)
        saved(repository, name)


def merged(repository: Repository, name: str, *how: str) -> None:
    """Merge a branch into main, by default with a commit of its own."""
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-edit", *(how or ("--no-ff",)), name)


def applied(repository: Repository, ids: list[str]) -> Dump:
    """What a database holds that ran these migrations of the work tree, in this order."""
    folder = repository.project / OUTPUT / "sqlite"
    database = sqlite_database()
    for id in ids:
        run(database, (folder / f"{id}.up.sql").read_bytes())
    found = dump(database)
    database.close()
    return found


def as_fresh(repository: Repository) -> None:
    """Nothing is left to compile or to commit, and the migrations lead where a fresh install leads."""
    assert repository.git("status", "--porcelain") == ""
    ran = checked(repository)
    assert ran.code == 0, ran.out + ran.err
    state = _fresh(repository)
    assert applied(repository, names(repository)) == state


def _fresh(repository: Repository) -> Dump:
    """What a database holds that was made from the YAML of the work tree, and from nothing before it."""
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
