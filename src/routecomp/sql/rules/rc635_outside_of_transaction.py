"""RC635 outside-of-transaction: every statement runs within one transaction, or the file is marked."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule

_NEVER = ("VACUUM", "ATTACH", "DETACH")


@migration_rule("RC635", "outside-of-transaction", aliases=("H05",))
def outside_of_transaction(script: Script) -> Iterator[Diagnostic]:
    """A statement runs outside of the file's one transaction, and the file does not say so.

    Every migration is BEGIN, its statements, COMMIT. What cannot run so (CREATE INDEX CONCURRENTLY, VACUUM) has a
    migration of its own that says `-- routecomp:no-transaction`. PRAGMA may stand before BEGIN on SQLite.

    Why: of a file that fails halfway the first half is done. Nobody can run it again, and nobody can take it back.

    Fix: put every statement between BEGIN and COMMIT, or mark the file.
    """
    if script.without_transaction:
        return
    state = "before"
    for statement in script.statements:
        first = statement.tokens[0]
        if first.up in ("BEGIN", "START") and state == "before":
            state = "within"
        elif first.up in ("COMMIT", "END", "ROLLBACK") and len(statement.tokens) < 3 and state == "within":
            state = "after"
        elif state != "within" and not (first.up == "PRAGMA" and state == "before"):
            yield error(
                "RC635",
                "this runs outside of the file's one transaction",
                script.span(first),
                "put it between BEGIN and COMMIT, or mark the file `-- routecomp:no-transaction`",
            )
            return
        elif state == "within" and first.up in _NEVER:
            yield error(
                "RC635",
                f"{first.up} cannot run within a transaction",
                script.span(first),
                "give it a migration of its own, marked `-- routecomp:no-transaction`",
            )
    if state == "within":
        yield error(
            "RC635",
            "the transaction is never committed",
            script.span(script.statements[-1].tokens[0]),
            "end the file with COMMIT",
        )
