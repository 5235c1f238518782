"""RC644 target-not-asserted: a promotion asserts that its target may serve."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.promotions import swaps
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC644", "target-not-asserted", aliases=("R04",))
def target_not_asserted(script: Script) -> Iterator[Diagnostic]:
    """A model is promoted, and nothing before it asserts what it is in the feature until now.

    Why: between review and deployment somebody may have retired it. What was checked when it was compiled is not
    what is there when it is applied. Whether a retired model may be promoted at all is for RC502 to say.

    Fix: assert that the row of this feature and this model is (still) the shadow it was.
    """
    moves = swaps(script)
    for step in moves.of("promotes"):
        if moves.is_new(step.feature) or any(
            assertion.place < step.place and assertion.about(step.feature, step.model) for assertion in moves.assertions
        ):
            continue
        yield error(
            "RC644",
            f"nothing asserts what model `{step.model}` is in feature `{step.feature}` until now",
            script.span(step.token),
            "assert that it is still the shadow it was",
        )
