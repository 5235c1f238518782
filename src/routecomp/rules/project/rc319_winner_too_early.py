"""RC319 winner-too-early: only a completed experiment has a winner."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC319", "winner-too-early")
def winner_too_early(declared: Declared) -> Iterator[Diagnostic]:
    """An experiment that is not completed has a winner.

    `winner` names the variant that serves everyone once the experiment is completed.

    Why: an experiment that still runs assigns its units by their slots and does not read the winner. Whoever wrote
    it believes that everyone is served by the better variant, and half of them are not.

    Fix: complete the experiment (`status: completed`), or take the winner out until then.
    """
    for entry in declared.experiments.values():
        status = entry.body.status
        if entry.body.winner is not None and status != "completed":
            yield error(
                "RC319",
                f"{entry.title} is {status} and has a winner; only a completed one has",
                entry.span("winner"),
                "complete the experiment, or remove `winner`",
                labels=(Label(entry.span("status"), f"{status} here"),),
            )
