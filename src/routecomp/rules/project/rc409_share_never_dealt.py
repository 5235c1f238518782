"""RC409 share-never-dealt: no host without a share ranks before all that divide a load (a warning)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity, warning
from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model, blended_cost
from routecomp.rules.lookup import primaries, ranks
from routecomp.rules.permission import barring_filter, is_clear, tenant_policies
from routecomp.rules.registry import ANY_ERROR, project_rule

_Host = Entry[Model]


@project_rule("RC409", "share-never-dealt", Severity.WARNING, follows=ANY_ERROR)
def share_never_dealt(declared: Declared) -> Iterator[Diagnostic]:
    """A host without a `share` ranks before every host of its logical model that states one, whatever the policy.

    It is at least as good in quality, in latency and in blended cost, so no weights put another host before it; no
    policy bars it that lets one of them serve, and none prefers one of their providers and not its own. The load is
    dealt where the pick states a share, and the pick is this host. What a feature with one of them as primary gets, or
    a target that ranks one of them without this host, is dealt all the same, and then there is no finding.

    Why: somebody wrote the shares to divide a load, and one host carries all of it. The others get requests only
    while it is out, or while a request asks for what it cannot do.

    Fix: give the host a share too (all of them are exactly 1 together; `routecomp share` writes them), or take the
    shares out where the others are only its fallbacks.
    """
    if not is_clear(declared):
        return
    assert declared.defaults is not None
    policies = [declared.default_policy, *tenant_policies(declared)]
    for logical, hosts in declared.logical_models.items():
        serving = [host for host in hosts if host.body.active and host.body.listed]
        sharing = [host for host in serving if host.body.share is not None]
        others = [host for host in serving if host.body.share is None]
        first = next((host for host in others if _is_first(declared, policies, host, sharing)), None)
        if first is None or not sharing or _is_dealt_elsewhere(declared, first, sharing):
            continue
        count = len(sharing)
        yield warning(
            "RC409",
            f"the load of logical model `{logical}` is not dealt: `{first.slug}`, which states no share, ranks before "
            f"{'the host that does' if count == 1 else f'all {count} hosts that do'}, under "
            f"{'the default policy' if len(policies) == 1 else f'all {len(policies)} policies'}",
            sharing[0].span("share"),
            f"give `{first.slug}` a share too (`routecomp share {logical} …` writes them all), or take the shares out",
            labels=(Label(first.span("logical_slug"), "this host serves all of it"),),
        )


def _is_first(declared: Declared, policies: list[EffectivePolicy], host: _Host, sharing: list[_Host]) -> bool:
    """Return whether a host ranks before all that share, under every policy that lets one of them serve."""
    if not all(_ranks_before(host, other) for other in sharing):
        return False
    for policy in policies:
        reached = [other for other in sharing if barring_filter(declared, policy, other) is None]
        if reached and barring_filter(declared, policy, host) is not None:
            return False
        preferred = policy.preferred_providers
        if host.body.provider not in preferred and any(other.body.provider in preferred for other in reached):
            return False
    return True


def _ranks_before(host: _Host, other: _Host) -> bool:
    """Return whether a host ranks before another by every weight: docs/semantics.md, section 4, Ranking."""
    own, against = host.body, other.body
    costs = blended_cost(own), blended_cost(against)
    if own.quality < against.quality or own.latency_ms > against.latency_ms or costs[0] > costs[1]:
        return False
    return costs[0] < costs[1] or own.quality > against.quality or host.slug < other.slug


def _is_dealt_elsewhere(declared: Declared, first: _Host, sharing: list[_Host]) -> bool:
    """Return whether a feature has a host that shares as its primary, or a target ranks one without the first host."""
    slugs = {host.slug for host in sharing}
    if any(slugs & set(primaries(feature.body)) for feature in declared.features.values()):
        return True
    return any(
        any(ranks(declared, target.body, host.slug, host.body) for host in sharing)
        and not ranks(declared, target.body, first.slug, first.body)
        for target in declared.targets.values()
    )
