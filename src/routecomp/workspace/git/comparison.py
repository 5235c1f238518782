"""Find what to compare a project with: `--against`, or where HEAD left the base branch; and read its files.

Files of the other side that are the project's own, by their Git ids, are not read at all: the cost is that of the
change.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import NamedTuple

from routecomp.model.suggest import suggestion
from routecomp.review.base.base import Base
from routecomp.workspace.files import ENDINGS, FOLDERS, MAX_DEPTH, collect
from routecomp.workspace.git.base_point import BasePoint, no_common_commit
from routecomp.workspace.git.objects import Blob, blob_id
from routecomp.workspace.git.process import NO_BASE, GitError
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.on_demand import read_sound_table
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project

_HERE = (".", "..")
_SUBMODULE = "160000"


class Comparison(NamedTuple):
    """The other side of a change. `base` is None where there is none, or where it is the project itself.

    `identity` is a name for the base's files and place: equal names, equal bases. `notes` are for the user.
    `where` says where the other side stands, and is empty where there is none.
    """

    base: Base | None = None
    identity: str = ""
    notes: tuple[str, ...] = ()
    where: str = ""


def find_comparison(project: Project, snapshot: Snapshot, against: str | None = None) -> Comparison:
    """Find the other side of a change, and read it.

    `against` is a ref, a ref with `...` behind it (then the commit where HEAD's history left it), a folder, or a
    compiled table; by default it is where HEAD left the base branch. Raises a `Problem` where it cannot be read.
    """
    try:
        if against is None:
            return _with_base_branch(project, snapshot)
        return _with(project, snapshot, against)
    except GitError as failure:
        reason = visible(str(failure)) or "no reason given"
        raise Problem(
            f"Git cannot read what to compare with: {reason}",
            f"repair the repository (a partial clone needs its origin within reach); {NO_BASE}",
        ) from None


def _with(project: Project, snapshot: Snapshot, against: str) -> Comparison:
    """Compare with what `against` names: a folder that is written as one, a table, a ref, else any folder."""
    if not against.strip() or not against.isprintable():
        raise Problem("--against names nothing", "give a branch, a tag, a commit or a folder")
    is_folder = os.path.isdir(against)
    if is_folder and (against in _HERE or against.startswith(("./", "../", "/"))):
        return _with_folder(project, against)
    if os.path.isfile(against) or against.endswith(".json"):
        return _with_table(against)
    repository = snapshot.repository()
    if repository is not None:
        comparison = _with_ref(project, repository, against)
        if comparison is not None:
            return comparison
    if is_folder:
        return _with_folder(project, against)
    if repository is None:
        raise Problem(
            f"there is no folder {visible(against)}, and no Git repository here that could know it",
            "give a folder that holds routes/",
        )
    raise _unknown(repository, against)


def _with_folder(project: Project, folder: str) -> Comparison:
    """Compare with the project in a folder; raise a `Problem` where it holds none."""
    path = os.path.abspath(folder)
    if not os.path.isdir(os.path.join(path, FOLDERS[0])):
        raise Problem(f"{visible(folder)} holds no {FOLDERS[0]}/", "give the folder of a project")
    files = collect(path, project.settings.max_file_bytes)
    shown = folder.rstrip("/") + "/"
    digests = [(path, hashlib.sha256(data).digest()) for path, data in files.items()]
    identity = hashlib.sha256(repr((shown, digests)).encode()).hexdigest()
    return _comparison(project, f"in {visible(folder)}", shown, files, identity)


def _with_table(path: str) -> Comparison:
    """Return a compiled table as the other side; a note says that it lacks drafts, labels and earlier versions.

    Changes of those, and of experiments that answer nothing, are not judged. Raises a `Problem` for a table that no
    service would load.
    """
    data = read_sound_table(path)
    digest = hashlib.sha256(repr((path, hashlib.sha256(data).digest())).encode("utf-8", "surrogateescape"))
    where = f"in {visible(path)}"
    note = (
        f"{visible(path)} is a compiled table: drafts, experiments that answer nothing, labels and earlier "
        "versions are not in it, and changes of those were not judged; a commit or a folder has them"
    )
    return Comparison(Base(where, f"{visible(path)}:", {}, data), digest.hexdigest(), (note,), where)


def _with_ref(project: Project, repository: Repository, against: str) -> Comparison | None:
    """Compare with a ref, or with `...` behind it the commit where HEAD left it; return None where it names nothing.

    A name that this clone does not know is looked for at origin too.
    """
    name = against.removesuffix("...")
    remote = f"refs/remotes/origin/{name}"
    try:
        commits = repository.objects.commits([name, remote, "HEAD"])
    except GitError as failure:  # `@{u}` where there is no upstream
        raise Problem(
            f"Git cannot tell what {visible(against)} is: {visible(str(failure))}",
            "give a branch, a tag, a commit or a folder",
        ) from None
    tip = commits.get(name, commits.get(remote))
    if not name or tip is None:
        return None
    named = name if name in commits else f"origin/{name}"
    head = commits.get("HEAD")
    point = tip if head is None or head == tip else repository.fork_point(tip, [head])
    if against != name:
        if point is None:
            raise no_common_commit(repository, named)
        return _with_commit(project, repository, point, f"on {named}", named if point == tip else point[:10])
    note = (
        ""
        if point == tip
        else (
            f"{visible(named)} is compared as it is, though it has commits that are not in HEAD; "
            f"--against {visible(name)}... compares with where this branch left it"
        )
    )
    comparison = _with_commit(project, repository, tip, f"on {named}", named)
    is_empty = comparison.base is not None and not comparison.base.files
    nothing = f"{visible(named)} holds no YAML of this project: everything is new" if is_empty else ""
    notes = tuple(filter(None, (note, nothing)))
    return Comparison(comparison.base, comparison.identity, notes, comparison.where)


def _with_base_branch(project: Project, snapshot: Snapshot) -> Comparison:
    """Compare with where HEAD left the base branch; without one there is nothing to compare with."""
    point = snapshot.base_point()
    repository = snapshot.repository()
    if not isinstance(point, BasePoint) or repository is None:
        return Comparison(notes=() if isinstance(point, BasePoint) else point.notes)
    return _with_commit(project, repository, point.commit, point.where, point.shown)


def _with_commit(project: Project, repository: Repository, commit: str, where: str, shown: str) -> Comparison:
    """Compare with the project's folder in a commit."""
    blobs = repository.files(commit, FOLDERS)
    ids = {blob.path.removeprefix(repository.prefix): blob.id for blob in blobs if _is_read(repository, blob)}
    own = {
        path: project.files[path]
        for path, id in ids.items()
        if path in project.files and blob_id(project.files[path], id) == id
    }
    contents = repository.contents([id for path, id in ids.items() if path not in own])
    files = {path: own[path] if path in own else contents[id] for path, id in ids.items()}
    prefix = f"{shown}:{repository.prefix}"
    digest = hashlib.sha256(repr((prefix, where, sorted(ids.items()))).encode("utf-8", "surrogateescape"))
    return _comparison(project, visible(where), prefix, files, digest.hexdigest())


def _comparison(project: Project, where: str, shown: str, files: Mapping[str, bytes], identity: str) -> Comparison:
    """Return the comparison with some files; it has no base where they are the project's own."""
    if files == project.files:
        return Comparison(where=where)
    return Comparison(Base(where, shown, files), identity, where=where)


def _is_read(repository: Repository, blob: Blob) -> bool:
    """Return whether a file of a tree is one that `collect` would read from the disk.

    Raises a `Problem` for a submodule that is not hidden: its files are in another repository.
    """
    path = blob.path.removeprefix(repository.prefix)
    if blob.mode == _SUBMODULE and not _is_hidden(path):
        raise Problem(
            f"{visible(path)} is a submodule in the commit to compare with: its files are in another repository",
            f"check it out beside this one and give that folder: --against DIR; {NO_BASE}",
        )
    return blob.is_regular and path.endswith(ENDINGS) and not _is_hidden(path) and path.count("/") <= MAX_DEPTH


def _is_hidden(path: str) -> bool:
    """Return whether a part of a path begins with a dot."""
    return any(part.startswith(".") for part in path.split("/"))


def _unknown(repository: Repository, name: str) -> Problem:
    """Return (not raise) the problem that Git knows no such name, with the nearest one that it knows."""
    cut = "; this clone is shallow and may lack it: `git fetch --unshallow`" if repository.is_shallow else ""
    near = suggestion(name.removesuffix("..."), repository.branches(), "see `git branch --all`")
    return Problem(f"Git knows no {visible(name)} here, and there is no such folder", near + cut)
