"""RC306 retired-fallback: a feature's fallback names no model the feature has retired."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC306", "retired-fallback")
def retired_fallback(declared: Declared) -> Iterator[Diagnostic]:
    """A feature falls back to a model it has retired.

    `retired` says that this model shall not serve this feature any more.

    Why: the two lines contradict each other, and the contradiction would show during an outage: the model that was
    taken out for a reason would be the one that answers.

    Fix: take the model out of `fallback`, or give it another status.
    """
    for entry in declared.features.values():
        for position, slug in enumerate(entry.body.fallback):
            row = entry.body.models.get(slug)
            if row is not None and row.status == "retired":
                yield error(
                    "RC306",
                    f"{entry.title} falls back to `{slug}`, which it has retired",
                    entry.span("fallback", position),
                    "take it out of `fallback`",
                    labels=(Label(entry.span("models", slug, "status"), "retired here"),),
                )
