"""What to compare a project with in (`--against`, or the base branch), the base's files out.

Files that are the project's own, by their ids, are not read at all: the cost is that of the change.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass

from routecomp.review.base.base import Base
from routecomp.workspace.files import ENDINGS, FOLDERS, MAX_DEPTH, NotReadableError, collect, read_regular
from routecomp.workspace.git.repository import NO_BASE, Blob, GitError, Repository, find_repository
from routecomp.workspace.problem import Problem, visible

_USUAL = ("main", "master")
_HERE = (".", "..")
_SUBMODULE = "160000"
_REGULAR = ("100644", "100755", "100664")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a project is compared with. `base` is None where that is nothing, or nothing different.

    `identity` is a name for the base's files and place: equal names, equal bases. `notes` are for the user.
    `where` says where the other side stands, and is empty where there is none.
    """

    base: Base | None = None
    identity: str = ""
    notes: tuple[str, ...] = ()
    where: str = ""


def compare(
    root: str, files: Mapping[str, bytes], against: str | None, base_branch: str | None, max_bytes: int
) -> Comparison:
    """Find the other side of a change.

    `against` is a ref, a ref with `...` behind it (then the commit where HEAD's history left it), or a folder;
    by default it is where HEAD left the base branch. `files` are the project's own, path to bytes.
    """
    try:
        if against is None:
            return _with_base_branch(root, files, base_branch)
        return _with(root, files, against, max_bytes)
    except GitError as failure:
        said = visible(str(failure)) or "no reason given"
        raise Problem(
            f"Git cannot read what to compare with: {said}",
            f"repair the repository (a partial clone needs its origin within reach); {NO_BASE}",
        ) from None


def _with(root: str, files: Mapping[str, bytes], against: str, max_bytes: int) -> Comparison:
    if not against.strip() or not against.isprintable():
        raise Problem("--against names nothing", "give a branch, a tag, a commit or a folder")
    is_folder = os.path.isdir(against)
    if is_folder and (against in _HERE or against.startswith(("./", "../", "/"))):
        return _with_folder(files, against, max_bytes)
    if os.path.isfile(against) or against.endswith(".json"):
        return _with_table(against)
    repository = find_repository(root)
    if repository is not None:
        found = _with_ref(repository, files, against)
        if found is not None:
            return found
    if is_folder:
        return _with_folder(files, against, max_bytes)
    if repository is None:
        raise Problem(
            f"there is no folder {visible(against)}, and no Git repository here that could know it",
            "give a folder that holds routes/",
        )
    raise _unknown(repository, against)


def _with_folder(files: Mapping[str, bytes], folder: str, max_bytes: int) -> Comparison:
    path = os.path.abspath(folder)
    if not os.path.isdir(os.path.join(path, FOLDERS[0])):
        raise Problem(f"{visible(folder)} holds no {FOLDERS[0]}/", "give the folder of a project")
    found = collect(path, max_bytes)
    shown = folder.rstrip("/") + "/"
    digest = hashlib.sha256(repr((shown, [(p, hashlib.sha256(d).digest()) for p, d in found.items()])).encode())
    return _comparison(files, f"in {visible(folder)}", shown, found, digest.hexdigest())


def _with_table(path: str) -> Comparison:
    """The comparison with a compiled table: what it does not hold is not judged, and the notes say so."""
    from routecomp.runtime.resolver import MAX_BYTES, Router

    if not os.path.lexists(path):
        raise Problem(f"there is no file {visible(path)}", "give a routing_table.json, a commit or a folder")
    try:
        data = read_regular(path, MAX_BYTES)
    except NotReadableError as failure:
        raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None
    refused = Router.from_bytes(data, None).status()["last_rejection"]
    if refused is not None:
        raise Problem(
            f"{visible(path)} is no routing table that can be read: {visible(str(refused))}",
            "give a routing_table.json that `routecomp compile` wrote, or a commit or a folder",
        )
    digest = hashlib.sha256(repr((path, hashlib.sha256(data).digest())).encode("utf-8", "surrogateescape"))
    where = f"in {visible(path)}"
    note = (
        f"{visible(path)} is a compiled table: drafts, experiments that answer nothing, labels and earlier "
        "versions are not in it, and changes of those were not judged; a commit or a folder has them"
    )
    return Comparison(Base(where, f"{visible(path)}:", {}, data), digest.hexdigest(), (note,), where)


def _with_ref(repository: Repository, files: Mapping[str, bytes], against: str) -> Comparison | None:
    """The comparison with a ref, or None where it stands for nothing."""
    name = against.removesuffix("...")
    remote = f"refs/remotes/origin/{name}"
    try:
        known = repository.commits([name, remote, "HEAD"])
    except GitError as failure:  # `@{u}` where there is no upstream
        raise Problem(
            f"Git cannot tell what {visible(against)} is: {visible(str(failure))}",
            "give a branch, a tag, a commit or a folder",
        ) from None
    tip = known.get(name, known.get(remote))
    if not name or tip is None:
        return None
    named = name if name in known else f"origin/{name}"
    head = known.get("HEAD")
    point = tip if head in (None, tip) else repository.fork_point(tip, [str(head)])
    if against != name:
        if point is None:
            raise _unrelated(repository, named)
        return _with_commit(repository, files, point, f"on {named}", named if point == tip else point[:10])
    note = (
        ""
        if point == tip
        else (
            f"{visible(named)} is compared as it is, though it has commits that are not in HEAD; "
            f"--against {visible(name)}... compares with where this branch left it"
        )
    )
    found = _with_commit(repository, files, tip, f"on {named}", named)
    empty = found.base is not None and not found.base.files
    nothing = f"{visible(named)} holds no YAML of this project: everything is new" if empty else ""
    return Comparison(found.base, found.identity, tuple(filter(None, (note, nothing))), found.where)


