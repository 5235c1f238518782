"""Plan that a model may serve, on the evidence of a probe."""

from __future__ import annotations

from routecomp.hosts.contract import contract
from routecomp.hosts.evidence import Evidence
from routecomp.model.project import Declared
from routecomp.model.suggest import suggestion
from routecomp.parse.edit import RefusedError, replace_value
from routecomp.review.edit.plan import Plan

MOST_DAYS = 7
"""How old evidence may be."""
_FAR = 2
"""How many times a measured latency and the declared one may differ without a note."""


def activate(declared: Declared, slug: str, evidence: Evidence) -> Plan:
    """Plan to set `active: true` for a model that is inactive.

    Raises `RefusedError` where there is no such model, it is active, or the evidence is of another host, key or name,
    is older than a week, or lies ahead.
    """
    entry = declared.models.get(slug)
    if entry is None:
        raise RefusedError(f"there is no model `{slug}`", suggestion(slug, declared.models))
    model, provider = entry.body, declared.providers.get(entry.body.provider)
    if model.active:
        raise RefusedError(f"model `{slug}` is active already", f"see `routecomp show model {slug}`")
    if provider is None:
        raise RefusedError(f"provider `{model.provider}` cannot be read", "run `routecomp check`")
    again = f"`routecomp probe {slug} --json > FILE`"
    if evidence.contract != contract(provider.body, model, slug):
        raise RefusedError(
            f"the evidence is of another call: host, path, key, headers, params or the upstream name of `{slug}` "
            "differ from what was probed",
            f"probe what the YAML says now: {again}",
        )
    age = evidence.age_days(declared.today)
    if not 0 <= age <= MOST_DAYS:
        when = f"{age} days old" if age > 0 else "of a day that lies ahead"
        raise RefusedError(f"the evidence is {when}: it may be {MOST_DAYS} days old", f"probe anew: {again}")
    moment = evidence.checked_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    notes = [
        f"probed {moment}: answered in {evidence.cold_ms} ms, and over the same connection in {evidence.warm_ms} ms"
    ]
    declared_ms = model.latency_ms
    if declared_ms is not None and not declared_ms // _FAR <= evidence.warm_ms <= declared_ms * _FAR:
        notes.append(
            f"the YAML says latency_ms: {declared_ms}; a probe asks for little, so this is a hint, and no measurement"
        )
    return Plan(
        f"model `{slug}`: inactive -> active (probed {moment})",
        (replace_value(entry.node, "active", "true"),),
        {("models", slug): model.but(active=True)},
        notes=tuple(notes),
    )
