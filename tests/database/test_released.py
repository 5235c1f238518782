"""Test that what is released stays, whatever settings and folders do."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.cli.transcripts import SMALL, in_process
from tests.database.branches import run_ok
from tests.database.releasing import (
    BOTH,
    Releasing,
    change,
    configure,
    ids,
    migrations,
    move_project,
    release,
    run,
    start,
    url_of,
)
from tests.database.settings_histories import Project, begin, merge, revert, work_on_a_branch
from tests.seeds import FRESH, HARD


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


def test_a_dialect_that_missed_a_promotion_and_its_way_back(tmp_path: Path) -> None:
    """What it gets changes the primary twice, has a row of the ledger for each, and is clean."""
    repository = start(tmp_path, "sqlite", changes=0)
    configure(repository, BOTH)
    release(repository, "postgres too")
    configure(repository, "sqlite")
    release(repository, "sqlite alone")
    swap = ("claude: primary", "claude: shadow"), ("mistral-large: shadow", "mistral-large: primary")
    repository.edit("routes/all.yaml", *swap)
    release(repository, "promoted")
    repository.edit("routes/all.yaml", *((new, old) for old, new in swap))
    release(repository, "rolled back")
    configure(repository, BOTH)
    release(repository, "postgres again")
    name = ids(repository, "postgres")[-1]
    assert "catch-up" in name
    text = (repository.project / f"generated/migrations/postgres/{name}.up.sql").read_text()
    assert text.count(f"'{name}');") == 2
    assert run_ok(repository, "lint-migrations", "--all")
    run_ok(repository, "check")


def test_what_each_dialect_writes_in_its_own_way_is_the_same_edit(tmp_path: Path) -> None:
    """Texts that SQL spells otherwise, truth values, NULL: `compile`'s own draft is clean on every dialect."""
    repository = start(tmp_path, changes=0)
    hostile = r'"one\ntwo\t\\ \u00a0 ' "quoted" ' -- end; CHAR(10) TRUE public. 1"'
    repository.write(
        {"policies/t.yaml": f"tenants:\n  t: {{fallback_enabled: false, min_quality: 0.5, description: {hostile}}}\n"}
    )
    release(repository, "hostile")
    run_ok(repository, "check", "--against", "HEAD~1")
    repository.git("switch", "-qc", "branch")
    repository.edit("policies/t.yaml", ("false", "true"), ("two", "three"), ("min_quality: 0.5, ", ""))
    run_ok(repository, "compile")
    assert len(ids(repository, "postgres")) == 3
    run_ok(repository, "check")
