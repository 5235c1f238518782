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

    A table may be put aside where the same file makes another one of its name, and a way back may give what its own
    migration renamed its name again.

    Why: services of the running release ask for the old name, and fail from this moment on.

    Fix: add the new one beside the old one, write both, and move the readers; the old one stays.
    """
    there = script.up.statements if script.up is not None else ()
    own = created_tables(script) | {
        alter.action[2].name
        for statement in there
        for alter in alters(statement)
        if alter.says("RENAME", "TO") and len(alter.action) > 2
    }
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
