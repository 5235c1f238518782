"""Test that what is released stays, and that each dialect holds the policy, whatever settings and folders do."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect
from routecomp.sql.migration import covered, lacking, list_migrations
from routecomp.sql.migrations import migration_files
from routecomp.sql.reference import Reference
from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, Ran, in_process
from tests.database import proofs
from tests.database.branches import git, run_ok
from tests.database.databases import run as run_file
from tests.database.settings_histories import Project, begin, merge, revert, work_on_a_branch
from tests.database.test_steps import folders
from tests.database.wanted import every_change, with_new_columns

FRESH = int(os.environ.get("ROUTECOMP_SEED", str(random.SystemRandom().randrange(10**9))))
HARD = os.environ.get("ROUTECOMP_HARD") == "1"


def run_history(root: Path, postgres_url: str, seed: int) -> Project:
    """Run a random history of branches, merges and reverts."""
    dice = random.Random(seed)
    project = begin(root, {"postgres": postgres_url, "sqlite": f"sqlite:///{root}/routing.db"}, dice)
    project.log.insert(0, f"ROUTECOMP_SEED={seed}")
    waiting: list[str] = []
    for number in range(6):
        waiting.append(f"branch-{number}")
        work_on_a_branch(project, waiting[-1])
        if dice.random() < 0.3:
            continue  # it stays open while another one is merged
        while waiting:
            merge(project, waiting.pop(dice.randrange(len(waiting))))
        if dice.random() < 0.2:
            revert(project)
    return project


@pytest.mark.parametrize("number", range(40 if HARD else 3))
def test_settings_change_while_migrations_are_released(
    number: int, tmp_path: Path, postgres: psycopg.Connection
) -> None:
    """Every file that was once on `main` keeps its bytes, and each database comes to hold what the YAML says."""
    run_history(tmp_path, url_of(postgres), FRESH + number)


def url_of(postgres: psycopg.Connection) -> str:
    """Return the URL of the database that a connection is open to."""
    info = postgres.info
    return f"postgresql://{info.user}@/{info.dbname}?host={info.host}"


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


def _drop_a_dialect(repository: Releasing) -> str:
    configure(repository, "sqlite")
    return "generated"


def _drop_all_dialects(repository: Releasing) -> str:
    configure(repository, "")
    return "generated"


def _drop_all_and_remove(repository: Releasing) -> str:
    shutil.rmtree(repository.project / "generated")
    return _drop_all_dialects(repository)


def _remove_by_hand(repository: Releasing) -> str:
    shutil.rmtree(repository.project / "generated")
    return "generated"


def _remove_what_is_dropped(repository: Releasing) -> str:
    shutil.rmtree(repository.project / "generated/migrations/postgres")
    return _drop_a_dialect(repository)


def _edit_by_hand(repository: Releasing) -> str:
    repository.edit("generated/migrations/postgres/0001_baseline.up.sql", ("BEGIN", "BEGIN WORK"))
    return _drop_a_dialect(repository)


def _other_output(repository: Releasing) -> str:
    configure(repository, BOTH, "made/here")
    return "made/here"


def _moved_output(repository: Releasing) -> str:
    (repository.project / "generated").rename(repository.project / "out")
    configure(repository, "sqlite", "out")
    return "out"


def _moved_project(repository: Releasing) -> str:
    move_project(repository)
    return "generated"


def _moved_project_and_output(repository: Releasing) -> str:
    move_project(repository)
    configure(repository, "sqlite", "out")
    change(repository, 7)
    return "out"


def _moved_project_without_its_output(repository: Releasing) -> str:
    move_project(repository)
    shutil.rmtree(repository.project / "generated")
    configure(repository, "", "out")
    return "out"


def _output_back_again(repository: Releasing) -> str:
    configure(repository, BOTH, "out")
    release(repository, "out")
    change(repository, 8)
    release(repository, "another")
    configure(repository, BOTH)
    return "generated"


def _output_named_on_main_alone(repository: Releasing) -> str:
    configure(repository, BOTH, "out")
    repository.commit("nobody compiled")
    change(repository, 8)
    return "out"


def _reverted(repository: Releasing) -> str:
    repository.git("revert", "--no-edit", "HEAD")
    return "generated"


def _reverted_after_a_move(repository: Releasing) -> str:
    move_project(repository)
    change(repository, 8)
    release(repository, "moved")
    repository.git("revert", "--no-edit", "HEAD")
    repository.project = repository.root / "llm"
    return "generated"


def _detached(repository: Releasing) -> str:
    repository.git("switch", "-q", "--detach")
    configure(repository, "sqlite", "out")
    return "out"


def _no_base_branch(repository: Releasing) -> str:
    repository.git("branch", "-m", "main", "trunk")
    configure(repository, "sqlite", "out")
    return "out"


RELATIVES = (
    _drop_a_dialect,
    _drop_all_dialects,
    _drop_all_and_remove,
    _remove_by_hand,
    _remove_what_is_dropped,
    _edit_by_hand,
    _other_output,
    _moved_output,
    _moved_project,
    _moved_project_and_output,
    _moved_project_without_its_output,
    _output_back_again,
    _output_named_on_main_alone,
    _reverted,
    _reverted_after_a_move,
    _detached,
    _no_base_branch,
)


@pytest.mark.parametrize("relative", RELATIVES)
@pytest.mark.parametrize("is_committed", [False, True])
def test_what_is_released_stays(relative: Callable[[Releasing], str], is_committed: bool, tmp_path: Path) -> None:
    """Whatever happens to settings and folders, `compile` leaves each released file as it was, or brings it back."""
    repository = start(tmp_path)
    output = relative(repository)
    released = repository.released
    repository.git("switch", "-qc", "branch")
    if is_committed and repository.git("status", "--porcelain"):
        repository.commit("changed")
    assert run(repository, "check", "--no-base").code == 0
    is_clean = migrations(repository, output).items() >= released.items()
    assert ("RC631" in run(repository, "check").out) == (not is_clean)
    old = migrations(repository)
    run_ok(repository, "compile")
    assert migrations(repository, output).items() >= released.items()
    if output != "generated":
        assert migrations(repository) == old, "an old folder is not touched"
    run_ok(repository, "compile", "--check")
    run_ok(repository, "check")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--allow-empty", "-m", "compiled")
    run_ok(repository, "compile", "--check")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("routecomp.yaml", "output: made\n"),
        ("routecomp.yaml", "a_later_setting: 1\noutput: made\n"),
        ("pyproject.toml", "[tool.routecomp]\noutput = 'made'\n"),
    ],
)
def test_an_output_that_only_earlier_settings_named(file: str, text: str, tmp_path: Path) -> None:
    """Nobody compiled when the folder changed: the migrations are found by the settings of the commits before."""
    repository = start(tmp_path, changes=0, output="made")
    (repository.project / "routecomp.yaml").unlink()
    repository.write({file: text})
    repository.git("add", "-A")
    repository.git("commit", "-q", "--amend", "-m", "start, by another version")
    (repository.project / file).unlink()
    configure(repository, BOTH, "out")
    repository.commit("nobody compiled")
    change(repository, 5)
    assert "RC631" in run(repository, "check").out
    run_ok(repository, "compile")
    assert migrations(repository, "out").items() >= repository.released.items()
    assert ids(repository, "sqlite", "out")[-1] == "0002_tenant-t5"


def test_a_first_migration_that_is_reverted_with_a_move(tmp_path: Path) -> None:
    """A baseline that databases have run comes back, though the project never had it in the folder it stands in."""
    repository = start(tmp_path, "", changes=0)
    move_project(repository)
    configure(repository, "sqlite", "made")
    change(repository, 1)
    release(repository, "moved, with a database")
    released = migrations(repository, "made")
    assert ids(repository, "sqlite", "made") == ["0001_baseline"]
    repository.git("revert", "--no-edit", "HEAD")
    repository.project = repository.root / "llm"
    run_ok(repository, "compile", "--check")
    configure(repository, "sqlite", "out")
    run_ok(repository, "compile")
    assert migrations(repository, "out").items() >= released.items()
    assert ids(repository, "sqlite", "out") == ["0001_baseline", "0002_tenant-t1"], "the way back"


def test_the_output_of_another_project_is_not_taken(tmp_path: Path) -> None:
    """Another project's released migrations are not overwritten by naming its folder as `output`."""
    repository = start(tmp_path)
    repository.write({f"other/{name}": data for name, data in SMALL.items()})
    repository.edit("other/routes/all.yaml", ("quality: 0.70", "quality: 0.71"))
    run_ok(repository, "compile", "--root", "other")
    repository.commit("another project")
    other = migrations(repository, "other/generated")
    configure(repository, BOTH, "other/generated")
    for command in ("compile", "check"):
        ran = run(repository, command)
        assert ran.code != 0
        assert "other/generated" in ran.out + ran.err
    assert "would overwrite it" in run(repository, "compile").err
    assert migrations(repository, "other/generated") == other


