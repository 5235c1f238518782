"""RC655 unqualified: tables and functions are named with their schema (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.table_names import tables_named
from routecomp.sql.rule import migration_rule


@migration_rule("RC655", "unqualified", lambda dialect: dialect.has_search_path, aliases=("R15",))
def unqualified(script: Script) -> Iterator[Diagnostic]:
    """A table or a function is named without its schema.

    Why: PostgreSQL looks for it along the `search_path` of whoever applies the migration. Where that begins with
    another schema, the migration makes, fills or changes another table.

    Fix: write `public.` (or your schema) before it.
    """
    for statement in script.statements:
        for name in tables_named(statement):
            if name.schema is None:
                yield error(
                    "RC655",
                    f"`{name.name}` is looked for along the search path",
                    script.span(name.first),
                    f"write {script.dialect.names.schema}.{name.name}",
                )
