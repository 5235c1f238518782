"""List, read and remove the migrations in a project's output folder; those that are not released are drafts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.file_names import FILE, FOLDER, WRITTEN_BY
from routecomp.sql.line_ends import line_ends
from routecomp.sql.migration import doubled, lacking, list_migrations
from routecomp.sql.names import written_names
from routecomp.workspace.files import native, read_if_there
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project

MAX_BYTES = 1 << 30
"""Bytes up to which a migration is read."""
_HEAD = 4_096  # where a file says who wrote it, were there even a conflict's marks above it


def migration_names(project: Project) -> list[str]:
    """Return the paths, within the output folder, of the migrations that lie there, for every dialect.

    Files with other names are left out, and a folder that is not there has none.
    """
    names: list[str] = []
    for own in dialect_names():
        folder = os.path.join(project.root, native(f"{project.settings.output}/{FOLDER}/{own}"))
        with suppress(FileNotFoundError, NotADirectoryError):
            names += [f"{FOLDER}/{own}/{name}" for name in sorted(os.listdir(folder)) if FILE.fullmatch(name)]
    return names


def read_migrations(project: Project) -> dict[str, bytes]:
    """Return the migrations in the output folder, path from the project's root to bytes.

    Raises a `Problem` for one that cannot be read.
    """
    files: dict[str, bytes] = {}
    for name in migration_names(project):
        path = f"{project.settings.output}/{name}"
        data = read_if_there(os.path.join(project.root, native(path)), MAX_BYTES)
        if data is not None:
            files[path] = data
    return files


def are_uneven(project: Project, files: Mapping[str, bytes]) -> bool:
    """Return whether a dialect of the settings lacks what another one has, or has it twice.

    `files` is path to bytes.
    """
    by_dialect: dict[str, dict[str, bytes]] = {name: {} for name in project.settings.dialects}
    for path, data in files.items():
        folder, name = path.split("/")[-2:]
        if folder in by_dialect:
            by_dialect[folder][name] = data
    lists = {name: list_migrations(own) for name, own in by_dialect.items()}
    return bool(lacking(lists)) or any(doubled(own) is not None for own in lists.values())


def are_odd(files: Mapping[str, bytes]) -> bool:
    """Return whether migrations, path to bytes, may be written with other line ends than `compile` writes."""
    return any(line_ends(data[:_HEAD]) for data in files.values())


def may_rename(project: Project, released: Mapping[str, bytes]) -> bool:
    """Return whether the settings may call the tables otherwise than released migrations do: path to bytes.

    False is sure, without the rule RC639 being loaded.
    """
    names = project.settings.names
    folders = {path.split("/")[-2] for path in released} & set(project.settings.dialects)
    return any(
        written_names((data for path, data in released.items() if path.split("/")[-2] == folder), names)
        not in (None, names)
        for folder in folders
    )


def migration_id(path: str) -> str:
    """Return the dialect and the id of a migration: the path of its file without the ending."""
    return path.removesuffix(".sql").removesuffix(".up").removesuffix(".down")


def draft_ids(project: Project, released: Iterable[str]) -> list[str]:
    """Return the ids, without the dialect, of the migrations in the output folder that are not released, sorted.

    `released` are the paths of the released ones below `migrations/`. No content is read.
    """
    known = {_bare_id(path) for path in released}
    return sorted({_bare_id(path) for path in migration_names(project)} - known)


def may_clash(project: Project, released: Iterable[str]) -> bool:
    """Return whether a draft has the number of a released migration; only then is there anything to run."""
    names = list(released)
    numbers = {_number(path) for path in names}
    return any(_number(id) in numbers for id in draft_ids(project, names))


def drafts_name(files: Mapping[str, bytes], drafts: Collection[str]) -> str:
    """Return a name for migrations and for which of them are drafts; equal names, equal files."""
    content = [(path, path in drafts, hashlib.sha256(data).digest()) for path, data in files.items()]
    return hashlib.sha256(repr(content).encode()).hexdigest()


def unwanted(project: Project, wanted: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the migrations in the output folder that are none of those wanted: what compilations left, and your own.

    Your own are those that a person wrote.
    """
    known = set(wanted)
    drafts: list[str] = []
    own: list[str] = []
    for name in migration_names(project):
        if name not in known:
            (own if _is_own(project, name) else drafts).append(name)
    return drafts, own


def require_free(project: Project, wanted: Iterable[str], released: Collection[str]) -> None:
    """Raise a `Problem` where a migration that would be written has the name of one that a person wrote.

    `wanted` are paths in the output folder, and `released` those of the released ones below `migrations/`, which are
    restored whatever lies there.
    """
    for name in wanted:
        below = name.removeprefix(f"{FOLDER}/")
        if below != name and below not in released and _is_own(project, name):
            path = visible(f"{project.settings.output}/{name}")
            raise Problem(
                f"{path} is not what `routecomp compile` wrote, and it would write a migration of that name",
                "give your own migration, both of its files, another name; if it is no work of yours, remove it",
            )


def _is_own(project: Project, name: str) -> bool:
    """Return whether a person wrote a migration of the output folder; one that is not there or is empty is nobody's."""
    data = read_if_there(os.path.join(project.root, native(f"{project.settings.output}/{name}")), MAX_BYTES)
    return data is not None and bool(data.strip()) and WRITTEN_BY.encode() not in data[:_HEAD]


def remove(project: Project, names: Iterable[str]) -> None:
    """Remove files of the output folder, by their paths in it; those that are gone are skipped.

    Raises a `Problem` for one that cannot be removed. INVARIANT: the caller holds the project's lock.
    """
    for name in names:
        path = os.path.join(project.root, native(f"{project.settings.output}/{name}"))
        try:
            os.unlink(path)
        except FileNotFoundError:
            continue
        except OSError as failure:
            raise Problem(
                f"{visible(project.settings.output)}/{visible(name)} cannot be removed: "
                f"{(failure.strerror or str(failure)).lower()}",
                "it is no migration any more: remove it by hand",
            ) from None


def _bare_id(path: str) -> str:
    """Return the id of a migration without its dialect."""
    return migration_id(path).rpartition("/")[2]


def _number(path: str) -> str:
    """Return the digits that a migration's name begins with, as they are written."""
    return path.rpartition("/")[2].partition("_")[0]
