"""Steps in, statements of one dialect out: what a migration says between BEGIN and COMMIT."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.sql.ddl import LOCK
from routecomp.sql.diff import Change, Delete, Insert, Swap, Update
from routecomp.sql.file_names import WRITTEN_BY
from routecomp.sql.invariants import condition, every, of
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import asserted, delete, insert, literal, named, script, update, where
from routecomp.sql.schema import Dialect
from routecomp.sql.state import Row
from routecomp.sql.tables import BY_NAME, state_key

_VARIANTS = "model_experiment_variant"
_VERSIONS = "model_experiment_variant_version"


def transaction(id: str, title: str, body: list[str], dialect: Dialect) -> bytes:
    """A whole file: one transaction that holds the lock, waits for no other one for long, and is all or nothing."""
    begin = (
        [
            "BEGIN",
            "SET LOCAL lock_timeout = '5s'",
            "SET LOCAL statement_timeout = '10min'",
            "SET LOCAL standard_conforming_strings = on",
            f"SELECT pg_advisory_xact_lock({LOCK})",
        ]
        if dialect == "postgres"
        else ["PRAGMA foreign_keys = ON", "BEGIN IMMEDIATE"]
    )
    number = id.partition("_")[0]  # no name of the YAML: a comment ends where a reader thinks it does
    head = f"-- Migration {number}: {title}.\n-- {WRITTEN_BY}; never edit it: what is on the base branch stays.\n\n"
    return (head + script([*begin, *body, "COMMIT"])).encode()


def written(change: Change, id: str, dialect: Dialect) -> list[str]:
    """The statements of a change: assert the incumbents, edit, record the swaps, assert what must hold."""
    return [
        text
        for group in (
            _claims(change, dialect),
            _edits(change, dialect),
            _recorded(change, id, dialect),
            _held(change, dialect),
        )
        for text in group
    ]


def _claims(change: Change, dialect: Dialect) -> Iterator[str]:
    rows = named("feature_models", dialect)
    for swap in change.swaps:
        feature = literal(swap.feature, dialect)
        if dialect == "postgres":
            yield f"SELECT feature FROM {named('features', dialect)} WHERE feature = {feature} FOR UPDATE"
        if swap.old is not None:
            serving = f"(SELECT model FROM {rows} WHERE feature = {feature} AND status = 'primary')"
            said = literal(f"CONFLICT: feature {swap.feature} is already on ", dialect)
            yield asserted(
                f"{said} || coalesce({serving}, 'nothing')", f"{serving} = {literal(swap.old, dialect)}", dialect
            )
        if swap.old is not None and swap.new is not None:
            yield asserted(*_eligible(swap, dialect), dialect)


def _eligible(swap: Swap, dialect: Dialect) -> tuple[str, str]:
    """The new primary is in the feature what the base says it is, and a model that may serve."""
    row = where({"feature": swap.feature, "model": swap.new}, dialect)
    rows = named("feature_models", dialect)
    if swap.eligible is None:
        said = f"CONFLICT: model {swap.new} is in feature {swap.feature} already"
        return literal(said, dialect), f"NOT EXISTS (SELECT 1 FROM {rows} WHERE {row})"
    said = f"CONFLICT: model {swap.new} is no {swap.eligible} of feature {swap.feature} any more"
    return (
        literal(said, dialect),
        f"EXISTS (SELECT 1 FROM {rows} WHERE {row} AND status = {literal(swap.eligible, dialect)})",
    )


def _edits(change: Change, dialect: Dialect) -> Iterator[str]:
    gone = {
        (edit.row["experiment"], edit.row["variant"])
        for edit in change.edits
        if isinstance(edit, Delete) and edit.table == _VARIANTS
    }
    pending: list[Row] = []
    table = ""
    for edit in change.edits:
        if isinstance(edit, Insert):
            if edit.table != table:
                yield from insert(table, pending, dialect)
                table, pending = edit.table, []
            pending.append(edit.row)
            continue
        yield from insert(table, pending, dialect)
        table, pending = "", []
        expected = {**edit.key, **edit.old} if isinstance(edit, Update) else edit.row
        key = edit.key if isinstance(edit, Update) else _key_of(edit)
        live = " AND NOT withdrawn" if edit.table == _VERSIONS else ""
        found = f"EXISTS (SELECT 1 FROM {named(edit.table, dialect)} WHERE {where(expected, dialect)}{live})"
        yield asserted(literal(_lost(edit.table, key), dialect), found, dialect)
        if isinstance(edit, Update):
            yield update(edit.table, edit.key, edit.old, edit.new, dialect)
        elif edit.table == _VERSIONS:
            if (edit.row["experiment"], edit.row["variant"]) not in gone:
                yield (
                    f"UPDATE {named(_VERSIONS, dialect)} SET withdrawn = {literal(True, dialect)}\n"
                    f"WHERE {where(edit.row, dialect)} AND NOT withdrawn"
                )
        else:
            if edit.table == _VARIANTS:  # with a variant all its versions go, withdrawn ones too
                yield delete(_VERSIONS, key, dialect)
            yield delete(edit.table, edit.row, dialect)
    yield from insert(table, pending, dialect)


def _key_of(edit: Delete) -> Row:
    return {name: edit.row[name] for name in state_key(BY_NAME[edit.table])}


def _lost(table: str, key: Row) -> str:
    names = " ".join(str(value) for value in key.values())
    return f"CONFLICT: {table} {names} is not what this migration expects: somebody else changed it"


def _recorded(change: Change, id: str, dialect: Dialect) -> Iterator[str]:
    yield from insert(
        PROMOTIONS,
        [
            {"feature": swap.feature, "from_model": swap.old, "to_model": swap.new, "kind": swap.kind, "migration": id}
            for swap in change.swaps
        ],
        dialect,
    )


def _held(change: Change, dialect: Dialect) -> Iterator[str]:
    """What must hold in the end; on PostgreSQL the deferred triggers say it once more at COMMIT."""
    rows = named("feature_models", dialect)
    for swap in change.swaps:
        if swap.new is None:
            continue
        feature = literal(swap.feature, dialect)
        served = f"FROM {rows} WHERE feature = {feature} AND status = 'primary'"
        said = literal(f"feature {swap.feature} does not end with {swap.new} as its one primary", dialect)
        yield asserted(
            said,
            f"(SELECT count(*) {served}) = 1 AND (SELECT min(model) {served}) = {literal(swap.new, dialect)}",
            dialect,
        )
    if dialect == "postgres":
        return
    for subject, names in sorted(change.touched.items()):
        for invariant in of(subject):
            if subject == "preferences":
                broken = condition(invariant, "NULL", lambda table: named(table, dialect))
                yield asserted(
                    literal(f"{invariant.name}: preferences {invariant.message}", dialect), f"NOT ({broken})", dialect
                )
            elif names is None:
                broken = condition(invariant, "whole.subject", lambda table: named(table, dialect))
                subjects = every(subject, lambda table: named(table, dialect))
                yield asserted(
                    literal(f"{invariant.name}: some {subject} {invariant.message}", dialect),
                    f"NOT EXISTS (SELECT 1 FROM ({subjects}) whole WHERE {broken})",
                    dialect,
                )
            else:
                for name in sorted(names):
                    broken = condition(invariant, literal(name, dialect), lambda table: named(table, dialect))
                    yield asserted(
                        literal(f"{invariant.name}: {subject} {name} {invariant.message}", dialect),
                        f"NOT ({broken})",
                        dialect,
                    )
