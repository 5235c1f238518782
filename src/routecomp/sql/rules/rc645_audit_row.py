"""RC645 audit-row: a change of primary has exactly one row in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.promotions import swaps
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC645", "audit-row", aliases=("R05",))
def audit_row(script: Script) -> Iterator[Diagnostic]:
    """A primary changes, and `model_promotions` does not get exactly one row for it.

    Why: audits read who promoted what from there. A change without a row happened behind their back; two rows for one
    change say that something happened that did not.

    Fix: insert one row, in the same transaction.
    """
    moves = swaps(script)
    changed = {step.feature: step for step in reversed([*moves.of("promotes"), *moves.of("demotes")])}
    for feature, step in sorted(changed.items(), key=lambda pair: pair[1].place):
        rows = [
            record for record in moves.of("records") if record.feature == feature or None in (record.feature, feature)
        ]
        if len(rows) != 1:
            count = "no row" if not rows else f"{len(rows)} rows"
            yield error(
                "RC645",
                f"the primary of feature `{feature}` changes, and the ledger gets {count}",
                script.span(rows[1].token if rows else step.token),
                "insert exactly one row into model_promotions",
            )
