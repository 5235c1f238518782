"""RC612 drop-column: no column is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import alters, created_objects, dropped_column
from routecomp.sql.rule import migration_rule


@migration_rule("RC612", "drop-column", aliases=("D02",))
def drop_column(script: Script) -> Iterator[Diagnostic]:
    """A column is dropped.

    A way back may drop a column that its own migration added.

    Why: its values are gone, and services of an earlier release that name it fail at once.

    Fix: leave it unread; take it away by hand once no service of an earlier release is left.
    """
    mine = created_objects(script.up)
    for statement in script.statements:
        for alter in alters(statement):
            name = dropped_column(alter)
            if name is not None and ("COLUMN", f"{alter.table.name}.{name.name}") not in mine:
                yield error(
                    "RC612",
                    f"column `{name.name}` of table `{alter.table.name}` is dropped, with all it holds",
                    script.span(name.first, name.last),
                    "keep it: services of an earlier release may read it",
                )
