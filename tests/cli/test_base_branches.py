"""Whatever a clone holds of its base branch, an illegal change is refused: by its rule, or for want of a base."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.repository import Repository, promote, small
from tests.cli.transcripts import in_process

RETIRED = "error[RC502]: model `gemini` becomes primary of feature `support-chat` straight from retired\n"


def at(root: Path) -> Repository:
    """Return the repository that lies in a folder already."""
    repository = Repository.__new__(Repository)
    repository.root = repository.project = root
    return repository


@pytest.fixture
def origin(tmp_path: Path) -> Repository:
    """A repository with an illegal promotion on the branch `work`, and `main` checked out."""
    repository = small(tmp_path / "origin")
    repository.git("switch", "-q", "-c", "work")
    promote(repository, "gemini")
    repository.commit("promote a retired model")
    repository.git("switch", "-q", "main")
    return repository


def clone(origin: Repository, *options: str) -> Repository:
    """Clone a repository into a folder beside it."""
    target = origin.root.parent / "clone"
    origin.git("clone", "-q", *options, f"file://{origin.root}", str(target))
    return at(target)


def single_branch(origin: Repository) -> Repository:
    """Clone a single branch, with all of its history."""
    return clone(origin, "--single-branch", "-b", "work")


def fetched_by_ci(origin: Repository) -> Repository:
    """Fetch one ref into a tracking branch, and check it out, as some CI systems do."""
    repository = Repository(origin.root.parent / "clone")
    repository.git("remote", "add", "origin", f"file://{origin.root}")
    repository.git("fetch", "-q", "origin", "+refs/heads/work:refs/remotes/origin/work")
    repository.git("checkout", "-q", "-B", "work", "origin/work")
    return repository


def fetched_head(origin: Repository) -> Repository:
    """Fetch one ref into no branch, and check it out as a detached HEAD."""
    repository = Repository(origin.root.parent / "clone")
    repository.git("remote", "add", "origin", f"file://{origin.root}")
    repository.git("fetch", "-q", "origin", "work")
    repository.git("checkout", "-q", "FETCH_HEAD")
    return repository


def fetched_into_a_branch(origin: Repository) -> Repository:
    """Fetch one ref into a branch of the same name, without a tracking one."""
    repository = Repository(origin.root.parent / "clone")
    repository.git("remote", "add", "origin", f"file://{origin.root}")
    repository.git("fetch", "-q", "origin", "work:work")
    repository.git("switch", "-q", "work")
    return repository


def another_remote_name(origin: Repository) -> Repository:
    """Clone a single branch from a remote that is not called origin."""
    return clone(origin, "-o", "company", "--single-branch", "-b", "work")


def detached(origin: Repository) -> Repository:
    """Clone a single branch, and detach HEAD."""
    repository = single_branch(origin)
    repository.git("switch", "-q", "--detach")
    return repository


def worktree(origin: Repository) -> Repository:
    """Add a work tree to a clone of a single branch."""
    repository = single_branch(origin)
    repository.git("worktree", "add", "-q", "-b", "more", str(origin.root.parent / "tree"))
    return at(origin.root.parent / "tree")


@pytest.mark.parametrize(
    "way",
    [single_branch, fetched_by_ci, fetched_head, fetched_into_a_branch, another_remote_name, detached, worktree],
)
def test_a_clone_without_its_base_branch_is_refused(
    way: Callable[[Repository], Repository], origin: Repository
) -> None:
    """A full clone that lacks the base branch is told how to get it; once it has it, the change is refused."""
    repository = way(origin)
    for command in ("check", "diff", "compile"):
        ran = in_process([command], repository.project)
        assert (ran.code, ran.out) == (2, ""), command
    ran = repository.check()
    assert ran.err.startswith("error: this clone has no base branch to compare with: neither main nor master")
    assert repository.check("--no-base").code == 0
    remedy = re.search(r"`git (fetch [^`]*)`", ran.err)
    assert remedy is not None
    repository.git(*remedy[1].split())
    assert RETIRED in repository.check().out


def test_a_default_branch_that_no_clone_was_told_is_named_by_the_settings(origin: Repository) -> None:
    """CI that fetches all branches does not say which is the default one: one called trunk has to be named."""
    origin.git("branch", "-q", "-m", "main", "trunk")
    repository = Repository(origin.root.parent / "clone")
    repository.git("remote", "add", "origin", f"file://{origin.root}")
    repository.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
    repository.git("checkout", "-q", "--detach", "origin/work")
    ran = repository.check()
    assert (ran.code, ran.out) == (2, "")
    assert "named as `base_branch` in routecomp.yaml" in ran.err
    repository.write({"routecomp.yaml": "base_branch: trunk\n"})
    assert RETIRED in repository.check().out


def full(origin: Repository) -> Repository:
    """Clone everything, and check the branch out."""
    return clone(origin, "-b", "work")


def full_of_another_name(origin: Repository) -> Repository:
    """Clone everything from a remote that is not called origin."""
    return clone(origin, "-o", "company", "-b", "work")


def remote_head_unset(origin: Repository) -> Repository:
    """Clone everything, and forget the remote's default branch."""
    repository = full(origin)
    repository.git("remote", "set-head", "origin", "--delete")
    return repository


