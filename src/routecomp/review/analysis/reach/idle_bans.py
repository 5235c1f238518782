"""Prove that an entry of a policy's lists changes no decision: a ban, or a preferred provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, warning
from routecomp.model.policy import DefaultPolicy, EffectivePolicy, PolicyFields, Tenant, effective_policy
from routecomp.model.project import Entry, Program
from routecomp.model.route import Model
from routecomp.review.analysis.reach.views import Views
from routecomp.rules.lookup import policies, policy_title
from routecomp.rules.permission import barring_filter


def inheriting(program: Program, entry: Entry[Any], field: str) -> list[tuple[PolicyFields, str]]:
    """Return the bodies of tenants and of the default policy that take a field from an entry, with their presets."""
    default = program.sure_defaults.policy
    if entry.kind != "preset":
        return [(default, default.preset)] if entry is program.defaults else [(entry.body, entry.body.preset)]
    bodies: list[Tenant | DefaultPolicy] = [*(tenant.body for tenant in program.tenants.values()), default]
    return [(body, body.preset) for body in bodies if body.preset == entry.slug and getattr(body, field) is None]


def idle_bans(views: Views) -> Iterator[Diagnostic]:
    """Yield each ban that bars no active model which the policy would permit without it.

    The models that a policy permits are then the same with and without the ban, and decisions depend on nothing else
    of it. And each preferred provider of which the policy permits no model: it has nothing to move forward.
    """
    program = views.program
    models = [model for model in program.models.values() if model.body.active]
    for entry, fields, path in policies(program):
        for field, noun in (("banned_providers", "ban"), ("banned_models", "ban"), ("preferred_providers", "place")):
            names = getattr(fields, field)
            affected = [
                effective_policy(own, preset, program.preset_bodies)
                for own, preset in (inheriting(program, entry, field) if names else [])
            ]
            if not affected:
                continue
            for place, name in enumerate(names):
                reason = _idle(program, affected, models, field, name)
                if reason is None:
                    continue
                word = f"the ban on `{name}`" if noun == "ban" else f"the preferred provider `{name}`"
                yield warning(
                    "RC833",
                    f"{word} changes no decision under {policy_title(entry, path)}: {reason}",
                    entry.span(*path, field, place),
                    "take it out of the list; where it is kept for models to come, waive this until the day they do",
                )


def _idle(
    program: Program, affected: list[EffectivePolicy], models: list[Entry[Model]], field: str, name: str
) -> str | None:
    """Return why an entry of a list changes nothing under any of some policies; None where it changes something."""
    named = [model for model in models if _is_named(model, field, name)]
    if not named:
        return "it names no active model"
    filters: set[str] = set()
    for policy in affected:
        without = _without(policy, field, name)
        for model in named:
            barred = barring_filter(program, without, model)
            if barred is None:
                return None
            filters.add(barred)
    words = {"bans": "other bans", "stacks": "`stacks`", "compliance": "`compliance_veto_threshold`"}
    return f"its models are barred by {' and '.join(words[each] for each in sorted(filters))} already"


def _without(policy: EffectivePolicy, field: str, name: str) -> EffectivePolicy:
    """Return a policy without a ban; a preferred provider bars nothing."""
    if field == "banned_providers":
        return replace(policy, banned_providers=tuple(other for other in policy.banned_providers if other != name))
    if field == "banned_models":
        return replace(policy, banned_models=tuple(other for other in policy.banned_models if other != name))
    return policy


def _is_named(model: Entry[Model], field: str, name: str) -> bool:
    """Return whether an entry of a list names a model."""
    if field == "banned_models":
        return name in (model.slug, model.body.logical_slug)
    return bool(model.body.provider == name)
