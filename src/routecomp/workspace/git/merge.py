"""A merge that is under way in, the files of the output folder as the merged YAML compiles them out.

Git asks for one file at a time, before the work tree holds anything of the result: so the YAML of the three sides
is read from Git's objects and merged here, file by file, as Git will merge it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from routecomp.workspace.files import ENDINGS, FOLDERS, find_root
from routecomp.workspace.git.repository import GitError, Repository, clean_environment, find_repository, run
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import load_settings

DRIVER = "routecomp"
_MOST_COMMITS = "5000"
_BY_HAND = "then run `routecomp compile` and `git add` the output folder"


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of one file: its new bytes (None: as it was), whether that settles it, and what to say."""

    data: bytes | None
    clean: bool
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sides:
    """The trees of a merge, as commits: what both began with, ours, and theirs."""

    base: str
    ours: str
    theirs: str


def merged_file(top: str, base: str, ours: str, theirs: str, path: str) -> Merged:
    """Merge one file of an output folder. `top` is the work tree's; `base`, `ours` and `theirs` are files."""
    found = _project(top, path)
    if found is None:
        return _as_text(base, ours, theirs, f"{visible(path)}: no project of routecomp writes it")
    repository, name = found
    try:
        if name.startswith("migrations/"):
            return _migration(repository, path, is_new=os.path.getsize(base) == 0)
        sides = _sides(repository, base, theirs, path)
        if sides is None:
            return _as_text(
                base,
                ours,
                theirs,
                f"{visible(path)}: what is being merged cannot be told; afterwards run `routecomp compile --check`",
            )
        files, conflicts = _merged_yaml(repository, sides)
    except GitError as failure:
        return _as_text(base, ours, theirs, f"{visible(path)}: Git cannot be asked: {visible(str(failure))}")
    if conflicts:
        return Merged(
            None,
            False,
            (
                f"{visible(path)}: the YAML has conflicts ({', '.join(map(visible, conflicts))}): "
                f"resolve them, {_BY_HAND}",
            ),
        )
    return _compiled(repository, files, name, path) or _as_text(base, ours, theirs, "")


def _migration(repository: Repository, path: str, *, is_new: bool) -> Merged:
    """A migration is never merged as text. What is released stays as it is: Git took another branch's draft for a
    renamed copy of it. Of anything else `compile` makes what is right, when the work tree holds the merged YAML."""
    from routecomp.workspace.git.base import BasePoint, base_point

    point = base_point(repository.folder, load_settings(repository.folder).base_branch)
    if isinstance(point, BasePoint) and not is_new:
        inner = path.removeprefix(repository.prefix)
        for blob in repository.files(point.commit, [inner]):
            return Merged(repository.contents([blob.id])[blob.id], True)
    return Merged(
        None,
        False,
        (
            f"{visible(path)}: a migration is not merged, it is written anew: run "
            "`routecomp compile` and `git add -A` the output folder",
        ),
    )


def _compiled(repository: Repository, files: Mapping[str, bytes], name: str, path: str) -> Merged | None:
    """What the merged YAML compiles to; None where the compiler writes no such file."""
    from datetime import UTC, datetime

    from routecomp import __version__
    from routecomp.diagnostics.render import render
    from routecomp.rules.registry import Rules
    from routecomp.workspace.project import Project, compiled

    settings = load_settings(repository.folder)
    made = compiled(Project(repository.folder, settings, dict(sorted(files.items())), datetime.now(UTC).date()))
    errors = [one for one in made.checked.diagnostics if one.severity == "error"]
    if errors or made.table is None:
        report = render("text", errors, Rules(), version=__version__, checked=made.checked.files)
        return Merged(None, False, (report, f"{visible(path)}: the merged YAML has errors: repair them, {_BY_HAND}"))
    data = made.artifacts.get(name)
    return None if data is None else Merged(data, True)


def _project(top: str, path: str) -> tuple[Repository, str] | None:
    """The project (as a folder of the repository) that writes this file, and the file's name in its output folder."""
    above = path
    while above:
        above = os.path.dirname(above)
        folder = os.path.join(top, above)
        if not os.path.isdir(os.path.join(folder, FOLDERS[0])):
            continue
        output = load_settings(folder).output + "/"
        inner = path.removeprefix(f"{above}/") if above else path
        if inner.startswith(output):
            repository = find_repository(folder)
            return None if repository is None else (repository, inner.removeprefix(output))
    return None


def _sides(repository: Repository, base: str, theirs: str, path: str) -> _Sides | None:
    """Which commits are merged. `git merge` says so; of the others the change itself is looked up in history."""
    named = [name.removeprefix("GITHEAD_") for name in os.environ if name.startswith("GITHEAD_")]
    known = repository.commits(["HEAD", *named])
    head = known.get("HEAD")
    others = [known[name] for name in named if name in known and known[name] != head]
    if head is None or len(others) > 1:
        return None
    if others:
        fork = repository.fork_point(others[0], [head])
        return None if fork is None else _Sides(fork, head, others[0])
    return _picked(repository, head, _blob(repository, base), _blob(repository, theirs), path)