def bring_back(repository: Releasing) -> None:
    """Release changes while PostgreSQL is left out, then ask for it again."""
    configure(repository, "sqlite")
    for number in (3, 4):
        change(repository, number)
        release(repository, f"change {number}")
    repository.edit(
        "routes/all.yaml", ("claude: primary", "claude: shadow"), ("mistral-large: shadow", "mistral-large: primary")
    )
    release(repository, "swap")
    configure(repository, BOTH)


def test_a_dialect_that_comes_back_gets_what_it_lacks(tmp_path: Path, postgres: psycopg.Connection) -> None:
    """Until then `check`, `lint-migrations`, `verify` and `up` say what it lacks, and `up` runs nothing."""
    repository, url = start(tmp_path), url_of(postgres)
    run_ok(repository, "migrate", "up", "--database", url)
    bring_back(repository)
    for command in (["check"], ["lint-migrations"], ["lint-migrations", "--all"]):
        ran = run(repository, *command)
        assert ran.code == 1
        assert "error[RC637]: PostgreSQL has not got migration 0004_tenant-t3 (and 2 more)" in ran.out
    for command in (["verify"], ["up"], ["up", "--dry-run"]):
        ran = run(repository, "migrate", *command, "--database", url)
        assert ran.code == 1
        assert "there is no migration 0004_tenant-t3 (and 2 more) for PostgreSQL" in ran.out + ran.err
    ran = run(repository, "migrate", "status", "--database", url)
    assert ran.code == 1
    assert "there is no migration 0004_tenant-t3 (and 2 more) for PostgreSQL" in ran.out
    run_ok(repository, "migrate", "up", "--database", f"sqlite:///{tmp_path}/here.db")
    change(repository, 5)
    release(repository, "back")
    assert [id.partition("_")[2].partition("_")[0] for id in ids(repository, "postgres")] == [
        "baseline",
        "tenant-t0",
        "tenant-t1",
        "catch-up",
        "tenant-t5",
    ]
    for command in (["check"], ["lint-migrations", "--all"], ["compile", "--check"]):
        run_ok(repository, *command)
    run_ok(repository, "migrate", "up", "--database", url)
    run_ok(repository, "migrate", "verify", "--database", url)
    swaps = postgres.execute("SELECT feature, from_model, to_model FROM model_promotions ORDER BY id").fetchall()
    assert swaps[-1] == ("support-chat", "claude", "mistral-large"), "the ledger tells what was missed"
    run_ok(repository, "migrate", "down", "--to", "0003_tenant-t1", "--database", url)
    run_ok(repository, "migrate", "up", "--database", url)
    run_ok(repository, "migrate", "verify", "--database", url)