@dataclass(frozen=True, slots=True)
class BasePoint:
    """Where HEAD's history left the base branch: `where` and `shown` as in `Base`."""

    repository: Repository
    commit: str
    where: str
    shown: str


def _with_base_branch(root: str, files: Mapping[str, bytes], base_branch: str | None) -> Comparison:
    point = base_point(root, base_branch)
    if isinstance(point, Comparison):
        return point
    return _with_commit(point.repository, files, point.commit, point.where, point.shown)


def base_point(root: str, base_branch: str | None) -> BasePoint | Comparison:
    """The commit to compare with by default; where there is none, the comparison with nothing that says so."""
    repository = find_repository(root)
    if repository is None:
        return Comparison()
    names = [base_branch] if base_branch is not None else [repository.default_branch(), *_USUAL]
    refs = {name: _refs(name, base_branch is not None) for name in names if name is not None}
    known = repository.commits(["HEAD", "MERGE_HEAD", *(ref for some in refs.values() for ref in some)])
    if "HEAD" not in known:
        return Comparison()  # no commit yet: everything is new
    name = next((name for name, some in refs.items() if any(ref in known for ref in some)), None)
    if name is None:
        return _no_base_branch(repository, base_branch)
    # Of the branch as it is here and as it is at origin, whatever this branch has seen last counts.
    tips = {known[ref]: ref for ref in reversed(refs[name]) if ref in known}
    # While a merge is under way the work tree is already what both sides lead to.
    heads = [known[head] for head in ("HEAD", "MERGE_HEAD") if head in known]
    points = [tip if [tip] == heads else repository.fork_point(tip, heads) for tip in tips]
    found = list(dict.fromkeys(point for point in points if point is not None))
    if not found:
        raise _unrelated(repository, name)
    commit = found[0] if len(found) == 1 else repository.latest(found)
    shown = _short(tips[commit]) if commit in tips else commit[:10]
    return BasePoint(repository, commit, f"on {name}", shown)


def _refs(name: str, any_remote: bool) -> list[str]:
    refs = [f"refs/heads/{name}", f"refs/remotes/origin/{name}"]
    return [*refs, f"refs/remotes/{name}"] if any_remote else refs


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")


def _no_base_branch(repository: Repository, base_branch: str | None) -> Comparison:
    if base_branch is not None:
        raise Problem(
            f"the base branch {visible(base_branch)} of the settings is not in this clone",
            f"fetch it (`git fetch origin {visible(base_branch)}`), or correct `base_branch`; {NO_BASE}",
        )
    if repository.shallow:
        raise Problem(
            "this clone has no base branch to compare with: it is shallow",
            f"clone with the whole history (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0); {NO_BASE}",
        )
    return Comparison(
        notes=(
            "the rules of change were not checked: there is no main, no master and no origin to compare with; "
            "name your base branch as `base_branch` in routecomp.yaml",
        )
    )


def _unrelated(repository: Repository, name: str) -> Problem:
    if repository.shallow:
        return Problem(
            f"where this branch left {visible(name)} is not in this clone: it is shallow",
            "fetch the whole history: `git fetch --unshallow` "
            f"(GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0); {NO_BASE}",
        )
    return Problem(
        f"this branch and {visible(name)} have no commit in common",
        f"--against {visible(name)} compares with it as it is; {NO_BASE}",
    )


def _unknown(repository: Repository, name: str) -> Problem:
    from routecomp.model.suggest import suggestion

    cut = "; this clone is shallow and may lack it: `git fetch --unshallow`" if repository.shallow else ""
    near = suggestion(name.removesuffix("..."), repository.branches(), "see `git branch --all`")
    return Problem(f"Git knows no {visible(name)} here, and there is no such folder", near + cut)


def _with_commit(repository: Repository, files: Mapping[str, bytes], commit: str, where: str, shown: str) -> Comparison:
    """The comparison with the project's folder in a commit."""
    blobs = repository.files(commit, FOLDERS)
    ids = {blob.path.removeprefix(repository.prefix): blob.id for blob in blobs if _is_read(repository, blob)}
    own = {path: files[path] for path, id in ids.items() if path in files and blob_id(files[path], id) == id}
    wanted = [path for path in ids if path not in own]
    contents = repository.contents([ids[path] for path in wanted])
    found = {path: own[path] if path in own else contents[id] for path, id in ids.items()}
    prefix = f"{shown}:{repository.prefix}"
    digest = hashlib.sha256(repr((prefix, where, sorted(ids.items()))).encode("utf-8", "surrogateescape"))
    return _comparison(files, visible(where), prefix, found, digest.hexdigest())


def _comparison(
    files: Mapping[str, bytes], where: str, shown: str, found: dict[str, bytes], identity: str
) -> Comparison:
    if found == files:
        return Comparison(where=where)
    return Comparison(Base(where, shown, found), identity, where=where)


def _is_read(repository: Repository, blob: Blob) -> bool:
    """Whether a file of a tree is one that `collect` would read from the disk."""
    path = blob.path.removeprefix(repository.prefix)
    if blob.mode == _SUBMODULE and not _is_hidden(path):
        raise Problem(
            f"{visible(path)} is a submodule in the commit to compare with: its files are in another repository",
            f"check it out beside this one and give that folder: --against DIR; {NO_BASE}",
        )
    return blob.mode in _REGULAR and path.endswith(ENDINGS) and not _is_hidden(path) and path.count("/") <= MAX_DEPTH


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def blob_id(data: bytes, like: str) -> str:
    """The id Git gives these bytes as a blob, in the repository's own hash."""
    header = b"blob %d\0" % len(data)
    if len(like) == 40:
        return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()
    return hashlib.sha256(header + data).hexdigest()
