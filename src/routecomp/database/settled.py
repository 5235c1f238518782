"""Recognize a migration whose rows somebody wrote before it: by hand, or the company's own tables by a cascade."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from routecomp.database.drift import is_equal, live_state, our_tables, replay_reference, shown
from routecomp.database.driver import Database
from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import promotions
from routecomp.database.plan import body, place
from routecomp.database.ways_on import called, put_back, statements_for_the_rest, tenant_of, under_its_new_name
from routecomp.sql.ddl import TENANTS
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.diff import primaries
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.migration import Migration, covered
from routecomp.sql.names import Names
from routecomp.sql.read.objects import read_statement
from routecomp.sql.read.renamed_rows import renamed_slugs
from routecomp.sql.read.row_edits import assertion, edits
from routecomp.sql.reference import Reference
from routecomp.sql.state import DatabaseState, Key, Row
from routecomp.sql.tables import BY_NAME

_MOST = 5
_SLUG = re.compile(r"'([a-z0-9._-]+)'")
_RACE = (
    "another migration that is applied has changed the same rows: merge the base branch, and `routecomp compile` says "
    "which one and what to do"
)
_BY_HAND = (
    "give all of these rows the old values by hand, or all of them the new ones, and run it again: where all hold the "
    "new ones, it is recorded as applied; `routecomp migrate adopt --to ID` records files that were run by hand"
)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to do of a file whose rows are there already.

    `statements` record promotions that the ledger has not yet, and assert what must hold in the end; they are None
    where rows hold something else, or the file cannot be recognized. `help` says which rows, and what to do; it may be
    empty. `why` says why the file is recorded, and `fact` what is in its way, where that is not what the file says
    itself.
    """

    statements: tuple[str, ...] | None
    help: str = ""
    why: str = "its rows were there already"
    fact: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    """What a file does besides changing rows: the promotions that it records, and what it asserts in the end."""

    recorded: tuple[str, ...]
    asserted: tuple[str, ...]


def what_is_left(
    database: Database,
    migration: Migration,
    direction: str,
    own: Sequence[Migration],
    standing: Collection[str],
    reference: Reference,
) -> Left:
    """Return what is left to do of a file, if all rows that it changes hold what it leads to.

    `reference` says what the migrations lead to that are `standing`, and this one on top of them. A file that does more
    than change our rows is never recognized. A row that is gone, and that a migration which waits behind this one
    deletes, is as it will be left. INVARIANT: within the transaction that holds the lock.
    """
    data = migration.up if direction == "up" else migration.down
    after = {*standing, migration.id} if direction == "up" else set(standing) - {migration.id}
    before, behind = (covered(each for each in own if each.id in ids) for ids in (standing, after))
    file = _read(body(migration.id, data or b"", database.dialect), database.dialect)
    if file is None or not reference.knows(each for each in own if each.id in {*standing, *after}):
        return Left(None)
    try:
        was = replay_reference(reference.only(before), set()).state
        now = replay_reference(reference.only(behind), set()).state
    except DatabaseError:
        return Left(None, _RACE)
    catalogue = database.catalogue(our_tables([each for each in own if each.id in standing], database))
    live = live_state(database, catalogue)
    swaps = _swaps(was, now)
    gone = _gone(was, now, live) if direction == "up" and not swaps else set()
    waiting = [each for each in own if each.id not in after and place(each.id) > place(migration.id)]
    deleting = _deleting(gone, waiting, behind, reference)
    if deleting is not None:
        now = _without(now, gone)
    there, elsewhere = _compare(was, now, live, database.dialect.names)
    recorded = {feature for feature, old, new in swaps if _last(database, feature) == (old, new)}
    if not elsewhere and recorded and len(recorded) < len(swaps):
        elsewhere = [f"{PROMOTIONS} of feature {feature}" for feature, _, _ in swaps if feature not in recorded]
    if elsewhere:
        already = f"; {_listed(there)} {_holds(there)} what it leads to already" if there else ""
        if deleting is not None and (rest := statements_for_the_rest(was, now, live, database.dialect)):
            names = _listed(sorted(called(database.dialect.names, row) for row in gone))
            are = "is" if len(elsewhere) == 1 else "are"
            fact = (
                f"CONFLICT: {names} {'is' if len(gone) == 1 else 'are'} gone, and {_listed(elsewhere)} {are} left to do"
            )
            help = (
                f"{deleting}, which waits behind it, deletes what is gone: run this by hand, then `routecomp migrate "
                f"up`, which records the migration as applied: {rest}"
            )
            return Left(None, help, fact=fact)
        if not gone and not swaps and _is_rename(migration, data, database.dialect):
            rest = statements_for_the_rest(was, now, live, database.dialect)
            if rest:
                by_hand = under_its_new_name(was, live, own, database)
                command = f"`routecomp migrate {direction}`, which records it"
                return Left(
                    None,
                    f"not what it expects: {_listed(elsewhere)}{already}; {by_hand}run this by hand, then {command}: "
                    f"{rest}",
                )
        only_gone = gone and deleting is None and len(elsewhere) == len(gone)
        lost = put_back(was, live, gone, own, database) if only_gone else _BY_HAND
        return Left(None, f"not what it expects: {_listed(elsewhere)}{already}; {lost}")
    if deleting is not None:
        why = f"rows that it changes are gone, and {deleting}, which waits behind it, deletes them"
        return Left(file.asserted, why=why)
    return Left((*(() if recorded else file.recorded), *file.asserted) if there else None)