def test_a_dialect_that_is_added_later(tmp_path: Path, postgres: psycopg.Connection) -> None:
    """Its first migration is the state of that day, in place of older numbers; `verify` and `adopt` know."""
    repository, url = start(tmp_path, "sqlite"), url_of(postgres)
    configure(repository, BOTH)
    release(repository, "postgres, too")
    assert ids(repository, "postgres") == ["0001_baseline"]
    text = (repository.project / "generated/migrations/postgres/0001_baseline.up.sql").read_text()
    assert "-- routecomp:stands-for 0001_baseline 0002_tenant-t0 0003_tenant-t1\n" in text
    change(repository, 3)
    release(repository, "more")
    assert ids(repository, "postgres") == ["0001_baseline", "0004_tenant-t3"]
    for command in (["check"], ["lint-migrations", "--all"], ["compile", "--check"]):
        run_ok(repository, *command)
    run_ok(repository, "migrate", "up", "--to", "1", "--database", url)
    assert "no drift" not in run(repository, "migrate", "verify", "--database", url).out, "0004 is pending"
    run_ok(repository, "migrate", "up", "--database", url)
    run_ok(repository, "migrate", "verify", "--database", url)
    postgres.execute("UPDATE tenant_routing_policy SET min_quality_bp = 7 WHERE tenant = 't0'")
    assert "min_quality_bp of row t0 is 7, not 1000" in run(repository, "migrate", "verify", "--database", url).out


