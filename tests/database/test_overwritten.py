"""Test that a push to the base branch which overwrites released migrations is said, and one that does not is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.repository import Repository
from tests.cli.transcripts import in_process
from tests.database.branches import (
    OUTPUT,
    assert_fresh,
    branch,
    check_compiled,
    compile_and_commit,
    declare_tenant,
    merge_branch,
    migration_ids,
    run_ok,
    start_repository,
)
from tests.database.test_line_ends import WAYS

ONE = "0002_tenant-one"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a compiled project whose `main` has released one migration after the baseline, of branch `one`."""
    repository = start_repository(tmp_path)
    for name, value in (("one", 1), ("other", 2)):
        repository.git("switch", "-qc", name, "main")
        declare_tenant(repository, "one", value)
        compile_and_commit(repository, name)
    merge_branch(repository, "one")
    return repository


def _merge(repository: Repository) -> None:
    """Merge a branch that has written the same migration, and take its files."""
    repository.git("merge", "-q", "-s", "ours", "--no-commit", "other")
    repository.git("checkout", "-q", "other", "--", ".")
    repository.commit("Merge branch 'other'")


def _squash(repository: Repository) -> None:
    """Squash that branch, and take its files."""
    repository.git("checkout", "-q", "other", "--", ".")
    repository.commit("other (#2)")


def _pull(repository: Repository) -> None:
    """Pull what was released into a `main` that has written the same migration, and keep its own."""
    repository.git("reset", "-q", "--hard", "other")
    repository.git("merge", "-q", "-s", "ours", "ORIG_HEAD")


def _replace(repository: Repository) -> None:
    """Replace the released migration by another one in one commit."""
    for path in sorted((repository.project / OUTPUT).glob(f"*/{ONE}*")):
        path.rename(path.with_name(path.name.replace(ONE, "0002_tenant-uno")))
    repository.commit("other name")


def _move(repository: Repository) -> None:
    """Edit it while the output folder moves."""
    _squash(repository)
    repository.write({"routecomp.yaml": "output: compiled\n"})
    (repository.project / "generated").rename(repository.project / "compiled")
    repository.commit("move")


@pytest.mark.parametrize("overwrite", [_merge, _squash, _pull, _replace, _move])
def test_what_a_push_overwrites(repository: Repository, overwrite: Callable[[Repository], None]) -> None:
    """The job of the push names the commit that has the file, which is restored from there and compiled upon."""
    before = repository.git("rev-parse", "HEAD")
    released = {path.name: path.read_bytes() for path in (repository.project / OUTPUT / "sqlite").iterdir()}
    overwrite(repository)
    output = "compiled" if overwrite is _move else "generated"
    ran = repository.check("--against", before)
    assert ran.code == 1
    assert "error[RC631]: " in ran.out
    assert f"is released (in {before[:10]})" in ran.out
    if overwrite is _move:
        assert f"take its bytes from {OUTPUT}/ in {before[:10]}" in ran.out
        return
    assert f"`git checkout {before[:10]} -- {output}/migrations/postgres/{ONE}.down.sql`" in ran.out
    for path in (repository.project / OUTPUT).glob("*/0002*"):
        path.unlink()
    repository.git("checkout", before, "--", OUTPUT)
    wrong = repository.git("rev-parse", "HEAD")
    repository.commit("restore what is released")
    run_ok(repository, "compile")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--allow-empty", "-m", "the change")
    for commit in (before, wrong) if overwrite in (_merge, _squash) else (before, "HEAD~1"):
        ran = repository.check("--against", commit)
        assert ran.code == 0, ran.out
    own = {path.name: path.read_bytes() for path in (repository.project / OUTPUT / "sqlite").iterdir()}
    assert released.items() <= own.items()
    assert_fresh(repository)


def test_drafts_of_a_branch_are_not_released(repository: Repository) -> None:
    """A branch rewrites its draft, and is fast-forwarded with the commits that had another one."""
    before = repository.git("rev-parse", "HEAD")
    branch(repository, "two")
    declare_tenant(repository, "two", 7)
    compile_and_commit(repository, "again")
    for against in ("HEAD~1", "main", before):
        assert repository.check("--against", against).code == 0
    merge_branch(repository, "two", "--ff-only")
    assert repository.check("--against", before).code == 0


def test_pushes_that_keep_what_is_released(repository: Repository) -> None:
    """A revert that was compiled, another output folder and a dialect that is dropped overwrite nothing."""
    commits = [repository.git("rev-parse", "HEAD")]
    repository.git("switch", "-qc", "back")
    repository.git("revert", "--no-edit", "-m", "1", "HEAD")
    compile_and_commit(repository, "compiled")
    merge_branch(repository, "back")
    assert migration_ids(repository) == ["0001_baseline", ONE, "0003_tenant-one"]
    commits.append(repository.git("rev-parse", "HEAD"))
    repository.write({"routecomp.yaml": "output: compiled\n"})
    run_ok(repository, "compile")
    shutil.rmtree(repository.project / "generated")
    commits.append(repository.commit("move"))
    repository.write({"routecomp.yaml": "output: compiled\ndialects: [sqlite]\n"})
    shutil.rmtree(repository.project / "compiled/migrations/postgres")
    compile_and_commit(repository, "drop")
    for commit in commits:
        ran = repository.check("--against", commit)
        assert ran.code == 0, ran.out


