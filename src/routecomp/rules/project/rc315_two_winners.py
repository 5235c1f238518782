"""RC315 two-winners: one public model id has one winner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule


@project_rule("RC315", "two-winners")
def two_winners(declared: Declared) -> Iterator[Diagnostic]:
    """Two completed experiments on the same public model id have a winner.

    The winner of a completed experiment serves everyone who calls its public model id, until it is archived.

    Why: only one of the two can serve. Which one would be an accident, and the other would look as if it did.

    Fix: archive the older one: `archived: true`.
    """
    first: dict[str, Entry[Any]] = {}
    for entry in declared.experiments.values():
        experiment = entry.body
        if experiment.status != "completed" or experiment.winner is None or experiment.archived:
            continue
        name = experiment.public_model_id
        other = first.setdefault(name, entry)
        if other is not entry:
            yield error(
                "RC315",
                f"experiments `{other.slug}` and `{entry.slug}` both have a winner on public model id `{name}`",
                entry.span("winner"),
                "archive the older one: `archived: true`",
                labels=(Label(other.span("winner"), f"experiment `{other.slug}`"),),
            )
