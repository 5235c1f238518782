"""Find YAML of the project's form that nobody reads: beside the three folders, not in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from routecomp.workspace.files import ENDINGS, FOLDERS, NotReadableError, in_utf8, read_regular

_SECTION = re.compile(
    rb"^(?:providers|models|features|targets|defaults|scoring|resilience|presets|tenants|preferences|experiments)[ ]*:",
    re.MULTILINE,
)
_PASSED_OVER = (
    "schemas node_modules vendor third_party site-packages venv env build dist target docs doc test tests testing "
    "fixtures testdata spec specs examples example samples templates template charts helm k8s archive"
)
_OTHERS = frozenset(_PASSED_OVER.split())
"""Folders in which a copy of a project, or something of its form, is no mistake."""
_DEEPEST = 3
"""Levels of folders below the root that are looked into."""
_MOST_FOLDERS = 200
_MOST_READ = 200
_MOST_FILES = 20
_MOST_BYTES = 1024 * 1024


def unread_files(root: str, output: str = "generated") -> dict[str, bytes]:
    """Return YAML files (path to bytes) beside the project's folders that have one of its sections at the left margin.

    Whether what they hold is of the project's form, is told by the rule that reads them. Passed over are the folder of
    the output, hidden names, folders of other projects, and those whose name says that a copy is meant. No link is
    followed, and in a folder full of other things the search ends early.
    """
    files: dict[str, bytes] = {}
    read = 0
    for path in _yaml(root, output.strip("/")):
        read += 1
        if read > _MOST_READ or len(files) == _MOST_FILES:
            break
        try:
            data = read_regular(os.path.join(root, path), _MOST_BYTES)
        except NotReadableError:
            continue
        if _SECTION.search(data):
            files[path] = data
    return files


def _yaml(root: str, output: str) -> Iterator[str]:
    """Yield the paths of the YAML files in the root and the folders below it, those of a folder before those in it."""
    waiting = [("", 0)]
    for folders, (above, depth) in enumerate(waiting):
        if folders == _MOST_FOLDERS:
            return
        try:
            with os.scandir(os.path.join(root, above)) as entries:
                names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        except OSError:
            continue
        if above and ("routes", True) in names:
            continue  # a project of its own
        for name, is_folder in names:
            path = f"{above}/{name}" if above else name
            if name.startswith(".") or in_utf8(name) is None:
                continue
            if not is_folder and name.endswith(ENDINGS):
                yield path
            elif is_folder and depth < _DEEPEST and path != output and not _is_passed_over(root, path):
                waiting.append((path, depth + 1))


def _is_passed_over(root: str, path: str) -> bool:
    """Return whether a folder is one of the project's own, or one in which its form is no mistake."""
    if path in FOLDERS or path.casefold().rpartition("/")[2] in _OTHERS:
        return True
    own = os.path.join(root, path.casefold())  # on a disk that does not tell letters apart, it is the project's own
    return path.casefold() in FOLDERS and os.path.isdir(own) and os.path.samefile(own, os.path.join(root, path))
