"""Write the steps of a change as a migration: its transaction, and the statements in it."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.diff import Change, Delete, Insert, Swap, Update
from routecomp.sql.file_names import OUTSIDE, WRITTEN_BY
from routecomp.sql.invariants import Invariant, condition, every, of
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import delete, insert, literal, table_name, update, where
from routecomp.sql.renames import closing, opening
from routecomp.sql.script_text import script
from routecomp.sql.state import Row
from routecomp.sql.tables import BY_NAME, state_key

_VARIANTS = "model_experiment_variant"
_VERSIONS = "model_experiment_variant_version"


def transaction(id: str, title: str, body: list[str], dialect: Dialect) -> bytes:
    """Return the bytes of a whole file: one transaction, which holds the lock and does not wait for others for long.

    `title` goes into a comment: INVARIANT: it holds no text of the YAML.
    """
    return (_head(id, title) + script([*dialect.opening, *dialect.session, *body, "COMMIT"])).encode()


def apart(id: str, title: str, statement: str, dialect: Dialect) -> bytes:
    """Return the bytes of a file whose one statement runs outside of a transaction; `title` is as for `transaction`."""
    return f"{_head(id, title)}{OUTSIDE}\n\n{script([*dialect.apart, statement])}".encode()


def counted(change: Change) -> str:
    """Write how many rows a change touches, and how many primaries it changes."""
    swaps = f", {len(change.swaps)} of them a change of primary" if change.swaps else ""
    names = f", {len(change.renames)} get another name" if change.renames else ""
    return f"{len(change.edits)} rows change{swaps}{names}"


def _head(id: str, title: str) -> str:
    """Return the comment that a file begins with, and an empty line."""
    number = id.partition("_")[0]  # no name of the YAML: a comment ends where a reader thinks it does
    return f"-- Migration {number}: {title}.\n-- {WRITTEN_BY}; never edit it: what is on the base branch stays.\n\n"


def change_statements(change: Change, id: str, dialect: Dialect) -> list[str]:
    """Return the statements of a change: rename, assert the incumbents, edit, record the swaps, assert what must hold.

    `id` is the migration that the ledger names. BEGIN and COMMIT are not among them.
    """
    return [
        text
        for group in (
            opening(change.renames, dialect),
            _claims(change, dialect),
            _edits(change, dialect),
            closing(change.renames, dialect),
            _recorded(change, id, dialect),
            _held(change, dialect),
        )
        for text in group
    ]


def _claims(change: Change, dialect: Dialect) -> Iterator[str]:
    """Yield, for each swap, a lock on its feature, and assertions of what the swap expects of the feature.

    The old primary still serves, and the new one still has its status there, or no row. A new feature has nothing to
    assert, one that goes only its primary; there is no lock where the dialect locks the whole file.
    """
    rows = table_name("feature_models", dialect)
    for swap in change.swaps:
        feature = literal(swap.feature, dialect)
        lock = dialect.lock_row("features", "feature", swap.feature)
        if lock is not None:
            yield lock
        if swap.old is not None:
            serving = f"(SELECT model FROM {rows} WHERE feature = {feature} AND status = 'primary')"
            message = literal(f"CONFLICT: feature {swap.feature} is already on ", dialect)
            yield dialect.assertion(
                f"{message} || coalesce({serving}, 'nothing')", f"{serving} = {literal(swap.old, dialect)}"
            )
        if swap.old is not None and swap.new is not None:
            yield dialect.assertion(*_eligible(swap, dialect))


def _eligible(swap: Swap, dialect: Dialect) -> tuple[str, str]:
    """Return a message and a condition, both SQL: the new primary is in the feature what the base says it is."""
    row = where({"feature": swap.feature, "model": swap.new}, dialect)
    rows = table_name("feature_models", dialect)
    if swap.eligible is None:
        message = f"CONFLICT: model {swap.new} is in feature {swap.feature} already"
        return literal(message, dialect), f"NOT EXISTS (SELECT 1 FROM {rows} WHERE {row})"
    message = f"CONFLICT: model {swap.new} is no {swap.eligible} of feature {swap.feature} any more"
    return (
        literal(message, dialect),
        f"EXISTS (SELECT 1 FROM {rows} WHERE {row} AND status = {literal(swap.eligible, dialect)})",
    )


def _edits(change: Change, dialect: Dialect) -> Iterator[str]:
    """Yield an assertion and a statement for each update and delete, and the inserts, joined by table."""
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
        is_there = f"EXISTS (SELECT 1 FROM {table_name(edit.table, dialect)} WHERE {where(expected, dialect)}{live})"
        yield dialect.assertion(literal(_lost(dialect.names.of(edit.table), key), dialect), is_there)
        if isinstance(edit, Update):
            yield update(edit.table, edit.key, edit.old, edit.new, dialect)
        elif edit.table == _VERSIONS:
            if (edit.row["experiment"], edit.row["variant"]) not in gone:
                yield (
                    f"UPDATE {table_name(_VERSIONS, dialect)} SET withdrawn = {literal(True, dialect)}\n"
                    f"WHERE {where(edit.row, dialect)} AND NOT withdrawn"
                )
        else:
            if edit.table == _VARIANTS:  # with a variant all its versions go, withdrawn ones too
                yield delete(_VERSIONS, key, dialect)
            yield delete(edit.table, edit.row, dialect)
    yield from insert(table, pending, dialect)


def _key_of(edit: Delete) -> Row:
    """Return the cells of a deleted row that are its key."""
    return {name: edit.row[name] for name in state_key(BY_NAME[edit.table])}


def _lost(table: str, key: Row) -> str:
    """Return the message for a row that does not hold what the migration expects."""
    names = " ".join(str(value) for value in key.values())
    return f"CONFLICT: {table} {names} is not what this migration expects: somebody else changed it"


def _recorded(change: Change, id: str, dialect: Dialect) -> Iterator[str]:
    """Yield the statement that appends the swaps to the ledger; nothing without swaps."""
    yield from insert(
        PROMOTIONS,
        [
            {"feature": swap.feature, "from_model": swap.old, "to_model": swap.new, "kind": swap.kind, "migration": id}
            for swap in change.swaps
        ],
        dialect,
    )


def _held(change: Change, dialect: Dialect) -> Iterator[str]:
    """Yield assertions of what must hold in the end: the new primaries, and the invariants of what was touched.

    Where triggers check at COMMIT, they are those of the primaries alone, which name the culprit.
    """
    rows = table_name("feature_models", dialect)
    for swap in change.swaps:
        if swap.new is None:
            continue
        feature = literal(swap.feature, dialect)
        served = f"FROM {rows} WHERE feature = {feature} AND status = 'primary'"
        yield dialect.assertion(
            literal(f"feature {swap.feature} does not end with {swap.new} as its one primary", dialect),
            f"(SELECT count(*) {served}) = 1 AND (SELECT min(model) {served}) = {literal(swap.new, dialect)}",
        )
    if dialect.checks_at_commit:
        return
    for subject, names in sorted(change.touched.items()):
        for invariant in of(subject):
            if subject == "preferences":
                yield _asserted(dialect, invariant, subject, f"NOT ({_broken(invariant, 'NULL', dialect)})")
            elif names is None:
                subjects = every(subject, lambda table: table_name(table, dialect))
                broken = _broken(invariant, "whole.subject", dialect)
                none = f"NOT EXISTS (SELECT 1 FROM ({subjects}) whole WHERE {broken})"
                yield _asserted(dialect, invariant, f"some {subject}", none)
            else:
                for name in sorted(names):
                    broken = _broken(invariant, literal(name, dialect), dialect)
                    yield _asserted(dialect, invariant, f"{subject} {name}", f"NOT ({broken})")


def _broken(invariant: Invariant, key: str, dialect: Dialect) -> str:
    """Return the condition that an invariant is broken for the subject `key`, an SQL expression."""
    return condition(invariant, key, lambda table: table_name(table, dialect))


def _asserted(dialect: Dialect, invariant: Invariant, subject: str, condition: str) -> str:
    """Return the assertion of a condition, whose message names the invariant and the subject."""
    message = literal(f"{invariant.name}: {subject} {invariant.message}", dialect)
    return dialect.assertion(message, condition)
