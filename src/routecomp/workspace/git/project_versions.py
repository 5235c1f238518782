"""Read a project as each commit of HEAD's first-parent line holds it: its files, wherever it stood, and settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from routecomp.workspace.files import FOLDERS
from routecomp.workspace.git.process import run_git
from routecomp.workspace.git.project_in_commit import is_yaml, settings_files
from routecomp.workspace.git.project_line import project_line
from routecomp.workspace.git.repository import QUIET_LOG, Repository
from routecomp.workspace.load_settings import settings_of
from routecomp.workspace.problem import Problem
from routecomp.workspace.settings import TOML, YAML, Settings

_FACTS = "--format=%H%x00%h%x00%P%x00%aI%x00%aN%x00%s%x01"
_SUBMODULE = "160000"


class HistoryCommit(NamedTuple):
    """A commit and what it says of itself: `date` is the author's, in ISO 8601."""

    id: str
    short: str
    parents: tuple[str, ...]
    date: str
    author: str
    subject: str


class TreeOfProject(NamedTuple):
    """Which files a commit holds of the project: path from the project's folder to the content's id.

    `prefix` is the folder from the repository's top; `settings` are the ids of the two files that may hold settings.
    Equal trees are equal versions.
    """

    files: tuple[tuple[str, str], ...]
    settings: tuple[str, ...]
    prefix: str


def project_commits(repository: Repository, since: str | None) -> tuple[list[HistoryCommit], Sequence[str]]:
    """Return the commits of HEAD's first-parent line that touch the project, the newest first, and its folders.

    They are those that are not in the history of `since`, a commit; HEAD's stands alone where there are none. One more
    follows where the oldest has a parent: the commit that it is compared with. The folders are those that the project
    stood in, the latest first.
    """
    _, prefixes = project_line(repository, "HEAD")
    prefixes = prefixes or [repository.prefix]
    names = (*FOLDERS, YAML, TOML)
    paths = [f"{prefix}{name}" for prefix in prefixes for name in names]
    without = [] if since is None else [f"^{since}"]
    commits = _log(repository, ["--first-parent", "HEAD", *without, "--", *paths])
    if not commits:
        return _log(repository, ["--no-walk", "HEAD", "--"]), prefixes
    if commits[-1].parents:
        commits += _log(repository, ["--no-walk", commits[-1].parents[0], "--"])
    return commits, prefixes


def _log(repository: Repository, arguments: Sequence[str]) -> list[HistoryCommit]:
    """Return commits that `git log` names."""
    options = ["-C", repository.way_to_top, "log", *QUIET_LOG, "--encoding=UTF-8", _FACTS]
    output = run_git(repository.folder, [*options, *arguments]).decode("utf-8", "replace")
    commits = []
    for record in output.split("\x01"):
        fields = record.lstrip("\n").split("\0")
        if len(fields) == 6:
            id, short, parents, date, author, subject = fields
            commits.append(HistoryCommit(id, short, tuple(parents.split()), date, author, subject))
    return commits


def tree_of_project(repository: Repository, commit: str, prefixes: Sequence[str]) -> TreeOfProject | None:
    """Return which files a commit holds of the project, in the first of some folders that has any; None where none.

    Raises a `Problem` where files of it are in another repository.
    """
    for prefix in prefixes:
        blobs = repository.objects.files(commit, [prefix + name for name in FOLDERS])
        if any(blob.mode == _SUBMODULE for blob in blobs):
            raise Problem("a submodule holds files of the project", "see its own history")
        files = tuple((blob.path.removeprefix(prefix), blob.id) for blob in blobs if is_yaml(blob, prefix))
        if files:
            settings = repository.objects.files(commit, [prefix + YAML, prefix + TOML])
            ids = tuple(f"{os.path.basename(blob.path)} {blob.id}" for blob in settings if blob.is_regular)
            return TreeOfProject(files, ids, prefix)
    return None


def settings_in(repository: Repository, commit: str, prefix: str, own: Settings) -> Settings:
    """Return the settings of the project in a commit; today's (`own`) where they cannot be read."""
    try:
        return settings_of(*settings_files(repository, commit, prefix))
    except Problem:
        return own
