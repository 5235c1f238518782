"""Lower a checked `Program` to a `RoutingTable`: quantities are integers, shared parts are pooled and named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from routecomp.model.experiment import Experiment
from routecomp.model.policy import EffectivePolicy, Preferences
from routecomp.model.project import Entry, Program
from routecomp.model.route import Feature, Model, Provider, Row, Target
from routecomp.table.codec import Pool
from routecomp.table.rank import Measured, measure, rank_models
from routecomp.table.table import FORMAT, RoutingTable


def lower(program: Program) -> RoutingTable:
    """Make the routing table and the fallback file of a program (docs/table.md says what each key holds)."""
    defaults = program.sure_defaults
    policies = _Policies(program)
    permissions = Pool("f")
    models = {slug: _model(slug, entry.body) for slug, entry in program.models.items()}
    providers = {slug: _provider(entry.body) for slug, entry in program.providers.items()}
    tenants: dict[str, str] = {}
    tenant_permissions: dict[str, str] = {}
    named: dict[EffectivePolicy, tuple[str, str]] = {}
    for slug in program.tenants:
        policy = program.tenant_policy(slug)
        names = named.get(policy)
        if names is None:
            names = named[policy] = (policies.add(policy), permissions.add(_permission(policy)))
        tenants[slug], tenant_permissions[slug] = names
    table: dict[str, object] = {
        "format": FORMAT,
        "requires": [],
        "providers": providers,
        "models": models,
        "tenants": tenants,
        "features": {slug: _feature(entry.body) for slug, entry in program.features.items()},
        "targets": {slug: _target(entry.body) for slug, entry in program.targets.items()},
        "aliases": {alias: slug for slug, entry in program.targets.items() for alias in entry.body.aliases},
        "experiments": _experiments(program.experiments.values()),
        "defaults": {
            "model": defaults.model,
            "policy": policies.add(program.default_policy),
            "routes": dict(defaults.routes),
            "unknown_tenant": defaults.unknown_tenant,
        },
        "preferences": None if program.preferences is None else _preferences(program.preferences.body),
        "resilience": {
            name: getattr(program.sure_resilience, name)
            for name in ("failures", "window_s", "cooloff_s", "max_attempts")
        },
    }
    table["policies"] = policies.policies.parts
    table["orders"] = policies.orders.parts
    named_models = sorted({defaults.model, *defaults.routes.values()})
    fallback: dict[str, object] = {
        "format": FORMAT,
        "requires": [],
        "defaults": {
            "model": defaults.model,
            "policy": permissions.add(_permission(program.default_policy)),
            "routes": dict(defaults.routes),
            "unknown_tenant": defaults.unknown_tenant,
        },
        "models": {slug: models[slug] for slug in named_models},
        "providers": {
            slug: providers[slug] for slug in sorted({program.models[m].body.provider for m in named_models})
        },
        "preferences": None if program.preferences is None else _preference_names(program.preferences.body),
        "stacks": " ".join(sorted(program.stacks)),
        "tenants": tenant_permissions,
    }
    fallback["permissions"] = permissions.parts
    return RoutingTable(table, fallback)


class _Policies:
    """The pools of effective policies and of their orders of models; each order is ranked once."""

    def __init__(self, program: Program) -> None:
        self.policies = Pool("p")
        self.orders = Pool("o")
        self._scoring = program.sure_scoring
        self._models: list[Measured] = [
            measure(slug, entry.body, self._scoring) for slug, entry in program.models.items()
        ]
        self._ranked: dict[tuple[object, ...], str] = {}

    def add(self, policy: EffectivePolicy) -> str:
        """Add a policy and its orders to the pools, and return the name of the policy."""
        return self.policies.add(
            {
                "banned_models": list(policy.banned_models),
                "banned_providers": list(policy.banned_providers),
                "compliance_bp": policy.compliance_veto_threshold,
                "fallback": policy.fallback_enabled,
                "max_quality_loss_bp": policy.max_quality_loss,
                "min_quality_bp": policy.min_quality,
                "penalised": self._order(policy, penalised=True),
                "plain": self._order(policy, penalised=False),
                "stacks": None if policy.stacks is None else list(policy.stacks),
            }
        )

    def _order(self, policy: EffectivePolicy, *, penalised: bool) -> str:
        """Return the name of an order of a policy, ranked at the first call; `penalised` is the order of fallbacks."""
        key: tuple[object, ...] = (policy.objective, policy.preferred_providers)
        if policy.objective == "weighted":
            key = (*key, policy.weights, policy.fallback_cost_penalty if penalised else 0)
        name = self._ranked.get(key)
        if name is None:
            text = " ".join(rank_models(self._models, policy, self._scoring, penalised=penalised))
            name = self._ranked[key] = self.orders.add(text, text)
        return name


def endpoint_url(provider: Provider) -> str:
    """Join base URL and chat path with exactly one slash."""
    return provider.base_url.rstrip("/") + "/" + provider.chat_path.lstrip("/")


def _provider(provider: Provider) -> dict[str, Any]:
    """Return the entry of a provider."""
    return {
        "adapter": provider.adapter,
        "api_key_env": provider.api_key_env,
        "stack": provider.stack,
        "url": endpoint_url(provider),
    }


def _model(slug: str, model: Model) -> dict[str, Any]:
    """Return the entry of a model: figures in basis points, pico-dollars per token, milliseconds and tokens.

    Without a provider's model name, `upstream` is the slug.
    """
    return {
        "active": model.active,
        "capabilities": sorted(set(model.capabilities)),
        "compliance_bp": model.compliance,
        "context_window": model.context_window,
        "input_pusd": model.price.input,
        "latency_ms": model.latency_ms,
        "listed": model.listed,
        "logical": model.logical_slug,
        "min_output_tokens": model.min_output_tokens,
        "output_pusd": model.price.output,
        "output_ratio_bp": model.output_ratio,
        "provider": model.provider,
        "quality_bp": model.quality,
        "upstream": model.provider_model_name if model.provider_model_name is not None else slug,
    }


def _permission(policy: EffectivePolicy) -> dict[str, Any]:
    """Return the part of a policy that also holds when only the fallback file is left."""
    return {
        "banned_models": list(policy.banned_models),
        "banned_providers": list(policy.banned_providers),
        "compliance_bp": policy.compliance_veto_threshold,
        "stacks": None if policy.stacks is None else list(policy.stacks),
    }


def _feature(feature: Feature) -> dict[str, Any]:
    """Return the entry of a feature."""
    return {
        "fallback": list(feature.fallback),
        "min_quality_bp": feature.min_quality,
        "rows": [_row(model, row) for model, row in feature.models.items()],
        "then": feature.then,
    }


def _row(model: str, row: Row) -> dict[str, Any]:
    """Return a feature's row of a model: its status and, where it has a sample, that and the cap (None without one)."""
    cells: dict[str, Any] = {"model": model, "status": row.status}
    if row.sample is not None:
        cells |= {"sample_bp": row.sample, "max_daily_cents": row.max_daily_usd}
    return cells


