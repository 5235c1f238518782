"""Record migrations that were run by hand as applied, after verifying that the database matches them."""

from __future__ import annotations

from collections.abc import Sequence

from routecomp.database.catalog import pack
from routecomp.database.drift import (
    live_state,
    our_tables,
    replay_reference,
    row_drift,
    schema_drift,
    schema_wanted,
    unread_drift,
)
from routecomp.database.driver import Database
from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import append, entries
from routecomp.database.plan import by_id, make_plan, place, require_sound, resolve_id
from routecomp.database.runner import Run
from routecomp.sql.migration import Migration, covered
from routecomp.sql.reference import Reference


def adopt(
    database: Database,
    own: Sequence[Migration],
    reference: Reference,
    to: str | None = None,
    run: Run | None = None,
) -> list[str]:
    """Record that the pending migrations (up to `to`, an id or number) were applied, run nothing, and return their ids.

    Returns none, and writes nothing, where none is pending. Raises `DatabaseError` with the first difference unless
    rows and schema are what these migrations lead to, also for an unknown `to` and a folder that does not fit the
    ledger. Where the server words the definitions they are taken as they are, and their names compared. Commits.
    """
    how = run or Run()
    last = None if to is None else place(resolve_id(to, by_id(own)))
    database.begin(how.wait_s, how.say)
    ledger = entries(database)
    plan = make_plan(ledger, own)
    require_sound(plan)
    chosen = [migration for migration in plan.pending if last is None or place(migration.id) <= last]
    if not chosen:
        database.rollback()
        return []
    ids = {entry.migration for entry in plan.applied} | {migration.id for migration in chosen}
    applied = [migration for migration in own if migration.id in ids]
    tables = our_tables(applied, database)
    catalogue = database.catalogue(tables)
    wanted = replay_reference(reference.only(covered(applied)), tables)
    unread = list(unread_drift(database, ledger, applied, catalogue))
    drifts = [
        *schema_drift(schema_wanted(database, ledger, applied, tables), catalogue, database.dialect),
        *row_drift(wanted.state, live_state(database, catalogue), catalogue, database.dialect.names),
        *unread,
    ]
    if drifts:
        more = f" (and {len(drifts) - 1} more differences)" if len(drifts) > 1 else ""
        raise DatabaseError(
            f"the database is not what {chosen[-1].id} and those before it lead to: {drifts[0].message}{more}",
            "give the last one before it with --to ID, and `routecomp migrate up` validates it; by hand that is ALTER "
            f"TABLE {database.dialect.qualified(unread[0].table)} VALIDATE CONSTRAINT {unread[0].name}"
            if drifts == unread
            else "give the last one that was run, with --to ID; what was changed by hand has to be put right first",
            "refused",
        )
    for migration in chosen:
        kept = pack(catalogue) if not database.keeps_statements and migration is chosen[-1] else None
        append(database, migration.id, "adopt", migration.up, kept)
    database.run("COMMIT")
    return [migration.id for migration in chosen]
