"""RC608 backfill-with-ddl: rows are filled in a migration of their own (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.row_edits import edits
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import changes_schema, created_tables
from routecomp.sql.rule import migration_rule


@migration_rule("RC608", "backfill-with-ddl", lambda dialect: dialect.online_changes, aliases=("L08",), waivable=True)
def backfill_with_ddl(script: Script) -> Iterator[Diagnostic]:
    """Rows of a table are changed in the transaction that changes a schema.

    The lock that ALTER TABLE takes is held until COMMIT, so every row is changed under it.

    Why: filling a column takes as long as the table is large, and nobody reads it meanwhile.

    Fix: fill the rows in a migration of its own, in batches where there are many. Where they are known to be few,
    waive it above the statement: `-- routecomp:allow RC608 reason="forty rows"`.
    """
    own = created_tables(script)
    if not any(changes_schema(statement, own) for statement in script.statements):
        return
    for statement in script.statements:
        for edit in edits(statement):
            asserts = script.bare(edit.table.name) == "routecomp_assert"
            is_copy = any(token.up == "SELECT" for token in edit.tokens) and not asserts
            if edit.table.name not in own and (edit.verb != "INSERT" or is_copy):
                yield error(
                    "RC608",
                    f"rows of table `{edit.table.name}` change in the transaction that changes a schema",
                    script.span(edit.word),
                    "fill the rows in a migration of its own, or say in a waiver why they are few",
                )
