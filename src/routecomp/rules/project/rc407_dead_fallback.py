"""RC407 dead-fallback: a model that a feature falls back to can serve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, Severity, warning
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature, Model
from routecomp.rules.lookup import primaries, share
from routecomp.rules.permission import barring_filter, is_clear, tenant_policies
from routecomp.rules.registry import ANY_ERROR, project_rule

_BARS = {
    "bans": "the default policy bans it",
    "stacks": "the default policy does not allow its stack",
    "compliance": "its compliance lies below the default policy's threshold",
}


@project_rule("RC407", "dead-fallback", Severity.WARNING, follows=ANY_ERROR)
def dead_fallback(declared: Declared) -> Iterator[Diagnostic]:
    """A feature falls back to a model that can never serve it.

    The model is inactive, lies below the feature's own `min_quality`, or is barred by the default policy and by the
    policy of every tenant: the filters bind a fallback as they bind the primary.

    Why: whoever reads the list believes that the feature survives an outage of its primary. It does not, and the
    first to notice are its users.

    Fix: name a model that may serve, or take this one out of `fallback`. Where the model is switched off for a while
    only, waive the warning until the day it comes back.
    """
    is_known = is_clear(declared)
    for entry in declared.features.values():
        serving = primaries(entry.body)
        for position, slug in enumerate(entry.body.fallback):
            model, row = declared.models.get(slug), entry.body.models.get(slug)
            if model is None or slug in serving or (row is not None and row.status == "retired"):
                continue  # other rules say so
            if slug in entry.body.fallback[:position]:
                continue
            dead = _reason(declared, entry, model, is_known)
            if dead is not None:
                finding = warning(
                    "RC407",
                    f"fallback `{slug}` of {entry.title} can never serve: {dead[0]}",
                    entry.span("fallback", position),
                    "name a model that may serve, or take it out of `fallback`",
                    labels=dead[1],
                )
                is_off = not model.body.active
                yield replace(finding, cause=Cause(("inactive", slug), entry.title)) if is_off else finding


def _reason(
    declared: Declared, feature: Entry[Feature], model: Entry[Model], is_known: bool
) -> tuple[str, tuple[Label, ...]] | None:
    """Return why a model can never serve a feature, with its places; None if it can, or that is not known."""
    if not model.body.active:
        return "it is inactive", (Label(model.span("active"), "switched off here"),)
    floor = feature.body.min_quality
    if floor is not None and model.body.quality < floor:
        places = (
            Label(feature.span("min_quality"), "the feature's floor"),
            Label(model.span("quality"), "the model's quality"),
        )
        return f"its quality {share(model.body.quality)} lies below the feature's floor {share(floor)}", places
    barred = barring_filter(declared, declared.default_policy, model) if is_known else None
    if barred is None or any(barring_filter(declared, policy, model) is None for policy in tenant_policies(declared)):
        return None
    more = ", and no tenant may use it" if declared.tenants else ""
    return _BARS[barred] + more, ()
