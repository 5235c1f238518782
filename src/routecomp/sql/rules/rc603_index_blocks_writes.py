"""RC603 index-blocks-writes: an index on a table in use is built CONCURRENTLY (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
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


@migration_rule("RC603", "index-blocks-writes", lambda dialect: dialect.online_changes, aliases=("L03",))
def index_blocks_writes(script: Script) -> Iterator[Diagnostic]:
    """An index is built on a table that is in use, and not CONCURRENTLY.

    CREATE INDEX takes ShareLock: nobody writes the table until it is done. ADD PRIMARY KEY and ADD UNIQUE build one
    under AccessExclusive; with USING INDEX they take one that is there. REINDEX is like CREATE INDEX.

    Why: each call that writes waits for as long as the index takes to build.

    Fix: CREATE INDEX CONCURRENTLY, alone in a file marked `-- routecomp:no-transaction`.
    """
    own = created_tables(script)
    help = "build it CONCURRENTLY, alone in a migration marked `-- routecomp:no-transaction`"
    for statement in script.statements:
        index = created_index(statement)
        if index is not None and index.concurrently is None and index.table.name not in own:
            yield error(
                "RC603",
                f"building this index keeps everybody from writing table `{index.table.name}`",
                script.span(index.word),
                help,
            )
        if statement.starts("REINDEX") and all(token.up != "CONCURRENTLY" for token in statement.tokens):
            yield error(
                "RC603",
                "rebuilding an index keeps everybody from writing its table",
                script.span(statement.tokens[0]),
                "REINDEX ... CONCURRENTLY, alone in a migration marked `-- routecomp:no-transaction`",
            )
        for alter in alters(statement):
            column = added_column(alter)
            word = find_unique(added_constraint(alter) or (column.rest if column is not None else ()))
            if word is not None and alter.table.name not in own:
                yield error(
                    "RC603",
                    f"building its index keeps everybody from table `{alter.table.name}`",
                    script.span(word),
                    "build a unique index CONCURRENTLY first, then add the constraint USING INDEX",
                )
