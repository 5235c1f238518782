"""Load a project's settings: routecomp.yaml, or [tool.routecomp] of pyproject.toml, at its root."""

from __future__ import annotations

import os

from routecomp.workspace.files import read_if_there
from routecomp.workspace.git.on_demand import parse_settings
from routecomp.workspace.settings import TOML, YAML, Settings

MAX_BYTES = 4 * 1024 * 1024
"""Bytes up to which a file that may hold settings is read."""


def load_settings(root: str) -> Settings:
    """Return the settings of the project at `root`; a `Problem` lists everything that is wrong with them."""
    return settings_of(*settings_files_in(root))


def settings_files_in(folder: str) -> tuple[bytes | None, bytes | None]:
    """Return the bytes of the two files of a folder that may hold settings, None for what is not there."""
    yaml, toml = (read_if_there(os.path.join(folder, name), MAX_BYTES) for name in (YAML, TOML))
    return yaml, toml


def settings_of(yaml: bytes | None, toml: bytes | None) -> Settings:
    """Return the settings in the bytes of the two files, None for what is not there; see `load_settings`."""
    if toml is not None and b"routecomp" not in toml:
        toml = None  # most projects' file: not ours to judge
    return Settings() if yaml is None and toml is None else parse_settings(yaml, toml)
