"""A feature and the history of its primaries in, the edits that undo its latest promotion out (section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routecomp.model.project import Declared
from routecomp.parse.edit import RefusedError
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.promote import feature_entry, promote, the_primary


def roll_back(
    declared: Declared, feature: str, changes: Sequence[tuple[str | None, str | None]], shallow: bool = False
) -> Plan:
    """The inverse of the latest promotion; of a rollback that is a promotion again.

    `changes` are (old, new) of every change of the feature's primary that was committed, oldest first. A primary
    that is not committed yet is the latest promotion.
    """
    entry = feature_entry(declared, feature)
    now = the_primary(entry)
    committed = changes[-1][1] if changes else None
    if committed is not None and committed != now:
        earlier: str | None = committed
    else:
        earlier = changes[-1][0] if changes else None
    if earlier is None:
        if shallow:
            raise RefusedError(
                f"this clone is shallow, and its part of the history has no promotion of {entry.title}",
                "fetch the rest (`git fetch --unshallow`), and run it again",
            )
        raise RefusedError(
            f"{entry.title} was never promoted: model `{now}` has been its primary from the beginning",
            f"see `routecomp audit {feature}`",
        )
    row = entry.body.models.get(earlier)
    if row is None or row.status == "retired":
        what = "was retired meanwhile" if row is not None else "has no row in it any more"
        raise RefusedError(
            f"model `{earlier}`, the primary of {entry.title} before `{now}`, {what}: "
            "it cannot become primary directly",
            f"two steps lead there: `routecomp shadow {feature} {earlier}`, and, once that is merged, "
            f"`routecomp promote {feature} {earlier}`",
        )
    plan = promote(declared, feature, earlier)
    return replace(plan, title=f"{entry.title}: roll back primary {now} -> {earlier}")
