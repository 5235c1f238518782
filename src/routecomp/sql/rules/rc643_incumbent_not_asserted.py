"""RC643 incumbent-not-asserted: a promotion asserts whom it replaces."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.promotions import swaps
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC643", "incumbent-not-asserted", aliases=("R03",))
def incumbent_not_asserted(script: Script) -> Iterator[Diagnostic]:
    """A model is promoted, and nothing before it asserts who is primary until now.

    Why: of two promotions that were reviewed side by side, the second would silently overwrite the first. A row
    lock does not help: it makes the second wait, and then overwrite.

    Fix: assert the expected incumbent first, so that the second one fails with `CONFLICT: feature F is already on B`.
    """
    moves = swaps(script)
    for step in moves.of("promotes"):
        if moves.is_new(step.feature) or any(
            assertion.place < step.place and assertion.about(step.feature, "primary") for assertion in moves.assertions
        ):
            continue
        yield error(
            "RC643",
            f"nothing asserts who is primary of feature `{step.feature}` until now",
            script.span(step.token),
            "assert the expected incumbent before the promotion",
        )
