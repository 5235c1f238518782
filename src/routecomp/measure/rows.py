"""Read outcomes from a database, a day at a time, so that what is held in memory is one day's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecomp.database.driver import Database
from routecomp.database.failure import DatabaseError
from routecomp.measure.outcome import COLUMNS, MOMENT, TABLE, Outcome, UnreadableError, read_outcome


def require_outcomes(database: Database) -> None:
    """Raise `DatabaseError` where a database has no table of outcomes, or that of another version.

    INVARIANT: within a transaction that reads.
    """
    table = database.dialect.table_name(TABLE)
    if not database.has(TABLE):
        raise DatabaseError(
            f"{database.address.shown} has no table {table}",
            "name the database that services write to; `routecomp migrate up` makes the table, and `schema` and "
            "`table_prefix` of the settings say what it is called",
        )
    try:
        database.run(f"SELECT {', '.join(COLUMNS)} FROM {table} WHERE 1 = 0")
    except Exception as failure:
        worded = database.in_words(failure, "at work")
        if worded is None or worded.kind != "refused":
            raise
        raise DatabaseError(
            f"{table} of {database.address.shown} has not the columns of outcomes",
            "`routecomp migrate up` brings the table of an earlier version up to date",
        ) from None


def read_outcomes(database: Database, column: str, names: Sequence[str]) -> Iterator[Outcome]:
    """Yield the outcomes whose `column` (experiment, answered_by) is one of the names, day by day.

    INVARIANT: within a transaction that reads. Raises `DatabaseError` for a row that no service writes.
    """
    table = database.dialect.table_name(TABLE)
    mark = database.mark
    among = f"{column} IN ({', '.join([mark] * len(names))})"
    columns = ", ".join(database.utc(name) if name == MOMENT else name for name in COLUMNS)
    days = database.run(f"SELECT DISTINCT day FROM {table} WHERE {among} ORDER BY day", names)
    for (day,) in days:
        rows = database.run(
            f"SELECT {columns} FROM {table} WHERE {among} AND day = {mark} ORDER BY outcome_id", (*names, day)
        )
        for values in rows:
            row = dict(zip(COLUMNS, values, strict=True)) | {"day": str(day)}  # a text, or a date of the driver's
            try:
                yield read_outcome(row)
            except UnreadableError as error:
                raise DatabaseError(
                    f"{table} holds a row that no service writes, {row['outcome_id']} of {day}: {error}",
                    "see `routecomp migrate verify` for what differs",
                ) from None