def _picked(repository: Repository, head: str, old: str, new: str, path: str) -> _Sides | None:
    """A commit that made this very change (a cherry-pick, a rebase) or its inverse (a revert), the latest."""
    told = run(
        repository.folder,
        [
            "-C",
            "../" * repository.prefix.count("/") or ".",
            "log",
            "--all",
            f"--max-count={_MOST_COMMITS}",
            "--raw",
            "--full-history",
            "--diff-merges=first-parent",
            "--no-abbrev",
            "--no-renames",
            "--no-color",
            "--no-show-signature",
            "--no-notes",
            "--format=%H %P",
            "--",
            path,
        ],
    ).decode("utf-8", "replace")
    commit = ""
    parents: list[str] = []
    for line in told.splitlines():
        if not line.startswith(":"):
            ids = line.split()
            if ids:
                commit, parents = ids[0], ids[1:]
            continue
        was, now = line.split(" ")[2:4]
        if parents and (was, now) == (old, new):
            return _Sides(parents[0], head, commit)
        if parents and (was, now) == (new, old):
            return _Sides(commit, head, parents[0])
    return None


def _blob(repository: Repository, file: str) -> str:
    return run(repository.folder, ["hash-object", "--no-filters", "--", os.path.abspath(file)]).decode("ascii").strip()


def _merged_yaml(repository: Repository, sides: _Sides) -> tuple[dict[str, bytes], list[str]]:
    """The project's YAML after the merge, path to bytes; and the paths in which the sides are in conflict."""
    trees = [_tree(repository, commit) for commit in (sides.base, sides.ours, sides.theirs)]
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
    wanted = {id for some in both.values() for id in some if id is not None} | set(chosen.values())
    contents = repository.contents(sorted(wanted))
    files = {path: contents[id] for path, id in chosen.items()}
    for path, (base, ours, theirs) in both.items():
        text = _merge(b"" if base is None else contents[base], contents[ours], contents[theirs])
        if text is None:
            conflicts.append(path)
        else:
            files[path] = text
    return files, conflicts


def _tree(repository: Repository, commit: str) -> dict[str, str]:
    found = {}
    for blob in repository.files(commit, FOLDERS):
        path = blob.path.removeprefix(repository.prefix)
        if (
            blob.mode.startswith("100")
            and path.endswith(ENDINGS)
            and not any(part.startswith(".") for part in path.split("/"))
        ):
            found[path] = blob.id
    return found


def _merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Three texts merged as Git merges them; None where they are in conflict."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            names.append(os.path.join(folder, name))
            with open(names[-1], "wb") as file:
                file.write(data)
        return _merge_file(names)


def _merge_file(names: list[str]) -> bytes | None:
    done = subprocess.run(
        ["git", "merge-file", "-p", *names], capture_output=True, env=clean_environment(), check=False
    )
    return done.stdout if done.returncode == 0 else None


def _as_text(base: str, ours: str, theirs: str, said: str) -> Merged:
    """Merge as Git does without a driver, markers included where the sides are in conflict."""
    done = subprocess.run(
        ["git", "merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs", ours, base, theirs],
        capture_output=True,
        env=clean_environment(),
        check=False,
    )
    if done.returncode < 0 or done.returncode > 127:  # binary, or not readable: ours stays, in conflict
        return Merged(None, False, (said,) if said else ())
    return Merged(done.stdout, done.returncode == 0, (said,) if said else ())


def install_driver(root: str | None) -> Iterator[str]:
    """Make the clone that holds a project use the driver; what was done, line by line."""
    from routecomp.workspace.files import locked, read_if_there
    from routecomp.workspace.publish import publish

    at = find_root(root)
    repository = find_repository(at)
    if repository is None:
        raise Problem("there is no Git repository here to install a merge driver in", "run `git init` first")
    output = load_settings(at).output
    for key, value in (
        ("name", "compile the merged YAML"),
        ("driver", f"{_command()} merge-driver %O %A %B %P"),
        ("recursive", "binary"),
    ):
        try:
            run(at, ["config", f"merge.{DRIVER}.{key}", value])
        except GitError as failure:
            raise Problem(
                f"Git's configuration cannot be written: {visible(str(failure))}", "make .git/config writable for you"
            ) from None
    yield f"this clone merges {visible(output)}/ with `{_command()} merge-driver`"
    told = run(at, ["check-attr", "merge", "--", f"{output}/routing_table.json"]).decode("utf-8", "replace")
    if told.strip().endswith(f": {DRIVER}"):
        yield ".gitattributes names it already"
        return
    with locked(at):
        old = read_if_there(os.path.join(at, ".gitattributes"), 1 << 20) or b""
        line = f"{output}/** -text linguist-generated=true merge={DRIVER}\n".encode()
        publish(
            at, "", {".gitattributes": old + (b"\n" if old and not old.endswith(b"\n") else b"") + line}, lambda _: None
        )
    yield ".gitattributes: one line added; commit it, so that every clone has it"


def _command() -> str:
    """How Git finds this program: by its name where it is on the path, else by where it lies."""
    import shlex
    import shutil
    import sys

    if shutil.which("routecomp") is not None:
        return "routecomp"
    return shlex.quote(os.path.abspath(sys.argv[0]))
