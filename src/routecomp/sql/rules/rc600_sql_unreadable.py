"""RC600 sql-unreadable: a migration can be split into statements. Found while it is read (see `lint.run`)."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC600",
    "sql-unreadable",
    Scope.MIGRATION,
    """A migration cannot be split into statements.

    A literal, a quoted name or a comment is not closed before the file ends, or a line is a command of psql (`\\\\i`).
    Or a merge stopped here, and both sides stand in the file.

    Why: where a statement ends is then a guess, and every client guesses otherwise.

    Fix: close what is open; write plain SQL. After a merge, settle the YAML and run `routecomp compile`.""",
)
