"""A project in, the migrations of its base branch out, and what of its own output folder is left over.

The base's migrations are read from Git's objects like everything else of the base: never from the work tree, of
whose drafts the names alone are read (a draft may keep its number).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routecomp.workspace.files import native, read_if_there
from routecomp.workspace.problem import Problem, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from routecomp.model.project import Program
    from routecomp.sql.migrations import Released
    from routecomp.sql.replay import Clash
    from routecomp.workspace.git.repository import Repository, Step
    from routecomp.workspace.project import Project

FOLDER = "migrations"
_MAX_BYTES = 1 << 30
_HEAD = 4_096  # where a file says who wrote it, were there even a conflict's marks above it
_FROM = "name the folder that holds the released ones: --from DIR"


@dataclass(frozen=True)
class ReleasedMigrations:
    """The migrations of the base branch: `identity` is a name for them (equal names, equal files); `read` gives
    them, and is asked only where something is compiled; `names` are their paths below `migrations/`."""

    identity: str
    read: Callable[[], Released]
    names: frozenset[str] = frozenset()
    ids: Mapping[str, str] | None = None
    """Their paths to the ids of their contents in Git; None where they come from elsewhere."""


def released_migrations(project: Project, given: str | None = None) -> ReleasedMigrations | None:
    """What a project's migrations begin with; None where it wants none.

    `given` is a folder that holds one for each dialect, in place of the base branch.
    """
    dialects = project.settings.dialects
    if given is not None and not dialects:
        raise Problem("the settings ask for no migrations, so --from has no meaning", "leave --from out")
    if not dialects:
        return None
    if given is not None:
        return _known(project, _of_folder(given, dialects), f"from {given}")
    from routecomp.workspace.git.base import BasePoint, base_point
    from routecomp.workspace.git.repository import GitError, find_repository

    try:
        point = base_point(project.root, project.settings.base_branch)
        if isinstance(point, BasePoint):
            return _of_commit(project, point.repository, point.commit)
        repository = find_repository(project.root)
        head = None if repository is None else repository.commits(["HEAD"]).get("HEAD")
        if repository is not None and head is not None:
            # No branch is known to be the base: what is committed counts as released.
            return _of_commit(project, repository, head)
    except GitError as failure:
        raise Problem(
            f"Git cannot read the released migrations: {visible(str(failure))}", f"repair the repository, or {_FROM}"
        ) from None
    return _known(project, _of_nothing(project), "nothing")


def _of_nothing(project: Project) -> dict[str, bytes]:
    """Without Git everything is new, and the baseline is all there is; more than that cannot be told from drafts."""
    from routecomp.sql.file_names import BASELINE

    more = [name for name in present(project) if not os.path.basename(name).startswith(f"{BASELINE}.")]
    if more:
        raise Problem(
            f"{visible(project.settings.output)}/{visible(more[0])} is there, and no Git repository says whether it "
            "is released",
            f"compile inside of the repository, or {_FROM}",
        )
    return {}


def _of_folder(given: str, dialects: Iterable[str]) -> dict[str, bytes]:
    from routecomp.sql.dialects.registry import folder_names

    if not os.path.isdir(given):
        raise Problem(f"{visible(given)} is not a folder", f"name the folder that holds {folder_names()}")
    found: dict[str, bytes] = {}
    for dialect in dialects:
        folder = os.path.join(given, dialect)
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            data = read_if_there(os.path.join(folder, name), _MAX_BYTES) if name.endswith(".sql") else None
            if data is not None:
                found[f"{dialect}/{name}"] = data
    return found


def _of_commit(project: Project, repository: Repository, commit: str) -> ReleasedMigrations:
    below = f"{project.settings.output}/{FOLDER}"
    above = f"{repository.prefix}{below}/"
    there = {
        blob.path.removeprefix(above): blob.id
        for blob in repository.files(commit, [native(below)])
        if blob.mode.startswith("100") and blob.path.endswith(".sql")
    }
    gone, replaced = _lost(repository, commit, native(below), above)
    wanted = {**gone, **{path: id for path, id in there.items() if _id_of(path) not in replaced}}

    def read() -> Released:
        contents = repository.contents(sorted(set(wanted.values())))
        return _released(project, {path: contents[id] for path, id in wanted.items()})

    digest = hashlib.sha256(repr(sorted(wanted.items())).encode("utf-8", "surrogateescape"))
    return ReleasedMigrations(digest.hexdigest(), read, frozenset(wanted), wanted)


def _lost(repository: Repository, commit: str, folder: str, above: str) -> tuple[dict[str, str], set[str]]:
    """The migrations that were released and deleted, path below `above` to content; and the drafts (dialect/id) that
    were replaced before they were released, though a revert may have brought them back.

    A branch of several commits that was fast-forwarded or rebased leaves its drafts in the history of the base: a
    commit that deletes a migration and adds one of its number or above replaces a draft. A commit that deletes one and
    adds none, or says that it is a revert, takes back what databases may have run; so does a merge, where what it
    merges had deleted it. The table is in docs/database.md.
    """
    gone: dict[str, str] = {}
    replaced: set[str] = set()
    for step in repository.deletions(commit, folder):
        added = {_id_of(path.removeprefix(above)) for path in step.added}
        takes_back = step.is_revert or _merges_a_deletion(repository, step, folder)
        for path, id in step.deleted.items():
            name = path.removeprefix(above)
            one = _id_of(name)
            if not takes_back and any(_is_next(one, other) for other in added):
                replaced.add(one)
            elif one not in replaced:
                gone[name] = id
        if not takes_back:
            replaced -= added
    return gone, replaced


def _merges_a_deletion(repository: Repository, step: Step, folder: str) -> bool:
    """Whether a merge took a deletion over, in place of making it: what both sides began with had the file."""
    first, others = step.parents[:1], step.parents[1:]
    if not others or not step.deleted or not step.added:
        return False
    fork = repository.fork_point(first[0], others)
    return fork is not None and any(blob.path in step.deleted for blob in repository.files(fork, [folder]))


def _id_of(path: str) -> str:
    """The dialect and the id of a migration: the path of its file, without the ending."""
    return path.removesuffix(".sql").removesuffix(".up").removesuffix(".down")


def _is_next(one: str, other: str) -> bool:
    """Whether a migration can have come in the place of another one: the same dialect, its number or above."""
    (folder, _, name), (folder2, _, name2) = one.rpartition("/"), other.rpartition("/")
    return folder == folder2 and name.partition("_")[0].zfill(9) <= name2.partition("_")[0].zfill(9)


def _known(project: Project, files: Mapping[str, bytes], what: str) -> ReleasedMigrations:
    digest = hashlib.sha256(repr((what, sorted(files.items()))).encode())
    return ReleasedMigrations(digest.hexdigest(), lambda: _released(project, files), frozenset(files))


def _released(project: Project, files: Mapping[str, bytes]) -> Released:
    from routecomp.sql.migrations import Released

    return Released(files, project.settings.dialects, project.settings.tenants_table, tuple(drafts(project, files)))


def drafts(project: Project, released: Iterable[str]) -> list[str]:
    """The ids of the migrations in the output folder that are not released: names alone, no content is read."""
    known = {_id_of(path).rpartition("/")[2] for path in released}
    return sorted({_id_of(path).rpartition("/")[2] for path in present(project)} - known)


def may_clash(project: Project, released: ReleasedMigrations) -> bool:
    """Whether a draft shares its number with a migration that is released: only then is there anything to run."""
    numbers = {_number(path) for path in released.names}
    return any(_number(id) in numbers for id in drafts(project, released.names))


def _number(path: str) -> str:
    return path.rpartition("/")[2].partition("_")[0]


def explained(released: ReleasedMigrations, states: Mapping[str, str], program: Program) -> list[str]:
    """Why migrations are not as they should be, in sentences. `states` is each file of the output folder (its path in
    there) to a word: missing, stale, left over."""
    from routecomp.sql.migrations import refused_drafts

    found: dict[str, None] = {}
    for file, word in sorted(states.items()):
        path = file.removeprefix(f"{FOLDER}/")
        id = visible(_id_of(path).rpartition("/")[2])
        if path != file and path in released.names and word == "missing":
            found[_deleted(id)] = None
        elif path != file and path in released.names and word == "stale":
            found[f"migration {id} is released, and was edited here: `routecomp compile` restores it"] = None
    if any(file.startswith(f"{FOLDER}/") and word == "left over" for file, word in states.items()):
        found |= dict.fromkeys(refused(id, clash) for id, clash in refused_drafts(released.read(), program).items())
    return list(found)


def _deleted(id: str) -> str:
    return (
        f"migration {visible(id)} is released, and was deleted here (`git revert` takes the files along), though "
        "databases may have run it: `routecomp compile` restores it and appends the way back"
    )


def refused(id: str, clash: Clash) -> str:
    """That a draft cannot keep its number, and why."""
    other = visible(clash.other) or "what is released"
    return (
        f"migration {visible(id)} does not commute with {other}, which is released ({visible(clash.reason)}): "
        "`routecomp compile` writes it anew, to be run behind it"
    )


@contextmanager
def replayed() -> Iterator[None]:
    """Released migrations that do not run are a `Problem` of the user's, with the database's words."""
    from routecomp.sql.replay import ReplayError

    try:
        yield
    except ReplayError as failure:
        raise Problem(
            f"the released migration {visible(failure.id)} does not run on those before it: {visible(failure.reason)}",
            "if it was edited, restore it from the base branch; if two of one number were merged that do not commute, "
            "undo the later merge, `git merge` the base into its branch, `routecomp compile` there, and merge again",
        ) from None


def present(project: Project) -> list[str]:
    """The migrations that lie in the output folder, by their paths within it."""
    from routecomp.sql.dialects.registry import dialect_names
    from routecomp.sql.file_names import FILE

    found: list[str] = []
    for dialect in dialect_names():
        folder = os.path.join(project.root, native(f"{project.settings.output}/{FOLDER}/{dialect}"))
        with suppress(FileNotFoundError, NotADirectoryError):
            found += [f"{FOLDER}/{dialect}/{name}" for name in sorted(os.listdir(folder)) if FILE.fullmatch(name)]
    return found


def left_over(project: Project, wanted: Iterable[str]) -> list[str]:
    """Drafts of earlier compilations: migrations that lie in the output folder and are none of those wanted.

    One that a person wrote is a `Problem`: what is not ours is never removed.
    """
    from routecomp.sql.file_names import WRITTEN_BY

    known = set(wanted)
    found = [name for name in present(project) if name not in known]
    for name in found:
        path = f"{project.settings.output}/{name}"
        data = read_if_there(os.path.join(project.root, native(path)), _MAX_BYTES)
        if data is not None and WRITTEN_BY.encode() not in data[:_HEAD]:
            raise Problem(
                f"{visible(path)} is named like a migration, and `routecomp compile` did not write it",
                f"move it out of {visible(project.settings.output)}/, which holds only what is compiled",
            )
    return found


def remove(project: Project, names: Iterable[str]) -> None:
    """Remove files of the output folder. INVARIANT: the caller holds the project's lock."""
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
