"""Find the migrations that are released: those of the base branch, read from Git's objects and never from the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from routecomp.sql.dialects.names import dialect_names, folder_names
from routecomp.sql.file_names import BASELINE, FILE, FOLDER
from routecomp.sql.line_ends import is_written_plain
from routecomp.workspace.drafts import MAX_BYTES, migration_id, migration_names
from routecomp.workspace.files import native, read_if_there
from routecomp.workspace.git.base_point import BasePoint, NoBasePoint, point_beyond
from routecomp.workspace.git.objects import blob_id
from routecomp.workspace.git.own_drafts import OwnDrafts
from routecomp.workspace.git.process import GitError
from routecomp.workspace.git.released_history import migration_number, read_history, read_present
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project

_FROM = "name the folder that holds the released ones: --from DIR"


@dataclass(frozen=True)
class ReleasedMigrations:
    """The released migrations, by their paths below `migrations/`.

    `identity` is a name for them: equal names, equal files. `read_files` returns their bytes, and is called only
    where something is compiled. `names` are their paths; `ids` maps these to the ids of their contents in Git, None
    where they come from elsewhere. `carried_from` is the folder in which the base branch has them, from the
    repository's top, where that is another one than today's. `read_earlier` returns the bytes of those that call the
    tables as they were called before, where no other one is released. `own` tells which others may be replaced; where
    it is None all may.
    """

    identity: str
    read_files: Callable[[], Mapping[str, bytes]]
    names: frozenset[str] = frozenset()
    ids: Mapping[str, str] | None = None
    carried_from: str | None = None
    read_earlier: Callable[[], Mapping[str, bytes]] = dict
    own: OwnDrafts | None = None

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


class Overwritten(NamedTuple):
    """Migrations that a commit of the base branch has, and that are edited or gone since.

    `commit` is its id in short, `files` their paths below `migrations/` with the bytes that they had, and `folder`
    where it has them, from the repository's top, where that is another one than today's.
    """

    commit: str
    files: Mapping[str, bytes]
    folder: str | None


def released_migrations(
    project: Project, snapshot: Snapshot, folder: str | None = None, against: str | None = None
) -> ReleasedMigrations | None:
    """Return what a project's migrations begin with; None where its settings want none and nobody knows of any.

    `folder` holds one for each dialect, in place of the base branch. `against` is a commit of HEAD's history that is
    merged before HEAD: where it is beyond the base branch, what it has is released then. Raises a `Problem` where
    nobody can say what is released, though the settings want migrations.
    """
    dialects = project.settings.dialects
    if folder is not None and not dialects:
        raise Problem("the settings ask for no migrations, so --from has no meaning", "leave --from out")
    if folder is not None:
        return _from_files(_read_folder(folder), f"from {folder}")
    if dialects:
        return _of_base(project, snapshot, against)
    try:
        return _of_base(project, snapshot, against)
    except Problem:
        return None  # nothing is written, and nothing is removed


def _of_base(project: Project, snapshot: Snapshot, against: str | None) -> ReleasedMigrations | None:
    """Return the migrations of the base branch; None outside of Git where the settings want none."""
    try:
        point = snapshot.base_point()
        repository = snapshot.repository()
        if against is not None:
            point = point_beyond(repository, point, against)
        # Where no branch is known to be the base, what is committed counts as released.
        commit = point.commit if isinstance(point, BasePoint) else snapshot.head()
        if repository is not None and commit is not None:
            released = _of_commit(project, snapshot, repository, commit)
            if isinstance(point, NoBasePoint):
                return _written_plain(project, repository, released)
            own = OwnDrafts(project, repository, point)
            released = _with_remotes(project, snapshot, released, point)
            return replace(_written_plain(project, repository, released), own=own)
    except GitError as failure:
        raise Problem(
            f"Git cannot read the released migrations: {visible(str(failure))}", f"repair the repository, or {_FROM}"
        ) from None
    if not project.settings.dialects:
        return None if repository is None else _from_files({}, "nothing")
    _refuse_unknown(project)
    return _from_files({}, "nothing")


def _with_remotes(
    project: Project, snapshot: Snapshot, released: ReleasedMigrations, point: BasePoint
) -> ReleasedMigrations:
    """Return the released migrations with those that other remotes have released, or a base branch has since.

    Of what was released since HEAD left a base branch only the files count that HEAD or the work tree holds too: it
    has them by a squash merge, a pick or a merge back and forth. Raises a `Problem` where two remotes have migrations
    that exclude each other.
    """
    repository = snapshot.repository()
    if repository is None or released.ids is None or not (point.besides or point.tips):
        return released
    ids = dict(released.ids)
    for commit in point.besides:
        more = _of_commit(project, snapshot, repository, commit).ids or {}
        _refuse_rivals(ids, more, point, commit)
        ids |= more
    if point.tips:
        base = read_present(project, snapshot, repository, point.commit)
        heads = repository.objects.commits(["HEAD", "MERGE_HEAD"]).values()
        own = [read_present(project, snapshot, repository, head) for head in heads]
        for tip in point.tips:
            for name, id in read_present(project, snapshot, repository, tip).items():
                if name not in base and (any(files.get(name) == id for files in own) or _lies_here(project, name, id)):
                    ids.setdefault(name, id)
    if ids == released.ids:
        return released
    digest = hashlib.sha256(repr(sorted(ids.items())).encode("utf-8", "surrogateescape"))

    def read() -> Mapping[str, bytes]:
        contents = repository.contents(sorted(set(ids.values())))
        return {path: contents[id] for path, id in ids.items()}

    return ReleasedMigrations(digest.hexdigest(), read, frozenset(ids), ids, released.carried_from)


def _written_plain(project: Project, repository: Repository, released: ReleasedMigrations) -> ReleasedMigrations:
    """Return released migrations with the bytes of the output folder where these have LF in place of CR LF.

    What is released is the content without its line ends, so that a change may write them as `migrate` reads them.
    """
    ids = released.ids or {}
    here: dict[str, bytes] = {}
    for name, id in ids.items():
        place = os.path.join(project.root, native(f"{project.settings.output}/{FOLDER}/{name}"))
        data = read_if_there(place, MAX_BYTES)
        if data is not None and b"\r" not in data and blob_id(data, id) != id:
            here[name] = data
    originals = repository.contents(sorted({ids[name] for name in here}))
    plain = {name: data for name, data in here.items() if is_written_plain(data, originals[ids[name]])}
    if not plain:
        return released
    ids = {**ids, **{name: blob_id(data, ids[name]) for name, data in plain.items()}}
    digest = hashlib.sha256(repr(sorted(ids.items())).encode("utf-8", "surrogateescape"))
    return replace(
        released, identity=digest.hexdigest(), ids=ids, read_files=lambda: {**released.read_files(), **plain}
    )


def _lies_here(project: Project, name: str, id: str) -> bool:
    """Return whether a migration (its path below `migrations/`) lies in the output folder with this content."""
    place = os.path.join(project.root, native(f"{project.settings.output}/{FOLDER}/{name}"))
    data = read_if_there(place, MAX_BYTES)
    return data is not None and blob_id(data, id) == id


def _refuse_rivals(ids: Mapping[str, str], more: Mapping[str, str], point: BasePoint, commit: str) -> None:
    """Raise a `Problem` where a commit has another migration of a number, or another content, than is released."""
    numbers = {migration_number(name): name for name in ids}
    for name, id in more.items():
        rival = numbers.get(migration_number(name), name)
        if rival != name or ids.get(name, id) != id:
            raise Problem(
                f"two remotes have released different migrations: {visible(rival)} {visible(point.where)} "
                f"({point.commit[:10]}), {visible(name)} in {commit[:10]}",
                "name the branch whose migrations databases run: `base_branch: REMOTE/BRANCH` in routecomp.yaml, or "
                f"{_FROM}",
            )


def known_released(project: Project, snapshot: Snapshot, any_base: bool = False) -> ReleasedMigrations | None:
    """Return the released migrations; None where nobody knows them.

    Nobody knows them outside of Git, once there are more migrations than the baseline (with no more, none are
    released). Where Git cannot say what is released, that is a `Problem`, unless `any_base`: then it is None too.
    """
    try:
        return released_migrations(project, snapshot)
    except Problem:
        if any_base or snapshot.repository() is None:
            return None
        raise


def overwritten_since(
    project: Project,
    snapshot: Snapshot,
    commit: str,
    files: Mapping[str, bytes],
    now: ReleasedMigrations | None,
) -> Overwritten | None:
    """Return what a commit has of released migrations and the base branch has lost or edited since; None for nothing.

    That is so after a merge that took the other side's file: the base branch itself cannot tell. `files` are the
    migrations in the output folder, path from the project's root to bytes, and `now` the released ones of the base
    branch; where nobody knows these, nothing is lost. A commit that is not on the base branch counts as the one where
    its history left it: what a branch writes is not released. Those that are as the base branch has them now or had
    them before that commit were restored.
    """
    if now is None:
        return None
    try:
        return _overwritten_since(project, snapshot, commit, files, now)
    except Problem:
        return None  # nobody knows the base branch, and `check` says why where it matters


def released_since(project: Project, snapshot: Snapshot, commit: str, now: ReleasedMigrations | None) -> frozenset[str]:
    """Return the names of the migrations that the base branch has released since a commit; none where nobody knows."""
    repository = snapshot.repository()
    if now is None or repository is None:
        return frozenset()
    try:
        point = snapshot.base_point()
        base = point.commit if isinstance(point, BasePoint) else snapshot.head()
        before = None if base is None else repository.fork_point(base, [commit])
        if before is None or before == base:
            return frozenset()
        return now.names - _of_commit(project, snapshot, repository, before).names
    except Problem:
        return frozenset()


def _overwritten_since(
    project: Project, snapshot: Snapshot, commit: str, files: Mapping[str, bytes], now: ReleasedMigrations
) -> Overwritten | None:
    """Do the work of `overwritten_since`; raises a `Problem` where a commit cannot be read."""
    repository, point = snapshot.repository(), snapshot.base_point()
    base = point.commit if isinstance(point, BasePoint) else snapshot.head()
    if repository is None or base is None or base == commit:
        return None
    before = repository.fork_point(base, [commit])
    if before is None or before == base:
        return None
    released = _written_plain(project, repository, _of_commit(project, snapshot, repository, before))
    below = f"{project.settings.output}/{FOLDER}/"
    lost: dict[str, str] = {}
    for name, id in (released.ids or {}).items():
        here = files.get(below + name)
        is_dropped = here is None and name.partition("/")[0] not in project.settings.dialects
        if (now.ids or {}).get(name) != id and not is_dropped and (here is None or blob_id(here, id) != id):
            lost[name] = id
    if not lost:
        return None
    places = {f"{repository.prefix}{native(below + name)}": name for name in lost}
    for step in repository.history(before, places):
        for path, id in (*step.added.items(), *step.modified.items()):
            here = files.get(below + places[path])
            if here is not None and blob_id(here, id) == id:
                lost.pop(places[path], None)
    contents = repository.contents(sorted(set(lost.values())))
    return Overwritten(before[:10], {name: contents[id] for name, id in lost.items()}, released.carried_from)


def _refuse_unknown(project: Project) -> None:
    """Raise a `Problem` where migrations besides the baseline lie in a project without Git: they may be released."""
    more = [name for name in migration_names(project) if not os.path.basename(name).startswith(f"{BASELINE}.")]
    if more:
        raise Problem(
            f"{visible(project.settings.output)}/{visible(more[0])} is there, and no Git repository says whether it "
            "is released",
            f"compile inside of the repository, or {_FROM}",
        )


def _read_folder(above: str) -> dict[str, bytes]:
    """Return the migrations of the dialects' folders in a folder; a dialect without a folder has none."""
    if not os.path.isdir(above):
        raise Problem(f"{visible(above)} is not a folder", f"name the folder that holds {folder_names()}")
    files: dict[str, bytes] = {}
    for dialect in dialect_names():
        folder = os.path.join(above, dialect)
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            data = read_if_there(os.path.join(folder, name), MAX_BYTES) if FILE.fullmatch(name) else None
            if data is not None:
                files[f"{dialect}/{name}"] = data
    return files


