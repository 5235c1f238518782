"""RC600 sql-unreadable: a migration can be split into statements. Of one that cannot, no other rule says anything."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.source.text import Span
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC600", "sql-unreadable")
def sql_unreadable(script: Script) -> Iterator[Diagnostic]:
    r"""A migration cannot be split into statements.

    A literal, a quoted name or a comment is not closed before the file ends, or a line is a command of psql (`\i`).
    Or a merge stopped here, and both sides stand in the file.

    Why: where a statement ends is then a guess, and every client guesses otherwise.

    Fix: close what is open; write plain SQL. After a merge, settle the YAML and run `routecomp compile`.
    """
    conflict, token = script.conflict, script.broken
    if conflict is not None:
        yield error(
            "RC600",
            "an unresolved merge conflict",
            conflict,
            "settle the YAML first; `routecomp compile` then writes this file anew",
        )
    elif token is not None:
        place = Span(script.source, token.start, token.start + 1)
        if token.text == "\\":
            message, help = "\\ is a command of psql, and no SQL", "write plain SQL that every client reads alike"
        else:
            message, help = "this literal, name or comment is not closed before the file ends", "close it"
        yield error("RC600", message, place, help)
