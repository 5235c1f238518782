"""RC611 drop-table: no table and no schema is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import created_objects, dropped_objects
from routecomp.sql.rule import migration_rule


@migration_rule("RC611", "drop-table", aliases=("D01",))
def drop_table(script: Script) -> Iterator[Diagnostic]:
    """A table or a schema is dropped.

    A way back may drop what its own migration made.

    Why: the rows are gone, and services that still read the table fail. A rollback makes the table again, empty.

    Fix: stop reading it, wait until no service of an earlier release is left, and keep it; or take it away by hand,
    with a copy at hand.
    """
    mine = created_objects(script.up)
    for statement in script.statements:
        for kind, name in dropped_objects(statement, "TABLE", "SCHEMA", "DATABASE"):
            if (kind, name.name) not in mine:
                yield error(
                    "RC611",
                    f"{kind.lower()} `{name.name}` is dropped, with all it holds",
                    script.span(name.first, name.last),
                    "keep it: services of an earlier release may read it",
                )
