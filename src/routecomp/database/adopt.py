"""A database on which files were run by hand in; once it is what they lead to, their rows in the ledger out."""

from __future__ import annotations

from collections.abc import Sequence

from routecomp.database.catalog import catalogue, packed
from routecomp.database.connection import Database
from routecomp.database.drift import fresh, live_state, our_tables, row_drift, schema_drift, schema_wanted
from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import append, entries
from routecomp.database.plan import by_id, found_id, place, planned, sound
from routecomp.database.runner import Run
from routecomp.sql.migrations import Migration


def adopt(
    database: Database,
    own: Sequence[Migration],
    lite: Sequence[Migration],
    to: str | None = None,
    run: Run | None = None,
) -> list[str]:
    """Write into the ledger that the pending migrations (up to `to`) were applied, and run nothing.

    Only where rows and schema are what these migrations lead to; else `DatabaseError` names the first difference.
    On PostgreSQL definitions are taken as they are, and their names compared. The names of those adopted.
    """
    how = run or Run()
    last = None if to is None else place(found_id(to, by_id(own)))
    database.begin(how.wait_s, how.say)
    held = entries(database)
    plan = planned(held, own)
    sound(plan)
    chosen = [one for one in plan.pending if last is None or place(one.id) <= last]
    if not chosen:
        database.rollback()
        return []
    names = {entry.migration for entry in plan.applied} | {one.id for one in chosen}
    applied = [one for one in own if one.id in names]
    tables = our_tables(applied, database)
    there = catalogue(database, tables)
    wanted = fresh([one for one in lite if one.id in names], tables)
    drifts = [
        *schema_drift(schema_wanted(database, held, applied, tables), there),
        *row_drift(wanted.state, live_state(database, there), there),
    ]
    if drifts:
        more = f" (and {len(drifts) - 1} more differences)" if len(drifts) > 1 else ""
        raise DatabaseError(
            f"the database is not what {chosen[-1].id} and those before it lead to: {drifts[0].message}{more}",
            "give the last one that was run, with --to ID; what was changed by hand has to be put right first",
            "refused",
        )
    for one in chosen:
        kept = packed(there) if database.dialect == "postgres" and one is chosen[-1] else None
        append(database, one.id, "adopt", one.up, kept)
    database.run("COMMIT")
    return [one.id for one in chosen]
