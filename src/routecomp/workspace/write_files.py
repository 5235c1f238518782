"""Write files into a folder of any place."""

from __future__ import annotations

import os
from collections.abc import Mapping

from routecomp.workspace.files import locked
from routecomp.workspace.publish import current, publish


def write_files(files: Mapping[str, bytes], folder: str) -> int:
    """Write the files whose bytes are not there yet, and return how many were written.

    Missing folders are made. Raises a `Problem` where a file cannot be read or written.
    """
    root, path = _split_at_existing(os.path.abspath(folder))
    with locked(root):
        present = current(root, path, files)
        changed = {name: data for name, data in files.items() if present[name] != data}
        if changed:
            publish(root, path, changed, lambda read: None)
    return len(changed)


def _split_at_existing(path: str) -> tuple[str, str]:
    """Split a path into the nearest existing folder above it and the rest."""
    root, rest = os.path.split(path)
    while not os.path.isdir(root):
        root, name = os.path.split(root)
        rest = os.path.join(name, rest)
    return root, rest
