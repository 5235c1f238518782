"""Find the commit where HEAD's history left the base branch: what a project is compared with by default."""

from __future__ import annotations

from typing import NamedTuple

from routecomp.workspace.git.process import NO_BASE
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.problem import Problem, visible

_USUAL = ("main", "master")


class BasePoint(NamedTuple):
    """The commit where HEAD's history left the base branch; `where` and `shown` as in `Base`."""

    commit: str
    where: str
    shown: str


class NoBasePoint(NamedTuple):
    """There is no base branch, or no commit yet; `notes` tell the user why, where that is not plain."""

    notes: tuple[str, ...] = ()


def find_base_point(repository: Repository, base_branch: str | None) -> BasePoint | NoBasePoint:
    """Find where HEAD left `base_branch`, by default origin's default branch, else main, else master.

    Return a `NoBasePoint` where there is no commit yet, or none of the default branches. Raises a `Problem` where
    `base_branch` is not in this clone, where a shallow clone has no base branch, and where HEAD and the branch have no
    commit in common.
    """
    names = [base_branch] if base_branch is not None else [repository.default_branch(), *_USUAL]
    refs = {name: _refs(name, base_branch is not None) for name in names if name is not None}
    wanted = [ref for refs_of_name in refs.values() for ref in refs_of_name]
    commits = repository.objects.commits(["HEAD", "MERGE_HEAD", *wanted])
    if "HEAD" not in commits:
        return NoBasePoint()  # no commit yet: everything is new
    name = next((name for name, refs_of_name in refs.items() if any(ref in commits for ref in refs_of_name)), None)
    if name is None:
        return _no_base_branch(repository, base_branch)
    # Of the branch as it is here and as it is at origin, whatever this branch has seen last counts.
    tips = {commits[ref]: ref for ref in reversed(refs[name]) if ref in commits}
    # While a merge is under way the work tree is already what both sides lead to.
    heads = [commits[head] for head in ("HEAD", "MERGE_HEAD") if head in commits]
    forks = [tip if [tip] == heads else repository.fork_point(tip, heads) for tip in tips]
    points = list(dict.fromkeys(fork for fork in forks if fork is not None))
    if not points:
        raise no_common_commit(repository, name)
    commit = points[0] if len(points) == 1 else repository.latest(points)
    shown = _short(tips[commit]) if commit in tips else commit[:10]
    return BasePoint(commit, f"on {name}", shown)


def no_common_commit(repository: Repository, name: str) -> Problem:
    """Return (not raise) the problem that HEAD and the branch `name` have no commit in common in this clone."""
    if repository.is_shallow:
        return Problem(
            f"where this branch left {visible(name)} is not in this clone: it is shallow",
            "fetch the whole history: `git fetch --unshallow` "
            f"(GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0); {NO_BASE}",
        )
    return Problem(
        f"this branch and {visible(name)} have no commit in common",
        f"--against {visible(name)} compares with it as it is; {NO_BASE}",
    )


def _refs(name: str, any_remote: bool) -> list[str]:
    """Return the refs that a branch's name may stand for, here and at origin, or with `any_remote` at any remote."""
    refs = [f"refs/heads/{name}", f"refs/remotes/origin/{name}"]
    return [*refs, f"refs/remotes/{name}"] if any_remote else refs


def _short(ref: str) -> str:
    """Return a ref without the folders of branches, as a user writes it."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")


def _no_base_branch(repository: Repository, base_branch: str | None) -> NoBasePoint:
    """Return that there is no base branch; raise a `Problem` where one is named, or the clone is shallow."""
    if base_branch is not None:
        raise Problem(
            f"the base branch {visible(base_branch)} of the settings is not in this clone",
            f"fetch it (`git fetch origin {visible(base_branch)}`), or correct `base_branch`; {NO_BASE}",
        )
    if repository.is_shallow:
        raise Problem(
            "this clone has no base branch to compare with: it is shallow",
            f"clone with the whole history (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0); {NO_BASE}",
        )
    return NoBasePoint(
        (
            "the rules of change were not checked: there is no main, no master and no origin to compare with; "
            "name your base branch as `base_branch` in routecomp.yaml",
        )
    )
