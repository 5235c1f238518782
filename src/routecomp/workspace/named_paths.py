"""Tell what paths behind `check` name: the project itself, or files and folders of it to show the findings of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routecomp.workspace.files import FOLDERS, find_root, in_utf8, native
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import TOML, YAML

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic

_READ = f"check reads the YAML of {', '.join(f'{name}/' for name in FOLDERS)} and the migrations"


@dataclass(frozen=True, slots=True)
class NamedPaths:
    """The project that paths lie in, and what of it they name, relative to its root; nothing: all of it."""

    root: str
    below: tuple[str, ...] = ()

    def holds(self, diagnostic: Diagnostic) -> bool:
        """Return whether a diagnostic is about what the paths name: by its place or a second one, or it has none."""
        if not self.below or diagnostic.span is None:
            return True
        places = [diagnostic.span.path, *(label.span.path for label in diagnostic.labels)]
        return any(path == name or path.startswith(f"{name}/") for path in places for name in self.below)

    def notes(self, output: str) -> list[str]:
        """Return a note for each file that `check` does not read, where `output` is the output folder.

        Raises a `Problem` for a folder of which it reads nothing.
        """
        notes = []
        for name in self.below:
            if name.split("/")[0] in (*FOLDERS, YAML, TOML) or f"{name}/".startswith(f"{output}/"):
                continue
            if os.path.isdir(os.path.join(self.root, native(name))):
                raise Problem(f"{visible(name)} is no project, and holds nothing that check reads", _READ)
            notes.append(f"{visible(name)} is not read: {_READ}")
        return notes


def named_paths(given: Sequence[str], root: str | None) -> NamedPaths:
    """Return the project and what of it the paths name; without paths, the project in `root` or the current folder.

    A path may be given from the current folder or from `root`. Raises a `Problem` for one that is not there, or lies
    in no project or in another one than the first.
    """
    if not given:
        return NamedPaths(find_root(root))
    paths = [_existing(path, root) for path in given]
    project = find_root(root) if root is not None else _project_of(paths[0], given[0])
    below = []
    for path, shown in zip(paths, given, strict=True):
        relative = os.path.relpath(path, os.path.realpath(project))
        if relative == os.curdir:
            continue
        if relative.split(os.sep)[0] == os.pardir:
            raise Problem(
                f"{visible(shown)} does not lie in the project {visible(project)}",
                "check each project by itself: `routecomp check FOLDER`",
            )
        below.append((in_utf8(relative) or relative).replace(os.sep, "/"))
    return NamedPaths(project, tuple(sorted(set(below))) if len(below) == len(paths) else ())


def _existing(path: str, root: str | None) -> str:
    """Return the real path of what a path names, seen from the current folder or from `root`."""
    candidates = [path, *([] if root is None else [os.path.join(root, path)])]
    for candidate in candidates:
        if os.path.lexists(candidate):
            return os.path.realpath(candidate)
    raise Problem(f"there is no file or folder {visible(path)}", _meant(path))


def _meant(path: str) -> str:
    """Return the remedy where a path is not there: the name beside it that was meant, or none."""
    # lazy: only a misspelt path needs it
    from routecomp.model.suggest import suggestion

    folder, name = os.path.split(path.rstrip(os.sep))
    try:
        beside = os.listdir(folder or os.curdir)
    except OSError:
        beside = []
    return suggestion(name, beside, "name a project's folder, or files of one")


def _project_of(path: str, shown: str) -> str:
    """Return the folder of the project that a path names or lies in; raise a `Problem` where there is none."""
    folder = path
    while True:
        if is_project(folder):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    if os.path.isdir(path):
        return find_root(shown)  # which says that there is no routes/ in it
    raise Problem(
        f"{visible(shown)} lies in no project: no folder above it holds routes/",
        "name a file of a project, or its folder",
    )


def is_project(folder: str) -> bool:
    """Return whether a folder is a project's: one that is called `routes` may hold another one, and is none itself."""
    return os.path.isdir(os.path.join(folder, FOLDERS[0]))


def places_of(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return the paths in which diagnostics stand, sorted."""
    return sorted({diagnostic.span.path for diagnostic in diagnostics if diagnostic.span is not None})
