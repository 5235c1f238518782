"""Set up a company: a repository, its authors' clones, a merge queue, and two environments with their databases."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

import psycopg

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.sql.migrations import Released
from routecomp.sql.names import DEFAULT, Names
from tests.cli.repository import WHO
from tests.cli.transcripts import Ran, environment, in_process
from tests.database.databases import Dump, dump, run, sqlite_database

EXAMPLE = Path(__file__).parents[2]
SECTIONS = ("routes", "policies", "experiments")
TODAY = date(2026, 11, 20)
_databases = count(1)


@dataclass
class Environment:
    """An environment: a database of each dialect, and how often it was deployed."""

    name: str
    sqlite: Path
    postgres: str
    deployments: int = 0
    names: Names = DEFAULT
    output: str = "generated"

    def url(self, dialect: str) -> str:
        """Return the URL of the database of a dialect."""
        return f"sqlite:///{self.sqlite}" if dialect == "sqlite" else self.postgres


@dataclass
class Tally:
    """What happened in the month."""

    merged: int = 0
    refused: int = 0
    regenerated: int = 0
    log: list[str] = field(default_factory=list)


class Clone:
    """A clone of the company's repository; the project stands in the folder that `main` has it in."""

    def __init__(self, company: Company, name: str, start: str = "main") -> None:
        self.company = company
        self.root = company.folder / "clones" / name
        company.git(company.folder, "clone", "-q", str(company.origin), str(self.root))
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.routecomp("merge-driver", "--install")
        if start != "main":
            self.git("switch", "-qc", name, start)

    @property
    def project(self) -> Path:
        """Return the folder of the project, wherever it stands now."""
        return next(
            path.parent for path in [*sorted(self.root.glob("*/routes")), self.root / "routes"] if path.is_dir()
        )

    def setting(self, key: str, default: str) -> str:
        """Return a setting that stands on a line of its own."""
        lines = (self.project / "routecomp.yaml").read_text(encoding="utf-8").splitlines()
        return next((line.partition(": ")[2] for line in lines if line.startswith(f"{key}: ")), default)

    def names(self) -> Names:
        """Return what the settings call the tables."""
        return Names(self.setting("schema", DEFAULT.schema), self.setting("table_prefix", DEFAULT.prefix))

    def output(self) -> str:
        """Return the output folder."""
        return self.setting("output", "generated")

    def git(self, *arguments: str) -> str:
        """Run Git in the clone, which must succeed."""
        return self.company.git(self.root, *arguments)

    def try_git(self, *arguments: str) -> bool:
        """Run Git in the clone, and return whether it succeeded."""
        return self.company.try_git(self.root, *arguments)

    def routecomp(self, *arguments: str) -> str:
        """Run a command, which must succeed, and return its output."""
        ran = self.run(*arguments)
        assert ran.code == 0, f"routecomp {' '.join(arguments)}: {ran.out}{ran.err}"
        return ran.out

    def run(self, *arguments: str) -> Ran:
        """Run a command in the project's folder."""
        return in_process([*arguments], self.project)

    def edit(self, name: str, *pairs: tuple[str, str]) -> None:
        """Replace texts, each of which must occur, in a file of the project."""
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8", newline="")

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "-A")
        if self.git("status", "--porcelain"):
            self.git("commit", "-q", "-m", message)

    def close(self) -> None:
        """Remove the clone."""
        shutil.rmtree(self.root)


