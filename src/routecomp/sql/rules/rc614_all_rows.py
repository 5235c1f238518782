"""RC614 all-rows: no statement takes or changes every row of a table."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.row_edits import AUDIT, Edit, edits
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import created_tables
from routecomp.sql.rule import migration_rule


@migration_rule("RC614", "all-rows", aliases=("D04",))
def all_rows(script: Script) -> Iterator[Diagnostic]:
    """A table is emptied, or an UPDATE or DELETE names no rows.

    `WHERE true` and `WHERE 1 = 1` name no rows either. What a file has made itself it may fill as it likes.

    Why: it undoes what other migrations and services wrote, and locks every row of the table until COMMIT.

    Fix: name the rows, with the values they are expected to hold.
    """
    own = created_tables(script)
    for statement in script.statements:
        if statement.starts("TRUNCATE") and not any(script.bare(token.name) in AUDIT for token in statement.tokens):
            yield error("RC614", "a table is emptied", script.span(statement.tokens[0]), "delete the rows by name")
        for edit in edits(statement):
            name = edit.table.name
            if edit.verb != "INSERT" and name not in own and script.bare(name) not in AUDIT and not _names_rows(edit):
                done = "changed" if edit.verb == "UPDATE" else "deleted"
                yield error(
                    "RC614",
                    f"every row of table `{edit.table.name}` is {done}",
                    script.span(edit.word),
                    "name the rows in a WHERE, with the values they are expected to hold",
                )


def _names_rows(edit: Edit) -> bool:
    """Return whether the condition of an edit asks for more than constants; False without a condition."""
    return any(
        token.kind == "quoted" or (token.kind == "word" and token.up not in ("TRUE", "NOT", "AND", "OR", "NULL"))
        for token in edit.condition
    )
