"""Write what one dialect alone gets: what it has missed, or what its first migration, which comes late, stands for.

A dialect that is added, or that comes back, has to hold what the others hold. Its own migration names those whose work
it does (`-- routecomp:stands-for`), so that whoever reads the folder knows which of them it has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.diff import Change, change, inverse
from routecomp.sql.file_names import BASELINE, CATCH_UP, STEP
from routecomp.sql.migration import Migration, covered, standing_for, stands_for
from routecomp.sql.reference import Reference
from routecomp.sql.replay import Clash, ReplayError, states_along
from routecomp.sql.schema import Schema
from routecomp.sql.state import DatabaseState
from routecomp.sql.statements import change_statements, counted, transaction


class BehindError(Exception):
    """A dialect lacks a migration, and nothing that can be written brings it there; the text says why."""


def missing_baseline(own: Sequence[Migration], applied: Reference) -> list[Migration]:
    """Return the migrations that the late first one of a dialect stands for: all before those it has already."""
    first = min(((migration.number, migration.id) for migration in own), default=None)
    return [migration for migration in applied.released if first is None or (migration.number, migration.id) < first]


def write_catch_up(
    own: Sequence[Migration], applied: Reference, dialect: Dialect, number: int, before: DatabaseState, schema: Schema
) -> Migration | None:
    """Return the migration that brings a dialect what it lacks of the others; None where it lacks nothing.

    `own` are the migrations it has, and `before` is the state that all of `applied` lead to. The work of each that is
    missing is done one after the other, so that the ledger tells each promotion. Raises `BehindError` where one of them
    does not run behind those that the dialect has.
    """
    known = covered(own)
    shared = {migration.id for migration in applied.released}
    unknown = [
        migration
        for migration in own
        if migration.is_ours and not stands_for(migration.up) and migration.id not in shared
    ]
    if unknown:
        raise BehindError(
            f"{unknown[0].id} is there for {dialect.title}, and not for {applied.dialect.title}, whose migrations say "
            "what the rows are"
        )
    missing = [migration for migration in applied.released if migration.id not in known]
    if not missing:
        return None
    states = _states(applied, known, missing, dialect, schema)
    if states[-1].tables != before.tables:
        raise BehindError(
            f"{dialect.title} lacks {missing[0].id}, and would hold other rows if that ran behind what it has got since"
        )
    parts = [change(was, now) for was, now in pairwise(states)]
    if not any(parts) and not any(migration.is_ours for migration in missing):
        return None  # what people wrote for another dialect, and what changes no row
    ids = [migration.id for migration in missing]
    id = f"{number:04}_{CATCH_UP}_{sha256(repr((dialect.name, ids)).encode()).hexdigest()[:8]}"
    body = [text for part in parts if part for text in change_statements(part, id, dialect)]
    whole = change(states[0], states[-1])
    back = inverse(whole, states[0], states[-1])
    title = f"what the other dialects have already, {_counted(parts)}"
    return Migration(
        id,
        standing_for(transaction(id, title, body, dialect), ids),
        transaction(id, f"the way back, {counted(back)}", change_statements(back, id, dialect), dialect),
    )


def runs_before_a_catch_up(known: Mapping[str, Sequence[Migration]], number: int) -> Clash | None:
    """Return why a draft may not have a number: a dialect gets behind it what it may build on. None where none does."""
    for migrations in known.values():
        for migration in migrations:
            if migration.id != BASELINE and migration.number >= number and stands_for(migration.up):
                return Clash(migration.id, "it brings to a dialect what that had missed, and this one may build on it")
    return None


def _states(
    applied: Reference, known: Collection[str], missing: Sequence[Migration], dialect: Dialect, schema: Schema
) -> list[DatabaseState]:
    """Return the state of a dialect that has the migrations `known`, and then behind each one that is missing.

    Schema steps run in their own places: a dialect comes to them by steps of its own, and no row changes.
    """
    steps = {migration.id for migration in missing if STEP.fullmatch(migration.id)}
    here = [(other.id, other.up) for other in applied.released if other.id in known or other.id in steps]
    rest = [(other.id, other.up) for other in missing if other.id not in steps]
    try:
        return states_along(applied.dialect, here, rest, schema)
    except ReplayError as failure:
        raise BehindError(
            f"{dialect.title} lacks {missing[0].id}, and cannot get it behind what it has got since: {failure.id}: "
            f"{failure.reason}"
        ) from None


def _counted(parts: Sequence[Change]) -> str:
    """Write how many rows some changes touch together, and how many primaries they change."""
    return counted(
        Change(
            tuple(edit for part in parts for edit in part.edits), tuple(swap for part in parts for swap in part.swaps)
        )
    )
