"""List all declared bodies of a kind, or describe one of them, as plain JSON values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from routecomp.explain.inventory.experiments import describe_experiment, experiment_row
from routecomp.explain.inventory.models import describe_model, describe_provider, model_row, provider_row
from routecomp.explain.inventory.routes import describe_feature, describe_target, feature_row, target_row
from routecomp.explain.inventory.tenants import describe_preset, describe_tenant, preset_row, tenant_row
from routecomp.explain.loaded import Loaded
from routecomp.model.project import Program
from routecomp.model.vocabulary import PRESETS

Json = dict[str, Any]

KINDS: Mapping[str, str] = {
    "tenants": "tenant",
    "models": "model",
    "features": "feature",
    "targets": "target",
    "experiments": "experiment",
    "providers": "provider",
    "presets": "preset",
}
"""Section to the word for one of its bodies, in the order `show` lists them."""
_ROWS: Mapping[str, Callable[[Program, str], Json]] = {
    "tenants": tenant_row,
    "models": model_row,
    "features": feature_row,
    "targets": target_row,
    "experiments": experiment_row,
    "providers": provider_row,
    "presets": preset_row,
}
_DESCRIPTIONS: Mapping[str, Callable[[Program, str], Json]] = {
    "models": describe_model,
    "experiments": describe_experiment,
    "providers": describe_provider,
    "presets": describe_preset,
}


def declared(program: Program, kind: str) -> list[str]:
    """Return the names of a kind (in the plural); the presets are all there are, declared or built in."""
    return list(PRESETS) if kind == "presets" else list(getattr(program, kind))


def list_kind(loaded: Loaded, kind: str) -> list[Json]:
    """Return a row for each body of a kind (in the plural), as its `…_row` function gives it."""
    return [_ROWS[kind](loaded.program, slug) for slug in declared(loaded.program, kind)]


def describe(loaded: Loaded, kind: str, slug: str, tenant: str | None) -> Json:
    """Return everything about a declared body; `tenant` narrows a feature's or a target's chains to that tenant.

    `kind` is in the plural, and `slug` is one of its names. Without a tenant the chains are those of all.
    """
    if kind == "tenants":
        return describe_tenant(loaded, slug)
    if kind == "features":
        return describe_feature(loaded, slug, tenant)
    if kind == "targets":
        return describe_target(loaded, slug, tenant)
    return _DESCRIPTIONS[kind](loaded.program, slug)
