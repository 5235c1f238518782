"""Follow a project's routes/ through the first-parent line of a history, from folder to folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from routecomp.review.ledger.events import Commit, Touch
from routecomp.workspace.files import ENDINGS, FOLDERS
from routecomp.workspace.git.moved_project import CommitTree, find_moved_project
from routecomp.workspace.git.process import run_git
from routecomp.workspace.git.repository import QUIET_LOG, Repository
from routecomp.workspace.problem import Problem

_FOLDER = FOLDERS[0]
_MOST_MOVES = 20
_FORMAT = "--format=%x01%H%x20%P"


def project_line(repository: Repository, head: str) -> tuple[list[Commit], list[str]]:
    """Return the commits of the first-parent line that touch the project's routes/, and the folders it stood in.

    The commits come oldest first, the folders latest first. Where the project was moved within its repository, the line
    goes on in the folder it came from, for up to twenty pieces.
    """
    prefix: str | None = repository.prefix
    if not repository.files(head, [_FOLDER]):  # moved, and not committed
        prefix = _find(repository, head, None, repository.prefix, is_here=False)
    pieces: list[list[Commit]] = []
    prefixes: list[str] = []
    tip = head
    while prefix is not None and len(pieces) < _MOST_MOVES:
        piece = list(log_of_routes(repository, tip, [prefix], ["--first-parent", "-m", "--reverse"]))
        prefixes.append(prefix)
        first, prefix = _last_move(repository, piece, prefix)
        pieces.append(piece[first:])
        if prefix is not None:
            tip = piece[first].parents[0]
    return list(_joined(pieces[::-1])), prefixes


def log_of_routes(
    repository: Repository, head: str, prefixes: Sequence[str], options: Sequence[str]
) -> Iterator[Commit]:
    """Yield the commits that touch routes/ below folders of the repository, with the YAML files they touch."""
    output = run_git(
        repository.folder,
        [
            "-C",
            repository.way_to_top,
            "log",
            *options,
            "--raw",
            "-z",
            "--no-abbrev",
            *QUIET_LOG,
            _FORMAT,
            head,
            "--",
            *(f"{prefix}{_FOLDER}" for prefix in prefixes),
        ],
    )
    for record in output.split(b"\x01")[1:]:
        head_line, _, rest = record.partition(b"\0")
        ids = head_line.decode("ascii").split()
        yield Commit(ids[0], tuple(ids[1:]), tuple(_touched(rest, prefixes)))


def _touched(raw: bytes, prefixes: Sequence[str]) -> Iterator[Touch]:
    """Yield the YAML files of `git log --raw -z`; links and submodules are no files that could be read."""
    fields = raw.strip(b"\0\n").split(b"\0")
    for facts, name in zip(fields[::2], fields[1::2], strict=False):
        path = os.fsdecode(name)
        parts = facts.decode("ascii").lstrip("\n").split(" ")
        if len(parts) != 5 or not path.endswith(ENDINGS):
            continue
        old_mode, new_mode, old, new, _ = parts
        inner = next((path[len(prefix) :] for prefix in prefixes if path.startswith(f"{prefix}{_FOLDER}/")), path)
        if any(part.startswith(".") for part in inner.split("/")):
            continue
        yield Touch(
            inner,
            new if new_mode.startswith("100") else None,
            old if old_mode.startswith(":100") else None,
            new_mode.startswith("100") or not new.strip("0"),
        )


def _last_move(repository: Repository, piece: Sequence[Commit], prefix: str) -> tuple[int, str | None]:
    """Return the place of the latest commit of a piece that moved the project to its folder, and the folder before.

    Where none did, the place is the piece's first and the folder None.
    """
    files: set[str] = set()
    arrivals: list[int] = []
    for place, commit in enumerate(piece):
        added = sum(touch.before is None for touch in commit.touched)
        if commit.parents and added > len(files):
            arrivals.append(place)
        _follow(files, commit)
    for place in reversed(arrivals):
        commit = piece[place]
        today = CommitTree(repository, commit.id)
        before = _find(repository, commit.parents[0], today, prefix, is_here=place > 0)
        if before is not None and before != prefix:
            return place, before
    return 0, None


def _find(repository: Repository, commit: str, today: CommitTree | None, prefix: str, *, is_here: bool) -> str | None:
    """Return the folder of a commit that holds the project, None where none does or several may."""
    try:
        return find_moved_project(repository, commit, is_here=is_here, today=today, prefix=prefix).folder
    except Problem:
        return None


def _joined(pieces: Sequence[Sequence[Commit]]) -> Iterator[Commit]:
    """Yield the commits of pieces, oldest first; a move removes the files that it did not take along."""
    files: set[str] = set()
    for piece in pieces:
        for place, commit in enumerate(piece):
            if place == 0 and files:
                left = files - {touch.path for touch in commit.touched}
                commit = replace(commit, touched=(*commit.touched, *(Touch(path, None) for path in sorted(left))))
            _follow(files, commit)
            yield commit


def _follow(files: set[str], commit: Commit) -> None:
    """Bring the paths of the files that are there up to date with a commit."""
    for touch in commit.touched:
        if touch.blob is None and touch.is_readable:
            files.discard(touch.path)
        else:
            files.add(touch.path)
