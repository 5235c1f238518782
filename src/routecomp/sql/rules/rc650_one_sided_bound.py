"""RC650 one-sided-bound: a bound has two sides."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.bounds import asks_type, bounds, is_whole
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import all_checks, known_columns
from routecomp.sql.rule import migration_rule


@migration_rule("RC650", "one-sided-bound", aliases=("R10",))
def one_sided_bound(script: Script) -> Iterator[Diagnostic]:
    """A check bounds a number from below alone.

    On PostgreSQL NaN is greater than every number, so `x >= 0` lets it in (whole types hold none). On SQLite every
    text is greater than every number, so `x >= 0` lets 'abc' in, unless another check asks for `typeof(x)`.

    Why: a NaN that is stored makes every sum and every comparison it takes part in wrong, without an error.

    Fix: BETWEEN, with the greatest value that makes sense.
    """
    known = known_columns(script)
    every = [
        declared
        for other in (*script.earlier, script)
        for statement in other.statements
        for declared in all_checks(statement)
    ]
    for statement in script.statements:
        for table, _, check in all_checks(statement):
            for name, column in known.get(table, {}).items():
                numbers = bounds(check.condition, name)
                low = next((bound for bound in numbers if bound.side == "low"), None)
                beside = [other.condition for declared_in, _, other in every if declared_in == table]
                if low is None or (script.dialect.enforces_types and is_whole(column)):
                    continue
                if any(bound.side == "high" for condition in beside for bound in bounds(condition, name)) or (
                    not script.dialect.enforces_types and any(asks_type(condition, name) for condition in beside)
                ):
                    continue
                yield error(
                    "RC650",
                    f"column `{name}` has no upper bound, so that {script.dialect.above_every_number} passes",
                    script.span(low.token),
                    "write BETWEEN, with the greatest value that makes sense",
                )
