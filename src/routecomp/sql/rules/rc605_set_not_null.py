"""RC605 set-not-null: SET NOT NULL follows a validated check (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import alters, created_tables, proven_not_null
from routecomp.sql.rule import migration_rule


@migration_rule("RC605", "set-not-null", lambda dialect: dialect.online_changes, aliases=("L05",))
def set_not_null(script: Script) -> Iterator[Diagnostic]:
    """A column is made NOT NULL without a validated check that says so already.

    SET NOT NULL takes AccessExclusive and reads every row, unless a validated CHECK (column IS NOT NULL) proves that
    none is NULL: then it reads nothing.

    Why: while the rows are read nobody else reads or writes the table.

    Fix: add CHECK (column IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL, then drop
    the check.
    """
    own = created_tables(script)
    for number, statement in enumerate(script.statements):
        for alter in alters(statement):
            words = [token.up for token in alter.action]
            if not alter.says("ALTER") or words[-3:] != ["SET", "NOT", "NULL"] or alter.table.name in own:
                continue
            column = alter.action[-4].name or ""
            if (alter.table.name, column) not in proven_not_null(script, number):
                yield error(
                    "RC605",
                    f"every row of table `{alter.table.name}` is read under its lock, to see that "
                    f"`{column}` is never NULL",
                    script.span(alter.action[-3], alter.action[-1]),
                    f"validate a CHECK ({column} IS NOT NULL) in an earlier migration",
                )
