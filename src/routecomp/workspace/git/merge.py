"""Merge one file of an output folder for Git: compile it from the YAML as Git will merge it.

Git asks for a file at a time, before the work tree holds anything of the result. So the YAML of the three sides is
read from Git's objects and merged here, file by file.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from routecomp import __version__
from routecomp.diagnostics.render import render
from routecomp.interop.export.names import wanted_by
from routecomp.rules.registry import Rules
from routecomp.workspace.compile import compile_project
from routecomp.workspace.files import FOLDERS, find_root, locked, native, read_if_there
from routecomp.workspace.git.base_point import BasePoint
from routecomp.workspace.git.process import GitError, clean_environment, run_git
from routecomp.workspace.git.project_in_commit import is_yaml, project_in_commit
from routecomp.workspace.git.repository import QUIET_LOG, Repository
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.make_exports import export_files
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.publish import publish
from routecomp.workspace.required_version import required_version
from routecomp.workspace.settings import Settings

DRIVER = "routecomp"
_MOST_COMMITS = "5000"
_BY_HAND = "then run `routecomp compile` and `git add` the output folder"


@dataclass(frozen=True, slots=True)
class MergedFile:
    """The outcome of merging a file: its new bytes (None: as it was), whether they settle it, and what to tell."""

    data: bytes | None
    is_clean: bool
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sides:
    """The trees of a merge, as commits: what both began with, ours, and theirs."""

    base: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class _Owner:
    """The project that writes a file: its folder, its settings, and the file's name in its output folder."""

    folder: str
    settings: Settings
    name: str


def merge_file(top: str, base: str, ours: str, theirs: str, path: str) -> MergedFile:
    """Merge one file of an output folder: compile the merged YAML, or merge as text where that is not possible.

    `top` is the work tree's folder; `base`, `ours` and `theirs` are files with the three sides; `path` is the merged
    file's, from `top`. Nothing is written. Where the merged YAML has conflicts or errors, the outcome has no bytes and
    says so. Raises a `Problem` for settings or a repository that cannot be read.
    """
    owner = _owner(top, path)
    if owner is None:
        return _merge_as_text(base, ours, theirs, f"{visible(path)}: no project of routecomp writes it")
    required = required_version(owner.settings)
    if required is not None and not required.matches:
        return MergedFile(None, False, (f"{visible(path)}: {required.fact}: {required.remedy}, {_BY_HAND}",))
    with Snapshot(owner.folder, owner.settings.base_branch) as snapshot:
        repository = snapshot.repository()
        if repository is None:
            return _merge_as_text(base, ours, theirs, f"{visible(path)}: no project of routecomp writes it")
        try:
            if owner.name.startswith("migrations/"):
                return _merge_migration(snapshot, repository, owner, path, is_new=os.path.getsize(base) == 0)
            sides = _sides(repository, base, theirs, path)
            if sides is None:
                return _merge_as_text(
                    base,
                    ours,
                    theirs,
                    f"{visible(path)}: what is being merged cannot be told; afterwards run `routecomp compile --check`",
                )
            files, conflicts = _merge_yaml(repository, sides, owner.settings)
        except GitError as failure:
            reason = f"{visible(path)}: Git cannot be asked: {visible(str(failure))}"
            return _merge_as_text(base, ours, theirs, reason)
    if conflicts:
        message = (
            f"{visible(path)}: the YAML has conflicts ({', '.join(map(visible, conflicts))}): resolve them, {_BY_HAND}"
        )
        return MergedFile(None, False, (message,))
    return _compile_file(owner, files, path) or _merge_as_text(base, ours, theirs, "")


