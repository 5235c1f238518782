"""Colour text for a terminal, unless the environment says otherwise."""

from __future__ import annotations

import os
from typing import TextIO


def color_for(stream: TextIO | None) -> bool:
    """Return whether to colour a stream: NO_COLOR forbids it, FORCE_COLOR asks for it, else it must be a terminal.

    A stream that is None is not coloured, nor is a terminal with TERM=dumb.
    """
    if stream is None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def paint(text: str, code: str, color: bool) -> str:
    """Return the text in the ANSI style `code` (as in `1;31`), without `color` as it is."""
    return f"\x1b[{code}m{text}\x1b[0m" if color else text