class Company:
    """A repository with the project on `main`, and what the company does with it."""

    def __init__(self, folder: Path, server: str, seed: int) -> None:
        self.folder, self.server = folder, server
        self.dice = random.Random(seed)
        self.tally = Tally()
        self.origin = folder / "origin.git"
        folder.mkdir(parents=True, exist_ok=True)
        self.git(folder, "init", "-q", "--bare", "-b", "main", str(self.origin))
        first = folder / "first"
        self.git(folder, "clone", "-q", str(self.origin), str(first))
        for section in SECTIONS:
            shutil.copytree(EXAMPLE / section, first / section)
        (first / ".gitignore").write_text(".routecomp/\n")
        (first / "routecomp.yaml").write_text("dialects: [postgres, sqlite]\n")
        assert in_process(["compile"], first).code == 0
        self.git(first, "add", "-A")
        self.git(first, "commit", "-q", "-m", "start")
        self.git(first, "push", "-q", "origin", "HEAD:main")
        self.environments = [self.new_environment(name) for name in ("staging", "production")]

    def new_environment(self, name: str) -> Environment:
        """Make an environment with an empty database of each dialect."""
        database = f"month_{name}_{next(_databases)}"
        with psycopg.connect(f"{self.server} dbname=postgres", autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {database}".encode())
        host, user = (part.partition("=")[2] for part in self.server.split())
        return Environment(name, self.folder / f"{name}.db", f"postgresql://{user}@/{database}?host={host}")

    def git(self, where: Path, *arguments: str) -> str:
        """Run Git, which must succeed, and return its output."""
        ran = self._git(where, *arguments)
        assert ran.returncode == 0, f"git {' '.join(arguments)}: {ran.stdout}{ran.stderr}"
        return ran.stdout.strip()

    def try_git(self, where: Path, *arguments: str) -> bool:
        """Run Git, and return whether it succeeded."""
        return self._git(where, *arguments).returncode == 0

    def _git(self, where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments],
            cwd=where,
            env=environment(self.folder) | WHO,
            check=False,
            capture_output=True,
            text=True,
        )

    def open(self, name: str, change: Callable[[Clone], object], *, compiled: bool = True) -> Clone:
        """Open a pull request: make a change on a branch, compile it where it can be, and commit it."""
        clone = Clone(self, name, "origin/main")
        change(clone)
        if compiled:
            clone.run("compile")
        clone.commit(name)
        return clone

    def merge(self, clone: Clone, how: str) -> bool:
        """Merge a pull request as a queue does: test the result first; when it is stale, the author writes it anew."""
        clone.git("fetch", "-q", "origin")
        green = self._bring_up_to_date(clone, how) and self.is_green(clone)
        if not green:
            self._write_anew(clone)
            green = self.is_green(clone)
            self.tally.regenerated += green
        if not green:
            self.tally.refused += 1
            return False
        if how == "squash":
            clone.git("reset", "-q", "--soft", "origin/main")
            clone.commit(clone.root.name)
        clone.git("push", "-q", "origin", "HEAD:main")
        self.tally.merged += 1
        return True

    def _bring_up_to_date(self, clone: Clone, how: str) -> bool:
        command = ("rebase", "-q", "origin/main") if how == "rebase" else ("merge", "-q", "--no-edit", "origin/main")
        if clone.try_git(*command):
            return True
        clone.try_git("rebase" if how == "rebase" else "merge", "--abort")
        return False

    def _write_anew(self, clone: Clone) -> None:
        """Do what the pages say: merge main, compile, and commit."""
        clone.try_git("merge", "-q", "--no-edit", "origin/main")
        clone.run("compile")
        clone.commit(f"Merge main into {clone.root.name}")

    def is_green(self, clone: Clone) -> bool:
        """Run what CI runs."""
        for arguments in (
            ["check", "--against", "origin/main"],
            ["compile", "--check"],
            ["lint-migrations"],
        ):
            ran = clone.run(*arguments)
            if ran.code != 0:
                self.tally.log.append(f"{clone.root.name}: {' '.join(arguments)}: {ran.code}\n{ran.out}{ran.err}")
                return False
        return True

    def deploy(self, environment: Environment) -> None:
        """Bring the databases of an environment to `main`, and compare every row with the YAML."""
        clone = Clone(self, f"deploy-{environment.name}-{environment.deployments}")
        environment.deployments += 1
        fresh = fresh_rows(clone.project)
        names, output = clone.names(), clone.output()
        if environment.names != names and environment.deployments > 1:
            self._rename(clone, environment)
        environment.names, environment.output = names, output
        for dialect in self.dialects(clone):
            url = environment.url(dialect)
            self._run_as_deployer(clone, "migrate", "up", "--database", url)
            self._run_as_deployer(clone, "migrate", "verify", "--database", url)
            assert self.rows(environment, dialect) == fresh, f"{environment.name} on {dialect} differs from the YAML"
        clone.close()

    def _rename(self, clone: Clone, environment: Environment) -> None:
        """Give the databases other names, as the page on databases says."""
        old = ("--from", str(self._whole(clone, f"{environment.output}/migrations")))
        for dialect in self.dialects(clone):
            url = environment.url(dialect)
            self._run_as_deployer(clone, "migrate", "up", *old, "--database", url)
            script = self._run_as_deployer(clone, "migrate", "rename", *old, "--dialect", dialect)
            if dialect == "sqlite":
                with closing(sqlite3.connect(environment.sqlite, isolation_level=None)) as database:
                    database.executescript(script)
            else:
                with psycopg.connect(environment.postgres, autocommit=True) as connection:
                    connection.execute(script.encode())
            self._adopt(clone, dialect, url)

    def _adopt(self, clone: Clone, dialect: str, url: str) -> None:
        """Adopt the last migration whose state a renamed database has: the baseline, or what took a rename back."""
        folder = clone.project / clone.output() / "migrations" / dialect
        ids = sorted(path.name.removesuffix(".up.sql") for path in folder.glob("*.up.sql"))
        said = ""
        for id in reversed(ids):
            ran = clone.run("migrate", "adopt", "--to", id, "--database", url)
            if ran.code == 0:
                return
            said = ran.err
        raise AssertionError(f"nothing can be adopted: {said}")

    def _whole(self, clone: Clone, folder: str) -> Path:
        """Return a folder of migrations, from the commit before the one that took its baseline away if one did."""
        here = clone.project / folder
        if here.joinpath("sqlite/0001_baseline.up.sql").is_file():
            return here
        below = (clone.project / folder).relative_to(clone.root)
        lines = clone.git(
            "log",
            "-1",
            "--format=%H",
            "--first-parent",
            "-m",
            "--diff-filter=D",
            "--",
            f":(top){below}/sqlite/0001_baseline.up.sql",
        )
        before = clone.root.parent / f"{clone.root.name}-before"
        clone.git("worktree", "add", "-q", "--detach", str(before), f"{lines.split()[0]}^")
        return before / below

    def _run_as_deployer(self, clone: Clone, *arguments: str) -> str:
        ran = clone.run(*arguments)
        assert ran.code == 0, f"{' '.join(arguments)}: {ran.code}\n{ran.out}{ran.err}"
        return ran.out

    def dialects(self, clone: Clone) -> list[str]:
        """Return the dialects that `main` writes migrations for."""
        return sorted(clone.setting("dialects", "").strip("[]").split(", "))

    def rows(self, environment: Environment, dialect: str) -> Dump:
        """Return the rows of the policy in a database."""
        if dialect == "sqlite":
            with closing(sqlite3.connect(environment.sqlite, isolation_level=None)) as database:
                return dump(database, environment.names)
        with psycopg.connect(environment.postgres, autocommit=True) as connection:
            return dump(connection, environment.names)


def fresh_rows(project: Path) -> Dump:
    """Return the rows of a database that is made from the YAML alone."""
    files = {
        path.relative_to(project).as_posix(): path.read_bytes()
        for section in SECTIONS
        for path in (project / section).rglob("*.yaml")
    }
    compiled = compile(files, Options(today=TODAY), released=Released({}))
    database = sqlite_database()
    run(database, compiled.artifacts["migrations/sqlite/0001_baseline.up.sql"])
    rows = dump(database)
    database.close()
    return rows
