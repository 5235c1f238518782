"""RC646 primary-not-asserted: a migration that changes a primary ends with an assertion of it."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.promotions import swaps
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC646", "primary-not-asserted", aliases=("R06",))
def primary_not_asserted(script: Script) -> Iterator[Diagnostic]:
    """A model is promoted, and nothing after it asserts that the feature ends with this one primary.

    Why: an UPDATE whose condition met no row does nothing and says nothing. The feature would be left without a
    primary, or with the wrong one, and the migration would be recorded as applied.

    Fix: assert, after the last change, that the feature has one primary and which.
    """
    moves = swaps(script)
    for step in moves.of("promotes"):
        if not any(
            assertion.place > step.place and assertion.about(step.feature, "primary") for assertion in moves.assertions
        ):
            yield error(
                "RC646",
                f"nothing asserts afterwards that feature `{step.feature}` has its one primary",
                script.span(step.token),
                "assert it after the last change",
            )
