"""Draw histories of a project in which the settings change while migrations are released, and look at what is left."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.database.address import address
from routecomp.database.connection import open_database
from routecomp.database.drift import live_state, our_tables
from routecomp.sql.migration import list_migrations
from routecomp.sql.migrations import Released
from routecomp.sql.state import DatabaseState, database_state
from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, Ran, in_process
from tests.database.branches import git

DIALECTS = (("postgres", "sqlite"), ("sqlite",), ())
OUTPUTS = ("generated", "out", "build/routing")
FOLDERS = ("llm", "routing")


@dataclass
class Project:
    """A project in a repository, its databases, and every migration that was once on `main`.

    `urls` are the databases by dialect. `once` maps a path from the repository's top to the bytes on `main`.
    """

    repository: Repository
    urls: dict[str, str]
    dice: random.Random
    dialects: tuple[str, ...] = ("sqlite",)
    output: str = "generated"
    once: dict[str, bytes] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    @property
    def migrations(self) -> Path:
        """The folder of the migrations."""
        return self.repository.project / self.output / "migrations"

    def run(self, *arguments: str) -> Ran:
        """Run the command line."""
        return in_process([*arguments], self.repository.project)

    def run_ok(self, *arguments: str) -> str:
        """Run the command line, which must succeed."""
        ran = self.run(*arguments)
        assert ran.code == 0, f"{arguments}: {ran.out}{ran.err}\n{self.history}"
        return ran.out

    @property
    def history(self) -> str:
        """What was done so far, for messages."""
        return "\n".join(self.log)

    def write_settings(self) -> None:
        """Write the settings."""
        self.repository.write({"routecomp.yaml": f"dialects: [{', '.join(self.dialects)}]\noutput: {self.output}\n"})

    def read_settings(self) -> None:
        """Read what the work tree says after Git changed it."""
        self.repository.project = next(
            folder for name in FOLDERS if (folder := self.repository.root / name).joinpath("routes").is_dir()
        )
        first, second = (self.repository.project / "routecomp.yaml").read_text().splitlines()
        self.dialects = tuple(filter(None, first.partition("[")[2].rstrip("]").split(", ")))
        self.output = second.partition(": ")[2]


def begin(root: Path, urls: dict[str, str], dice: random.Random) -> Project:
    """Make a project in a sub-folder, compiled and committed on `main`."""
    repository = Repository(root / "repository", "llm")
    project = Project(repository, urls, dice)
    repository.git("config", "user.name", "Ada")
    repository.git("config", "user.email", "ada@example.com")
    project.dialects = dice.choice(DIALECTS)
    repository.write({**SMALL, "../.gitignore": ".routecomp/\n"})
    project.write_settings()
    project.run_ok("compile")
    project.run_ok("merge-driver", "--install")
    repository.commit("start")
    deploy(project)
    return project


def edit_row(project: Project) -> None:
    """Change a figure of a model, or declare a tenant."""
    value = project.dice.randrange(1, 90)
    if project.dice.random() < 0.5:
        name = project.dice.choice(["one", "two", "three"])
        project.repository.write({f"policies/{name}.yaml": f"tenants:\n  {name}: {{min_quality: 0.{value:02}}}\n"})
        project.log.append(f"tenant {name} {value}")
        return
    path = project.repository.project / "routes/all.yaml"
    text = path.read_text()
    start = text.index("latency_ms: ", text.index("mistral-large:"))
    path.write_text(f"{text[:start]}latency_ms: {900 + value}{text[text.index(chr(10), start) :]}")
    project.log.append(f"latency {900 + value}")


def promote(project: Project) -> None:
    """Swap primary and shadow."""
    path = project.repository.project / "routes/all.yaml"
    text = path.read_text()
    swapped = {"claude: primary": "claude: shadow", "mistral-large: shadow": "mistral-large: primary"}
    if "claude: shadow" in text:
        swapped = {new: old for old, new in swapped.items()}
    for old, new in swapped.items():
        text = text.replace(old, new)
    path.write_text(text)
    project.log.append("swap")


def change_dialects(project: Project) -> None:
    """Ask for other dialects."""
    project.dialects = project.dice.choice([each for each in DIALECTS if each != project.dialects])
    project.write_settings()
    project.log.append(f"dialects {project.dialects}")


def change_output(project: Project) -> None:
    """Name another output folder, and move the old one there, remove it, or leave it."""
    old = project.output
    project.output = project.dice.choice([each for each in OUTPUTS if each != old])
    project.write_settings()
    how = project.dice.choice(["move", "remove", "leave"])
    before, after = project.repository.project / old, project.repository.project / project.output
    if how == "move" and before.is_dir() and not after.exists():
        after.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(before, after)
    elif how == "remove":
        shutil.rmtree(before, ignore_errors=True)
    project.log.append(f"output {project.output}, {how}")


def move_project(project: Project) -> None:
    """Move the folder of the project."""
    old = project.repository.project
    new = project.repository.root / next(name for name in FOLDERS if name != old.name)
    if new.exists():
        return
    shutil.move(old, new)
    project.repository.project = new
    project.log.append(f"moved to {new.name}")


def remove_by_hand(project: Project) -> None:
    """Remove a folder or a file of the migrations, as people do."""
    files = sorted(project.migrations.rglob("*.sql"))
    if not files:
        return
    chosen = project.dice.choice([project.migrations, files[0].parent, project.dice.choice(files)])
    shutil.rmtree(chosen) if chosen.is_dir() else chosen.unlink()
    project.log.append(f"removed {chosen.name}")


def ignore(project: Project) -> None:
    """Have Git ignore the output folder from now on, and see that it is said."""
    (project.repository.project / ".gitignore").write_text(f"{project.output}/\n")
    edit_row(project)
    project.log.append("ignored")
    if project.dialects:
        noted = project.run("compile").err
        assert f"Git ignores {project.output}/migrations/" in noted, project.history
        assert "RC638" in project.run("check").out, project.history
    (project.repository.project / ".gitignore").unlink()


STEPS: tuple[Callable[[Project], None], ...] = (
    edit_row,
    edit_row,
    promote,
    change_dialects,
    change_dialects,
    change_output,
    move_project,
    remove_by_hand,
    ignore,
)


def work_on_a_branch(project: Project, name: str) -> None:
    """Make a branch of a few steps, mostly compiled, and commit it."""
    repository, dice = project.repository, project.dice
    repository.git("switch", "-qc", name, "main")
    project.read_settings()
    for step in dice.choices(STEPS, k=dice.randrange(1, 4)):
        step(project)
    if dice.random() < 0.8:
        project.run_ok("compile")
        project.log.append("compiled")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--allow-empty", "-m", name)


def merge(project: Project, name: str) -> None:
    """Merge a branch into `main` in one of the ways of Git, unless it conflicts, and compile what comes of it."""
    repository, dice = project.repository, project.dice
    repository.git("switch", "-q", "main")
    how = dice.choice(["--no-ff", "--squash"])
    before = repository.git("rev-parse", "HEAD")
    take_in(project, name, how)
    project.read_settings()
    if "do not commute" in project.run("compile", "--check").err:
        # Both branches gave a dialect its rows back. Continuous integration refuses such a merge; the message says
        # what to do.
        project.log.append("refused")
        repository.git("reset", "-q", "--hard", before)
        repository.git("switch", "-q", name)
        take_in(project, "main", "--no-ff")
        project.read_settings()
        project.run_ok("compile")
        repository.git("add", "-A")
        repository.git("commit", "-q", "--allow-empty", "-m", f"{name} again")
        repository.git("switch", "-q", "main")
        take_in(project, name, how)
    follow_up(project)


def take_in(project: Project, name: str, how: str) -> None:
    """Merge a branch into the one that is checked out, unless it conflicts."""
    repository = project.repository
    project.log.append(f"merge {name} {how}")
    if git(repository, "merge", "-q", "--no-edit", how, name).returncode:
        git(repository, "merge", "--abort")
        repository.git("reset", "-q", "--hard")
        project.log.append("conflict")
    elif how == "--squash":
        repository.git("commit", "-q", "--allow-empty", "-m", name)


def revert(project: Project) -> None:
    """Revert the last commit of `main`, unless it conflicts, and compile what comes of it."""
    repository = project.repository
    repository.git("switch", "-q", "main")
    parents = repository.git("rev-list", "--parents", "-1", "HEAD").split()
    if len(parents) == 1:
        return
    project.log.append("revert")
    which = ["-m", "1"] if len(parents) > 2 else []
    if git(repository, "revert", "--no-edit", *which, "HEAD").returncode:
        git(repository, "revert", "--abort")
        repository.git("reset", "-q", "--hard")
        project.log.append("conflict")
    follow_up(project)


def follow_up(project: Project) -> None:
    """Compile on `main`, as the next pull request does, and look at all that was ever released."""
    project.read_settings()
    note(project)
    project.run_ok("compile")
    git(project.repository, "add", "-A")
    git(project.repository, "commit", "-qm", "compiled")
    project.run_ok("compile", "--check")
    assert "error" not in project.run("check", "--no-base").out, project.history
    note(project)
    deploy(project)


def note(project: Project) -> None:
    """Assert that each migration of `main` has the bytes it has always had, and remember it.

    They are compared by their names: where it stands is a setting.
    """
    repository = project.repository
    listed = repository.git("ls-tree", "-r", "--name-only", "HEAD").splitlines()
    for path in listed:
        if "/migrations/" in path and path.endswith(".sql"):
            name = path.partition("/migrations/")[2]
            data = (repository.root / path).read_bytes()
            assert project.once.setdefault(name, data) == data, f"{path} changed\n{project.history}"
    folder = project.migrations
    if project.run("compile", "--check").code == 0:
        for name, data in project.once.items():
            if name.partition("/")[0] in project.dialects:
                assert (folder / name).read_bytes() == data, f"{name} is gone\n{project.history}"


def deploy(project: Project) -> None:
    """Bring each database that is wanted up to date, and compare it with the YAML and with a fresh install."""
    note(project)
    for dialect in project.dialects:
        url = project.urls[dialect]
        project.run_ok("migrate", "up", "--database", url)
        project.run_ok("migrate", "verify", "--database", url)
        assert rows(project, dialect) == target(project).tables, f"{dialect}\n{project.history}"
        assert_only_names_differ(project)
    project.log.append(f"deployed {project.dialects}")


def rows(project: Project, dialect: str) -> object:
    """Return the rows of the policy in a database."""
    folder = project.migrations / dialect
    migrations = list_migrations({path.name: path.read_bytes() for path in folder.glob("*.sql")})
    with open_database(address(project.urls[dialect]), writes=False) as database:
        return live_state(database, database.catalogue(our_tables(migrations, database))).tables


def target(project: Project) -> DatabaseState:
    """Return the rows that the YAML asks for."""
    root = project.repository.project
    yaml = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("routes", "policies")
        for path in sorted((root / folder).rglob("*.yaml"))
    }
    program = compile(yaml, Options(today=date(2026, 11, 20)), released=Released({})).checked.program
    assert program is not None
    return database_state(program)


def assert_only_names_differ(project: Project) -> None:
    """Assert that every migration of one dialect is of the others too, under its own name or another one's."""
    ran = project.run("lint-migrations", "--all")
    assert ran.code == 0, f"{ran.out}{ran.err}\n{project.history}"
