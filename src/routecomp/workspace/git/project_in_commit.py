"""Find where a commit holds a project, which may stand in another folder today, and read its settings there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from routecomp.workspace.files import ENDINGS, FOLDERS, MAX_DEPTH, READABLE, native, read_if_there
from routecomp.workspace.git.objects import Blob, blob_id
from routecomp.workspace.git.on_demand import find_moved_project
from routecomp.workspace.git.repository import Repository, shown_folder
from routecomp.workspace.load_settings import settings_files_in, settings_of
from routecomp.workspace.problem import Problem
from routecomp.workspace.settings import TOML, YAML, Settings


class ProjectInCommit(NamedTuple):
    """A project as a commit holds it.

    `prefix` is its folder's path from the repository's top, empty or with a slash at its end. `settings` are those of
    the commit. `is_there` is False where the commit holds no YAML of it: it is new, and `prefix` is today's. `notes`
    are for the user; `beside` is the one that says which project it is a copy of, or empty.
    """

    prefix: str
    settings: Settings
    is_there: bool
    notes: tuple[str, ...] = ()
    beside: str = ""


def project_in_commit(
    repository: Repository, commit: str, own: Settings, files: Mapping[str, bytes] | None = None
) -> ProjectInCommit:
    """Return the project of the repository's folder as a commit holds it.

    `own` are its settings today, and `files` its YAML, path to bytes; without them they are read from the disk where
    they are needed. Raises a `Problem` where several folders of the commit may be it.
    """
    prefix, beside = _find(repository, commit, files)
    place = repository.prefix if prefix is None else prefix
    notes: list[str] = []
    if place != repository.prefix:
        notes.append(f"this project stood in {shown_folder(place)}, and is compared with what stood there")
    copied = ""
    if beside is not None:
        copied = (
            f"{shown_folder(repository.prefix)} declares what {shown_folder(beside)} does, which stays: it counts as a "
            "new project, with migrations of its own, and no rule of change is asked; to move it instead, take "
            f"{shown_folder(beside)} away in this same change"
        )
        notes.append(copied)
    yaml, toml = settings_files(repository, commit, place)
    settings = own
    if (yaml, toml) != settings_files_in(repository.folder):
        try:
            settings = settings_of(yaml, toml)
        except Problem as problem:
            notes.append(
                f"the settings in {shown_folder(place)} of the commit to compare with are wrong, so today's count for "
                f"it: {problem}"
            )
    if prefix is None and yaml is None and toml is None:
        settings = own
    return ProjectInCommit(place, settings, prefix is not None, tuple(notes), copied)


def settings_files(repository: Repository, commit: str, prefix: str) -> tuple[bytes | None, bytes | None]:
    """Return the bytes of the two files that may hold settings in a folder of a commit, None for what is not there."""
    yaml, toml = root_files(repository, commit, prefix, (YAML, TOML))
    return yaml, toml


def root_files(repository: Repository, commit: str, prefix: str, names: Sequence[str]) -> list[bytes | None]:
    """Return the bytes of files in a folder of a commit, None for what is not there."""
    paths = [prefix + name for name in names]
    ids = {blob.path: blob.id for blob in repository.objects.files(commit, paths) if blob.is_regular}
    contents = repository.contents(list(ids.values()))
    return [contents[ids[path]] if path in ids else None for path in paths]


def is_yaml(blob: Blob, prefix: str) -> bool:
    """Return whether a file of a tree is YAML of the project in a folder, as `collect` would read it from the disk."""
    path = blob.path.removeprefix(prefix)
    is_hidden = any(part.startswith(".") for part in path.split("/"))
    return blob.is_regular and path.endswith(ENDINGS) and not is_hidden and path.count("/") <= MAX_DEPTH


def _find(repository: Repository, commit: str, files: Mapping[str, bytes] | None) -> tuple[str | None, str | None]:
    """Return the folder of a commit that holds the project, None where none does, and that of a twin beside it."""
    prefix = repository.prefix
    blobs = [blob for blob in repository.files(commit, FOLDERS) if is_yaml(blob, prefix)]
    own = ((_own_file(repository, blob.path.removeprefix(prefix), files), blob.id) for blob in blobs)
    if blobs and 2 * sum(data is not None and blob_id(data, id) == id for data, id in own) >= len(blobs):
        return prefix, None
    return find_moved_project(repository, commit, is_here=bool(blobs))


def _own_file(repository: Repository, path: str, files: Mapping[str, bytes] | None) -> bytes | None:
    """Return the bytes of a file of the project today, from the disk where `files` is None; None where it has none."""
    if files is not None:
        return files.get(path)
    try:
        return read_if_there(os.path.join(repository.folder, native(path)), READABLE)
    except Problem:
        return None
