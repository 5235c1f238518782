"""Define `Problem`, the error that stops work on a project, and make foreign text safe to show in its message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic

Kind = Literal["wrong", "refused", "conflict", "again", "interrupted", "internal"]
"""wrong: what was asked cannot be done so, or a file cannot be read or written; refused: what the project or a
database holds forbids it; conflict: somebody else was faster; again: a database did not answer in time, and the
same command may work later; interrupted: the user stopped it; internal: a bug."""


class Problem(Exception):
    """Work on a project cannot go on.

    `message` states the fact, `help` the remedy, `kind` what sort of problem it is. `others` are further facts with
    their remedies. `findings` are diagnostics with a place in a file (of the settings), shown before the message.
    `document` is what a program is told of the work beside the failure, as keys of a JSON object.
    """

    def __init__(
        self,
        message: str,
        help: str = "",
        kind: Kind = "wrong",
        *,
        others: Sequence[tuple[str, str]] = (),
        findings: Sequence[Diagnostic] = (),
        document: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.kind: Kind = kind
        self.others = others
        self.findings = findings
        self.document = {} if document is None else document


def visible(text: str) -> str:
    """Return foreign text, such as a file name, on one line, with every invisible character written out."""
    if text.isascii() and text.isprintable():
        return text
    # lazy: almost every name is plain, and Unicode's tables take longer to load than a command that fails runs
    from routecomp.diagnostics.render.shown import visible as shown

    return shown(text)
