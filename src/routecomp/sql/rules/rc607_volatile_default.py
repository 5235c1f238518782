"""RC607 volatile-default: a new column's default is the same for every row (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script, find
from routecomp.sql.read.statement import added_column, alters, created_tables
from routecomp.sql.rule import migration_rule

_STEADY = frozenset(
    (
        "now",
        "transaction_timestamp",
        "statement_timestamp",
        "current_setting",
        "to_timestamp",
        "to_date",
        "coalesce",
        "lower",
        "upper",
        "concat",
        "chr",
        "make_date",
        "make_interval",
        "numeric",
        "varchar",
        "char",
        "timestamp",
        "timestamptz",
        "time",
        "decimal",
        "bit",
    )
)
_WORDS = ("CHECK", "REFERENCES", "ARRAY", "ROW", "CAST", "IN")


@migration_rule("RC607", "volatile-default", lambda dialect: dialect.online_changes, aliases=("L07",))
def volatile_default(script: Script) -> Iterator[Diagnostic]:
    """A new column's default has another value for every row.

    `random()`, `gen_random_uuid()`, `clock_timestamp()`, `nextval()` and functions PostgreSQL cannot know to be stable
    make it write every row. A constant, or `now()`, is stored once, however many rows there are.

    Why: the table is written anew under AccessExclusive: nobody reads or writes it meanwhile.

    Fix: add the column without a default, set the default in a second statement, fill the rows in a migration of
    its own.
    """
    own = created_tables(script)
    for statement in script.statements:
        for alter in alters(statement):
            column = added_column(alter)
            start = -1 if column is None or alter.table.name in own else find(column.rest, "DEFAULT")
            if column is None or start == -1:
                continue
            default = column.rest[start + 1 :]
            called = next(
                (
                    token
                    for token, after in pairwise(default)
                    if after.up == "("
                    and token.name is not None
                    and token.name not in _STEADY
                    and token.up not in _WORDS
                ),
                None,
            )
            if called is not None:
                yield error(
                    "RC607",
                    f"`{called.name}` may give each row of table `{alter.table.name}` another value, so all "
                    "are written anew",
                    script.span(called),
                    "add the column without it, then ALTER COLUMN ... SET DEFAULT, and fill the rows in a "
                    "migration of its own",
                )