def remote_head_of_another_name_unset(origin: Repository) -> Repository:
    """Clone everything from a remote that is not called origin, and forget its default branch."""
    repository = full_of_another_name(origin)
    repository.git("remote", "set-head", "company", "--delete")
    return repository


def trunk_of_another_name(origin: Repository) -> Repository:
    """Clone everything from a remote of another name, whose default branch is called trunk."""
    origin.git("branch", "-q", "-m", "main", "trunk")
    return full_of_another_name(origin)


def mirror(origin: Repository) -> Repository:
    """Add a work tree to a bare mirror."""
    target = origin.root.parent / "mirror"
    origin.git("clone", "-q", "--mirror", f"file://{origin.root}", str(target))
    at(target).git("worktree", "add", "-q", str(origin.root.parent / "tree"), "work")
    return at(origin.root.parent / "tree")


def master(origin: Repository) -> Repository:
    """Clone a repository whose first branch is called master."""
    origin.git("branch", "-q", "-m", "main", "master")
    return full(origin)


@pytest.mark.parametrize(
    "way",
    [
        full,
        full_of_another_name,
        remote_head_unset,
        remote_head_of_another_name_unset,
        trunk_of_another_name,
        mirror,
        master,
    ],
)
def test_a_clone_with_its_base_branch_finds_it(way: Callable[[Repository], Repository], origin: Repository) -> None:
    """However the remote and its default branch are called, the change is compared with it."""
    ran = way(origin).check()
    assert (ran.code, RETIRED in ran.out) == (1, True), ran.err


def no_remote(root: Path) -> Repository:
    """Begin a project on a branch of another name, without a remote."""
    repository = small(root)
    repository.git("branch", "-q", "-m", "main", "trunk")
    return repository


def a_remote_to_push_to(root: Path) -> Repository:
    """Name a remote, and push nothing to it yet."""
    repository = no_remote(root)
    at(root).git("init", "-q", "--bare", str(root.parent / "bare"))
    repository.git("remote", "add", "origin", str(root.parent / "bare"))
    return repository


def pushed(root: Path) -> Repository:
    """Push the first branch, and go on on it."""
    repository = a_remote_to_push_to(root)
    repository.git("push", "-q", "-u", "origin", "trunk")
    return repository


@pytest.mark.parametrize("way", [no_remote, a_remote_to_push_to, pushed])
def test_a_first_branch_of_another_name_is_no_error(way: Callable[[Path], Repository], tmp_path: Path) -> None:
    """A project that begins on a branch called trunk is checked, and told that there is nothing to compare with."""
    ran = way(tmp_path / "project").check()
    assert ran.code == 0
    assert "name your base branch as `base_branch`" in ran.err


def test_a_branch_without_a_commit_is_no_way_round(origin: Repository) -> None:
    """`git switch --orphan` leaves nothing in common with the base branch, which has the project."""
    origin.git("switch", "-q", "work")
    kept = origin.root.parent / "kept"
    shutil.copytree(origin.root, kept, ignore=shutil.ignore_patterns(".git"))
    origin.git("switch", "-q", "--orphan", "fresh")
    shutil.copytree(kept, origin.root, dirs_exist_ok=True)
    ran = origin.check()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: this branch has no commit yet, and so none in common with main")
    assert RETIRED in origin.check("--against", "main").out


@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("merged", [False, True])
def test_a_change_does_not_choose_its_own_base(merged: bool, is_committed: bool, origin: Repository) -> None:
    """`base_branch: work` on the branch `work` hides nothing, nor does a branch that was never merged."""
    origin.git("switch", "-q", "work")
    origin.write({"routecomp.yaml": "base_branch: work\n"})
    if is_committed:
        origin.commit("name the base")
    if merged and is_committed:  # what CI checks out
        origin.git("switch", "-q", "--detach", "main")
        origin.git("merge", "-q", "--no-ff", "-m", "try", "work")
    ran = origin.check()
    assert (ran.code, RETIRED in ran.out) == (1, True), ran.err
    assert "the rules of change compare with what is on main" in ran.err
    origin.git("checkout", "-q", "--detach")
    origin.git("branch", "-q", "-f", "stale", "HEAD")
    origin.write({"routecomp.yaml": "base_branch: stale\n"})
    assert RETIRED in origin.check().out


def test_a_base_branch_of_the_settings_that_is_established_counts(origin: Repository) -> None:
    """Features off `develop`, whose settings name it, are compared with it, not with main."""
    origin.git("switch", "-q", "-c", "develop")
    origin.write({"routecomp.yaml": "base_branch: develop\n"})
    origin.commit("the base is develop")
    origin.edit("routes/features.yaml", ("gemini: retired", "gemini: shadow"))
    origin.commit("a shadow")
    origin.git("switch", "-q", "-c", "feature")
    origin.edit("routes/features.yaml", ("claude: primary", "claude: shadow"), ("gemini: shadow", "gemini: primary"))
    assert (origin.check().code, origin.check().err) == (0, "")
    origin.commit("promoted")
    assert (origin.check().code, origin.check().err) == (0, "")
