"""RC641 promote-before-demote: the incumbent leaves before the next primary comes."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.sql.read.promotions import Step, swaps
from routecomp.sql.read.script import Script
from routecomp.sql.rule import migration_rule


@migration_rule("RC641", "promote-before-demote", aliases=("R01",))
def promote_before_demote(script: Script) -> Iterator[Diagnostic]:
    """A model is promoted before the incumbent of its feature is demoted.

    Why: for a moment the feature has two primaries, which the partial unique index refuses: the migration fails, or
    does not, by the order in which the database takes the rows.

    Fix: demote first, then promote.
    """
    behind: dict[str | None, Step] = {}
    moves = swaps(script).of("promotes", "demotes")
    for place, step in enumerate(moves):
        before = behind.get(step.feature)
        behind[step.feature] = step
        if step.kind == "demotes" or (before is not None and before.kind == "demotes"):
            continue  # a migration may hold several changes of a feature: each demotes, then promotes
        late = next(
            (
                other
                for other in moves[place:]
                if other.kind == "demotes" and other.feature == step.feature and other.place > step.place
            ),
            None,
        )
        if late is not None:
            yield error(
                "RC641",
                f"feature `{step.feature}` gets its next primary before the one before has left",
                script.span(step.token),
                "demote first, then promote",
                labels=(Label(script.span(late.token), "it leaves here"),),
            )
