"""RC407 dead-fallback: a model that a feature falls back to can serve it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, Severity
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

    The model is inactive, lies below the feature's own `min_quality`, also where a caller turns the dial down, or is
    barred by the default policy and by the policy of every tenant: the filters bind a fallback as they bind the
    primary. Only a request that names a lower `min_quality` itself gets it.

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
                help = "name a model that may serve, or take it out of `fallback`"
                yield Diagnostic(
                    "RC407",
                    Severity.WARNING,
                    f"fallback `{slug}` of {entry.title} can never serve: {dead.reason}",
                    entry.span("fallback", position),
                    f"{help}, or lower the floor" if dead.cause and dead.cause.leads else help,
                    labels=dead.places,
                    cause=dead.cause,
                )


def _lowest(declared: Declared, floor: int) -> int:
    """Return how far the dial lowers a floor at most: docs/semantics.md, section 4."""
    entry = declared.preferences
    if entry is None or entry.body.gate_env is None:
        return floor
    dial, floors = entry.body.dial, entry.body.floors
    clamp = floors.get(entry.body.clamp[0], 0)
    return min(floor, max(floor + min(dial.quality, dial.balanced, dial.cost), clamp))


class _Dead(NamedTuple):
    """Why a model can never serve a feature, with its places, and what other findings may come from as well."""

    reason: str
    places: tuple[Label, ...]
    cause: Cause | None = None


def _reason(declared: Declared, feature: Entry[Feature], model: Entry[Model], is_known: bool) -> _Dead | None:
    """Return why a model can never serve a feature; None if it can, or that is not known."""
    if not model.body.active:
        off = (Label(model.span("active"), "switched off here"),)
        return _Dead("it is inactive", off, Cause(("inactive", model.slug), feature.title))
    floor = feature.body.min_quality
    if floor is not None and model.body.quality < _lowest(declared, floor):
        places = (
            Label(feature.span("min_quality"), "the feature's floor"),
            Label(model.span("quality"), "the model's quality"),
        )
        whom = f"fallback `{model.slug}` of {feature.title}"
        cause = Cause(("quality", model.slug), whom, or_from=(("floor", feature.title),), leads=True)
        reason = f"its quality {share(model.body.quality)} lies below the feature's floor {share(floor)}"
        return _Dead(reason, places, cause)
    barred = barring_filter(declared, declared.default_policy, model) if is_known else None
    if barred is None or any(barring_filter(declared, policy, model) is None for policy in tenant_policies(declared)):
        return None
    more = ", and no tenant may use it" if declared.tenants else ""
    return _Dead(_BARS[barred] + more, ())
