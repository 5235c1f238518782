"""RC649 nullable-checked: a column with a check is NOT NULL, or the check speaks of NULL."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import all_checks, known_columns, primary_key
from routecomp.sql.rule import migration_rule


@migration_rule("RC649", "nullable-checked", aliases=("R09",))
def nullable_checked(script: Script) -> Iterator[Diagnostic]:
    """A column that a CHECK is about may be NULL, and the check does not say what then.

    Why: a CHECK is met unless it is false, and NULL makes it neither: whatever it asks for, NULL passes.

    Fix: NOT NULL, or write what is meant: `x IS NULL OR x BETWEEN 0 AND 10000`.
    """
    known = known_columns(script)
    for statement in script.statements:
        keys = primary_key(statement) if script.dialect.keys_are_required else set()
        for table, own, check in all_checks(statement):
            columns = known.get(table, {}) | ({own.name.name or "": own} if own is not None else {})
            for index, token in enumerate(check.condition):
                column = columns.get(token.name or "")
                if (
                    column is None
                    or column.required
                    or token.name in keys
                    or any(token.up == "PRIMARY" for token in column.rest)
                ):
                    continue
                after = [word.up for word in check.condition]
                spoken = any(
                    check.condition[i].name == token.name and after[i + 1 : i + 2] == ["IS"] for i in range(len(after))
                )
                if not spoken and all(word.name != token.name for word in check.condition[:index]):
                    yield error(
                        "RC649",
                        f"column `{token.name}` may be NULL, and NULL passes this check",
                        script.span(token),
                        f"NOT NULL, or `{token.name} IS NULL OR ...`",
                    )
