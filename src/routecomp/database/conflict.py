"""Say who was faster, and which row of another table is missing, where the database refuses a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.literals import literal, quoted_name, table_name

_MOST = 5
_ROWS = (" VALUES\n", "\nSELECT ")
"""What stands before the rows of an INSERT of ours."""
_HELP = (
    "somebody else was faster, or has done it by hand: see `routecomp migrate verify`; `routecomp migrate adopt --to "
    "ID` records files that were run by hand; else compile again on top of what is there"
)


def assertion(message: str) -> DatabaseError:
    """Make the error of a failed assertion: a `conflict` if its message begins with CONFLICT, else `refused`.

    The message is kept as it is; its beginning chooses kind and help.
    """
    if message.startswith("CONFLICT"):
        return DatabaseError(message, _HELP, "conflict")
    return DatabaseError(message, "nothing was changed: see `routecomp migrate verify` for what differs", "refused")


def taken(table: str, key: Mapping[str, Any], dialect: Dialect, run: Callable[[str], list[Any]]) -> DatabaseError:
    """Make the `conflict` error of a row whose key is taken; for a feature with a primary it names that model.

    `key` is the row's key by column, as far as the database told it. `run` runs a query, and its failures are not
    caught.
    """
    feature = key.get("feature")
    if feature is not None and dialect.names.bare(table) in ("features", "feature_models"):
        rows = run(
            f"SELECT model FROM {table_name('feature_models', dialect)} WHERE status = 'primary' AND feature = "
            f"{literal(str(feature), dialect)}"
        )
        if rows:
            return DatabaseError(f"CONFLICT: feature {feature} is already on {rows[0][0]}", _HELP, "conflict")
    values = " ".join(["", *(str(value) for value in key.values())])
    return DatabaseError(f"CONFLICT: {table}{values} is already there", _HELP, "conflict")


def key_query(statement: str, columns: Sequence[str], condition: str) -> str | None:
    """Return the query for the keys of the rows that an INSERT of ours brings, which meet a condition; None for others.

    An INSERT of values and one that copies a row under another name are ours. The condition may name the columns of the
    row as those of `new`.
    """
    head, separator, rows = next(filter(itemgetter(1), map(statement.partition, _ROWS)), ("", "", ""))
    begin, _, own = head.partition(" (")
    if not begin.startswith("INSERT INTO "):
        return None
    names = ", ".join(f"new.{column}" for column in columns)
    return f"WITH new ({own} AS ({separator.strip()} {rows.rstrip(';')}) SELECT {names} FROM new WHERE {condition}"


def no_parent(
    table: str,
    column: str,
    parent: str,
    parent_column: str,
    statement: str,
    run: Callable[[str], list[Any]],
    known: Sequence[str] = (),
) -> DatabaseError:
    """Make the error of rows whose `column` names a row that another table, the company's own, does not have.

    Tables are named as statements name them, without quotes. `run` runs a query, and its failures are not caught.
    Where the statement is no INSERT of ours, the `known` ones are named.
    """
    there = ".".join(map(quoted_name, parent.split(".")))
    query = key_query(
        statement,
        [column],
        f"NOT EXISTS (SELECT 1 FROM {there} there WHERE there.{quoted_name(parent_column)} = new.{column})",
    )
    keys = sorted({str(key) for (key,) in run(query)}) if query is not None else []
    keys = keys or list(known)
    return missing_rows(table, column, keys, f"{parent} ({parent_column})")


def missing_rows(table: str, column: str, keys: Sequence[str], parent: str) -> DatabaseError:
    """Make the error of `keys` in a column of a table that are not in the `parent`, the company's own table."""
    more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
    names = f"{column} {', '.join(keys[:_MOST])}{more} {'is' if len(keys) == 1 else 'are'}" if keys else "a row is"
    return DatabaseError(
        f"{names} not in {parent}, to which {table} refers",
        "insert it there first, then run it again: a tenant comes into the company's own table before its YAML is "
        "deployed, and leaves it afterwards",
        "refused",
    )


def no_table(words: str, doing: str) -> DatabaseError:
    """Make the error of a table that is not there: none of ours, which migrations make in their order."""
    return DatabaseError(
        f"a table that no migration makes is not there {doing}: {words}",
        "make it first: the company's own table of tenants, which the setting `tenants_table` named when the baseline "
        "was written, has to be there before the baseline",
        "refused",
    )
