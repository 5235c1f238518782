"""Say who was faster, where an assertion failed or a row is there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.literals import literal, table_name

_HELP = "somebody else was faster: see `routecomp migrate verify`, then compile again on top of what is there"


def assertion(message: str) -> DatabaseError:
    """Return the error of an assertion that does not hold, in the migration's own words."""
    if message.startswith("CONFLICT"):
        return DatabaseError(message, _HELP, "conflict")
    return DatabaseError(message, "nothing was changed: see `routecomp migrate verify` for what differs", "refused")


def taken(table: str, key: Mapping[str, Any], dialect: Dialect, run: Callable[[str], list[Any]]) -> DatabaseError:
    """Return the error of a row whose place is taken; of a feature it names who serves it (`run` asks the database)."""
    feature = key.get("feature")
    if feature is not None and table in ("features", "feature_models"):
        rows = run(
            f"SELECT model FROM {table_name('feature_models', dialect)} WHERE status = 'primary' AND feature = "
            f"{literal(str(feature), dialect)}"
        )
        if rows:
            return DatabaseError(f"CONFLICT: feature {feature} is already on {rows[0][0]}", _HELP, "conflict")
    values = " ".join(["", *(str(value) for value in key.values())])
    return DatabaseError(f"CONFLICT: {table}{values} is already there", _HELP, "conflict")