def test_a_released_migration_with_another_number(repository: Repository) -> None:
    """One that was renamed for one dialect is said to be gone, and not that the dialects lack each other's too."""
    repository.git("switch", "-qc", "renamed")
    for way in ("up", "down"):
        old = repository.project / OUTPUT / f"sqlite/{ONE}.{way}.sql"
        old.rename(old.with_name(f"0003_tenant-one.{way}.sql"))
    for command in (["check"], ["lint-migrations"]):
        ran = in_process(command, repository.project)
        assert ran.code == 1
        assert "error[RC631]: " in ran.out
        assert "RC637" not in ran.out


@pytest.mark.parametrize("way", ["revert", "compile"])
def test_a_rename_that_was_merged_has_a_way_back(repository: Repository, way: str) -> None:
    """A released migration that was renamed past `check` gets its name back, by `git revert` or by `compile`."""
    repository.git("switch", "-qc", "renamed")
    _replace(repository)
    merge_branch(repository, "renamed")
    assert f"{ONE}.down.sql is released (on the base branch), and is gone here" in repository.check().out
    repository.git("switch", "-qc", "back")
    if way == "revert":
        repository.git("revert", "--no-edit", "-m", "1", "HEAD")
    else:
        compile_and_commit(repository, "restored")
    for command in (["check"], ["compile", "--check"], ["lint-migrations", "--all"]):
        run_ok(repository, *command)
    merge_branch(repository, "back")
    for command in (["check"], ["check", "--against", "HEAD~1"], ["compile", "--check"]):
        run_ok(repository, *command)
    branch(repository, "two")
    assert migration_ids(repository) == ["0001_baseline", ONE, "0003_tenant-two"]
    run_ok(repository, "check")
    assert_fresh(repository)


def test_a_draft_that_was_edited_for_one_dialect(repository: Repository) -> None:
    """What a merge brings past a red `compile --check` is said by the job of the push, and the YAML leads back."""
    before = repository.git("rev-parse", "HEAD")
    branch(repository, "two")
    path = next((repository.project / OUTPUT / "postgres").glob("0003*.up.sql"))
    right = path.read_text()
    row = next(line for line in right.splitlines() if line.startswith("  ('two', "))
    path.write_text(right.replace(row, row.replace("TRUE", "FALSE") if "TRUE" in row else row.replace("NULL", "7", 1)))
    assert path.read_text() != right
    repository.commit("by hand")
    words = "PostgreSQL edits table `tenant_routing_policy` otherwise here than SQLite does"
    assert words in repository.check().out
    merge_branch(repository, "two")
    ran = repository.check("--against", before)
    assert (ran.code, words in ran.out) == (1, True), ran.out
    assert "write into the YAML what it writes" in ran.out
    merged = repository.git("rev-parse", "HEAD")
    repository.git("switch", "-qc", "back")
    declare_tenant(repository, "two", 9)
    compile_and_commit(repository, "the same for all")
    run_ok(repository, "check")
    merge_branch(repository, "back")
    for command in (["check", "--against", merged], ["lint-migrations", "--all"], ["compile", "--check"]):
        run_ok(repository, *command)


def test_compile_says_how_a_released_migration_is_written(repository: Repository) -> None:
    """`compile --check` tells a file with other line ends from an edited one."""
    paths = [repository.project / OUTPUT / f"{dialect}/{ONE}.up.sql" for dialect in ("postgres", "sqlite")]
    for path in paths:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    ran = check_compiled(repository)
    assert ran.code == 1
    assert f"migration {ONE} is released, and is not written here as it was released: its lines end with CR LF" in (
        ran.out
    )
    assert "edited" not in ran.out
    paths[0].write_bytes(paths[0].read_bytes() + b"-- more\r\n")
    assert f"migration {ONE} is released, and was edited here" in check_compiled(repository).out


@pytest.mark.parametrize("name", ["CR LF", "mark"])
def test_other_line_ends_that_were_merged_are_taken_back(repository: Repository, name: str) -> None:
    """What was released with LF stays so, though a commit of the base branch says otherwise; `check` says it there."""
    paths = sorted((repository.project / OUTPUT).rglob("0002*"))
    originals = [path.read_bytes() for path in paths]
    for path in paths:
        path.write_bytes(WAYS[name][0](path.read_bytes()))
    repository.commit("merged past a red check")
    for command in (["check"], ["lint-migrations", "--all"]):
        ran = in_process(command, repository.project)
        assert (ran.code, ran.out.count("error[")) == (1, 1), ran.out
        assert WAYS[name][1] in ran.out
        assert "run `routecomp compile`" in ran.out
    url = f"sqlite:///{repository.root}/../new.db"
    ran = in_process(["migrate", "up", "--database", url], repository.project)
    assert "`routecomp compile` restores them" in ran.err
    compile_and_commit(repository, "restored")
    assert [path.read_bytes() for path in paths] == originals
    assert_fresh(repository)
    run_ok(repository, "check")
    run_ok(repository, "migrate", "up", "--database", url)


def test_other_line_ends_from_the_first_commit_on_are_named(repository: Repository) -> None:
    """A migration that came with CR LF is named so by `compile` and `check`, and writing it with LF helps."""
    repository.git("reset", "-q", "--hard", "HEAD^1")
    declare_tenant(repository, "two")
    run_ok(repository, "compile")
    paths = sorted((repository.project / OUTPUT).rglob("0002*"))
    for path in paths:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    repository.commit("merged past a red check")
    declare_tenant(repository, "three")
    for command in ("compile", "check"):
        ran = in_process([command], repository.project)
        assert ran.code != 0
        assert "its lines end with CR LF" in ran.out + ran.err, command
        assert "write its lines with LF" in ran.out + ran.err
    for path in paths:
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    repository.commit("with LF")
    compile_and_commit(repository, "three")
    run_ok(repository, "check")
