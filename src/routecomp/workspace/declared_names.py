"""Read the names that a project declares as a shell asks for them: at once, from the text, parsing nothing.

YAML in its plain style is enough for that: a section at the margin, its names one step in. What is written in another
way is left out, and so is what cannot be read: whoever wants to know what is wrong runs `check`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from contextlib import suppress

from routecomp.workspace.files import ENDINGS, FOLDERS, NotReadableError, read_regular

_MOST_BYTES = 32 * 1024 * 1024
_SECTION = re.compile(r"([a-z_]+):\s*(?:#.*)?$")
_NAME = re.compile(r"""( +)["']?([A-Za-z0-9_][A-Za-z0-9_.:/@+-]*?)["']?:(?:\s|$)""", re.ASCII)


def declared_names(root: str, sections: Collection[str]) -> list[str]:
    """Return the names that the sections of a project's files declare, sorted; without a project, none."""
    names: set[str] = set()
    left = _MOST_BYTES
    for folder in FOLDERS:
        for above, _, files in os.walk(os.path.join(root, folder)):
            for file in files:
                if left <= 0 or file.startswith(".") or not file.endswith(ENDINGS):
                    continue
                with suppress(NotReadableError):
                    data = read_regular(os.path.join(above, file), left)
                    left -= len(data)
                    names |= _names_in(data.decode("utf-8", "replace"), sections)
    return sorted(names)


def _names_in(text: str, sections: Collection[str]) -> set[str]:
    """Return the names that the sections of one file declare."""
    names: set[str] = set()
    section, indent = "", ""
    for line in text.splitlines():
        if line[:1] not in (" ", "#", ""):
            match = _SECTION.match(line)
            section, indent = (match[1] if match else ""), ""
        elif section in sections and (match := _NAME.match(line)):
            indent = indent or match[1]
            if match[1] == indent:
                names.add(match[2])
    return names
