"""RC645 audit-row: a change of primary has exactly one row in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.promotions import NOBODY, Step, swaps
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC645", "audit-row", aliases=("R05",))
def audit_row(script: Script) -> Iterator[Diagnostic]:
    """A primary changes, and `model_promotions` does not get exactly one row for each change, or one that names others.

    Why: audits read who promoted what from there. A change without a row happened behind their back; two rows for one
    change say that something happened that did not.

    Fix: insert one row, from the old primary to the new one (NULL for none), in the same transaction.
    """
    moves = swaps(script)
    records: dict[str | None, list[Step]] = {}
    for record in moves.of("records"):
        records.setdefault(record.feature, []).append(record)
    everywhere = moves.of("records")
    for feature, changes in moves.changes().items():
        rows = everywhere if feature is None else [*records.get(feature, []), *records.get(None, [])]
        expected = len(changes)  # what a dialect has missed is done in one migration, change by change
        if len(rows) != expected:
            count = "no row" if not rows else "1 row" if len(rows) == 1 else f"{len(rows)} rows"
            times = "" if expected == 1 else f" {expected} times"
            yield error(
                "RC645",
                f"the primary of feature `{feature}` changes{times}, and the ledger gets {count}",
                script.span(rows[expected].token if len(rows) > expected else changes[0].step.token),
                "insert exactly one row into model_promotions"
                + ("" if expected == 1 else f" for each change: {expected}"),
            )
            continue
        for changed, row in zip(changes, rows, strict=True):
            if row.feature == feature and not (_agree(changed.old, row.before) and _agree(changed.new, row.model)):
                does = f"from {_called(changed.old)} to {_called(changed.new)}"
                says = f"from {_called(row.before)} to {_called(row.model)}"
                yield error(
                    "RC645",
                    f"the primary of feature `{feature}` changes {does}, and the ledger's row says {says}",
                    script.span(row.token),
                    "write what changes into the row",
                )
                break


def _agree(changed: str | None, recorded: str | None) -> bool:
    return None in (changed, recorded) or changed == recorded


def _called(model: str | None) -> str:
    return "nobody" if model == NOBODY else "another" if model is None else f"`{model}`"
