"""Say why a policy keeps a model out, whatever is asked."""

from __future__ import annotations

from routecomp.explain.values import names, share
from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Program


def barred(program: Program, policy: EffectivePolicy, slug: str) -> str | None:
    """Return the first reason why a policy keeps a model out whatever is asked, in words; None where it does not.

    A model that is not active is kept out by every policy.
    """
    model = program.models[slug].body
    if not model.active:
        return "it is not active"
    if model.provider in policy.banned_providers:
        return f"bans provider `{model.provider}`"
    if slug in policy.banned_models:
        return "bans it"
    if model.logical_slug is not None and model.logical_slug in policy.banned_models:
        return f"bans logical model `{model.logical_slug}`"
    stack = program.providers[model.provider].body.stack
    if policy.stacks is not None and stack not in policy.stacks:
        return f"stack {stack} is not among {names(policy.stacks)}"
    if model.compliance < policy.compliance_veto_threshold:
        return f"compliance {share(model.compliance)} is below {share(policy.compliance_veto_threshold)}"
    return None
