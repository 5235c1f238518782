"""RC642 swap-in-one-statement: a swap is two statements."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.promotions import REGISTRY
from routecomp.sql.read.row_edits import assigned_cells, edits, inserted_rows, is_upsert, text_of
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC642", "swap-in-one-statement", aliases=("R02",))
def swap_in_one_statement(script: Script) -> Iterator[Diagnostic]:
    """One statement demotes and promotes: an UPDATE sets `status` to an expression, or an upsert writes several rows.

    Why: the index of one primary is checked row by row, so it succeeds or fails by the order of the rows on the disk.
    What passed on one database fails on the next.

    Fix: two statements, each with a plain `status`: demote, then promote.
    """
    for statement in script.statements:
        for edit in edits(statement):
            if script.bare(edit.table.name) != REGISTRY:
                continue
            status = assigned_cells(edit.tokens).get("status") if edit.verb == "UPDATE" else None
            if status is not None and text_of(status) is None:
                yield error(
                    "RC642",
                    "one statement decides about several statuses, in an order nobody knows",
                    script.span(status[0], status[-1]),
                    "demote in one statement, promote in the next",
                )
            rows = inserted_rows(edit)
            if is_upsert(edit) and len(rows) > 1 and any(text_of(row.get("status")) == "primary" for row in rows):
                yield error(
                    "RC642",
                    "one upsert demotes and promotes, in an order nobody knows",
                    script.span(edit.word),
                    "demote in one statement, promote in the next",
                )
