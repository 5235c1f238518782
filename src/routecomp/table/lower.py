"""Lower a checked `Program` to a `RoutingTable`: quantities are integers, shared parts are pooled and named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from routecomp.model import figures
from routecomp.model.adapters import HOLE, in_path, urls_of
from routecomp.model.call_names import pattern_of
from routecomp.model.experiment import Experiment
from routecomp.model.figures import requirements, table_entry, table_format
from routecomp.model.policy import EffectivePolicy, Preferences
from routecomp.model.project import Entry, Program
from routecomp.model.provider import Provider
from routecomp.model.route import (
    Feature,
    Model,
    Row,
    Target,
)
from routecomp.table.codec import Pool, compact, content_name
from routecomp.table.rank import Ranker, measure
from routecomp.table.table import RoutingTable

_PERMISSION = tuple(figure for figure in figures.POLICY if figure.is_permission)


def lower(program: Program) -> RoutingTable:
    """Make the routing table and the fallback file of a program (docs/table.md says what each key holds)."""
    defaults = program.sure_defaults
    policies = _Policies(program)
    permissions = Pool("f")
    models = {slug: _model(program, slug, model.body) for slug, model in program.models.items()}
    providers = {slug: _provider(slug, provider.body) for slug, provider in program.providers.items()}
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
        "providers": providers,
        "models": models,
        "tenants": tenants,
        "features": {slug: _feature(slug, feature.body) for slug, feature in program.features.items()},
        "targets": {slug: _target(slug, target.body) for slug, target in program.targets.items()},
        "aliases": _aliases(program.targets),
        "experiments": _experiments(program.experiments.values()),
        "defaults": {
            **table_entry(figures.DEFAULTS, "", defaults),
            "policy": policies.add(program.default_policy),
            "routes": dict(defaults.routes),
        },
        "preferences": None if program.preferences is None else _preferences(program.preferences.body),
        "resilience": table_entry(figures.RESILIENCE, "", program.sure_resilience),
    }
    table |= {section: names for section, names in _later_names(program).items() if names}
    if shares := share_slots((slug, model.body) for slug, model in program.models.items()):
        table["shares"] = {logical: [[first, slug] for first, slug in slots] for logical, slots in shares.items()}
    budgets = {slug: table_entry(figures.BUDGET, slug, tenant.body.budget) for slug, tenant in program.tenants.items()}
    table |= {"budgets": kept} if (kept := {slug: cells for slug, cells in budgets.items() if cells}) else {}
    table["policies"] = policies.policies.parts
    table["orders"] = policies.orders
    table |= {"format": table_format(table), "requires": requirements(table)}
    named_models = sorted({defaults.model, *defaults.routes.values()})
    fallback: dict[str, object] = {
        "defaults": {
            **table_entry(figures.DEFAULTS, "", defaults),
            "policy": permissions.add(_permission(program.default_policy)),
            "routes": dict(defaults.routes),
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
    fallback |= {"format": table_format(fallback), "requires": requirements(fallback)}
    return RoutingTable(table, fallback)


def _aliases(entries: Mapping[str, Entry[Any]]) -> dict[str, str]:
    """Return the aliases of bodies, each with the slug of its body; patterns are none."""
    return {alias: slug for slug, entry in entries.items() for alias in entry.body.aliases if not alias.endswith("*")}


def _later_names(program: Program) -> dict[str, dict[str, str]]:
    """Return the sections of call names that came after format 2.0, empty ones too.

    A public model id whose experiment does not answer is in the table only where a pattern would take it.
    """
    patterns = {
        alias: slug for slug, target in program.targets.items() for alias in target.body.aliases if alias.endswith("*")
    }
    answering = answering_experiments(program.experiments.values())
    return {
        "feature_aliases": _aliases(program.features),
        "model_aliases": _aliases(program.models),
        "patterns": patterns,
        "shadow_salts": _shadow_salts(program),
        "unanswered": {
            name: slug
            for slug, experiment in sorted(program.experiments.items(), reverse=True)
            if (name := experiment.body.public_model_id) not in answering and pattern_of(name, patterns) is not None
        },
    }


def _shadow_salts(program: Program) -> dict[str, str]:
    """Return the salt of each shadow that is mirrored and was called otherwise, by the salt of its names now."""
    salts = {
        f"shadow:{slug}:{model}": f"shadow:{feature.body.was or slug}:{program.models[model].body.was or model}"
        for slug, feature in program.features.items()
        for model, row in feature.body.models.items()
        if row.sample is not None
    }
    return {now: salt for now, salt in salts.items() if now != salt}


def share_slots(models: Iterable[tuple[str, Model]]) -> dict[str, list[tuple[int, str]]]:
    """Return (first slot, model) of each range of slots, by logical model: those of its shares, in slug order.

    For one release after a rename the slug before it counts in the order.

    The last range of a logical model ends with the last slot: its shares are exactly 1 together.
    """
    slots: dict[str, list[tuple[int, str]]] = {}
    starts: dict[str, int] = {}
    for slug, model in sorted(models, key=lambda pair: pair[1].was or pair[0]):
        if model.logical_slug is not None and model.share is not None:
            start = starts.get(model.logical_slug, 0)
            slots.setdefault(model.logical_slug, []).append((start, slug))
            starts[model.logical_slug] = start + model.share
    return slots


class _Policies:
    """The pools of effective policies and of their orders of models; each order is ranked once."""

    def __init__(self, program: Program) -> None:
        self.policies = Pool("p")
        self.orders: dict[str, str] = {}
        scoring = program.sure_scoring
        self._ranker = Ranker((measure(slug, entry.body, scoring) for slug, entry in program.models.items()), scoring)
        self._names: dict[tuple[object, ...], str] = {}

    def add(self, policy: EffectivePolicy) -> str:
        """Add a policy and its orders to the pools, and return the name of the policy."""
        return self.policies.add(
            {
                **table_entry(figures.POLICY, "", policy),
                "penalised": self._order(policy, penalised=True),
                "plain": self._order(policy, penalised=False),
            }
        )

    def _order(self, policy: EffectivePolicy, *, penalised: bool) -> str:
        """Return the name of an order of a policy, ranked at the first call; `penalised` is the order of fallbacks.

        It is named by what ranks, not by what is ranked: a price that moves models changes the lines of the orders,
        and no line that names one.
        """
        is_weighted = policy.objective == "weighted"
        penalty = policy.fallback_cost_penalty_pct if penalised else 0
        key = (policy.objective, policy.preferred_providers, policy.weights if is_weighted else None, penalty)
        name = self._names.get(key)
        if name is None:
            by: dict[str, object] = {"objective": policy.objective, "preferred_providers": policy.preferred_providers}
            if is_weighted:
                weights = policy.weights
                by |= {"weights": [weights.quality, weights.latency, weights.cost], "penalty_pct": penalty}
            name = self._names[key] = content_name("o", compact(by))
            if name not in self.orders:
                self.orders[name] = " ".join(self._ranker.rank(policy, penalised=penalised))
        return name


def endpoint_url(provider: Provider) -> str:
    """Return the URL of the chat call, `{model}` and all."""
    return urls_of(provider)[0]


def _provider(slug: str, provider: Provider) -> dict[str, Any]:
    """Return the entry of a provider; of its endpoint only what its adapter and its URL do not tell."""
    return {**table_entry(figures.PROVIDER, slug, provider), "url": endpoint_url(provider)}


def _model(program: Program, slug: str, model: Model) -> dict[str, Any]:
    """Return the entry of a model; where its provider's paths hold `{model}`, with what stands there."""
    entry = table_entry(figures.MODEL, slug, model)
    if any(HOLE in url for url in urls_of(program.providers[model.provider].body)):
        entry["upstream_in_path"] = in_path(entry["upstream"])
    return entry


