"""What stops a command: a `Problem` is a message, its remedy and an exit code; and text made safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic

CLEAN = 0
FINDINGS = 1
USAGE = 2
"""Wrong usage, or a file or folder that cannot be read or written."""
WARNINGS = 3
"""Only warnings, under --strict."""
CHANGED = 4
"""Something changed, under `diff --exit-code`."""
INTERNAL = 70
INTERRUPTED = 130
OUTPUT_CLOSED = 141
"""The reader of standard output has gone."""


class Problem(Exception):
    """A command cannot go on.

    `message` states the fact, `help` the change, `code` is the exit code. `others` are further facts with
    their changes; `findings` are those that have a place in a file (the settings'), shown before the message.
    """

    def __init__(
        self,
        message: str,
        help: str = "",
        code: int = USAGE,
        *,
        others: Sequence[tuple[str, str]] = (),
        findings: Sequence[Diagnostic] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code
        self.others = others
        self.findings = findings


def visible(text: str) -> str:
    """A file name or other foreign text on one line, with everything that cannot be seen written out."""
    if text.isascii() and text.isprintable():
        return text
    from routecomp.diagnostics.render.shown import visible as shown

    return shown(text)
