"""Write a file that a user names, and never over one that is read: an input, or a source of a project."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from routecomp.workspace.files import FOLDERS
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import TOML, YAML
from routecomp.workspace.write_files import write_files

_SETTINGS = (YAML, TOML)


def refuse_source(path: str | None, option: str, inputs: Iterable[str] = (), root: str | None = None) -> None:
    """Raise a `Problem` where a file to write is one of the inputs, or a source of a project.

    `option` names the file on the command line, None for `path` that it does not. `root` is the folder of a project
    that is perhaps not there yet.
    """
    if path is None:
        return
    help = f"name another file with {option}" if option.startswith("-") else f"name another file as {option}"
    if any(_is_same(path, other) for other in inputs):
        raise Problem(f"{visible(path)} is read or written by this command already", help)
    real = os.path.realpath(path)
    made = None if root is None else os.path.realpath(root)
    folder, below = os.path.split(real)
    while True:
        is_source = below in _SETTINGS or below.partition(os.sep)[0] in FOLDERS
        if is_source and (folder == made or os.path.lexists(os.path.join(folder, FOLDERS[0]))):
            raise Problem(f"{visible(path)} is a place for sources of the project: it is not written there", help)
        folder, name = os.path.split(folder)
        if not name:
            return
        below = os.path.join(name, below)


def write_output(path: str, data: bytes, option: str) -> None:
    """Replace a file whole."""
    folder, name = os.path.split(path)
    if not name or os.path.isdir(path):
        raise Problem(f"{visible(path)} is a folder", f"name a file as {option}")
    if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
        raise Problem(f"{visible(path)} is no regular file", f"name another file as {option}")
    write_files({name: data}, folder or os.curdir)


def _is_same(path: str, other: str) -> bool:
    """Return whether two paths lead to one file."""
    try:
        return os.path.samefile(path, other)
    except OSError:
        return os.path.realpath(path) == os.path.realpath(other)
