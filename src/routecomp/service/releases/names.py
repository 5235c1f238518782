"""Name the files of a published set; none of these names is ever read from a file."""

from __future__ import annotations

import re
from typing import Final

from routecomp.service.tables.files import FALLBACK, TABLE

RESOLVER: Final = "resolver.py"
MANIFEST: Final = "manifest.json"
FILES: Final = (FALLBACK, RESOLVER, TABLE)
"""The files of a release beside its manifest, sorted."""
RELEASES: Final = "releases"
"""The folder in which each release has a folder, called by its number."""
CURRENT: Final = "current"
"""What leads to the release that is to serve: a link to its folder, or a folder that holds its manifest."""
MOST_GENERATION: Final = 10**15 - 1


def read_number(name: str) -> int | None:
    """Return the number that a folder of a release is called by; None for another name."""
    return int(name) if re.fullmatch(r"[1-9][0-9]{0,14}", name) else None


def read_link(target: str) -> int | None:
    """Return the number of the release that the link `current` leads to; None if it leads anywhere else."""
    folder, slash, name = target.partition("/")
    return read_number(name) if slash and folder == RELEASES else None
