"""RC621 rename: no table and no column that is in use is renamed."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import alters, created_tables
from routecomp.sql.rule import migration_rule


@migration_rule("RC621", "rename", aliases=("B01",))
def rename(script: Script) -> Iterator[Diagnostic]:
    """A table or a column is renamed, or moved to another schema.

    Why: services of the running release ask for the old name, and fail from this moment on.

    Fix: add the new one beside the old one, write both, and move the readers; the old one stays.
    """
    own = created_tables(script)
    for statement in script.statements:
        for alter in alters(statement):
            renames = alter.says("RENAME") and not alter.says("RENAME", "CONSTRAINT")
            if (renames or alter.says("SET", "SCHEMA")) and alter.table.name not in own:
                what = "moved" if not renames else "renamed" if alter.says("RENAME", "TO") else "given a renamed column"
                yield error(
                    "RC621",
                    f"table `{alter.table.name}` is {what}: running services ask for the old name",
                    script.span(alter.action[0]),
                    "add the new one beside the old one, and move the readers",
                )
