"""Find the commit where HEAD's history left the base branch: what a project is compared with by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from routecomp.workspace.git.process import NO_BASE
from routecomp.workspace.git.project_in_commit import project_in_commit
from routecomp.workspace.git.repository import RemoteRefs, Repository
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import Settings

USUAL_BRANCHES = ("main", "master")
"""What a base branch is called unless the settings or a remote name another."""


class BasePoint(NamedTuple):
    """The commit where HEAD's history left the base branch; `where` and `shown` as in `Base`.

    Where several remotes have a base branch it is the last of these commits; `besides` are those that are not in its
    history. `tips` are the base branches at remotes that have gone on since.
    """

    commit: str
    where: str
    shown: str
    besides: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()


class NoBasePoint(NamedTuple):
    """There is no base branch, or no commit yet; `notes` tell the user why, where that is not plain."""

    notes: tuple[str, ...] = ()


def find_base_point(repository: Repository, base_branch: str | None) -> BasePoint | NoBasePoint:
    """Find where HEAD left `base_branch`, by default each remote's default branch, else main, else master.

    Return a `NoBasePoint` where there is no commit yet, or none of the default branches anywhere. Raises a `Problem`
    where the branch is not in this clone, though it has a remote that may have it, where HEAD and the branch have
    no commit in common, and where HEAD's branch tracks what may be a remote's default branch.
    """
    known = repository.remote_refs()
    names = base_refs(repository, known, base_branch)
    commits = repository.objects.commits(["HEAD", "MERGE_HEAD", *names])
    refs = [ref for ref in names if ref in commits]
    if "HEAD" not in commits:
        if any(project_in_commit(repository, commits[ref], Settings()).is_there for ref in refs):
            raise _no_commit_yet(_short(refs[-1]))
        return NoBasePoint()  # no commit yet: everything is new
    if not refs:
        return _no_base_branch(repository, base_branch)
    # While a merge is under way the work tree is already what both sides lead to.
    heads = [commits[head] for head in ("HEAD", "MERGE_HEAD") if head in commits]
    forks: dict[str, str] = {}  # tip to where HEAD left it
    for tip in dict.fromkeys(commits[ref] for ref in refs):
        fork = repository.fork_point(tip, heads)
        if fork is not None:
            forks[tip] = fork
    if not forks:
        raise no_common_commit(repository, names[refs[-1]])
    # Of the branches as they are here and as they are at remotes, whatever this branch has seen last counts.
    commit, *besides = repository.independent([*dict.fromkeys(forks.values())])
    if base_branch is None:
        _refuse_unknown_default(repository, known, names, heads, commit)
    remote_tips = {commits[ref]: ref for ref in refs if ref.startswith("refs/remotes/") and commits[ref] in forks}
    own = [ref for ref in refs if forks.get(commits[ref]) == commit]
    own = [ref for ref in own if commits[ref] == commit] or own
    ref = own[-1] if own[-1].startswith("refs/heads/") else own[0]
    return BasePoint(
        commit,
        f"on {names[ref]}",
        _short(ref) if commits[ref] == commit else commit[:10],
        tuple(point for point in besides if any(forks[tip] == point for tip in remote_tips)),
        tuple(tip for tip in remote_tips if forks[tip] != tip),
    )


def base_refs(repository: Repository, known: RemoteRefs, base_branch: str | None) -> dict[str, str]:
    """Return the refs that may be a base branch, each with the branch's name: of the remotes, then the one here.

    Of each remote it is the default branch; where this clone was not told that one, what the first remote calls it,
    main or master. The remote called origin comes first.
    """
    remotes = {"origin", *known.default_branches, *repository.remotes()} if known.refs else set()
    ordered = sorted(remotes, key=lambda remote: (remote != "origin", remote))
    if base_branch is not None:
        refs = [f"refs/remotes/{remote}/{base_branch}" for remote in ordered]
        return dict.fromkeys([*refs, f"refs/remotes/{base_branch}", f"refs/heads/{base_branch}"], base_branch)
    defaults = [known.default_branches[remote] for remote in ordered if remote in known.default_branches]
    usual = list(dict.fromkeys([*defaults[:1], *USUAL_BRANCHES]))
    refs_of_remotes: dict[str, str] = {}
    for remote in ordered:
        own = known.default_branches.get(remote)
        for name in [own, *usual] if own is not None else usual:
            if f"refs/remotes/{remote}/{name}" in known.refs:
                refs_of_remotes[f"refs/remotes/{remote}/{name}"] = name
                break
    told = [name for name in refs_of_remotes.values() if name in defaults]
    here = repository.objects.commits([f"refs/heads/{name}" for name in usual])
    local = told[:1] or [name for name in usual if f"refs/heads/{name}" in here][:1]
    return {**refs_of_remotes, **{f"refs/heads/{name}": name for name in local}}


def point_beyond(
    repository: Repository | None, point: BasePoint | NoBasePoint, against: str
) -> BasePoint | NoBasePoint:
    """Return the point where HEAD left the commit `against`, if that is beyond the one where it left the base branch.

    It is the same point where there is no base branch. Raises a `Problem` for what is no commit here.
    """
    name = against.removesuffix("...")
    names = (name, f"refs/remotes/origin/{name}")
    commits = {} if repository is None else repository.objects.commits([*names, "HEAD"])
    tip = next((commits[ref] for ref in names if ref in commits), None)
    if repository is None or tip is None:
        raise Problem(
            f"--against names no commit that is here: {visible(against) or 'it is empty'}",
            "name a branch, a tag or a commit; in CI the whole history has to be there (GitHub: fetch-depth: 0)",
        )
    fork = repository.fork_point(tip, [commits["HEAD"]]) if "HEAD" in commits else None
    if isinstance(point, NoBasePoint) or fork is None or repository.fork_point(point.commit, [fork]) != point.commit:
        return point
    return point._replace(commit=fork, where=f"on {name}", shown=fork[:10])


def _refuse_unknown_default(
    repository: Repository, known: RemoteRefs, names: Mapping[str, str], heads: Sequence[str], base: str
) -> None:
    """Raise a `Problem` where HEAD's branch tracks one that may be a remote's default branch, and is beyond the base.

    One that has the branch's own name is where it is pushed to, and no base.
    """
    if all(ref in names for ref in known.refs):
        return
    tracked = repository.tracked()
    if tracked not in known.refs or tracked in names:
        return
    remotes = [remote for remote in repository.remotes() if tracked.startswith(f"refs/remotes/{remote}/")]
    remote = max(remotes, key=len, default="")
    name = tracked.removeprefix(f"refs/remotes/{remote}/")
    if not remote or remote in known.default_branches or name == repository.branch():
        return
    tip = repository.objects.commits([tracked]).get(tracked)
    fork = None if tip is None else repository.fork_point(tip, heads)
    if fork is None or repository.fork_point(base, [fork]) == fork:
        return
    shown = visible(_short(tracked))
    raise Problem(
        f"this branch tracks {shown}, and nothing here says whether that is the default branch of {visible(remote)}, "
        "on which migrations are released",
        f"ask it (`git remote set-head {visible(remote)} --auto`), or name the branch that changes are merged into: "
        f"`base_branch: {shown}` in routecomp.yaml; {NO_BASE}",
    )


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