def _target(target: Target) -> dict[str, Any]:
    """Return the entry of a target: `all`, or its one selector, with names sorted, and its floor."""
    selector = target.candidates
    candidates: object
    if selector.models is not None:
        candidates = {"models": sorted(set(selector.models))}
    elif selector.stacks is not None:
        candidates = {"stacks": sorted(set(selector.stacks))}
    elif selector.logical is not None:
        candidates = {"logical": selector.logical}
    else:
        candidates = "all"
    return {"candidates": candidates, "min_quality_bp": target.min_quality}


def answering_experiments(experiments: Iterable[Entry[Experiment]]) -> Mapping[str, Entry[Experiment]]:
    """Return the experiment that answers for each public model id (docs/semantics.md, sections 4 and 5).

    An active or paused one stands before a completed one with a winner. Drafts, archived ones and completed ones
    without a winner answer for nothing.
    """
    answering: dict[str, Entry[Experiment]] = {}
    for entry in experiments:
        experiment = entry.body
        if experiment.archived or experiment.status == "draft":
            continue
        if experiment.status == "completed" and (experiment.winner is None or experiment.public_model_id in answering):
            continue
        answering[experiment.public_model_id] = entry
    return answering


def _experiments(entries: Iterable[Entry[Experiment]]) -> dict[str, Any]:
    """Return the entries of the experiments that answer, by public model id."""
    return {
        public_id: _experiment(entry.slug, entry.body) for public_id, entry in answering_experiments(entries).items()
    }


def _experiment(slug: str, experiment: Experiment) -> dict[str, Any]:
    """Return the entry of an experiment; of each variant the last version serves. INVARIANT: each has a version."""
    ids = list(experiment.variants)
    variants = []
    for variant_id, variant in experiment.variants.items():
        serving = variant.versions[-1]
        variants.append(
            {"api_key_env": serving.api_key_env, "id": variant_id, "model": serving.model, "version": serving.version}
        )
    return {
        "experiment": slug,
        "on_pause": experiment.on_pause,
        "salt": slug if experiment.salt is None else experiment.salt,
        "slots": [[first, owner] for first, owner in slot_ranges(experiment)],
        "status": experiment.status,
        "variants": variants,
        "winner": None if experiment.winner is None else ids.index(experiment.winner),
    }


def slot_ranges(experiment: Experiment) -> list[tuple[int, int]]:
    """Return (first slot, variant index) of each range of slots, sorted; adjacent ranges of a variant are joined.

    Variants without `slots` get ranges by weight in declared order.
    """
    ranges: list[tuple[int, int]] = []
    start = 0
    for index, variant in enumerate(experiment.variants.values()):
        if variant.slots is not None:
            ranges += [(first, index) for first, _ in variant.slots]
        else:
            ranges.append((start, index))
            start += variant.weight
    ranges.sort()
    return [piece for index, piece in enumerate(ranges) if index == 0 or ranges[index - 1][1] != piece[1]]


def _preferences(preferences: Preferences) -> dict[str, Any]:
    """Return the entry of the dial, with floors in basis points."""
    low, high = preferences.clamp
    dial = preferences.dial
    return {
        "clamp_bp": [preferences.floors[low], preferences.floors[high]],
        "default": preferences.default,
        "dial_bp": {"balanced": dial.balanced, "cost": dial.cost, "quality": dial.quality},
        "gate_env": preferences.gate_env,
        "good_bp": preferences.floors["good"],
    }


def _preference_names(preferences: Preferences) -> dict[str, Any]:
    """Return the dial's entry of the fallback file, which has no floors."""
    return {
        "default": preferences.default,
        "gate_env": preferences.gate_env,
        "names": sorted(["balanced", "cost", "quality"]),
    }
