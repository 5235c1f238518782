"""List features and targets, and describe one of them."""

from __future__ import annotations

from typing import Any

from routecomp.explain.inventory.about import about
from routecomp.explain.inventory.candidates import candidates
from routecomp.explain.inventory.chains import chains
from routecomp.explain.loaded import Loaded
from routecomp.explain.values import dollars, place_of, share
from routecomp.model.project import Program

Json = dict[str, Any]


def describe_feature(loaded: Loaded, slug: str, tenant: str | None) -> Json:
    """Return a feature's row in a list, with its models and its chains, for every tenant or for `tenant` alone."""
    return {
        **feature_row(loaded.program, slug),
        "rows": _rows(loaded.program, slug),
        "chains": chains(loaded, {"feature": slug}, tenant),
    }


def describe_target(loaded: Loaded, slug: str, tenant: str | None) -> Json:
    """Return a target's row in a list, with its chains, for every tenant or for `tenant` alone."""
    return {**target_row(loaded.program, slug), "chains": chains(loaded, {"model": slug}, tenant)}


def feature_row(program: Program, slug: str) -> Json:
    """Return a feature's row in a list: its models by status, its fallbacks, its `then` and its floor."""
    entry = program.features[slug]
    body = entry.body
    by_status: dict[str, list[str]] = {"primary": [], "shadow": [], "retired": []}
    for model, row in body.models.items():
        by_status[row.status].append(model)
    return {
        "feature": slug,
        **about(entry),
        "aliases": list(body.aliases),
        **by_status,
        "fallback": list(body.fallback),
        "then": body.then,
        "min_quality": None if body.min_quality is None else share(body.min_quality),
    }


def _rows(program: Program, slug: str) -> list[Json]:
    """Return the models that a feature names, each with its status and figures."""
    entry = program.features[slug]
    return [
        {
            "model": model,
            "status": row.status,
            "sample": None if row.sample is None else share(row.sample),
            "max_daily_usd": None if row.max_daily_usd is None else dollars(row.max_daily_usd, 2),
            "at": place_of(entry, "models", model),
        }
        for model, row in entry.body.models.items()
    ]


def target_row(program: Program, slug: str) -> Json:
    """Return a target's row in a list: its aliases, how it selects candidates, the models it ranks, and its floor."""
    entry = program.targets[slug]
    body = entry.body
    chosen = body.candidates
    selector: Any = "all"
    for key in ("models", "stacks", "logical"):
        value = getattr(chosen, key)
        if value is not None:
            selector = {key: list(value) if isinstance(value, tuple) else value}
    return {
        "target": slug,
        **about(entry),
        "aliases": list(body.aliases),
        "candidates": selector,
        "models": candidates(program, slug),
        "min_quality": None if body.min_quality is None else share(body.min_quality),
    }
