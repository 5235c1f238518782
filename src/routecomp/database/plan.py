"""A ledger and the migrations of a folder in, how they stand to each other out: applied, pending, edited, gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import Entry, checksum
from routecomp.model.vocabulary import suggestion
from routecomp.sql.literals import statements
from routecomp.sql.migrations import Migration
from routecomp.sql.schema import Dialect

_FRAME: dict[Dialect, tuple[str, ...]] = {
    "postgres": ("BEGIN",),
    "sqlite": ("PRAGMA foreign_keys = ON", "BEGIN IMMEDIATE"),
}
_OTHERS = ("BEGIN", "START ", "COMMIT", "ROLLBACK", "END", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE TRANSACTION")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a database stands to a folder. `applied` are the ledger's rows that stand, in the order they were run;
    `pending` is in the order in which `up` runs them; `edited` are files that are not what was run; `missing` are
    applied and have no file, of those `ahead` are beyond every file."""

    applied: tuple[Entry, ...]
    pending: tuple[Migration, ...]
    edited: tuple[str, ...]
    missing: tuple[str, ...]
    ahead: tuple[str, ...]


def planned(held: Sequence[Entry], migrations: Sequence[Migration]) -> Plan:
    """The plan; `migrations` are in the order (number, name)."""
    standing: dict[str, Entry] = {}
    for entry in held:
        if entry.direction == "down":
            standing.pop(entry.migration, None)
        else:
            standing[entry.migration] = entry
    files = {one.id: one for one in migrations}
    last = place(migrations[-1].id) if migrations else (-1, "")
    missing = tuple(sorted((id for id in standing if id not in files), key=place))
    return Plan(
        tuple(standing.values()),
        tuple(one for one in migrations if one.id not in standing),
        tuple(one.id for one in migrations if one.id in standing and standing[one.id].checksum != checksum(one.up)),
        missing,
        tuple(id for id in missing if place(id) > last),
    )


def place(id: str) -> tuple[int, str]:
    """Where a migration stands among others: by number, then by name."""
    number = id.partition("_")[0]
    return (int(number) if number.isdecimal() else 0, id)


def sound(plan: Plan) -> None:
    """`DatabaseError` where the folder is not that of the database: then nothing is run."""
    if plan.edited:
        raise DatabaseError(
            f"migration {plan.edited[0]} was edited after it was applied{_more(plan.edited)}",
            "restore the file from Git as it was applied, and write the change as a migration of its own "
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


def _more(names: Sequence[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def found_id(given: str, known: Collection[str]) -> str:
    """The migration a user means by its name, or by its number where only one has it."""
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
    """The statements of a file between its own BEGIN and COMMIT, which are for those who run it by hand.

    The runner brings the transaction: it also holds the ledger's row.
    """
    try:
        found = statements(data.decode("utf-8"))
    except UnicodeDecodeError:
        found = ()
    opening = _FRAME[dialect]
    inner = found[len(opening) : -1]
    if (
        found[: len(opening)] != opening
        or found[-1:] != ("COMMIT",)
        or any(one.upper().startswith(_OTHERS) for one in inner)
    ):
        raise DatabaseError(
            f"migration {id} is not one transaction from BEGIN to COMMIT, as `routecomp compile` writes it",
            "restore the file from Git, or compile again",
            "refused",
        )
    return inner


def by_id(migrations: Sequence[Migration]) -> Mapping[str, Migration]:
    """The migrations by their names."""
    return {one.id: one for one in migrations}
