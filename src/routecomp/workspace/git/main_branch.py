"""Tell the branch that changes of a repository are merged into, for a project that has no settings yet."""

from __future__ import annotations

import os

from routecomp.workspace.git.base_point import USUAL_BRANCHES
from routecomp.workspace.git.process import GitError, run_git
from routecomp.workspace.git.repository import Repository


def main_branch(repository: Repository) -> str | None:
    """Return the name of the branch that changes are merged into, None where several may be it.

    It is the default branch of a remote, else main or master where there is one, else the only branch that there is,
    else the one that `init.defaultBranch` names. Raises `GitError` where Git gives up.
    """
    remotes = repository.default_branches()
    if remotes:
        return remotes.get("origin") or remotes[min(remotes)]
    names = _branch_names(repository)
    for usual in USUAL_BRANCHES:
        if usual in names:
            return usual
    if len(names) == 1:
        return names.pop()
    configured = _answer(repository, ["config", "--get", "init.defaultBranch"])
    return configured if configured in names else None


def _branch_names(repository: Repository) -> set[str]:
    """Return the name of every branch, here and at the remotes, and of the one that is to get its first commit."""
    refs = _answer(repository, ["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes"]).splitlines()
    names = {ref.removeprefix("refs/heads/") for ref in refs if ref.startswith("refs/heads/")}
    for remote in repository.remotes():
        folder = f"refs/remotes/{remote}/"
        names |= {ref.removeprefix(folder) for ref in refs if ref.startswith(folder)}
    current = _answer(repository, ["symbolic-ref", "--quiet", "HEAD"]).removeprefix("refs/heads/")
    return names | ({current} if current else set())


def _answer(repository: Repository, arguments: list[str]) -> str:
    """Return what Git prints, empty where it has nothing to say and ends with exit code 1."""
    try:
        return os.fsdecode(run_git(repository.folder, arguments)).rstrip("\n")
    except GitError as failure:
        if not str(failure):
            return ""
        raise
