"""RC622 required-column: a new column has a default or is nullable."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import added_column, alters, created_tables
from routecomp.sql.rule import migration_rule


@migration_rule("RC622", "required-column", aliases=("B02",))
def required_column(script: Script) -> Iterator[Diagnostic]:
    """A column is added that is NOT NULL and has no default.

    Why: where the table holds rows the migration fails; where it holds none, services of the running release, which do
    not know the column, fail to insert.

    Fix: give it a default, or let it be NULL until every service writes it.
    """
    own = created_tables(script)
    for statement in script.statements:
        for alter in alters(statement):
            column = added_column(alter)
            if column is None or alter.table.name in own or not column.required:
                continue
            if not any(token.up in ("DEFAULT", "GENERATED", "AS") for token in column.rest) and not any(
                (token.name or "").endswith("serial") for token in column.type
            ):
                yield error(
                    "RC622",
                    f"column `{column.name.name}` of table `{alter.table.name}` is required and has no default",
                    script.span(column.name),
                    "give it a default, or let it be NULL",
                )
