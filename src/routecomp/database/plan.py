"""Compare a ledger with the migrations of a folder: which are applied, pending, edited, missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import Entry, checksum
from routecomp.model.suggest import suggestion
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.file_names import OUTSIDE
from routecomp.sql.line_ends import KEEP_OR_RESTORE, line_ends, with_carriage_returns, written_otherwise
from routecomp.sql.migration import Migration
from routecomp.sql.script_text import statements

_OTHERS = ("BEGIN", "START ", "COMMIT", "ROLLBACK", "END", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE TRANSACTION")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a database stands to a folder.

    `applied` are the ledger's rows that were not taken back, in the order they were run; `pending` is in the order in
    which `up` runs them; `edited` maps files that are not what was run to what differs, empty for their content;
    `missing` are applied and have no file, of those `ahead` are beyond every file.
    """

    applied: tuple[Entry, ...]
    pending: tuple[Migration, ...]
    edited: Mapping[str, str]
    missing: tuple[str, ...]
    ahead: tuple[str, ...]


def make_plan(ledger: Sequence[Entry], migrations: Sequence[Migration]) -> Plan:
    """Return how a ledger stands to the migrations of a folder, which are in the order (number, name).

    Only up files are compared with what was run.
    """
    standing: dict[str, Entry] = {}
    for entry in ledger:
        if entry.direction == "down":
            standing.pop(entry.migration, None)
        else:
            standing[entry.migration] = entry
    files = {migration.id for migration in migrations}
    last = place(migrations[-1].id) if migrations else (-1, "")
    missing = tuple(sorted((id for id in standing if id not in files), key=place))
    return Plan(
        tuple(standing.values()),
        tuple(migration for migration in migrations if migration.id not in standing),
        {
            migration.id: _difference(migration.up, standing[migration.id].checksum)
            for migration in migrations
            if migration.id in standing and not _is_the_same(migration.up, standing[migration.id].checksum)
        },
        missing,
        tuple(id for id in missing if place(id) > last),
    )


def _is_the_same(data: bytes, applied: str) -> bool:
    """Return whether a file is what was applied, or was applied with CR LF and has LF now."""
    return applied in (checksum(data), checksum(with_carriage_returns(data)))


def _difference(data: bytes, applied: str) -> str:
    """Say what differs from the file with the checksum `applied`; empty where its content does."""
    return written_otherwise(data, lambda original: checksum(original) == applied)


def place(id: str) -> tuple[int, str]:
    """Return the key that sorts migrations by their ids: its number (0 if it begins with none), then the whole id."""
    number = id.partition("_")[0]
    return (int(number) if number.isdecimal() else 0, id)


def require_sound(plan: Plan) -> None:
    """Raise `DatabaseError` where a migration that is applied was edited or has no file; the message names one."""
    if plan.edited:
        id, how = min(plan.edited.items(), key=lambda item: bool(item[1]))
        raise DatabaseError(
            edited_words(id, how) + _more(list(plan.edited)),
            KEEP_OR_RESTORE
            if how
            else "restore the file from Git as it was applied, and write the change as a migration of its own "
            "(`routecomp compile` does); a draft is taken back with its old files first: `routecomp migrate down`",
            "refused",
        )
    if plan.ahead:
        raise DatabaseError(
            f"the database is ahead of this folder: {plan.ahead[-1]} is applied and has no file{_more(plan.ahead)}",
            "run it in an up-to-date checkout",
            "refused",
        )
    if plan.missing:
        raise DatabaseError(
            f"migration {plan.missing[0]} is applied, and its file is missing{_more(plan.missing)}",
            "restore it from Git; `routecomp compile` restores what is on the base branch",
            "refused",
        )


def edited_words(id: str, how: str) -> str:
    """Say that a file is not what was applied; `how` is what differs, empty where its content does."""
    if how:
        return f"migration {id} is not written here as it was applied: {how}"
    return f"migration {id} was edited after it was applied"


def _more(names: Sequence[str]) -> str:
    """Say how many names there are besides the first; empty for one."""
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def resolve_id(given: str, known: Collection[str]) -> str:
    """Return the id in `known` that is `given`, or whose number it is; leading zeros do not matter.

    Raises `DatabaseError` where there is none, or more than one has the number.
    """
    if given in known:
        return given
    same = [id for id in known if given.isdecimal() and id.partition("_")[0].lstrip("0") == given.lstrip("0")]
    if len(same) == 1:
        return same[0]
    if same:
        raise DatabaseError(f"several migrations have the number {given}", f"use one of: {', '.join(sorted(same))}")
    raise DatabaseError(
        f"there is no migration `{given}`", suggestion(given, known, "see `routecomp migrate status` for their names")
    )


def body(id: str, data: bytes, dialect: Dialect) -> tuple[str, ...]:
    """Return the statements of a file without its own BEGIN and COMMIT, which are for those who run it by hand.

    The runner brings the transaction: it also holds the ledger's row. Of a file that runs outside of a transaction
    (`is_apart`) it is all of them. Raises `DatabaseError` for a file that is no UTF-8, not one such transaction and
    not one such statement; `id` is for its message.
    """
    try:
        whole = statements(data.decode("utf-8"))
    except UnicodeDecodeError:
        whole = ()
    opening = dialect.opening
    inner = whole[len(opening) : -1]
    if is_apart(data, dialect) and whole[:-1] == dialect.apart and not whole[-1].upper().startswith(_OTHERS):
        return whole
    if (
        whole[: len(opening)] != opening
        or whole[-1:] != ("COMMIT",)
        or any(statement.upper().startswith(_OTHERS) for statement in inner)
    ):
        how = line_ends(data)
        if how:
            message = f"migration {id} cannot be run as it is written here: {how}"
            raise DatabaseError(message, KEEP_OR_RESTORE, "refused")
        raise DatabaseError(
            f"migration {id} is not one transaction from BEGIN to COMMIT, as `routecomp compile` writes it",
            "restore the file from Git, or compile again",
            "refused",
        )
    return inner


def is_apart(data: bytes, dialect: Dialect) -> bool:
    """Return whether a file says that it runs outside of a transaction, and the dialect has such files."""
    return bool(dialect.apart) and OUTSIDE.encode() in data.splitlines()


def by_id(migrations: Sequence[Migration]) -> Mapping[str, Migration]:
    """Return the migrations by id, in their order."""
    return {migration.id: migration for migration in migrations}
