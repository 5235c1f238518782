"""RC615 audit-rewritten: the ledgers only grow."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.row_edits import AUDIT, edits, is_upsert
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC615", "audit-rewritten", aliases=("D05",))
def audit_rewritten(script: Script) -> Iterator[Diagnostic]:
    """A row of a ledger is changed or deleted: `model_promotions`, or `routecomp_migrations`.

    Upserts, TRUNCATE and `session_replication_role`, which switches triggers off, count as well.

    Why: the ledgers are what audits rest on. A row that was changed proves nothing, and neither do the others.

    Fix: append a row that says what happened since.
    """
    help = "append a row that says what happened since"
    for statement in script.statements:
        tokens = statement.tokens
        if statement.starts("TRUNCATE"):
            for token in tokens:
                if script.bare(token.name) in AUDIT:
                    yield error("RC615", f"ledger `{token.name}` is emptied", script.span(token), help)
        if statement.starts("MERGE") and any(script.bare(token.name) in AUDIT for token in tokens[:6]):
            yield error("RC615", "rows of a ledger are merged", script.span(tokens[0]), help)
        if statement.starts("SET") and any(token.name == "session_replication_role" for token in tokens[:3]):
            yield error(
                "RC615", "the triggers that keep the ledgers are switched off", script.span(tokens[0]), "leave them on"
            )
        for edit in edits(statement):
            if script.bare(edit.table.name) in AUDIT and (edit.verb != "INSERT" or is_upsert(edit)):
                done = "deleted" if edit.verb == "DELETE" else "changed"
                yield error(
                    "RC615",
                    f"rows of ledger `{edit.table.name}` are {done}",
                    script.span(edit.table.first, edit.table.last),
                    help,
                )
