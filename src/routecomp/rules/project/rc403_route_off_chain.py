"""RC403 route-off-chain: a feature's config route is a model of its chain."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.model.project import Declared
from routecomp.model.route import Feature
from routecomp.rules.lookup import primaries, ranks
from routecomp.rules.registry import project_rule


@project_rule("RC403", "route-off-chain", Severity.WARNING)
def route_off_chain(declared: Declared) -> Iterator[Diagnostic]:
    """A declared feature's config route is neither its primary nor in its chain.

    `defaults.routes` says which model serves a feature when there is no usable table. The chain is the primary, the
    declared `fallback`, and what `then` ranks.

    Why: on the day the table cannot be loaded the feature would be served by a model it was never tried with. Most
    often the feature was promoted since, and its config route was forgotten.

    Fix: name the primary or one of its fallbacks as the config route.
    """
    defaults = declared.defaults
    if defaults is None:
        return
    for name, route in defaults.body.routes.items():
        entry = declared.features.get(name)
        if entry is None or route not in declared.models or _in_chain(declared, entry.body, route):
            continue
        first = primaries(entry.body)
        if not first:
            continue
        yield warning(
            "RC403",
            f"the config route of {entry.title} is `{route}`, which is not in its chain",
            defaults.span("routes", name),
            f"name its primary `{first[0]}`, or one of its fallbacks",
            labels=(Label(entry.span("models", first[0], "status"), "the primary"),),
        )


def _in_chain(declared: Declared, feature: Feature, route: str) -> bool:
    """Return whether a model is a feature's primary, a declared fallback, or ranked by its `then`.

    A retired row keeps `then` from ranking it. True also where the target or the provider could not be read.
    """
    row = feature.models.get(route)
    if route in feature.fallback or (row is not None and row.status == "primary"):
        return True
    if feature.then is None or (row is not None and row.status == "retired"):
        return False
    target, model = declared.targets.get(feature.then), declared.models[route]
    # A target or a provider that could not be read may well rank it.
    if target is None or model.body.provider not in declared.providers:
        return True
    return ranks(declared, target.body, route, model.body)
