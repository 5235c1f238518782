"""Test that tables called otherwise begin a history of their own, wherever the project stood before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from routecomp.sql import file_names
from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.file_names import OUTSIDE, PROMOTED, STANDS_FOR
from routecomp.sql.lint import lint_text
from routecomp.sql.migration import promoted_before, standing_for
from routecomp.sql.statements import apart, transaction
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
)

NAMED = "dialects: [postgres, sqlite]\noutput: {}\nschema: routing\ntable_prefix: {}\n"


def rename_tables(repository: Releasing, output: str = "renamed", prefix: str = "llm_") -> None:
    """Write the settings that call the tables otherwise."""
    repository.write({"routecomp.yaml": NAMED.format(output, prefix)})


def _nothing(repository: Releasing) -> str:
    return "generated"


def _moved_project(repository: Releasing) -> str:
    move_project(repository)
    release(repository, "moved")
    return "generated"


def _moved_output(repository: Releasing) -> str:
    repository.git("mv", "llm/generated", "llm/build")
    configure(repository, BOTH, "build")
    release(repository, "moved output")
    return "build"


def _left_output(repository: Releasing) -> str:
    configure(repository, BOTH, "build")
    release(repository, "another output, and the old one left")
    return "build"


def _moved_both(repository: Releasing) -> str:
    _moved_project(repository)
    repository.git("mv", "routing/generated", "routing/build")
    configure(repository, BOTH, "build")
    change(repository, 6)
    release(repository, "moved output")
    return "build"


def _moved_at_once(repository: Releasing) -> str:
    move_project(repository)
    repository.git("mv", "routing/generated", "routing/build")
    configure(repository, BOTH, "build")
    release(repository, "moved both")
    return "build"


def _there_and_back(repository: Releasing) -> str:
    _moved_both(repository)
    repository.git("mv", "routing", "llm")
    repository.project = repository.root / "llm"
    release(repository, "back")
    return "build"


def _dropped_and_back(repository: Releasing) -> str:
    _moved_both(repository)
    configure(repository, "sqlite", "build")
    change(repository, 7)
    release(repository, "without")
    configure(repository, BOTH, "build")
    release(repository, "back")
    return "build"


EARLIER = (
    _nothing,
    _there_and_back,
    *(
        pytest.param(earlier, marks=pytest.mark.hard)
        for earlier in (_moved_project, _moved_output, _left_output, _moved_both, _moved_at_once, _dropped_and_back)
    ),
)


def assert_green(repository: Releasing) -> None:
    """Assert that nothing is refused, against `main` and by each command that knows what is released."""
    for command in (
        ["check", "--against", "main"],
        ["compile", "--check"],
        ["lint-migrations"],
        ["lint-migrations", "--all"],
    ):
        run_ok(repository, *command)


def release_by_branch(repository: Releasing, message: str, compiled: bool = True) -> None:
    """Compile on a branch, where all is green, and merge it."""
    repository.git("switch", "-qc", message)
    if compiled:
        run_ok(repository, "compile")
    assert_green(repository)
    repository.git("add", "-A")
    repository.git("commit", "-q", "--allow-empty", "-m", message)
    assert_green(repository)
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "--no-edit", message)
    assert_green(repository)


@pytest.mark.parametrize("earlier", EARLIER)
def test_other_names_in_another_output(earlier: Callable[[Releasing], str], tmp_path: Path) -> None:
    """They begin with a baseline there; the old folder is not touched, by this change or by a later one."""
    repository = start(tmp_path)
    output = earlier(repository)
    old = migrations(repository, output)
    rename_tables(repository)
    release_by_branch(repository, "renamed")
    assert ids(repository, "postgres", "renamed") == ids(repository, "sqlite", "renamed") == ["0001_baseline"]
    baseline = migrations(repository, "renamed")
    assert b"routing.llm_models" in baseline["postgres/0001_baseline.up.sql"]
    assert migrations(repository, output) == old
    change(repository, 8)
    release_by_branch(repository, "later")
    assert ids(repository, "postgres", "renamed") == ["0001_baseline", "0002_tenant-t8"]
    assert migrations(repository, "renamed").items() >= baseline.items()
    for file in ("postgres/0001_baseline.down.sql", "sqlite/0002_tenant-t8.up.sql"):
        (repository.project / "renamed/migrations" / file).unlink()
        assert f"error[RC631]: renamed/migrations/{file} is released" in run(repository, "check").out
        run_ok(repository, "compile")
    assert repository.git("status", "--porcelain") == ""
    assert migrations(repository, output) == old


def _project_moves(repository: Releasing) -> str:
    repository.git("mv", repository.project.name, "platform")
    repository.project = repository.root / "platform"
    return "renamed"


def _output_moves(repository: Releasing) -> str:
    name = repository.project.name
    repository.git("mv", f"{name}/renamed", f"{name}/again")
    rename_tables(repository, "again")
    return "again"


def _output_is_left(repository: Releasing) -> str:
    rename_tables(repository, "again")
    return "again"


def _old_output_goes(repository: Releasing) -> str:
    repository.git("rm", "-rq", f"{repository.project.name}/build")
    return "renamed"


@pytest.mark.hard
@pytest.mark.parametrize("later", [_project_moves, _output_moves, _output_is_left, _old_output_goes])
def test_moves_after_a_rename(later: Callable[[Releasing], str], tmp_path: Path) -> None:
    """The migrations with the new names go along byte for byte, and those with the old names do not count."""
    repository = start(tmp_path)
    _moved_both(repository)
    rename_tables(repository)
    release_by_branch(repository, "renamed")
    released = migrations(repository, "renamed")
    output = later(repository)
    change(repository, 9)
    release_by_branch(repository, "moved-again")
    assert migrations(repository, output).items() >= released.items()
    assert (
        ids(repository, "postgres", output) == ids(repository, "sqlite", output) == ["0001_baseline", "0002_tenant-t9"]
    )


@pytest.mark.hard
@pytest.mark.parametrize("earlier", [_nothing, _moved_both, _left_output])
def test_a_rename_is_taken_back(earlier: Callable[[Releasing], str], tmp_path: Path) -> None:
    """The old names go on where they were; the new ones, wanted again, go on with what was released of them."""
    repository = start(tmp_path)
    output = earlier(repository)
    old = migrations(repository, output)
    rename_tables(repository)
    change(repository, 8)
    release_by_branch(repository, "renamed")
    change(repository, 7)
    release_by_branch(repository, "later")
    renamed = migrations(repository, "renamed")
    repository.git("revert", "--no-edit", "-m", "1", "HEAD")
    repository.git("revert", "--no-edit", "-m", "1", "HEAD~2")
    assert_green(repository)
    assert migrations(repository, "renamed") == {}
    assert migrations(repository, output) == old
    change(repository, 5)
    release_by_branch(repository, "as-before")
    assert migrations(repository, output).items() >= old.items()
    assert ids(repository, "sqlite", output)[-1].endswith("_tenant-t5")
    rename_tables(repository)
    run_ok(repository, "compile")
    assert_green(repository)
    assert migrations(repository, "renamed").items() >= renamed.items()
    assert [id.partition("_")[2][:9] for id in ids(repository, "sqlite", "renamed")] == [
        "baseline",
        "tenant-t7",
        "tenant-t5",
    ]


@pytest.mark.hard
def test_a_rename_alone_is_taken_back(tmp_path: Path) -> None:
    """What came after it stays in its folder, without a baseline, and is of another history."""
    repository = start(tmp_path)
    settings = (repository.project / "routecomp.yaml").read_text()
    rename_tables(repository)
    release_by_branch(repository, "renamed")
    change(repository, 8)
    release_by_branch(repository, "later")
    repository.write({"routecomp.yaml": settings})
    for path in (repository.project / "renamed").rglob("0001_baseline.*"):
        path.unlink()
    release_by_branch(repository, "as-before")
    assert ids(repository, "postgres", "renamed") == ["0002_tenant-t8"]
    assert ids(repository, "postgres")[-1].endswith("_tenant-t8")
    move_project(repository)
    release_by_branch(repository, "moved")
    change(repository, 9)
    release_by_branch(repository, "as-ever")
    assert ids(repository, "postgres")[-1].endswith("_tenant-t9")


def test_a_folder_that_held_other_names(tmp_path: Path) -> None:
    """It may be named again once its migrations were moved away, and not where they were removed."""
    repository = start(tmp_path)
    _moved_output(repository)
    rename_tables(repository, "generated")
    release_by_branch(repository, "renamed")
    assert ids(repository, "postgres") == ["0001_baseline"]
    assert len(ids(repository, "postgres", "build")) == 3
    repository.git("rm", "-rq", "llm/build")
    repository.commit("the old ones are not needed")
    assert_green(repository)
    rename_tables(repository, "build", "other_")
    ran = run(repository, "compile")
    assert ran.code == 1
    assert "RC639" in ran.out + ran.err, "databases may have run what was removed"


def test_what_was_promoted_before(tmp_path: Path) -> None:
    """The baseline under other names says what may be rolled back, and every command of CI lets it in."""
    repository = start(tmp_path, changes=0)
    run_ok(repository, "promote", "support-chat", "mistral-large")
    release(repository, "promoted")
    rename_tables(repository)
    run_ok(repository, "compile")
    baseline = migrations(repository, "renamed")["sqlite/0001_baseline.up.sql"].decode()
    assert f"\n{PROMOTED}support-chat " in baseline
    release(repository, "renamed")
    assert_green(repository)


def test_every_mark_is_routecomps_own() -> None:
    """RC652 knows what `compile` writes into the head of a file, of each kind of line that there is."""
    ids = [f"000{number}_tenant-a.b-c_{number}" for number in range(2, 8)]
    heads = {
        OUTSIDE: apart("0002_x", "tables change", "SELECT 1", POSTGRES),
        STANDS_FOR: standing_for(transaction("0002_x", "rows change", [], POSTGRES), ids),
        PROMOTED: promoted_before(
            transaction("0001_baseline", "the state", [], POSTGRES), {"a.b-c": ("gpt-6.1_sol", "o3-x", "promotion")}
        ),
    }
    marks = {text for text in vars(file_names).values() if isinstance(text, str) and text.startswith("-- ")}
    assert heads.keys() == marks
    for mark, data in heads.items():
        assert mark.encode() in data
        findings = lint_text({"generated/migrations/postgres/0002_x.up.sql": data}).diagnostics
        assert "RC652" not in {finding.rule for finding in findings}, mark
    other = heads[PROMOTED].replace(b"\n\n", b"\n-- routecomp:promoted a b c\n\n", 1)
    findings = lint_text({"generated/migrations/postgres/0002_x.up.sql": other}).diagnostics
    assert "RC652" in {finding.rule for finding in findings}
