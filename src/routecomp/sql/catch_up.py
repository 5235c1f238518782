"""Write what one dialect alone gets: what it has missed, or what its first migration, which comes late, stands for.

A dialect that is added, or that comes back, has to hold what the others hold. Its own migration names those whose work
it does (`-- routecomp:stands-for`), so that whoever reads the folder knows which of them it has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.diff import Change, change, inverse
from routecomp.sql.file_names import BASELINE, CATCH_UP, STEP
from routecomp.sql.migration import Migration, covered, standing_for, stands_for
from routecomp.sql.read.renamed_rows import Renamed, renamed_slugs
from routecomp.sql.reference import Reference
from routecomp.sql.renames import PARENTS
from routecomp.sql.replay import Clash, ReplayError, states_along
from routecomp.sql.schema import Schema
from routecomp.sql.script_text import statements
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
    files = [migration for migration in missing if not STEP.fullmatch(migration.id)]
    states = _states(applied, known, missing, dialect, schema)
    names = [renamed_slugs(statements(each.up.decode()), applied.dialect) for each in files]
    if states[-1].tables != before.tables:
        raise BehindError(
            f"{dialect.title} lacks {missing[0].id}, and would hold other rows if that ran behind what it has got since"
        )
    parts = [
        _as_recorded(change(was, now, renamed), now)
        for renamed, (was, now) in zip(names, pairwise(states), strict=True)
    ]
    if not any(parts) and not any(migration.is_ours for migration in missing):
        return None  # what people wrote for another dialect, and what changes no row
    ids = [migration.id for migration in missing]
    id = f"{number:04}_{CATCH_UP}_{sha256(repr((dialect.name, ids)).encode()).hexdigest()[:8]}"
    body = [text for part in parts if part for text in change_statements(part, id, dialect)]
    whole = change(states[0], states[-1], _joined(names, states))
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


def _as_recorded(part: Change, now: DatabaseState) -> Change:
    """Return what a migration did, with its changes of primary of the kinds that it recorded in the ledger."""
    recorded = [(swap, now.promotions.get(swap.feature)) for swap in part.swaps]
    swaps = (
        swap if last is None or last[:2] != (swap.old, swap.new) else replace(swap, kind=last[2])
        for swap, last in recorded
    )
    return replace(part, swaps=tuple(swaps))


def _joined(names: Sequence[Sequence[Renamed]], states: Sequence[DatabaseState]) -> tuple[Renamed, ...]:
    """Return what some migrations, each with what it renames, rename together between the first and the last state."""
    first = {(kind, str(slug)): str(slug) for kind, table in PARENTS.items() for (slug,) in states[0].tables[table]}
    for renamed, now in zip(names, states[1:], strict=True):
        for kind, old, new in renamed:
            if (kind, old) in first and (kind, new) not in first:
                first[kind, new] = first.pop((kind, old))
        first = {key: slug for key, slug in first.items() if (key[1],) in now.tables[PARENTS[key[0]]]}
    return tuple((kind, slug, last) for (kind, last), slug in first.items() if slug != last)


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
            tuple(edit for part in parts for edit in part.edits),
            tuple(swap for part in parts for swap in part.swaps),
            renames=tuple(each for part in parts for each in part.renames),
        )
    )
