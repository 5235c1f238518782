"""Release migrations of a project whose settings and folders change."""

from __future__ import annotations

from pathlib import Path

import psycopg

from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, Ran, in_process
from tests.database.branches import run_ok

SETTINGS = "dialects: [{}]\noutput: {}\n"
BOTH = "postgres, sqlite"


class Releasing(Repository):
    """A repository that remembers each migration which was released with `release`, by its path below `migrations/`."""

    def __init__(self, root: Path, below: str) -> None:
        super().__init__(root, below)
        self.released: dict[str, bytes] = {}


def start(root: Path, dialects: str = BOTH, changes: int = 2, output: str = "generated") -> Releasing:
    """Make a project in a sub-folder of a repository whose `main` has a baseline and some changes."""
    repository = Releasing(root / "repository", "llm")
    repository.git("config", "user.name", "Ada")
    repository.git("config", "user.email", "ada@example.com")
    repository.write({**SMALL, "../.gitignore": ".routecomp/\n*.db\n"})
    configure(repository, dialects, output)
    release(repository, "start")
    for number in range(changes):
        change(repository, number)
        release(repository, f"change {number}")
    return repository


def configure(repository: Repository, dialects: str, output: str = "generated") -> None:
    """Write the settings."""
    repository.write({"routecomp.yaml": SETTINGS.format(dialects, output)})


def change(repository: Repository, number: int) -> None:
    """Change a row: each number is another one's."""
    repository.write({f"policies/t{number}.yaml": f"tenants:\n  t{number}: {{min_quality: 0.1{number}}}\n"})


def release(repository: Releasing, message: str) -> None:
    """Compile and commit."""
    run_ok(repository, "compile")
    for folder in repository.project.rglob("migrations"):
        repository.released |= migrations(repository, str(folder.parent.relative_to(repository.project)))
    repository.commit(message)


def migrations(repository: Repository, output: str = "generated") -> dict[str, bytes]:
    """Return the migrations of an output folder by their paths below `migrations/`."""
    folder = repository.project / output / "migrations"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.sql")}


def run(repository: Repository, *arguments: str) -> Ran:
    """Run the command line."""
    return in_process([*arguments], repository.project)


def ids(repository: Repository, dialect: str, output: str = "generated") -> list[str]:
    """Return the ids of the migrations of a dialect."""
    names = (name for name in migrations(repository, output) if name.startswith(dialect) and name.endswith(".up.sql"))
    return sorted(name.partition("/")[2].removesuffix(".up.sql") for name in names)


def move_project(repository: Repository) -> None:
    """Move the project's folder."""
    repository.git("mv", "llm", "routing")
    repository.project = repository.root / "routing"


def url_of(postgres: psycopg.Connection) -> str:
    """Return the URL of the database that a connection is open to."""
    info = postgres.info
    return f"postgresql://{info.user}@/{info.dbname}?host={info.host}"
