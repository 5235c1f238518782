"""An assertion that failed, or a row that is there already, in; the sentence that says who was faster out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from routecomp.database.failure import DatabaseError
from routecomp.sql.literals import literal, named
from routecomp.sql.schema import Dialect

_HELP = "somebody else was faster: see `routecomp migrate verify`, then compile again on top of what is there"


def assertion(said: str) -> DatabaseError:
    """An assertion of a migration that does not hold, in the migration's own words."""
    if said.startswith("CONFLICT"):
        return DatabaseError(said, _HELP, "conflict")
    return DatabaseError(said, "nothing was changed: see `routecomp migrate verify` for what differs", "refused")


def taken(table: str, key: Mapping[str, Any], dialect: Dialect, run: Callable[[str], list[Any]]) -> DatabaseError:
    """A row whose place is taken; of a feature it is said who serves it (`run` asks the database)."""
    feature = key.get("feature")
    if feature is not None and table in ("features", "feature_models"):
        rows = run(
            f"SELECT model FROM {named('feature_models', dialect)} WHERE status = 'primary' AND feature = "
            f"{literal(str(feature), dialect)}"
        )
        if rows:
            return DatabaseError(f"CONFLICT: feature {feature} is already on {rows[0][0]}", _HELP, "conflict")
    values = " ".join(["", *(str(value) for value in key.values())])
    return DatabaseError(f"CONFLICT: {table}{values} is already there", _HELP, "conflict")
