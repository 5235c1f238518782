"""RC316 archived-active: an active experiment is not archived."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC316", "archived-active")
def archived_active(declared: Declared) -> Iterator[Diagnostic]:
    """An experiment is active and archived.

    `archived: true` takes an experiment out of routing and out of lists.

    Why: the experiment would be called active and assign nobody. Whoever waits for its result waits for ever.

    Fix: pause or complete it before it is archived, or remove `archived`.
    """
    for entry in declared.experiments.values():
        if entry.body.archived and entry.body.status == "active":
            yield error(
                "RC316",
                f"{entry.title} is active and archived",
                entry.span("archived"),
                "pause or complete it first, or remove `archived`",
                labels=(Label(entry.span("status"), "active here"),),
            )
