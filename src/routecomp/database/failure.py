"""Say in words what stops a command at a database, and never a URL's password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Kind = Literal["wrong", "conflict", "refused", "again"]
"""wrong: what was asked cannot be done so; conflict: somebody else was faster; refused: what is there forbids it;
again: the database did not answer in time or went away, and the same command may work later."""


class DatabaseError(Exception):
    """A command cannot go on: `message` states the fact, `help` (may be empty) the change, `kind` whose fault it is.

    Its transaction is rolled back; only where the connection was lost during COMMIT is that not known, as `help` says.
    `migration` is the one that failed, and `waiting` are those behind it that are not to blame; both may be empty.
    """

    def __init__(self, message: str, help: str = "", kind: Kind = "wrong") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.kind = kind
        self.migration = ""
        self.waiting: tuple[str, ...] = ()


class AlreadyThereError(DatabaseError):
    """Something that a migration makes is there already: `message` are the database's words."""

    def __init__(self, message: str) -> None:
        super().__init__(
            f"{message}: it is not one of this project's", "use a database where that name is free", "refused"
        )
        self.words = message


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Return a text on one line, with `***` for each of these secrets; empty secrets are ignored."""
    for secret in sorted(secrets, key=len, reverse=True):
        if secret:
            text = text.replace(secret, "***")
    return " ".join(text.split())
