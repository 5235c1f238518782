"""Find what to compare a project with: `--against`, or where HEAD left the base branch; and read its files.

Files of the other side that are the project's own, by their Git ids, are not read at all: the cost is that of the
change.
"""

from __future__ import annotations

import hashlib
import os
from typing import NamedTuple

from routecomp.model.suggest import suggestion
from routecomp.review.base.base import Base
from routecomp.workspace.files import FOLDERS, collect
from routecomp.workspace.git.base_point import BasePoint, no_common_commit
from routecomp.workspace.git.objects import Blob, blob_id
from routecomp.workspace.git.on_demand import gone_original
from routecomp.workspace.git.process import NO_BASE, GitError
from routecomp.workspace.git.project_in_commit import is_yaml
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.on_demand import read_sound_table
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.settings import Settings

_HERE = (".", "..")
_SUBMODULE = "160000"


class Comparison(NamedTuple):
    """The other side of a change. `base` is None where there is none, or where it is the project itself.

    `identity` is a name for the base's files and place: equal names, equal bases. `notes` are for the user.
    `where` says where the other side stands, and is empty where there is none. `commit` is the commit or `folder` the
    folder that it stands in, and `prefix` what a report writes before its paths.
    """

    base: Base | None = None
    identity: str = ""
    notes: tuple[str, ...] = ()
    where: str = ""
    commit: str | None = None
    folder: str | None = None
    prefix: str = ""


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
        comparison = _with_ref(project, snapshot, repository, against)
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
    limits = _limits(load_settings(path))
    files = collect(path, limits[0])
    shown = folder.rstrip("/") + "/"
    digests = [(path, hashlib.sha256(data).digest()) for path, data in files.items()]
    identity = hashlib.sha256(repr((shown, limits[0], sorted(limits[1]), digests)).encode()).hexdigest()
    base = Base(f"in {visible(folder)}", shown, files, None, *limits)
    return _comparison(project, base, identity)._replace(folder=path, prefix=shown)


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


def _with_ref(project: Project, snapshot: Snapshot, repository: Repository, against: str) -> Comparison | None:
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
        return _with_commit(project, snapshot, repository, point, f"on {named}", named if point == tip else point[:10])
    note = (
        ""
        if point == tip
        else (
            f"{visible(named)} is compared as it is, though it has commits that are not in HEAD; "
            f"--against {visible(name)}... compares with where this branch left it"
        )
    )
    comparison = _with_commit(project, snapshot, repository, tip, f"on {named}", named)
    is_empty = comparison.base is not None and not comparison.base.files
    nothing = f"{visible(named)} holds no YAML of this project: everything is new" if is_empty else ""
    notes = (*comparison.notes, *filter(None, (note, nothing)))
    return comparison._replace(notes=notes)


def _with_base_branch(project: Project, snapshot: Snapshot) -> Comparison:
    """Compare with where HEAD left the base branch; without one there is nothing to compare with."""
    point, notes = snapshot.change_point()
    repository = snapshot.repository()
    if not isinstance(point, BasePoint) or repository is None:
        return Comparison(notes=() if isinstance(point, BasePoint) else point.notes)
    comparison = _with_commit(project, snapshot, repository, point.commit, point.where, point.shown)
    return comparison._replace(notes=(*notes, *comparison.notes))


def _with_commit(
    project: Project, snapshot: Snapshot, repository: Repository, commit: str, where: str, shown: str
) -> Comparison:
    """Compare with the project as a commit holds it, be it in another folder."""
    there = snapshot.project_in(commit, project)
    blobs = repository.objects.files(commit, [there.prefix + folder for folder in FOLDERS])
    ids = {blob.path.removeprefix(there.prefix): blob.id for blob in blobs if _is_read(blob, there.prefix)}
    own = {
        path: project.files[path]
        for path, id in ids.items()
        if path in project.files and blob_id(project.files[path], id) == id
    }
    contents = repository.contents([id for path, id in ids.items() if path not in own])
    files = {path: own[path] if path in own else contents[id] for path, id in ids.items()}
    base = Base(
        visible(where),
        f"{shown}:{there.prefix}",
        files,
        None,
        *_limits(there.settings),
        lambda path, data: repository.held(commit, there.prefix + path, blob_id(data, commit)),
    )
    digest = hashlib.sha256(
        repr((base.prefix, where, base.max_bytes, sorted(base.released), sorted(ids.items()))).encode(
            "utf-8", "surrogateescape"
        )
    )
    is_here = there.is_there and there.prefix == repository.prefix
    original = gone_original(repository, commit) if is_here else ""
    notes = (*there.notes, *filter(None, (original,)))
    return _comparison(project, base, digest.hexdigest(), notes)._replace(commit=commit, prefix=base.prefix)


def _comparison(project: Project, base: Base, identity: str, notes: tuple[str, ...] = ()) -> Comparison:
    """Return the comparison with a base; it has none where its files are the project's own."""
    if base.files == project.files:
        return Comparison(notes=notes, where=base.where)
    return Comparison(base, identity, notes, base.where)


def _limits(settings: Settings) -> tuple[int, frozenset[str]]:
    """Return how large a file of a base may be, and the fingerprints of what looks like a credential and is none."""
    return settings.max_file_bytes, settings.released


def _is_read(blob: Blob, prefix: str) -> bool:
    """Return whether a file of a tree is one that `collect` would read from the disk; `prefix` is the project's folder.

    Raises a `Problem` for a submodule that is not hidden: its files are in another repository.
    """
    path = blob.path.removeprefix(prefix)
    if blob.mode == _SUBMODULE and not _is_hidden(path):
        raise Problem(
            f"{visible(path)} is a submodule in the commit to compare with: its files are in another repository",
            f"check it out beside this one and give that folder: --against DIR; {NO_BASE}",
        )
    return is_yaml(blob, prefix)


def _is_hidden(path: str) -> bool:
    """Return whether a part of a path begins with a dot."""
    return any(part.startswith(".") for part in path.split("/"))


def _unknown(repository: Repository, name: str) -> Problem:
    """Return (not raise) the problem that Git knows no such name, with the nearest one that it knows."""
    cut = "; this clone is shallow and may lack it: `git fetch --unshallow`" if repository.is_shallow else ""
    near = suggestion(name.removesuffix("..."), repository.branches(), "see `git branch --all`")
    return Problem(f"Git knows no {visible(name)} here, and there is no such folder", near + cut)
