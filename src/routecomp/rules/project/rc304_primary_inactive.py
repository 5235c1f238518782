"""RC304 primary-inactive: a feature's primary is an active model."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.diagnostics.once import one_for_each_cause
from routecomp.model.project import Declared
from routecomp.rules.lookup import sole_primary
from routecomp.rules.registry import project_rule


@project_rule("RC304", "primary-inactive")
def primary_inactive(declared: Declared) -> Iterator[Diagnostic]:
    """A feature's primary is a model that is not active.

    `active: false` takes a model out of every route; a primary has to serve.

    Why: every call of the feature would skip its primary and be served by a fallback, which nobody chose for it,
    or be rejected where fallbacks are off.

    Fix: promote another model of the feature, or set the model active again.
    """
    yield from one_for_each_cause(_findings(declared))


def _findings(declared: Declared) -> Iterator[tuple[str, Diagnostic]]:
    """Yield each finding with the model that is its cause."""
    for entry in declared.features.values():
        for slug in sole_primary(entry.body):
            model = declared.models.get(slug)
            if model is not None and not model.body.active:
                yield (
                    slug,
                    error(
                        "RC304",
                        f"primary `{slug}` of {entry.title} is not active",
                        entry.span("models", slug, "status"),
                        "make another model of the feature primary, or the model active",
                        labels=(Label(model.span("active"), "taken out of every route here"),),
                    ),
                )