def _permission(policy: EffectivePolicy) -> dict[str, Any]:
    """Return the part of a policy that also holds when only the fallback file is left."""
    return table_entry(_PERMISSION, "", policy)


def _feature(slug: str, feature: Feature) -> dict[str, Any]:
    """Return the entry of a feature."""
    return {
        **table_entry(figures.FEATURE, slug, feature),
        "fallback": list(feature.fallback),
        "rows": [_row(model, row) for model, row in feature.models.items()],
    }


def _row(model: str, row: Row) -> dict[str, Any]:
    """Return a feature's row of a model: its status and, where it has a sample, that and the cap (None without one)."""
    cells = {"model": model, **table_entry(figures.ROW, model, row)}
    if row.sample is None:
        del cells["sample_bp"], cells["max_daily_cents"]
    return cells


def _target(slug: str, target: Target) -> dict[str, Any]:
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
    return {**table_entry(figures.TARGET, slug, target), "candidates": candidates}


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
    return {
        **table_entry(figures.EXPERIMENT, slug, experiment),
        "experiment": slug,
        "slots": [[first, owner] for first, owner in slot_ranges(experiment)],
        "variants": [
            {
                "id": id,
                **table_entry(figures.VARIANT, id, variant),
                **table_entry(figures.VERSION, id, variant.versions[-1]),
            }
            for id, variant in experiment.variants.items()
        ],
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
        **table_entry(figures.DIAL, "", preferences),
        "clamp_bp": [preferences.floors[low], preferences.floors[high]],
        "dial_bp": {"balanced": dial.balanced, "cost": dial.cost, "quality": dial.quality},
        "good_bp": preferences.floors["good"],
    }


def _preference_names(preferences: Preferences) -> dict[str, Any]:
    """Return the dial's entry of the fallback file, which has no floors."""
    return {
        **table_entry(figures.DIAL, "", preferences),
        "names": sorted(["balanced", "cost", "quality"]),
    }
