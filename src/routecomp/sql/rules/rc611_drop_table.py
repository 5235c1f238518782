"""RC611 drop-table: no table and no schema is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.row_edits import edits
from routecomp.sql.read.script import Script, Statement, find
from routecomp.sql.read.statement import Tokens, created_objects, created_table, dropped_objects, name_at
from routecomp.sql.rule import migration_rule


@migration_rule("RC611", "drop-table", aliases=("D01",))
def drop_table(script: Script) -> Iterator[Diagnostic]:
    """A table or a schema is dropped.

    A way back may drop what its own migration made, and a file the copies it made itself. A table may be made anew (no
    other way to change it on SQLite): its rows are copied into a table first, all of them, and back behind its CREATE
    TABLE.

    Why: the rows are gone, and services that still read the table fail. A rollback makes the table again, empty.

    Fix: stop reading it, wait until no service of an earlier release is left, and keep it; or take it away by hand,
    with a copy at hand.
    """
    mine = created_objects(script.up)
    for place, statement in enumerate(script.statements):
        if (table := created_table(statement)) is not None:
            mine.add(("TABLE", table.table.name))
        for kind, name in dropped_objects(statement, "TABLE", "SCHEMA", "DATABASE"):
            if (kind, name.name) not in mine and not (kind == "TABLE" and _is_made_anew(script, place, name.name)):
                yield error(
                    "RC611",
                    f"{kind.lower()} `{name.name}` is dropped, with all it holds",
                    script.span(name.first, name.last),
                    "keep it: services of an earlier release may read it",
                )


def _is_made_anew(script: Script, place: int, table: str) -> bool:
    """Return whether a table that is dropped at a place has its rows in a copy, and gets them back."""
    before, after = script.statements[:place], script.statements[place + 1 :]
    copies = {copy for statement in before if (copy := _copy_of(statement, table)) is not None}
    made = next((index for index, later in enumerate(after) if _makes(later, table)), len(after))
    return any(
        edit.verb == "INSERT" and edit.table.name == table and _read_whole(edit.tokens) in copies
        for statement in after[made + 1 :]
        for edit in edits(statement)
    )


def _copy_of(statement: Statement, table: str) -> str | None:
    """Return the table that a statement makes of all rows of another; None for other statements."""
    created = created_table(statement)
    return created.table.name if created is not None and _read_whole(statement.tokens) == table else None


def _makes(statement: Statement, table: str) -> bool:
    """Return whether a statement makes a table of this name with columns of its own."""
    created = created_table(statement)
    return created is not None and created.table.name == table and bool(created.columns)


def _read_whole(tokens: Tokens) -> str | None:
    """Return the table that a SELECT at the end reads, all its rows; None where it reads otherwise, or no table."""
    place = find(tokens, "FROM")
    named = name_at(tokens, place + 1) if place != -1 else None
    return named[0].name if named is not None and named[1] == len(tokens) else None
