"""Read which environment variables are set, out of files of lines `NAME=value`; the values are not kept."""

from __future__ import annotations

import re

_LINE = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(\S.*)", re.ASCII)


def names_in_env_file(text: str) -> frozenset[str]:
    """Return the names of the variables that a file sets to something; a name without a value is not set."""
    matches = (_LINE.fullmatch(line) for line in text.splitlines())
    return frozenset(match[1] for match in matches if match is not None and match[2].strip("\"' ") != "")
