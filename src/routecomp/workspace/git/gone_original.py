"""Find the project that a change takes away, of which another one that stays is a copy.

A copy counts as new, and no rule of change is asked about it; once the original goes, the two together are a move.
"""

from __future__ import annotations

import os

from routecomp.workspace.git.moved_project import CommitTree, WorkTree, by_project, declares_most, names_of
from routecomp.workspace.git.process import run_git
from routecomp.workspace.git.repository import Repository, shown_folder


def gone_original(repository: Repository, commit: str) -> str:
    """Say which project of a commit is gone that the one in the repository's folder declares most of; mostly empty.

    The commit holds both. One that has moved to another new folder is not gone.
    """
    gone = _gone_files(repository, commit)
    prefixes = sorted(by_project(gone).keys() - {repository.prefix})
    if not prefixes:
        return ""
    before, after = CommitTree(repository, commit), WorkTree(repository)
    names = names_of(after.files(repository.prefix))
    others = [names_of(after.files(prefix)) for prefix in after.prefixes() - before.prefixes()]
    for prefix in prefixes:
        known = names_of(before.files(prefix))
        is_gone = bool(known) and not after.files(prefix)
        if is_gone and declares_most(known, names) and not any(declares_most(known, other) for other in others):
            here, there = shown_folder(repository.prefix), shown_folder(prefix)
            return (
                f"{there} is gone with this change, and {here} declares what it did: no rule of change compares the "
                f"two, and a database with the migrations of {there} cannot go on with those of {here}; "
                f"`routecomp check --against DIR`, where DIR is {there} in a checkout of the commit before, tells what "
                "changes for its callers"
            )
    return ""


def _gone_files(repository: Repository, commit: str) -> list[str]:
    """Return the files that a commit has and Git's index has not, from the repository's top: no file is looked at."""
    options = ["--cached", "--no-renames", "--name-only", "-z", "--diff-filter=D"]
    return os.fsdecode(run_git(repository.folder, ["diff-index", *options, commit])).split("\0")
