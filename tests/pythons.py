"""Find the other supported Pythons of this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
OWN = "{}.{}".format(*sys.version_info)


def other_pythons() -> Iterator[tuple[str, str]]:
    """Yield the version and the path of every other supported Python of this machine."""
    for version in SUPPORTED:
        candidates = [
            *sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True),
            shutil.which(f"python{version}"),
        ]
        path = next((str(path) for path in candidates if path and _is_version(str(path), version)), None)
        if path and version != OWN:
            yield version, path


def _is_version(path: str, version: str) -> bool:
    """Return whether the program at a path is a Python of this version."""
    printed = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return printed.startswith(f"Python {version}.")
