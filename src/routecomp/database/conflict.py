"""Say who was faster, where an assertion failed or a row is there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.literals import literal, table_name

_HELP = "somebody else was faster: see `routecomp migrate verify`, then compile again on top of what is there"


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