def install_driver(root: str | None) -> Iterator[str]:
    """Make the clone that holds a project use the driver; yield what was done, line by line, as it is done.

    It sets the clone's Git configuration and adds a line to .gitattributes where that does not name the driver yet.
    Raises a `Problem` without a repository, and for a file that cannot be written.
    """
    folder = find_root(root)
    with Snapshot(folder) as snapshot:
        if snapshot.repository() is None:
            raise Problem("there is no Git repository here to install a merge driver in", "run `git init` first")
    output = load_settings(folder).output
    for key, value in (
        ("name", "compile the merged YAML"),
        ("driver", f"{_command()} merge-driver %O %A %B %P"),
        ("recursive", "binary"),
    ):
        try:
            run_git(folder, ["config", f"merge.{DRIVER}.{key}", value])
        except GitError as failure:
            raise Problem(
                f"Git's configuration cannot be written: {visible(str(failure))}", "make .git/config writable for you"
            ) from None
    yield f"this clone merges {visible(output)}/ with `{_command()} merge-driver`"
    attribute = run_git(folder, ["check-attr", "merge", "--", f"{output}/routing_table.json"])
    if attribute.decode("utf-8", "replace").strip().endswith(f": {DRIVER}"):
        yield ".gitattributes names it already"
        return
    with locked(folder):
        old = read_if_there(os.path.join(folder, ".gitattributes"), 1 << 20) or b""
        line = f"{output}/** -text linguist-generated=true merge={DRIVER}\n".encode()
        gap = b"\n" if old and not old.endswith(b"\n") else b""
        publish(folder, "", {".gitattributes": old + gap + line}, lambda _: None)
    yield ".gitattributes: one line added; commit it, so that every clone has it"


def _command() -> str:
    """Return how Git finds this program: by its name where it is on the path, else by where it lies."""
    return "routecomp" if shutil.which("routecomp") is not None else shlex.quote(os.path.abspath(sys.argv[0]))


def _owner(top: str, path: str) -> _Owner | None:
    """Return the project (a folder of the work tree) that writes a file, None where none does."""
    above = path
    while above:
        above = os.path.dirname(above)
        folder = os.path.join(top, above)
        if not os.path.isdir(os.path.join(folder, FOLDERS[0])):
            continue
        settings = load_settings(folder)
        inner = path.removeprefix(f"{above}/") if above else path
        if inner.startswith(f"{settings.output}/"):
            return _Owner(folder, settings, inner.removeprefix(f"{settings.output}/"))
    return None


def _merge_migration(
    snapshot: Snapshot, repository: Repository, owner: _Owner, path: str, *, is_new: bool
) -> MergedFile:
    """Merge a migration, which is never merged as text.

    A released one stays as it is: Git took another branch's draft for a renamed copy of it. Of anything else
    `compile` makes what is right, when the work tree holds the merged YAML.
    """
    point = snapshot.base_point()
    if isinstance(point, BasePoint) and not is_new:
        there = project_in_commit(repository, point.commit, owner.settings)
        for blob in repository.objects.files(
            point.commit, [f"{there.prefix}{native(there.settings.output)}/{owner.name}"]
        ):
            return MergedFile(repository.contents([blob.id])[blob.id], True)
    message = (
        f"{visible(path)}: a migration is not merged, it is written anew: run "
        "`routecomp compile` and `git add -A` the output folder"
    )
    return MergedFile(None, False, (message,))


def _compile_file(owner: _Owner, files: Mapping[str, bytes], path: str) -> MergedFile | None:
    """Compile the merged YAML to the file; return None where the compiler writes no such file."""
    today = datetime.now(UTC).date()
    compilation = compile_project(
        Project(owner.folder, owner.settings, dict(sorted(files.items())), today), prove=False
    )
    checked = compilation.checked
    errors = [diagnostic for diagnostic in checked.diagnostics if diagnostic.severity == "error"]
    if errors or compilation.table is None:
        report = render("text", errors, Rules(), version=__version__, checked=checked.files)
        message = f"{visible(path)}: the merged YAML has errors: repair them, {_BY_HAND}"
        return MergedFile(None, False, (report, message))
    data = compilation.artifacts.get(owner.name)
    wanted = wanted_by(owner.name)
    if wanted is not None and checked.program is not None:
        # Losses are allowed: the next `compile` refuses what the file beside this one does not allow.
        made = export_files(checked.program, compilation.table, owner.settings.output, wanted, may_lose=True)
        data = made.get(owner.name)
    return None if data is None else MergedFile(data, True)


def _sides(repository: Repository, base: str, theirs: str, path: str) -> _Sides | None:
    """Return the commits that are merged: `git merge` names them, any other command's are looked up in history.

    None where they cannot be told, and for a merge of more than two sides.
    """
    named = [name.removeprefix("GITHEAD_") for name in os.environ if name.startswith("GITHEAD_")]
    commits = repository.objects.commits(["HEAD", *named])
    head = commits.get("HEAD")
    others = [commits[name] for name in named if name in commits and commits[name] != head]
    if head is None or len(others) > 1:
        return None
    if others:
        fork = repository.fork_point(others[0], [head])
        return None if fork is None else _Sides(fork, head, others[0])
    return _picked(repository, head, _file_id(repository, base), _file_id(repository, theirs), path)


