"""Show what changes in a project's YAML as a unified diff."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from difflib import unified_diff

from routecomp.cli.output.terminal import color_for, paint
from routecomp.diagnostics.credentials.detect import star_secrets

_COLORS = {"+": "32", "-": "31", "@": "36"}


def yaml_diff(before: Mapping[str, bytes], after: Mapping[str, bytes], color: bool | None = None) -> str:
    """Return the change of YAML files as a unified diff, coloured on a terminal, without credentials; empty for none.

    `after` may hold just some of the files of `before`; a file that is new is empty there. `color` says otherwise
    whether to colour.
    """
    color = color_for(sys.stdout) if color is None else color
    lines: list[str] = []
    for path, data in after.items():
        if data == before[path]:
            continue
        old, new = (
            text.decode("utf-8").removesuffix("\n").split("\n") if text else [] for text in (before[path], data)
        )
        for line in unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm=""):
            text = star_secrets(line.rstrip("\r").removeprefix("\ufeff"))
            code = _COLORS.get(line[:1])
            lines.append(text if code is None else paint(text, code, color))
    return "\n".join(lines)
