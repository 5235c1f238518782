"""Find the rule by which Git ignores a file: what is ignored is not committed, and so never released.

Here the work tree counts, and not a commit: `git add` reads the same files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from routecomp.workspace.files import native
from routecomp.workspace.git.process import GitError, run_git
from routecomp.workspace.git.repository import Repository


class Ignored(NamedTuple):
    """A file that Git ignores: its path from the project's root, the rule, and where that stands (`.gitignore:2`)."""

    path: str
    rule: str
    place: str


def find_ignored(repository: Repository, paths: Iterable[str]) -> Ignored | None:
    """Return the first of some paths, from the project's root, that Git ignores; None where it ignores none.

    A file that the index has is not ignored, whatever the rules say.
    """
    by_path = {os.fsencode(native(path)): path for path in paths}
    options = ["--no-literal-pathspecs", "check-ignore", "--verbose", "-z", "--stdin"]
    try:
        output = run_git(repository.folder, options, b"".join(path + b"\0" for path in by_path))
    except GitError:  # exit code 1: none is ignored; or a path that Git cannot judge, such as one behind a link
        return None
    fields = output.split(b"\0")[:-1]
    for source, line, rule, path in zip(*(fields[place::4] for place in range(4)), strict=True):
        if not rule.startswith(b"!"):  # such a rule takes a path out again
            place = f"{source.decode('utf-8', 'replace')}:{line.decode('ascii')}"
            return Ignored(by_path[path], rule.decode("utf-8", "replace"), place)
    return None