def _picked(repository: Repository, head: str, old: str, new: str, path: str) -> _Sides | None:
    """Find the latest commit that made this very change (a cherry-pick, a rebase) or its inverse (a revert).

    `old` and `new` are the ids of the file before and after. None where none of the last 5,000 commits did.
    """
    output = run_git(
        repository.folder,
        [
            "-C",
            repository.way_to_top,
            "log",
            "--all",
            f"--max-count={_MOST_COMMITS}",
            "--raw",
            "--full-history",
            "--diff-merges=first-parent",
            "--no-abbrev",
            *QUIET_LOG,
            "--format=%H %P",
            "--",
            path,
        ],
    ).decode("utf-8", "replace")
    commit = ""
    parents: list[str] = []
    for line in output.splitlines():
        if not line.startswith(":"):
            ids = line.split()
            if ids:
                commit, parents = ids[0], ids[1:]
            continue
        before, after = line.split(" ")[2:4]
        if parents and (before, after) == (old, new):
            return _Sides(parents[0], head, commit)
        if parents and (before, after) == (new, old):
            return _Sides(commit, head, parents[0])
    return None


def _file_id(repository: Repository, file: str) -> str:
    """Return the id that a file has as a blob."""
    arguments = ["hash-object", "--no-filters", "--", os.path.abspath(file)]
    return run_git(repository.folder, arguments).decode("ascii").strip()


def _merge_yaml(repository: Repository, sides: _Sides, own: Settings) -> tuple[dict[str, bytes], list[str]]:
    """Return the project's YAML after the merge, path to bytes; and the paths in which the sides are in conflict.

    The paths in conflict are not among the files.
    """
    trees = [_yaml_ids(repository, commit, own) for commit in (sides.base, sides.ours, sides.theirs)]
    chosen: dict[str, str] = {}
    both: dict[str, tuple[str | None, str, str]] = {}
    conflicts: list[str] = []
    for path in sorted({path for tree in trees for path in tree}):
        base, ours, theirs = (tree.get(path) for tree in trees)
        if ours in (theirs, base):
            id = theirs
        elif theirs == base:
            id = ours
        elif ours is None or theirs is None:
            conflicts.append(path)
            continue
        else:
            both[path] = (base, ours, theirs)
            continue
        if id is not None:
            chosen[path] = id
    wanted = {id for ids in both.values() for id in ids if id is not None} | set(chosen.values())
    contents = repository.contents(sorted(wanted))
    files = {path: contents[id] for path, id in chosen.items()}
    for path, (base, ours, theirs) in both.items():
        text = _merge_texts(b"" if base is None else contents[base], contents[ours], contents[theirs])
        if text is None:
            conflicts.append(path)
        else:
            files[path] = text
    return files, conflicts


def _yaml_ids(repository: Repository, commit: str, own: Settings) -> dict[str, str]:
    """Return the project's YAML files in a commit, which may hold it in another folder: path to the content's id."""
    prefix = project_in_commit(repository, commit, own).prefix
    blobs = repository.objects.files(commit, [prefix + folder for folder in FOLDERS])
    return {blob.path.removeprefix(prefix): blob.id for blob in blobs if is_yaml(blob, prefix)}


def _merge_texts(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Merge three texts as Git merges them; return None where they are in conflict."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            paths.append(os.path.join(folder, name))
            with open(paths[-1], "wb") as file:
                file.write(data)
        done = _run_merge_file(paths)
    return done.stdout if done.returncode == 0 else None


def _merge_as_text(base: str, ours: str, theirs: str, message: str) -> MergedFile:
    """Merge three files as Git does without a driver, markers included where the sides are in conflict."""
    done = _run_merge_file(["-L", "ours", "-L", "base", "-L", "theirs", ours, base, theirs])
    messages = (message,) if message else ()
    if done.returncode < 0 or done.returncode > 127:  # binary, or not readable: ours stays, in conflict
        return MergedFile(None, False, messages)
    return MergedFile(done.stdout, done.returncode == 0, messages)


def _run_merge_file(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run `git merge-file`, which prints the merged text; its exit code counts the conflicts."""
    return subprocess.run(
        ["git", "merge-file", "-p", *arguments], capture_output=True, env=clean_environment(), check=False
    )
