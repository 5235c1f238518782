"""Join statements to the text of a file, and split such a text again: it costs nothing to load."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMENTS = re.compile(r"(?:[ \t]*--[^\n]*(?:\n|\Z))*")


def script(statements: Iterable[str]) -> str:
    """Return a file of statements: each ends with a semicolon, and an empty line stands between two."""
    return "".join(f"{statement};\n\n" for statement in statements)[:-1]


def statements(text: str) -> tuple[str, ...]:
    """Return the statements of a file that `script` wrote, without the comments above them and the semicolons.

    INVARIANT: no statement holds an empty line, so the split needs no grammar. Other files are split wrongly.
    """
    blocks = [_COMMENTS.sub("", block.strip("\n"), count=1) for block in text.split("\n\n")]
    return tuple(block.removesuffix(";") for block in blocks if block)
