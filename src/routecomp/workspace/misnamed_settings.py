"""Find settings that nobody reads, because their file has nearly the right name."""

from __future__ import annotations

import os
import re
from functools import cache

from routecomp.model.edit_distance import edit_distance
from routecomp.workspace.files import NotReadableError, read_regular
from routecomp.workspace.git.on_demand import setting_names
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import TOML, YAML

_NAME = re.compile(r"\.?(?P<stem>[a-z_-]{6,14})(?:[._-]?(?:config|settings|conf|rc))?\.(?P<ending>ya?ml|toml|json)")
_STEM = YAML.partition(".")[0]
_MOST_BYTES = 64 * 1024


def refuse_misnamed_settings(root: str) -> None:
    """Raise a `Problem` where a project has settings in a file whose name is nearly `routecomp.yaml`."""
    name = misnamed_settings(root)
    if name is not None:
        raise Problem(
            f"{visible(name)} holds settings, and is not read",
            f"rename it to {YAML}"
            if name.lower().endswith(("yaml", "yml"))
            else f"write them in {YAML}, or under [tool.routecomp] in {TOML}",
        )


def misnamed_settings(root: str) -> str | None:
    """Return the name of a file in a folder that has settings under nearly the right name; None where there is none."""
    try:
        names = sorted(os.listdir(root))
    except OSError:
        return None
    for name in names:
        match = _NAME.fullmatch(name.lower()) if name != YAML and len(name) < 40 else None
        if match is None or edit_distance(match["stem"], _STEM, 2) > 2 or _is_read(root, name):
            continue
        try:
            if _setting().search(read_regular(os.path.join(root, name), _MOST_BYTES)):
                return name
        except NotReadableError:
            continue
    return None


@cache
def _setting() -> re.Pattern[bytes]:
    """Return the pattern of a line that begins with a setting."""
    names = "|".join(setting_names()).encode()
    return re.compile(rb"^[ \t{]*[\"']?(?:" + names + rb")[\"']?[ \t]*[:=]", re.MULTILINE)


def _is_read(root: str, name: str) -> bool:
    """Return whether a file is the one that is read, on a disk that does not tell letters apart."""
    right = os.path.join(root, YAML)
    return name.lower() == YAML and os.path.exists(right) and os.path.samefile(right, os.path.join(root, name))
