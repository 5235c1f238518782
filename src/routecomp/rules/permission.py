"""Tell which permission filter of a policy bars a model, and whether what a project declares suffices to tell."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.model.vocabulary import PRESETS


def barring_filter(declared: Declared, policy: EffectivePolicy, model: Entry[Model]) -> str | None:
    """Return the first filter by which a policy bars a model, in the order of docs/semantics.md; None if none does.

    INVARIANT: the model's provider is declared.
    """
    body = model.body
    if body.provider in policy.banned_providers or {model.slug, body.logical_slug} & {*policy.banned_models}:
        return "bans"
    if policy.stacks is not None and declared.providers[body.provider].body.stack not in policy.stacks:
        return "stacks"
    return "compliance" if body.compliance < policy.compliance_veto_threshold else None


def is_clear(declared: Declared) -> bool:
    """Return whether every model, provider, preset and policy could be read, and every model's provider is declared.

    Else another rule says what is wrong, and what a policy bars is not known.
    """
    return (
        declared.defaults is not None
        and declared.is_whole("models", "providers", "presets", "tenants")
        and declared.defaults.body.policy.preset in PRESETS
        and all(model.body.provider in declared.providers for model in declared.models.values())
    )


def tenant_policies(declared: Declared) -> Iterator[EffectivePolicy]:
    """Yield the policies of tenants, each once; a tenant of an unknown preset has none."""
    met: set[EffectivePolicy] = set()
    for slug, tenant in declared.tenants.items():
        if tenant.body.preset in PRESETS and (policy := declared.tenant_policy(slug)) not in met:
            met.add(policy)
            yield policy
