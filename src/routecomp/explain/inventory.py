"""A project in, what is known about one thing, or all things of a kind, out, as plain JSON values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from routecomp.explain.origins import at, dollars, names, ranked_by, share
from routecomp.explain.policy import policy_rows, preset_rows

if TYPE_CHECKING:
    from routecomp.explain.loaded import Loaded
    from routecomp.model.policy import EffectivePolicy
    from routecomp.model.project import Entry, Program

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


def everything(loaded: Loaded, kind: str) -> list[Json]:
    """One row for each body of a kind."""
    program = loaded.program
    rows: dict[str, Callable[[str], Json]] = {
        "tenants": lambda slug: _tenant_row(program, slug),
        "models": lambda slug: _model_row(program, slug),
        "features": lambda slug: _feature_row(program, slug),
        "targets": lambda slug: _target_row(program, slug),
        "experiments": lambda slug: _experiment_row(program, slug),
        "providers": lambda slug: _provider_row(program, slug),
        "presets": lambda slug: _preset_row(program, slug),
    }
    return [rows[kind](slug) for slug in declared(program, kind)]


def one(loaded: Loaded, kind: str, slug: str, tenant: str | None) -> Json:
    """Everything about one body; `tenant` narrows a feature's or a target's chains to that tenant."""
    program = loaded.program
    if kind == "tenants":
        return _tenant(loaded, slug)
    if kind == "models":
        return _model(program, slug)
    if kind == "features":
        return {
            **_feature_row(program, slug),
            "rows": _rows(program, slug),
            "chains": _chains(loaded, {"feature": slug}, tenant),
        }
    if kind == "targets":
        return {**_target_row(program, slug), "chains": _chains(loaded, {"model": slug}, tenant)}
    if kind == "experiments":
        return _experiment(program, slug)
    if kind == "providers":
        return _provider(program, slug)
    return _preset(program, slug)


def declared(program: Program, kind: str) -> list[str]:
    """The names of a kind; the five presets are always there."""
    if kind == "presets":
        from routecomp.model.vocabulary import PRESETS

        return list(PRESETS)
    return list(getattr(program, kind))


def barred(program: Program, policy: EffectivePolicy, slug: str) -> str | None:
    """Why a policy keeps a model out whatever is asked, in words; None where it does not."""
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


# - tenants and presets -


def _tenant_row(program: Program, slug: str) -> Json:
    entry, policy = program.tenants[slug], program.tenant_policy(slug)
    usable = sum(barred(program, policy, model) is None for model in program.models)
    return {
        "tenant": slug,
        **_about(entry),
        "preset": entry.body.preset,
        "objective": policy.objective,
        "min_quality": None if policy.min_quality is None else share(policy.min_quality),
        "stacks": None if policy.stacks is None else list(policy.stacks),
        "models": usable,
    }


def _tenant(loaded: Loaded, slug: str) -> Json:
    program = loaded.program
    policy = program.tenant_policy(slug)
    why: dict[str, list[str]] = {}
    for model in program.models:
        reason = barred(program, policy, model)
        if reason is not None:
            why.setdefault(reason, []).append(model)
    serves = [
        {"kind": kind, "name": name, **_served(loaded, {key: name}, slug)}
        for kind, key, section in (("feature", "feature", program.features), ("target", "model", program.targets))
        for name in section
    ]
    return {
        **_tenant_row(program, slug),
        "policy": [row.plain() for row in policy_rows(program, slug)],
        "barred": [{"why": reason, "models": models} for reason, models in why.items()],
        "serves": serves,
    }


def _preset_row(program: Program, slug: str) -> Json:
    entry = program.presets.get(slug)
    users = [tenant for tenant, one in program.tenants.items() if one.body.preset == slug]
    return {"preset": slug, **_about(entry), "built_in": entry is None, "tenants": users}


def _preset(program: Program, slug: str) -> Json:
    return {**_preset_row(program, slug), "policy": [row.plain() for row in preset_rows(program, slug)]}


# - models and providers -


def _model_row(program: Program, slug: str) -> Json:
    from routecomp.table.rank import blended_cost

    entry = program.models[slug]
    model = entry.body
    return {
        "model": slug,
        **_about(entry),
        "provider": model.provider,
        "stack": program.providers[model.provider].body.stack,
        "quality": share(model.quality),
        "blended_cost_usd": dollars(blended_cost(model), 10),
        "latency_ms": model.latency_ms,
        "active": model.active,
        "listed": model.listed,
        "uses": len(_uses(program, slug)),
    }


def _model(program: Program, slug: str) -> Json:
    entry = program.models[slug]
    model = entry.body
    figures = [
        ("provider_model_name", model.provider_model_name or slug, ("provider_model_name",)),
        ("logical_slug", model.logical_slug or "none", ("logical_slug",)),
        *ranked_by(model),
        ("capabilities", names(model.capabilities), ("capabilities",)),
        ("active", str(model.active).lower(), ("active",)),
        ("listed", str(model.listed).lower(), ("listed",)),
    ]
    others = (
        []
        if model.logical_slug is None
        else [one.slug for one in program.logical_models[model.logical_slug] if one.slug != slug]
    )
    out: dict[str, list[str]] = {}
    for tenant in program.tenants:
        why = barred(program, program.tenant_policy(tenant), slug)
        if why is not None:
            out.setdefault(why, []).append(tenant)
    return {
        **_model_row(program, slug),
        "fields": [{"field": name, "value": value, "at": at(entry, *path)} for name, value, path in figures],
        "other_hosts": others,
        "used_by": _uses(program, slug),
        "barred_for": [{"why": why, "tenants": tenants} for why, tenants in out.items()],
    }


def _uses(program: Program, slug: str) -> list[Json]:
    """Everything that names a model or ranks it: kind, name, as what, and where."""
    found = []
    for name, entry in program.features.items():
        row = entry.body.models.get(slug)
        if row is not None:
            sample = "" if row.sample is None else f", sample {share(row.sample)}"
            found.append(_use("feature", name, row.status + sample, at(entry, "models", slug)))
        if slug in entry.body.fallback:
            place = entry.body.fallback.index(slug)
            found.append(_use("feature", name, f"fallback {place + 1}", at(entry, "fallback", place)))
    for name, target in program.targets.items():
        if slug in candidates(program, name):
            found.append(_use("target", name, "candidate", at(target, "candidates")))
    for name, experiment in program.experiments.items():
        for id, variant in experiment.body.variants.items():
            for place, version in enumerate(variant.versions):
                if version.model == slug:
                    last = ", which serves" if place == len(variant.versions) - 1 else ""
                    found.append(
                        _use(
                            "experiment",
                            name,
                            f"variant `{id}`, version {version.version}{last}",
                            at(experiment, "variants", id, "versions", place, "model"),
                        )
                    )
    defaults = program.sure_defaults
    found += [
        _use("defaults", "routes", f"config route of feature `{feature}`", at(program.defaults, "routes", feature))
        for feature, model in defaults.routes.items()
        if model == slug
    ]
    if defaults.model == slug:
        found.append(_use("defaults", "model", "default model", at(program.defaults, "model")))
    return found


def _use(kind: str, name: str, role: str, place: str | None) -> Json:
    return {"kind": kind, "name": name, "as": role, "at": place}


def candidates(program: Program, target: str) -> list[str]:
    """The active, listed models a target ranks, by slug."""
    chosen = program.targets[target].body.candidates
    found = []
    for slug, entry in program.models.items():
        model = entry.body
        if not (model.active and model.listed):
            continue
        if chosen.models is not None:
            wanted = slug in chosen.models
        elif chosen.stacks is not None:
            wanted = program.providers[model.provider].body.stack in chosen.stacks
        else:
            wanted = chosen.logical is None or model.logical_slug == chosen.logical
        if wanted:
            found.append(slug)
    return found


def _provider_row(program: Program, slug: str) -> Json:
    from routecomp.table.lower import endpoint_url

    entry = program.providers[slug]
    body = entry.body
    return {
        "provider": slug,
        **_about(entry),
        "adapter": body.adapter,
        "stack": body.stack,
        "url": endpoint_url(body),
        "api_key_env": body.api_key_env,
        "models": sum(one.body.provider == slug for one in program.models.values()),
    }


def _provider(program: Program, slug: str) -> Json:
    policies = {tenant: program.tenant_policy(tenant) for tenant in program.tenants}
    stack = program.providers[slug].body.stack
    return {
        **_provider_row(program, slug),
        "hosts": [_model_row(program, model) for model, entry in program.models.items() if entry.body.provider == slug],
        "banned_by": [tenant for tenant, one in policies.items() if slug in one.banned_providers],
        "outside_stacks_of": [
            tenant for tenant, one in policies.items() if one.stacks is not None and stack not in one.stacks
        ],
        "preferred_by": [tenant for tenant, one in policies.items() if slug in one.preferred_providers],
    }


# - features, targets, experiments -


def _feature_row(program: Program, slug: str) -> Json:
    entry = program.features[slug]
    body = entry.body
    by_status: dict[str, list[str]] = {"primary": [], "shadow": [], "retired": []}
    for model, row in body.models.items():
        by_status[row.status].append(model)
    return {
        "feature": slug,
        **_about(entry),
        **by_status,
        "fallback": list(body.fallback),
        "then": body.then,
        "min_quality": None if body.min_quality is None else share(body.min_quality),
    }


def _rows(program: Program, slug: str) -> list[Json]:
    entry = program.features[slug]
    return [
        {
            "model": model,
            "status": row.status,
            "sample": None if row.sample is None else share(row.sample),
            "max_daily_usd": None if row.max_daily_usd is None else dollars(row.max_daily_usd, 2),
            "at": at(entry, "models", model),
        }
        for model, row in entry.body.models.items()
    ]


def _target_row(program: Program, slug: str) -> Json:
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
        **_about(entry),
        "aliases": list(body.aliases),
        "candidates": selector,
        "models": candidates(program, slug),
        "min_quality": None if body.min_quality is None else share(body.min_quality),
    }


def _chains(loaded: Loaded, request: Json, tenant: str | None) -> list[Json]:
    """The chain for requests without a tenant and for every tenant; equal ones are said once."""
    whom: list[str | None] = [None, *loaded.program.tenants] if tenant is None else [tenant]
    groups: dict[str, Json] = {}
    for one in whom:
        served = _served(loaded, request, one)
        groups.setdefault(repr(served), {**served, "tenants": []})["tenants"].append(one)
    return list(groups.values())


def _served(loaded: Loaded, request: Json, tenant: str | None) -> Json:
    decision = loaded.router.resolve(**request, tenant=tenant)
    return {"status": decision.status, "chain": list(decision.chain)}


def _experiment_row(program: Program, slug: str) -> Json:
    from routecomp.table.lower import answering_experiments

    entry = program.experiments[slug]
    body = entry.body
    answers = answering_experiments(program.experiments.values()).get(body.public_model_id) is entry
    return {
        "experiment": slug,
        **_about(entry),
        "public_model_id": body.public_model_id,
        "status": body.status,
        "archived": body.archived,
        "answers": answers,
        "winner": body.winner,
        "variants": {id: share(variant.weight) for id, variant in body.variants.items()},
    }


def _experiment(program: Program, slug: str) -> Json:
    from routecomp.model.vocabulary import SLOTS
    from routecomp.table.lower import slot_ranges

    entry = program.experiments[slug]
    body = entry.body
    ids = list(body.variants)
    owners = slot_ranges(body)
    ranges: dict[str, list[list[int]]] = {id: [] for id in ids}
    for place, (first, owner) in enumerate(owners):
        last = owners[place + 1][0] - 1 if place + 1 < len(owners) else SLOTS - 1
        ranges[ids[owner]].append([first, last])
    variants = [
        {
            "variant": id,
            "label": variant.label,
            "weight": share(variant.weight),
            "at": at(entry, "variants", id),
            "slots": ranges[id],
            "versions": [
                {
                    "version": version.version,
                    "model": version.model,
                    "api_key_env": version.api_key_env,
                    "at": at(entry, "variants", id, "versions", place, "model"),
                    "serves": place == len(variant.versions) - 1,
                }
                for place, version in enumerate(variant.versions)
            ],
        }
        for id, variant in body.variants.items()
    ]
    return {
        **_experiment_row(program, slug),
        "salt": body.salt or slug,
        "on_pause": body.on_pause,
        "variants": variants,
    }


def _about(entry: Entry[Any] | None) -> Json:
    if entry is None:
        return {"description": None, "owner": None, "at": None}
    return {"description": entry.body.description, "owner": entry.body.owner, "at": at(entry)}
