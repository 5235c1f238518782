"""List models and providers, and describe one of them."""

from __future__ import annotations

from typing import Any

from routecomp.explain.inventory.about import about
from routecomp.explain.inventory.barred import barred
from routecomp.explain.inventory.candidates import candidates
from routecomp.explain.inventory.shares import shared_load
from routecomp.explain.values import dollars, figure_text, figure_texts, place_of, share
from routecomp.model.adapters import auth_of, base_of, headers_of, region_of, urls_of
from routecomp.model.figures import MODEL, PROVIDER
from routecomp.model.project import Program
from routecomp.model.route import blended_cost
from routecomp.table.lower import endpoint_url

Json = dict[str, Any]


def model_row(program: Program, slug: str) -> Json:
    """Return a model's row in a list: its provider, its main figures, and the number of its uses."""
    entry = program.models[slug]
    model = entry.body
    return {
        "model": slug,
        **about(entry),
        "provider": model.provider,
        "stack": program.providers[model.provider].body.stack,
        "quality": share(model.quality),
        "blended_cost_usd": dollars(blended_cost(model), 10),
        "latency_ms": model.latency_ms,
        "active": model.active,
        "listed": model.listed,
        "uses": len(_uses(program, slug)),
    }


def describe_model(program: Program, slug: str) -> Json:
    """Return a model's row, with its figures, its hosts, its uses, and the tenants whose policy bars it, by reason."""
    entry = program.models[slug]
    model = entry.body
    figures = figure_texts((figure for figure in MODEL if figure.path != "provider"), slug, model)
    hosts = [] if model.logical_slug is None else program.logical_models[model.logical_slug]
    out: dict[str, list[str]] = {}
    for tenant in program.tenants:
        why = barred(program, program.tenant_policy(tenant), slug)
        if why is not None:
            out.setdefault(why, []).append(tenant)
    return {
        **model_row(program, slug),
        "aliases": list(model.aliases),
        "fields": [{"field": name, "value": value, "at": place_of(entry, *path)} for name, value, path in figures],
        "shared_load": [] if model.share is None else shared_load(program, model.logical_slug),
        "other_hosts": [host.slug for host in hosts if host.slug != slug],
        "used_by": _uses(program, slug),
        "barred_for": [{"why": why, "tenants": tenants} for why, tenants in out.items()],
    }


def _uses(program: Program, slug: str) -> list[Json]:
    """Return everything that names a model or ranks it: kind, name, as what, and where."""
    uses = []
    for name, entry in program.features.items():
        row = entry.body.models.get(slug)
        if row is not None:
            sample = "" if row.sample is None else f", sample {share(row.sample)}"
            uses.append(_use("feature", name, row.status + sample, place_of(entry, "models", slug)))
        if slug in entry.body.fallback:
            place = entry.body.fallback.index(slug)
            uses.append(_use("feature", name, f"fallback {place + 1}", place_of(entry, "fallback", place)))
    for name, target in program.targets.items():
        if slug in candidates(program, name):
            uses.append(_use("target", name, "candidate", place_of(target, "candidates")))
    for name, experiment in program.experiments.items():
        for id, variant in experiment.body.variants.items():
            for place, version in enumerate(variant.versions):
                if version.model == slug:
                    last = ", which serves" if place == len(variant.versions) - 1 else ""
                    uses.append(
                        _use(
                            "experiment",
                            name,
                            f"variant `{id}`, version {version.version}{last}",
                            place_of(experiment, "variants", id, "versions", place, "model"),
                        )
                    )
    defaults = program.sure_defaults
    uses += [
        _use(
            "defaults", "routes", f"config route of feature `{feature}`", place_of(program.defaults, "routes", feature)
        )
        for feature, model in defaults.routes.items()
        if model == slug
    ]
    if defaults.model == slug:
        uses.append(_use("defaults", "model", "default model", place_of(program.defaults, "model")))
    return uses


def _use(kind: str, name: str, role: str, place: str | None) -> Json:
    """Return one use of a model: the kind and name of what uses it, as what, and where that stands."""
    return {"kind": kind, "name": name, "as": role, "at": place}


def provider_row(program: Program, slug: str) -> Json:
    """Return a provider's row in a list: how it is called, and the number of its models."""
    entry = program.providers[slug]
    body = entry.body
    return {
        "provider": slug,
        **about(entry),
        "adapter": body.adapter,
        "stack": body.stack,
        "url": endpoint_url(body),
        "api_key_env": body.api_key_env,
        "models": sum(model.body.provider == slug for model in program.models.values()),
    }


def describe_provider(program: Program, slug: str) -> Json:
    """Return a provider's row, with how it is called, its models, and the tenants that bar or prefer it."""
    policies = {tenant: program.tenant_policy(tenant) for tenant in program.tenants}
    entry = program.providers[slug]
    body = entry.body
    stack = body.stack
    return {
        **provider_row(program, slug),
        "stream_url": urls_of(body)[1],
        "base_url": base_of(body),
        "auth": auth_of(body),
        "headers": headers_of(body),
        "secret_headers": body.secret_headers,
        "region": region_of(body),
        "allow_http": body.allow_http,
        "kept": [
            {"field": figure.path, "value": figure_text(figure, value), "at": place_of(entry, *figure.keys)}
            for figure in PROVIDER
            if figure.path.partition(".")[0] in ("params", "limits", "timeouts") and (value := figure.value(body))
        ],
        "hosts": [model_row(program, model) for model, entry in program.models.items() if entry.body.provider == slug],
        "banned_by": [tenant for tenant, policy in policies.items() if slug in policy.banned_providers],
        "outside_stacks_of": [
            tenant for tenant, policy in policies.items() if policy.stacks is not None and stack not in policy.stacks
        ],
        "preferred_by": [tenant for tenant, policy in policies.items() if slug in policy.preferred_providers],
    }