def test_a_dialect_that_is_added_while_another_branch_is_released(tmp_path: Path, postgres: psycopg.Connection) -> None:
    """The merge of both is refused by `check` until it is compiled; no number is run in the wrong place."""
    repository, url = start(tmp_path, "sqlite"), url_of(postgres)
    repository.git("switch", "-qc", "adds")
    configure(repository, BOTH)
    release(repository, "postgres, too")
    repository.git("switch", "-q", "main")
    change(repository, 3)
    release(repository, "meanwhile")
    repository.git("merge", "-q", "--no-edit", "adds")
    assert "error[RC637]: PostgreSQL has not got migration 0004_tenant-t3" in run(repository, "check").out
    assert run(repository, "compile", "--check").code == 1
    release(repository, "compiled")
    run_ok(repository, "check")
    run_ok(repository, "migrate", "up", "--database", url)
    run_ok(repository, "migrate", "verify", "--database", url)


def test_a_draft_does_not_run_before_what_a_dialect_has_missed(tmp_path: Path) -> None:
    """A draft from before a dialect came back is written anew, to be run behind what that dialect gets."""
    repository = start(tmp_path)
    repository.git("switch", "-qc", "late")
    change(repository, 9)
    release(repository, "late")
    assert ids(repository, "postgres")[-1] == "0004_tenant-t9"
    repository.git("switch", "-q", "main")
    bring_back(repository)
    release(repository, "back")
    repository.git("switch", "-q", "late")
    git(repository, "merge", "-q", "--no-edit", "-X", "theirs", "main")
    assert "error[RC632]" in run(repository, "check").out
    release(repository, "merged")
    assert ids(repository, "postgres")[-1] == "0008_tenant-t9"
    run_ok(repository, "check")
    run_ok(repository, "lint-migrations", "--all")


def test_two_branches_bring_a_dialect_back(tmp_path: Path) -> None:
    """What is done twice on their merge is found by `check`, and `compile` takes away what is not released."""
    repository = start(tmp_path)
    configure(repository, "sqlite")
    change(repository, 3)
    release(repository, "without")
    repository.git("switch", "-qc", "early")
    configure(repository, BOTH)
    release(repository, "back, early")
    repository.git("switch", "-q", "main")
    change(repository, 4)
    release(repository, "without, again")
    configure(repository, BOTH)
    release(repository, "back")
    repository.git("switch", "-qc", "merged")
    repository.git("merge", "-q", "--no-edit", "early")
    ran = run(repository, "check")
    assert ran.code == 1
    assert "error[RC637]: PostgreSQL does the work of migration 0004_tenant-t3 twice: in 0005_catch-up_" in ran.out
    run_ok(repository, "compile")
    run_ok(repository, "check")
    run_ok(repository, "lint-migrations", "--all")
    assert [id[:13] for id in ids(repository, "postgres")[3:]] == ["0006_catch-up"]


