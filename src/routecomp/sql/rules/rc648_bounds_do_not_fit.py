"""RC648 bounds-do-not-fit: a column's type can hold the bounds of its check (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.bounds import bounds, most
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import all_checks, known_columns
from routecomp.sql.rule import migration_rule


@migration_rule("RC648", "bounds-do-not-fit", lambda dialect: dialect.enforces_types, aliases=("R08",))
def bounds_do_not_fit(script: Script) -> Iterator[Diagnostic]:
    """A column's type cannot hold a bound that its CHECK names.

    `NUMERIC(4,2)` ends at 99.99: a check up to 100 can never be met there, and 99.999 is an error of range rather
    than of the check. Values are rounded to the scale before any check sees them: -0.004 is stored as 0.00.

    Why: the database refuses what the compiler accepts.

    Fix: a wider type, or better whole basis points in a column of type numeric.
    """
    known = known_columns(script)
    for statement in script.statements:
        for table, _, check in all_checks(statement):
            for name, column in known.get(table, {}).items():
                limit = most(column)
                for bound in bounds(check.condition, name) if limit is not None else ():
                    if limit is not None and abs(bound.value) > limit:
                        type = "".join(token.text for token in column.type)
                        yield error(
                            "RC648",
                            f"column `{name}` is {type}: it cannot hold {bound.token.text}",
                            script.span(bound.token),
                            "give it a wider type, or whole basis points",
                        )
