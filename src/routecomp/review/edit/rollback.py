"""Plan the rollback of a feature's latest promotion (semantics, section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routecomp.model.project import Declared
from routecomp.parse.edit import RefusedError
from routecomp.review.edit.entries import feature_entry
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.promote import only_primary, promote


def roll_back(
    declared: Declared, feature: str, changes: Sequence[tuple[str | None, str | None]], shallow: bool = False
) -> Plan:
    """Plan to promote the primary before the current one again. Rolling back a rollback promotes once more.

    `changes` are the committed changes of the feature's primary as (old, new), oldest first; only the last one counts.
    A primary that is not committed yet counts as the latest promotion. `shallow` says that the clone lacks part of the
    history. Raises `RefusedError` where there is no earlier primary, or where it cannot become primary directly.
    """
    entry = feature_entry(declared, feature)
    current = only_primary(entry)
    committed = changes[-1][1] if changes else None
    if committed is not None and committed != current:
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
            f"{entry.title} was never promoted: model `{current}` has been its primary from the beginning",
            f"see `routecomp audit {feature}`",
        )
    if earlier not in declared.models:
        raise RefusedError(
            f"model `{earlier}`, the primary of {entry.title} before `{current}`, is not declared any more",
            f"declare it again, or name another: `routecomp promote {feature} MODEL` (`routecomp audit {feature}` says "
            "what was primary)",
        )
    row = entry.body.models.get(earlier)
    if row is None or row.status == "retired":
        reason = "was retired meanwhile" if row is not None else "has no row in it any more"
        raise RefusedError(
            f"model `{earlier}`, the primary of {entry.title} before `{current}`, {reason}: "
            "it cannot become primary directly",
            f"two steps lead there: `routecomp shadow {feature} {earlier}`, and, once that is merged, "
            f"`routecomp promote {feature} {earlier}`",
        )
    plan = promote(declared, feature, earlier)
    return replace(plan, title=f"{entry.title}: roll back primary {current} -> {earlier}")
