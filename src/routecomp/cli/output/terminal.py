"""A stream in, whether to colour it out: only on a terminal, unless the environment says otherwise."""

from __future__ import annotations

import os
from typing import TextIO


def color_for(stream: TextIO | None) -> bool:
    """NO_COLOR (anything but empty) wins, then FORCE_COLOR, then whether it is a terminal that can."""
    if stream is None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def paint(text: str, code: str, color: bool) -> str:
    """The text in an ANSI colour, or as it is."""
    return f"\x1b[{code}m{text}\x1b[0m" if color else text
