"""RC645 audit-row: a change of primary has exactly one row in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.promotions import swaps
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC645", "audit-row", aliases=("R05",))
def audit_row(script: Script) -> Iterator[Diagnostic]:
    """A primary changes, and `model_promotions` does not get exactly one row for each change.

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
        promotes = sum(each.feature == feature for each in moves.of("promotes"))
        expected = max(promotes, 1)  # what a dialect has missed is done in one migration, change by change
        if len(rows) != expected:
            count = "no row" if not rows else "1 row" if len(rows) == 1 else f"{len(rows)} rows"
            times = "" if expected == 1 else f" {expected} times"
            yield error(
                "RC645",
                f"the primary of feature `{feature}` changes{times}, and the ledger gets {count}",
                script.span(rows[expected].token if len(rows) > expected else step.token),
                "insert exactly one row into model_promotions"
                + ("" if expected == 1 else f" for each change: {expected}"),
            )
