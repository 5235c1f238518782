"""Find the commit where HEAD's history left the base branch: what a project is compared with by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from routecomp.workspace.git.process import NO_BASE
from routecomp.workspace.git.project_in_commit import project_in_commit
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import Settings

USUAL_BRANCHES = ("main", "master")
"""What a base branch is called unless the settings or a remote name another."""


class BasePoint(NamedTuple):
    """The commit where HEAD's history left the base branch; `where` and `shown` as in `Base`."""

    commit: str
    where: str
    shown: str


class NoBasePoint(NamedTuple):
    """There is no base branch, or no commit yet; `notes` tell the user why, where that is not plain."""

    notes: tuple[str, ...] = ()


def find_base_point(repository: Repository, base_branch: str | None) -> BasePoint | NoBasePoint:
    """Find where HEAD left `base_branch`, by default the remote's default branch, else main, else master.

    Return a `NoBasePoint` where there is no commit yet, or none of the default branches anywhere. Raises a `Problem`
    where the branch is not in this clone, though it has a remote that may have it, and where HEAD and the branch have
    no commit in common.
    """
    known = {} if base_branch is not None else repository.default_branches()
    remotes = ["origin"] if "origin" in known or not known else sorted(known)
    names = (
        [base_branch] if base_branch is not None else [*(known[remote] for remote in remotes if known), *USUAL_BRANCHES]
    )
    refs = {branch: _refs(branch, remotes, base_branch is not None) for branch in names}
    commits = _commits(repository, refs)
    name = _first(refs, commits)
    if name is None and base_branch is None:  # no remote is called origin, and none has said its default branch
        every = repository.remotes()
        refs = {usual: _refs(usual, every, False) for usual in USUAL_BRANCHES}
        commits = _commits(repository, refs)
        name = _first(refs, commits)
    if "HEAD" not in commits:
        known_refs = [] if name is None else [ref for ref in refs[name] if ref in commits]
        if any(project_in_commit(repository, commits[tip], Settings()).is_there for tip in known_refs):
            raise _no_commit_yet(_short(known_refs[0]))
        return NoBasePoint()  # no commit yet: everything is new
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


def _refs(name: str, remotes: Sequence[str], any_remote: bool) -> list[str]:
    """Return the refs that a branch's name may stand for, here and at remotes, or with `any_remote` at any remote."""
    refs = [f"refs/heads/{name}", *(f"refs/remotes/{remote}/{name}" for remote in remotes)]
    return [*refs, f"refs/remotes/{name}"] if any_remote else refs


def _commits(repository: Repository, refs: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the commits of HEAD, of a merge that is under way, and of the refs of some branches."""
    wanted = [ref for refs_of_name in refs.values() for ref in refs_of_name]
    return repository.objects.commits(["HEAD", "MERGE_HEAD", *wanted])


def _first(refs: Mapping[str, Sequence[str]], commits: Mapping[str, str]) -> str | None:
    """Return the first branch of which a ref is there, None where none is."""
    return next((name for name, refs_of_name in refs.items() if any(ref in commits for ref in refs_of_name)), None)


def _no_commit_yet(name: str) -> Problem:
    """Return (not raise) the problem that HEAD is on a branch without a commit, and the base branch has the project."""
    return Problem(
        f"this branch has no commit yet, and so none in common with {visible(name)}, which has this project",
        f"begin it there: `git switch -c BRANCH {visible(name)}`; --against {visible(name)} compares with it as it is; "
        f"{NO_BASE}",
    )


def _short(ref: str) -> str:
    """Return a ref without the folders of branches, as a user writes it."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")


def _no_base_branch(repository: Repository, base_branch: str | None) -> BasePoint | NoBasePoint:
    """Return that there is no base branch; raise a `Problem` where one is named, or this clone may lack it."""
    remotes = repository.remotes()
    remote = "origin" if "origin" in remotes or not remotes else remotes[0]
    if base_branch is not None:
        raise Problem(
            f"the base branch {visible(base_branch)} of the settings is not in this clone",
            f"fetch it (`{_fetch(remote, base_branch)}`), or correct `base_branch`; {NO_BASE}",
        )
    if repository.is_shallow:
        raise Problem(
            "this clone has no base branch to compare with: it is shallow",
            f"clone with the whole history (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0); {NO_BASE}",
        )
    if not remotes or repository.holds_all_of(remotes):
        return NoBasePoint(
            (
                "the rules of change were not checked: there is no main, no master and no default branch of a remote "
                "to compare with; name your base branch as `base_branch` in routecomp.yaml",
            )
        )
    raise Problem(
        f"this clone has no base branch to compare with: neither main nor master, and {visible(remote)}'s default "
        "branch is not known here",
        f"fetch it: `{_fetch(remote, 'main')}`; one of another name is also named as `base_branch` in routecomp.yaml "
        f"(in CI fetch all branches: GitHub: fetch-depth: 0); {NO_BASE}",
    )


def _fetch(remote: str, branch: str) -> str:
    """Return the command that fetches a branch, also into a clone that was told to fetch another one alone."""
    # `git fetch origin main` would leave no ref behind there.
    return f"git fetch {visible(remote)} {visible(branch)}:refs/remotes/{visible(remote)}/{visible(branch)}"
