"""RC305 primary-below-floor: a feature's primary clears the feature's own quality floor."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.diagnostics.once import one_for_each_cause
from routecomp.model.project import Declared
from routecomp.rules.lookup import share, sole_primary
from routecomp.rules.registry import project_rule


@project_rule("RC305", "primary-below-floor")
def primary_below_floor(declared: Declared) -> Iterator[Diagnostic]:
    """A feature's primary lies below the feature's own `min_quality`.

    The floor filters every model of the chain, the primary included.

    Why: the feature's own floor would filter its primary out of every ordinary call, so a model that somebody
    chose on purpose would never serve. Often the model's quality was measured anew and nobody looked at who
    depends on it.

    Fix: promote a model that clears the floor, or lower the floor if the primary is good enough for this feature.
    """
    yield from one_for_each_cause(_findings(declared))


def _findings(declared: Declared) -> Iterator[tuple[str, Diagnostic]]:
    """Yield each finding with the model that is its cause."""
    for entry in declared.features.values():
        floor = entry.body.min_quality
        if floor is None:
            continue
        for slug in sole_primary(entry.body):
            model = declared.models.get(slug)
            if model is not None and model.body.quality < floor:
                yield (
                    slug,
                    error(
                        "RC305",
                        f"primary `{slug}` of {entry.title} has quality {share(model.body.quality)}, "
                        f"below the feature's floor {share(floor)}",
                        entry.span("models", slug, "status"),
                        "make a model that clears the floor primary, or lower the floor",
                        labels=(
                            Label(entry.span("min_quality"), "the feature's floor"),
                            Label(model.span("quality"), "the model's quality"),
                        ),
                    ),
                )
