"""Say where a service keeps what it keeps: a folder of this user's, and in it names for each source of tables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from hashlib import sha256


def default_folder(environment: Mapping[str, str] = os.environ) -> str:
    """Return the folder for users who gave none; empty if this user has none.

    It lies where systemd gives the service a folder, else where the user's programs keep their state. Neither is a
    place where other users may write, nor beside the source, which others share and which may be lost as a whole.
    """
    named = environment.get("STATE_DIRECTORY", "").partition(":")[0]
    for state in (named, environment.get("XDG_STATE_HOME", ""), os.path.expanduser("~/.local/state")):
        if os.path.isabs(state):
            return os.path.join(state, "routecomp")
    return ""


def fixed(path: str) -> str:
    """Return a path that means the same file wherever the process stands later; an empty one stays so.

    Nothing is taken out of it: what `a/..` means depends on what `a` is a link to.
    """
    if not path or os.path.isabs(path):
        return path
    try:
        return os.path.join(os.getcwd(), path)
    except OSError:  # the current folder was removed
        return path


def place_of(source: str) -> str:
    """Return a source, as it may be shown, wherever the process stands: a whole path, or a URL as it is."""
    return source if "://" in source else os.path.abspath(source)


def stem_of(source: str, identity: str | None = None) -> str:
    """Return what names of files begin with that belong to a source: words to read, and what tells it from others.

    `identity` is the source in full where what may be shown of it is less: two URLs may differ in their queries alone.
    """
    place = place_of(source)
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", place)[-40:].strip("-.")
    return f"{readable}-{sha256((identity or place).encode(errors='replace')).hexdigest()[:16]}"
