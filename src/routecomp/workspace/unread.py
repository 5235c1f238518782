"""Find YAML that nobody reads: in a folder beside the project's own whose name is nearly one of theirs."""

from __future__ import annotations

import os
import re

from routecomp.workspace.files import ENDINGS, FOLDERS, NotReadableError, in_utf8, read_regular

_NEAR = {
    "routes": ("route", "routing", "routers", "rotues", "routs", "routes.d"),
    "policies": ("policy", "polices", "policys", "policies.d", "polocies"),
    "experiments": ("experiment", "experiements", "experimets", "experiments.d"),
}
"""Folder to the names that people write for it, besides its own in other letters."""
_SECTIONS = {
    "routes": rb"providers|models|features|targets|defaults|scoring|resilience",
    "policies": rb"presets|tenants|preferences",
    "experiments": rb"experiments",
}
_MOST_FILES = 20
_MOST_BYTES = 1024 * 1024


def unread_files(root: str) -> dict[str, bytes]:
    """Return files (path to bytes) that have a section of a folder in which they do not stand.

    Of other folders, and of files without such a section, nothing is said: they are somebody else's. No link is
    followed.
    """
    files: dict[str, bytes] = {}
    with os.scandir(root) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    for name in names:
        folder = _meant(root, name)
        if folder is not None:
            section = re.compile(rb"^(?:" + _SECTIONS[folder] + rb"):", re.MULTILINE)
            files |= {path: data for path, data in _yaml(root, name) if section.search(data)}
    return dict(list(files.items())[:_MOST_FILES])


def _meant(root: str, name: str) -> str | None:
    """Return the folder whose name is nearly this; None for a folder of the project, and for any other."""
    word = name.casefold()
    folder = next((folder for folder, near in _NEAR.items() if word == folder or word in near), None)
    if folder is None or name in FOLDERS or in_utf8(name) is None:
        return None
    own = os.path.join(root, folder)  # on a disk that does not tell letters apart, it is the project's own
    return None if os.path.isdir(own) and os.path.samefile(own, os.path.join(root, name)) else folder


def _yaml(root: str, name: str) -> list[tuple[str, bytes]]:
    """Return path and bytes of the YAML files in a folder and below it, in order."""
    files = []
    for above, folders, names in os.walk(os.path.join(root, name)):
        folders[:] = sorted(inner for inner in folders if not inner.startswith("."))
        for file in sorted(names):
            if file.endswith(ENDINGS) and not file.startswith(".") and in_utf8(file) is not None:
                path = os.path.join(above, file)
                try:
                    files.append((os.path.relpath(path, root).replace(os.sep, "/"), read_regular(path, _MOST_BYTES)))
                except NotReadableError:
                    continue
    return files
