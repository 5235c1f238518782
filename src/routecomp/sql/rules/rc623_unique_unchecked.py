"""RC623 unique-unchecked: what is made unique was counted before."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.row_edits import assertion
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import (
    added_column,
    added_constraint,
    alters,
    created_index,
    created_tables,
    find_unique,
)
from routecomp.sql.rule import migration_rule


@migration_rule("RC623", "unique-unchecked", aliases=("B03",), waivable=True)
def unique_unchecked(script: Script) -> Iterator[Diagnostic]:
    """A unique index or constraint is added to a table that is in use, and nothing asserts that its rows are apart.

    Why: one pair of equal rows fails the migration, in production alone, with a message about an index.

    Fix: assert it first, `SELECT public.routecomp_assert('tenants with two rows', NOT EXISTS (SELECT 1 FROM ...
    GROUP BY ... HAVING count(*) > 1))`, or say why it holds: `-- routecomp:allow RC623 reason="..."`.
    """
    own = created_tables(script)
    checked: set[str | None] = set()
    for statement in script.statements:
        if assertion(statement, script.dialect.names):
            checked |= {token.name for token in statement.tokens}
        index = created_index(statement)
        made = [(index.table.name, index.word)] if index is not None and index.unique else []
        for alter in alters(statement):
            column = added_column(alter)
            word = find_unique(added_constraint(alter) or (column.rest if column is not None else ()))
            made += [(alter.table.name, word)] if word is not None else []
        for table, word in made:
            if table not in own and table not in checked:
                yield error(
                    "RC623",
                    f"nothing says that the rows of table `{table}` are apart",
                    script.span(word),
                    "assert it before, or say in a waiver why it holds",
                )