def _from_files(files: Mapping[str, bytes], origin: str) -> ReleasedMigrations:
    """Return released migrations that were read already; `origin` says from where, in their identity."""
    digest = hashlib.sha256(repr((origin, sorted(files.items()))).encode())
    return ReleasedMigrations(digest.hexdigest(), lambda: files, frozenset(files))


def _of_commit(project: Project, snapshot: Snapshot, repository: Repository, commit: str) -> ReleasedMigrations:
    """Return the migrations that are released in a commit, with the deleted ones that databases may have run.

    They are sought wherever the project has had its output folder, under the settings of the commit and of those before
    it. Of a dialect that is not wanted only those count that are there: what a review has taken away stays away.
    """
    history = read_history(project, snapshot, repository, commit)
    wanted = set(project.settings.dialects)
    deleted = {path: id for path, id in history.deleted.items() if path.partition("/")[0] in wanted}
    ids = {
        **deleted,
        **{path: id for path, id in history.present.items() if migration_id(path) not in history.replaced},
    }

    def read(ids: Mapping[str, str]) -> dict[str, bytes]:
        contents = repository.contents(sorted(set(ids.values())))
        return {path: contents[id] for path, id in ids.items()}

    earlier = {} if ids else history.earlier
    digest = hashlib.sha256(repr(sorted((ids or earlier).items())).encode("utf-8", "surrogateescape"))
    return ReleasedMigrations(
        digest.hexdigest(),
        lambda: read(ids),
        frozenset(ids),
        ids,
        history.carried_from,
        lambda: read(earlier),
    )
