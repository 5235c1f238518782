"""RC606 table-rewrite: no table in use is written anew (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import Alter, added_column, alters, created_tables
from routecomp.sql.rule import migration_rule


@migration_rule("RC606", "table-rewrite", lambda dialect: dialect.online_changes, aliases=("L06",))
def table_rewrite(script: Script) -> Iterator[Diagnostic]:
    """A table that is in use is written anew: the type of a column changes, or the way the table is stored.

    So do ALTER COLUMN ... TYPE, SET LOGGED, SET UNLOGGED, SET TABLESPACE, SET ACCESS METHOD, CLUSTER, VACUUM FULL,
    and a new column that is serial, an identity, or computed and STORED.

    Why: it takes AccessExclusive for as long as the copy takes, and room for a second table. A few changes of a type
    copy nothing (varchar to text), but services may still read what they do not expect.

    Fix: add a column of the new type, fill it in a migration of its own, and let readers move before the old one goes.
    """
    own = created_tables(script)
    help = "add a new column (or table), fill it in a migration of its own, and move the readers"
    for statement in script.statements:
        if statement.starts("CLUSTER") or (
            statement.starts("VACUUM") and any(token.up == "FULL" for token in statement.tokens)
        ):
            yield error(
                "RC606",
                f"{statement.tokens[0].up} writes a whole table anew, under AccessExclusive",
                script.span(statement.tokens[0]),
                "leave the table as it is stored, or use pg_repack",
            )
        for alter in alters(statement):
            word = None if alter.table.name in own else _rewrites(alter)
            if word is not None:
                yield error(
                    "RC606",
                    f"this writes table `{alter.table.name}` anew, under AccessExclusive",
                    script.span(word),
                    help,
                )


def _rewrites(alter: Alter) -> Token | None:
    """Return the word of an action that writes the table anew; None where it does not."""
    words = [token.up for token in alter.action]
    if alter.says("ALTER") and "TYPE" in words:
        return alter.action[words.index("TYPE")]
    if alter.says("SET") and words[1:2] in (["LOGGED"], ["UNLOGGED"], ["TABLESPACE"], ["ACCESS"]):
        return alter.action[1]
    column = added_column(alter)
    if column is None:
        return None
    if any((token.name or "").endswith("serial") for token in column.type):
        return column.type[0]
    return next((token for token in column.rest if token.up == "GENERATED"), None)