def test_what_a_dialect_lacks_and_cannot_get_is_said(tmp_path: Path) -> None:
    """Where it has run a migration that needs what it lacks, nothing is written and both are named."""
    repository = start(tmp_path, changes=0)
    change(repository, 1)
    release(repository, "one")
    change(repository, 1)
    repository.edit("policies/t1.yaml", ("0.11", "0.12"))
    release(repository, "two")
    for way in ("up", "down"):
        repository.git("rm", "-q", f"llm/generated/migrations/postgres/0002_tenant-t1.{way}.sql")
    repository.git("commit", "-q", "-m", "lost")
    repository.git("switch", "-q", "--orphan", "main2")
    repository.git("checkout", "main", "--", ".")
    repository.git("commit", "-q", "-m", "without a history")
    repository.git("branch", "-q", "-M", "main2", "main")
    change(repository, 2)
    ran = run(repository, "compile")
    assert ran.code == 1
    assert "PostgreSQL lacks 0002_tenant-t1" in ran.out + ran.err


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        (".gitignore", "generated/"),
        (".gitignore", "*.sql"),
        (".gitignore", "migrations"),
        (".gitignore", "/generated/*\n!/generated/routing_table.json"),
        ("../.gitignore", "llm/generated/"),
        ("generated/.gitignore", "*"),
        ("../.git/info/exclude", "generated"),
    ],
)
@pytest.mark.parametrize("has_released", [False, True])
def test_an_output_that_git_ignores(file: str, rule: str, has_released: bool, tmp_path: Path) -> None:
    """`check` and `compile` say it, with the rule, the file and the remedy; without migrations there is nothing."""
    repository = start(tmp_path, changes=0)
    if not has_released:
        repository.git("rm", "-rq", "llm/generated")
        repository.git("commit", "-q", "--amend", "-m", "start")
    run_ok(repository, "check", "--strict")
    path = repository.project / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{rule}\n")
    change(repository, 1)
    noted = run(repository, "compile").err
    assert "Git ignores generated/migrations/" in noted
    assert rule.partition("\n")[0] in noted
    ran = run(repository, "check", "--strict")
    assert ran.code == 3
    assert "warning[RC638]: Git ignores generated/migrations/" in ran.out
    change(repository, 2)
    assert ("was written anew" in run(repository, "compile").err) == (not has_released)
    configure(repository, "")
    assert "ignores" not in run(repository, "compile").err
    run_ok(repository, "check", "--strict")


def test_outside_of_git_a_baseline_that_is_written_anew_is_named(tmp_path: Path) -> None:
    """Nothing says there whether a database has run it."""
    for name, data in SMALL.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data)
    assert in_process(["compile"], tmp_path).err == ""
    (tmp_path / "policies/new.yaml").write_text("tenants:\n  new: {}\n")
    assert "0001_baseline.up.sql (and 1 more) was written anew" in in_process(["compile"], tmp_path).err
    (tmp_path / "routecomp.yaml").write_text("dialects: []\n")
    before = sorted((tmp_path / "generated/migrations").rglob("*.sql"))
    assert in_process(["compile"], tmp_path).code == 0
    assert sorted((tmp_path / "generated/migrations").rglob("*.sql")) == before, "they may be released"


def test_a_dialect_comes_back_behind_a_schema_step(postgres: psycopg.Connection) -> None:
    """What it has missed of rows in columns that are new to it runs behind a step of its own; both end alike."""
    schema = every_change()
    before = proofs.sample_state()
    after = with_new_columns(before, schema, lambda column: column.high if column.kind == "whole" else column.default)
    base = folders(migration_files({}, before, dialect_names()))
    alone = folders(migration_files(base, after, ["sqlite"], schema=schema))
    assert alone["postgres"] == base["postgres"]
    whole = folders(migration_files(alone, after, dialect_names(), schema=schema))
    assert [name for name in whole["sqlite"] if name not in alone["sqlite"] and "_schema_" not in name] == []
    names = [migration.id.partition("_")[2] for migration in list_migrations(whole["postgres"])]
    assert names[0] == "baseline"
    assert names[1].startswith("schema_")
    assert names[-1].startswith("catch-up_")
    assert not lacking({name: list_migrations(files) for name, files in whole.items()})
    for migration in list_migrations(whole["postgres"]):
        run_file(postgres, migration.up)
    fresh = list_migrations(folders(migration_files({}, after, dialect_names(), schema=schema))["sqlite"])
    assert Reference(dialect("sqlite"), fresh).state(schema).tables == after.tables
    for table in schema.policy:
        columns = [column.name for column in table.declared]
        rows = postgres.execute(f"SELECT {', '.join(columns)} FROM public.{table.name}".encode()).fetchall()
        wanted = [tuple(row[name] for name in columns) for row in after.tables[table.name].values()]
        assert sorted(map(repr, rows_of(rows))) == sorted(map(repr, wanted)), table.name
    known = covered(list_migrations(whole["postgres"]))
    reference = Reference(dialect("sqlite"), list_migrations(whole["sqlite"]))
    assert reference.only(known).state(schema).tables == after.tables


def rows_of(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows with whole numbers as such."""
    return [tuple(int(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in rows]
