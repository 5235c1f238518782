"""Find the migrations that are released: those of the base branch, read from Git's objects and never from the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from routecomp.sql.dialects.names import folder_names
from routecomp.sql.file_names import BASELINE, FOLDER
from routecomp.workspace.drafts import MAX_BYTES, migration_id, migration_names
from routecomp.workspace.files import native, read_if_there
from routecomp.workspace.git.base_point import BasePoint
from routecomp.workspace.git.objects import blob_id
from routecomp.workspace.git.process import GitError
from routecomp.workspace.git.repository import HistoryStep, Repository
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project

_FROM = "name the folder that holds the released ones: --from DIR"


@dataclass(frozen=True)
class ReleasedMigrations:
    """The released migrations, by their paths below `migrations/`.

    `identity` is a name for them: equal names, equal files. `read_files` returns their bytes, and is called only
    where something is compiled. `names` are their paths; `ids` maps these to the ids of their contents in Git, None
    where they come from elsewhere.
    """

    identity: str
    read_files: Callable[[], Mapping[str, bytes]]
    names: frozenset[str] = frozenset()
    ids: Mapping[str, str] | None = None

    def is_unchanged(self, output: str, files: Mapping[str, bytes]) -> bool:
        """Return whether the files of an output folder hold every released migration as it was released.

        `files` is path from the project's root to bytes. Where only the bytes of the released ones could tell, the
        answer is no.
        """
        if not self.names:
            return True
        if self.ids is None:
            return False
        paths = {f"{output}/{FOLDER}/{path}": id for path, id in self.ids.items()}
        return all(path in files and blob_id(files[path], id) == id for path, id in paths.items())


def released_migrations(project: Project, snapshot: Snapshot, folder: str | None = None) -> ReleasedMigrations | None:
    """Return what a project's migrations begin with; None where its settings want none.

    `folder` holds one for each dialect, in place of the base branch. Raises a `Problem` where nobody can say
    what is released.
    """
    dialects = project.settings.dialects
    if folder is not None and not dialects:
        raise Problem("the settings ask for no migrations, so --from has no meaning", "leave --from out")
    if not dialects:
        return None
    if folder is not None:
        return _from_files(_read_folder(folder, dialects), f"from {folder}")
    try:
        point = snapshot.base_point()
        repository = snapshot.repository()
        # Where no branch is known to be the base, what is committed counts as released.
        commit = point.commit if isinstance(point, BasePoint) else snapshot.head()
        if repository is not None and commit is not None:
            return _of_commit(project, repository, commit)
    except GitError as failure:
        raise Problem(
            f"Git cannot read the released migrations: {visible(str(failure))}", f"repair the repository, or {_FROM}"
        ) from None
    _refuse_unknown(project)
    return _from_files({}, "nothing")


def known_released(project: Project, snapshot: Snapshot, any_base: bool = False) -> ReleasedMigrations | None:
    """Return the released migrations; None where the settings want none, or where nobody knows them.

    Nobody knows them outside of Git, once there are more migrations than the baseline (with no more, none are
    released). Where Git cannot say what is released, that is a `Problem`, unless `any_base`: then it is None too.
    """
    try:
        return released_migrations(project, snapshot)
    except Problem:
        if any_base or snapshot.repository() is None:
            return None
        raise


def _refuse_unknown(project: Project) -> None:
    """Raise a `Problem` where migrations besides the baseline lie in a project without Git: they may be released."""
    more = [name for name in migration_names(project) if not os.path.basename(name).startswith(f"{BASELINE}.")]
    if more:
        raise Problem(
            f"{visible(project.settings.output)}/{visible(more[0])} is there, and no Git repository says whether it "
            "is released",
            f"compile inside of the repository, or {_FROM}",
        )


def _read_folder(above: str, dialects: Iterable[str]) -> dict[str, bytes]:
    """Return the `.sql` files of the dialects' folders in a folder; a dialect without a folder has none."""
    if not os.path.isdir(above):
        raise Problem(f"{visible(above)} is not a folder", f"name the folder that holds {folder_names()}")
    files: dict[str, bytes] = {}
    for dialect in dialects:
        folder = os.path.join(above, dialect)
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            data = read_if_there(os.path.join(folder, name), MAX_BYTES) if name.endswith(".sql") else None
            if data is not None:
                files[f"{dialect}/{name}"] = data
    return files


def _from_files(files: Mapping[str, bytes], origin: str) -> ReleasedMigrations:
    """Return released migrations that were read already; `origin` says from where, in their identity."""
    digest = hashlib.sha256(repr((origin, sorted(files.items()))).encode())
    return ReleasedMigrations(digest.hexdigest(), lambda: files, frozenset(files))


def _of_commit(project: Project, repository: Repository, commit: str) -> ReleasedMigrations:
    """Return the migrations that are released in a commit, with the deleted ones that databases may have run."""
    below = f"{project.settings.output}/{FOLDER}"
    above = f"{repository.prefix}{below}/"
    present = {
        blob.path.removeprefix(above): blob.id
        for blob in repository.files(commit, [native(below)])
        if blob.is_regular and blob.path.endswith(".sql")
    }
    deleted, replaced = _deleted_and_replaced(repository, commit, native(below), above)
    ids = {**deleted, **{path: id for path, id in present.items() if migration_id(path) not in replaced}}

    def read_files() -> dict[str, bytes]:
        contents = repository.contents(sorted(set(ids.values())))
        return {path: contents[id] for path, id in ids.items()}

    digest = hashlib.sha256(repr(sorted(ids.items())).encode("utf-8", "surrogateescape"))
    return ReleasedMigrations(digest.hexdigest(), read_files, frozenset(ids), ids)


def _deleted_and_replaced(
    repository: Repository, commit: str, folder: str, above: str
) -> tuple[dict[str, str], set[str]]:
    """Return the migrations that were released and deleted, and the drafts that were replaced before their release.

    The first are path below `above` to content. The second are dialect/id; a revert may have brought them back.

    A branch of several commits that was fast-forwarded or rebased leaves its drafts in the history of the base: a
    commit that deletes a migration and adds one of its number or above replaces a draft. A commit that deletes one and
    adds none, or says that it is a revert, takes back what databases may have run; so does a merge, where what it
    merges had deleted it. The table is in docs/database.md.
    """
    deleted: dict[str, str] = {}
    replaced: set[str] = set()
    for step in repository.deletions(commit, folder):
        added = {migration_id(path.removeprefix(above)) for path in step.added}
        takes_back = step.is_revert or _merges_a_deletion(repository, step, folder)
        for path, content in step.deleted.items():
            name = path.removeprefix(above)
            id = migration_id(name)
            if not takes_back and any(_may_replace(other, id) for other in added):
                replaced.add(id)
            elif id not in replaced:
                deleted[name] = content
        if not takes_back:
            replaced -= added
    return deleted, replaced


def _merges_a_deletion(repository: Repository, step: HistoryStep, folder: str) -> bool:
    """Return whether a merge took a deletion over, in place of making it: what both sides began with had the file."""
    first, others = step.parents[:1], step.parents[1:]
    if not others or not step.deleted or not step.added:
        return False
    fork = repository.fork_point(first[0], others)
    return fork is not None and any(blob.path in step.deleted for blob in repository.files(fork, [folder]))


def _may_replace(other: str, id: str) -> bool:
    """Return whether a migration can have come in the place of another one: the same dialect, its number or above."""
    (folder, _, name), (other_folder, _, other_name) = id.rpartition("/"), other.rpartition("/")
    return folder == other_folder and name.partition("_")[0].zfill(9) <= other_name.partition("_")[0].zfill(9)