def _is_rename(migration: Migration, data: bytes | None, dialect: Dialect) -> bool:
    """Return whether a file gives something another name."""
    return bool(renamed_slugs(body(migration.id, data or b"", dialect), dialect))


def _gone(was: DatabaseState, now: DatabaseState, live: DatabaseState) -> set[tuple[str, Key]]:
    """Return the rows, by table and key, that a change leads to and that are not there, and were or belong to such."""
    edited = {
        (name, key)
        for name, rows in now.tables.items()
        for key, row in rows.items()
        if was.tables[name].get(key) != row and key not in live.tables[name]
    }
    parents = {key[0] for key in was.tables[TENANTS].keys() - live.tables[TENANTS].keys()}
    return {(name, key) for name, key in edited if key in was.tables[name] or tenant_of(name, key) in parents}


def _deleting(
    gone: Collection[tuple[str, Key]], waiting: Sequence[Migration], done: Collection[str], reference: Reference
) -> str | None:
    """Return the last migration needed until all rows that are gone have been deleted; None where one is not.

    `waiting` are those behind the migration that changes them, in order; `done` what has been done before them.
    """
    if not gone:
        return None
    covers = set(done)
    left = set(gone)
    for migration in waiting:
        covers |= migration.covers
        try:
            state = replay_reference(reference.only(covers), set()).state
        except DatabaseError:
            return None
        left = {(table, key) for table, key in left if key in state.tables[table]}
        if not left:
            return migration.id
    return None


def _without(state: DatabaseState, gone: Collection[tuple[str, Key]]) -> DatabaseState:
    """Return a state without some rows."""
    return DatabaseState(
        {
            name: {key: row for key, row in rows.items() if (name, key) not in gone}
            for name, rows in state.tables.items()
        },
        {},
    )


def _compare(was: DatabaseState, now: DatabaseState, live: DatabaseState, names: Names) -> tuple[list[str], list[str]]:
    """Return the rows that a change leads to and the database holds, and those that it does not hold, in words."""
    there: list[str] = []
    elsewhere: list[str] = []
    for table, before in was.tables.items():
        after, present = now.tables[table], live.tables[table]
        for key in sorted(before.keys() | after.keys(), key=repr):
            if before.get(key) == after.get(key):
                continue
            name = called(names, (table, key))
            reason = _reason(before.get(key), after.get(key), present.get(key))
            (there if reason is None else elsewhere).append(name if reason is None else f"{name} ({reason})")
    return there, elsewhere


def _reason(before: Row | None, after: Row | None, present: Row | None) -> str | None:
    """Say what a row holds in place of what a migration leads to (`after`); None where it holds that."""
    if after is None:
        return None if present is None else "it is there, and the migration deletes it"
    if present is None:
        return "it is not there"
    for column, value in after.items():
        if before is not None and before[column] == value:
            continue  # not this migration's to change
        if not is_equal(present[column], value):
            change = (
                f"makes it {shown(value)}" if before is None else f"changes {shown(before[column])} to {shown(value)}"
            )
            return f"{column} is {shown(present[column])}, and the migration {change}"
    return None


def _swaps(was: DatabaseState, now: DatabaseState) -> list[tuple[str, str | None, str | None]]:
    """Return each feature whose primary differs, with the old and the new one."""
    old, new = primaries(was), primaries(now)
    return [
        (feature, old.get(feature), new.get(feature))
        for feature in sorted(old.keys() | new.keys())
        if old.get(feature) != new.get(feature)
    ]


def _last(database: Database, feature: str) -> tuple[object, object] | None:
    """Return from which model to which the last promotion of a feature led; None without one."""
    rows = [row for row in promotions(database) if row[1] == feature]
    return (rows[-1][2], rows[-1][3]) if rows else None


def _read(inner: Sequence[str], dialect: Dialect) -> _File | None:
    """Read a file of which we know every statement; None where it does more than change our rows and assert."""
    recorded: list[str] = []
    asserted: list[str] = []
    for text in inner:
        statement = read_statement(text, dialect)
        if assertion(statement, dialect.names):
            asserted.append(text)
            continue
        if text.startswith(dialect.framing) or _is_lock(text, dialect):
            continue
        changes = edits(statement)
        table = dialect.names.bare(changes[0].table.name) if len(changes) == 1 else None
        if table == PROMOTIONS and changes[0].verb == "INSERT":
            recorded.append(text)
        elif table not in BY_NAME or statement.starts("EXPLAIN"):
            return None
        asserted.clear()  # what stands before a change of rows asserts the old ones
    return _File(tuple(recorded), tuple(asserted))


def _is_lock(text: str, dialect: Dialect) -> bool:
    """Return whether a statement only locks a feature."""
    match = _SLUG.search(text)
    return match is not None and text == dialect.lock_row("features", "feature", match[1])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _holds(names: Sequence[str]) -> str:
    return "holds" if len(names) == 1 else "hold"
