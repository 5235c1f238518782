"""Test migrations of many branches under every way in which Git merges branches and takes merges back."""

from __future__ import annotations

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


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a compiled project on `main`, with the merge driver installed."""
    return start_repository(tmp_path)


@pytest.mark.parametrize("how", ["merge result", "updated", "rebased"])
def test_a_draft_keeps_its_number(repository: Repository, how: str) -> None:
    """The second of two pull requests merges without hand work, as a merge result or after an update."""
    branch(repository, "one")
    branch(repository, "two")
    merge_branch(repository, "one")
    assert_fresh(repository)
    if how == "merge result":
        repository.git("switch", "-q", "--detach")
        repository.git("merge", "-q", "--no-edit", "two")
    else:
        repository.git("switch", "-q", "two")
        repository.git(*(["merge", "-q", "--no-edit", "main"] if how == "updated" else ["rebase", "-q", "main"]))
    assert migration_ids(repository) == ["0001_baseline", "0002_tenant-one", "0002_tenant-two"]
    assert_fresh(repository)
    declare_tenant(repository, "two", 7)
    compile_and_commit(repository, "again")
    assert migration_ids(repository) == ["0001_baseline", "0002_tenant-one", "0002_tenant-two"], "rewritten in place"
    assert "7000" in (repository.project / OUTPUT / "sqlite/0002_tenant-two.up.sql").read_text()
    assert_fresh(repository)


BASE = ["0001_baseline"]
ONE = [*BASE, "0002_tenant-one"]
BACK = [*ONE, "0003_tenant-one"]
TWO = [*BASE, "0002_tenant-one_and_1_more_ecc49787"]


def _merge_commit(repository: Repository) -> None:
    branch(repository, "one", "two")
    merge_branch(repository, "one")


def _squash(repository: Repository) -> None:
    branch(repository, "one", "two")
    merge_branch(repository, "one", "--squash")
    repository.commit("both")


def _fast_forward(repository: Repository) -> None:
    branch(repository, "one", "two")
    merge_branch(repository, "one", "--ff-only")


def _rebase_merge(repository: Repository) -> None:
    branch(repository, "one", "two")
    branch(repository, "other")
    merge_branch(repository, "other")
    repository.git("switch", "-q", "one")
    repository.git("rebase", "-q", "main")
    merge_branch(repository, "one", "--ff-only")


def _revert_of_a_merge(repository: Repository) -> None:
    _one(repository)
    repository.git("revert", "--no-edit", "-m", "1", "HEAD")


def _revert_of_the_revert(repository: Repository) -> None:
    _revert_of_a_merge(repository)
    compile_and_commit(repository, "compiled")
    repository.git("revert", "--no-edit", "HEAD~1")


def _revert_of_the_revert_amended(repository: Repository) -> None:
    _revert_of_a_merge(repository)
    run_ok(repository, "compile")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--amend", "--no-edit")
    assert_fresh(repository)
    repository.git("revert", "--no-edit", "HEAD")


def _revert_of_the_revert_at_once(repository: Repository) -> None:
    _revert_of_a_merge(repository)
    repository.git("revert", "--no-edit", "HEAD")


def _revert_of_a_squash(repository: Repository) -> None:
    branch(repository, "one")
    merge_branch(repository, "one", "--squash")
    repository.commit("one")
    repository.git("revert", "--no-edit", "HEAD")


def _revert_of_a_fast_forward(repository: Repository) -> None:
    _fast_forward(repository)
    repository.git("revert", "--no-edit", "HEAD~2..HEAD")


def _revert_of_half_a_fast_forward(repository: Repository) -> None:
    _fast_forward(repository)
    repository.git("revert", "--no-edit", "HEAD")


def _cherry_pick(repository: Repository) -> None:
    branch(repository, "one", "two")
    branch(repository, "other")
    merge_branch(repository, "other")
    repository.git("cherry-pick", "one~1")
    assert_fresh(repository)
    repository.git("switch", "-q", "one")
    repository.git("merge", "-q", "--no-edit", "main")


def _merged_twice(repository: Repository) -> None:
    branch(repository, "one", "two")
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--ff-only", "one~1")
    assert_fresh(repository)
    repository.git("switch", "-q", "--detach")
    repository.git("merge", "-q", "--no-ff", "--no-edit", "one")


def _pulled(repository: Repository) -> None:
    branch(repository, "other")
    merge_branch(repository, "other")
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    repository.git("reset", "-q", "--hard", "HEAD~1")
    declare_tenant(repository, "one")
    compile_and_commit(repository, "one")
    repository.git("merge", "-q", "--no-commit", "origin/main")
    declare_tenant(repository, "two")
    run_ok(repository, "compile")
    repository.commit("pulled, and two")
    repository.git("update-ref", "refs/remotes/origin/main", "main")


def _taken_back_on_its_branch(repository: Repository) -> None:
    branch(repository, "one")
    (repository.project / "policies/one.yaml").unlink()
    compile_and_commit(repository, "not one after all")
    assert migration_ids(repository) == BASE
    merge_branch(repository, "one", "--ff-only")


def _deleted_by_hand(repository: Repository) -> None:
    _one(repository)
    repository.git("rm", "-q", f"{OUTPUT}/sqlite/0002_tenant-one.*", f"{OUTPUT}/postgres/0002_tenant-one.*")
    repository.commit("tidy")


def _one(repository: Repository) -> None:
    branch(repository, "one")
    merge_branch(repository, "one")


TABLE: dict[str, tuple[Callable[[Repository], None], bool, list[str]]] = {
    "a merge commit": (_merge_commit, False, TWO),
    "a squash": (_squash, False, TWO),
    "a fast-forward of two commits": (_fast_forward, False, TWO),
    "a rebase of two commits": (_rebase_merge, False, [*TWO, "0002_tenant-other"]),
    "a revert of a merge": (_revert_of_a_merge, True, BACK),
    "a revert of the revert": (_revert_of_the_revert, True, [*BACK, "0004_tenant-one"]),
    "a revert of the revert, amended": (_revert_of_the_revert_amended, True, [*BACK, "0004_tenant-one"]),
    "a revert of the revert at once": (_revert_of_the_revert_at_once, False, ONE),
    "a revert of a squash": (_revert_of_a_squash, True, BACK),
    "a revert of a fast-forward": (_revert_of_a_fast_forward, True, [*TWO, TWO[1].replace("0002", "0003")]),
    "a revert of half a fast-forward": (_revert_of_half_a_fast_forward, True, [*TWO, "0003_tenant-two"]),
    "a cherry-pick of half a branch": (_cherry_pick, True, [*ONE, "0002_tenant-other", "0003_tenant-two"]),
    "a branch of which half is merged already": (_merged_twice, True, [*ONE, "0003_tenant-two"]),
    "a pull that merges and goes on": (_pulled, False, [*BASE, "0002_tenant-other", TWO[1].replace("0002", "0003")]),
    "taken back on its branch": (_taken_back_on_its_branch, True, BACK),
    "deleted by hand": (_deleted_by_hand, True, ONE),
}
"""The rows of the table in docs/database.md: how it is made, whether `compile` has work to do, what is there then."""


@pytest.mark.parametrize("case", TABLE)
def test_what_git_does_to_migrations(repository: Repository, case: str) -> None:
    """However a change was merged or taken back, at most one `compile` makes `main` what the YAML says."""
    made, needs_compile, wanted = TABLE[case]
    made(repository)
    assert check_compiled(repository).code == int(needs_compile)
    if needs_compile:
        compile_and_commit(repository, "compiled")
    assert migration_ids(repository) == wanted
    assert_fresh(repository)


def test_a_draft_that_is_stale_on_the_merge_result(repository: Repository) -> None:
    """A draft that is stale on the merge result is rewritten in place by `compile`, also on `main` after the merge.

    Both branches add a model to one feature, at two ends of its list: the YAML merges as text, and the second model's
    position is another one.
    """
    _models(repository)
    for name, old, new in (
        ("first", "    models:\n      claude", "    models:\n      m4: shadow\n      claude"),
        ("second", "      m3: shadow\n", "      m3: shadow\n      m5: shadow\n"),
    ):
        repository.git("switch", "-qc", name, "main")
        repository.edit("routes/all.yaml", (old, new))
        if name == "second":
            declare_tenant(repository, "second")
        compile_and_commit(repository, name)
    merge_branch(repository, "first")
    repository.git("switch", "-q", "--detach")
    repository.git("merge", "-q", "--no-edit", "second")
    before = migration_ids(repository)
    assert "stale" in check_compiled(repository).out
    compile_and_commit(repository, "compiled")
    assert migration_ids(repository) == before
    assert_fresh(repository)
    merge_branch(repository, "second")
    assert check_compiled(repository).code == 1
    compile_and_commit(repository, "compiled")
    assert migration_ids(repository) == [*before, "0004_feature-support-chat"]
    assert_fresh(repository)


def _models(repository: Repository) -> None:
    models = "".join(
        f"  m{number}: {{provider: mistral, quality: 0.7, price: {{input: 1, output: 2}}, latency_ms: 9, "
        "context_window: 64000}\n"
        for number in range(6)
    )
    rows = "".join(f"      m{number}: shadow\n" for number in range(4))
    text = (repository.project / "routes/all.yaml").read_text()
    repository.write(
        {
            "routes/more.yaml": "models:\n" + models,
            "routes/all.yaml": text.replace("      mistral-large: shadow\n", f"      mistral-large: shadow\n{rows}"),
        }
    )
    compile_and_commit(repository, "more models")


def _two_that_do_not_commute(repository: Repository) -> None:
    """Make two branches: one changes a preset, the other gives a tenant with that preset another one."""
    repository.git("switch", "-qc", "first")
    repository.write({"policies/presets.yaml": "presets:\n  balanced: {min_quality: 0.2}\n"})
    compile_and_commit(repository, "first")
    repository.git("switch", "-qc", "second", "main")
    repository.edit("policies/tenants.yaml", ("preset: balanced", "preset: cost_first\n    min_quality: 0.3"))
    compile_and_commit(repository, "second")


def test_two_that_do_not_commute(repository: Repository) -> None:
    """`check` on the merge result names the migration to compile again, and why; compiled, it follows the other."""
    _two_that_do_not_commute(repository)
    merge_branch(repository, "first")
    assert_fresh(repository)
    theirs = migration_ids(repository)[-1]
    repository.git("switch", "-q", "--detach")
    repository.git("merge", "-q", "--no-edit", "second")
    said = f"migration 0002_tenant-acme does not commute with {theirs}, which is released"
    ran = repository.check()
    assert ran.code == 1
    assert f"error[RC632]: {said}" in ran.out
    assert f"--> {OUTPUT}/sqlite/0002_tenant-acme.up.sql:1:1\n" in ran.out
    assert "run `routecomp compile`, which writes it anew, to be run behind the other" in ran.out
    ran = check_compiled(repository)
    assert ran.code == 1
    assert said in ran.out
    compile_and_commit(repository, "compiled")
    assert migration_ids(repository) == [*BASE, theirs, "0003_tenant-acme"]
    assert repository.check().code == 0
    assert_fresh(repository)


def test_two_that_do_not_commute_on_main(repository: Repository) -> None:
    """An unchecked merge leaves a `main` that does not compile: the migration is named, and the remedy works."""
    _two_that_do_not_commute(repository)
    merge_branch(repository, "first")
    merge_branch(repository, "second")
    ran = in_process(["compile", "--no-cache"], repository.project)
    assert ran.code == 2
    assert "does not run on those before it" in ran.err
    assert "undo the later merge" in ran.err
    repository.git("reset", "-q", "--hard", "HEAD~1")
    repository.git("switch", "-q", "second")
    repository.git("merge", "-q", "--no-edit", "main")
    compile_and_commit(repository, "compiled")
    merge_branch(repository, "second")
    assert_fresh(repository)


def test_a_forgotten_compile_after_a_revert_is_said(repository: Repository) -> None:
    """After a revert without `compile`, `check` and `compile --check` name the missing migration and the command."""
    _one(repository)
    repository.git("switch", "-qc", "back")
    repository.git("revert", "--no-edit", "-m", "1", "HEAD")
    for ran in (repository.check(), repository.check("--against", "main")):
        assert ran.code == 1
        assert "error[RC631]: " in ran.out
        assert f"{OUTPUT}/postgres/0002_tenant-one.down.sql is released" in ran.out
        assert "is gone here (and 3 more)" in ran.out
        assert "run `routecomp compile`: it restores what is released" in ran.out
    ran = check_compiled(repository)
    assert ran.code == 1
    assert "migration 0002_tenant-one is released, and was deleted here" in ran.out
    assert "`routecomp compile` restores it and appends the way back" in ran.out
    compile_and_commit(repository, "compiled")
    assert repository.check().code == 0
    assert_fresh(repository)


def test_a_base_that_has_gone_on_is_no_deletion(repository: Repository) -> None:
    """A migration that `main` got after the branch left it does not count as deleted on the branch."""
    branch(repository, "one")
    branch(repository, "two")
    merge_branch(repository, "one")
    repository.git("switch", "-q", "two")
    for arguments in ([], ["--against", "main"], ["--against", "main..."]):
        assert repository.check(*arguments).code == 0
