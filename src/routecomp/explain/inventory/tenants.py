"""List tenants and presets, and describe one of them."""

from __future__ import annotations

from typing import Any

from routecomp.explain.inventory.about import about
from routecomp.explain.inventory.barred import barred
from routecomp.explain.inventory.chains import served
from routecomp.explain.loaded import Loaded
from routecomp.explain.policy import policy_rows, preset_rows
from routecomp.explain.values import figure_text, place_of, share
from routecomp.model.figures import BUDGET
from routecomp.model.project import Program

Json = dict[str, Any]

CHEAPEST = (
    "`objective: cheapest` ranks targets, logical models and what follows the fallbacks of a feature; the primary and "
    "the fallbacks of a feature stand as they are declared"
)


def tenant_row(program: Program, slug: str) -> Json:
    """Return a tenant's row in a list: its preset, parts of its effective policy, and how many models it may use."""
    entry, policy = program.tenants[slug], program.tenant_policy(slug)
    usable = sum(barred(program, policy, model) is None for model in program.models)
    return {
        "tenant": slug,
        **about(entry),
        "preset": entry.body.preset,
        "objective": policy.objective,
        "min_quality": None if policy.min_quality is None else share(policy.min_quality),
        "stacks": None if policy.stacks is None else list(policy.stacks),
        "models": usable,
    }


def describe_tenant(loaded: Loaded, slug: str) -> Json:
    """Return a tenant's row, with its policy, the models it keeps out by reason, and what answers it.

    Every feature and target answers with its status and chain.
    """
    program = loaded.program
    policy = program.tenant_policy(slug)
    why: dict[str, list[str]] = {}
    for model in program.models:
        reason = barred(program, policy, model)
        if reason is not None:
            why.setdefault(reason, []).append(model)
    serves = [
        {"kind": kind, "name": name, **served(loaded, {key: name}, slug)}
        for kind, key, section in (("feature", "feature", program.features), ("target", "model", program.targets))
        for name in section
    ]
    return {
        **tenant_row(program, slug),
        "policy": [row.plain() for row in policy_rows(program, slug)],
        "budget": [
            {
                "field": figure.path,
                "value": f"{figure_text(figure, value)} USD",
                "at": place_of(program.tenants[slug], "budget", figure.path),
            }
            for figure in BUDGET
            if (value := figure.value(program.tenants[slug].body.budget)) is not None
        ],
        "notes": [CHEAPEST] if policy.objective == "cheapest" and program.features else [],
        "barred": [{"why": reason, "models": models} for reason, models in why.items()],
        "serves": serves,
    }


def preset_row(program: Program, slug: str) -> Json:
    """Return a preset's row in a list: description, owner, place, whether it is built in, and its tenants.

    A preset that the files do not declare counts as built in, without the first three; `slug` must be a preset's.
    """
    preset = program.presets.get(slug)
    users = [tenant for tenant, entry in program.tenants.items() if entry.body.preset == slug]
    return {"preset": slug, **about(preset), "built_in": preset is None, "tenants": users}


def describe_preset(program: Program, slug: str) -> Json:
    """Return a preset's row, with the policy that it gives."""
    return {**preset_row(program, slug), "policy": [row.plain() for row in preset_rows(program, slug)]}
