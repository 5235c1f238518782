"""Make the rows that a database shall hold of a program: plain rows by table and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from routecomp.model.experiment import Experiment
from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Program
from routecomp.model.route import Target
from routecomp.model.vocabulary import PRESETS
from routecomp.sql.schema import Value
from routecomp.sql.tables import BY_NAME, TABLES, state_key

Key = tuple[Value, ...]
Row = dict[str, Value]


@dataclass(frozen=True)
class DatabaseState:
    """What the policy tables hold: table to key to row.

    A row has every column the YAML decides (`Table.declared`), whole numbers in the columns' units. Keys are the
    values of `state_key`. `promotions` are the ledger's latest rows by feature, as (from, to, kind): they decide
    whether a change is a rollback, and are no part of what is compared.
    """

    tables: Mapping[str, Mapping[Key, Row]]
    promotions: Mapping[str, tuple[Value, Value, str]]

    @classmethod
    def empty(cls) -> DatabaseState:
        """Return the state of a database without a row."""
        return cls({table.name: {} for table in TABLES}, {})


def database_state(program: Program) -> DatabaseState:
    """Return the rows that a database shall hold of a program; without promotions, which only migrations write."""
    tables: dict[str, dict[Key, Row]] = {}
    rows = _rows(program)
    for table in TABLES:
        names = state_key(table)
        columns = [column.name for column in table.declared]
        tables[table.name] = {
            tuple(row[name] for name in names): {name: row[name] for name in columns}
            for row in rows.get(table.name, ())
        }
    return DatabaseState(tables, {})


def _rows(program: Program) -> dict[str, list[Row]]:
    """Return the rows of a program by table; each has every column that the YAML decides."""
    rows: dict[str, list[Row]] = {name: [] for name in BY_NAME}
    for slug, provider in program.providers.items():
        body = provider.body
        rows["providers"].append(
            {
                "provider": slug,
                "adapter": body.adapter,
                "base_url": body.base_url,
                "chat_path": body.chat_path,
                "api_key_env": body.api_key_env,
                "stack": body.stack,
                **_descriptive(body),
            }
        )
    for slug, model in program.models.items():
        card = model.body
        rows["models"].append(
            {
                "model": slug,
                "provider": card.provider,
                "provider_model_name": card.provider_model_name or slug,
                "logical_slug": card.logical_slug,
                "quality_bp": card.quality,
                "input_pusd": card.price.input,
                "output_pusd": card.price.output,
                "output_ratio_bp": card.output_ratio,
                "latency_ms": card.latency_ms,
                "context_window": card.context_window,
                "min_output_tokens": card.min_output_tokens,
                "compliance_bp": card.compliance,
                "active": card.active,
                "listed": card.listed,
                **_descriptive(card),
            }
        )
        rows["model_capabilities"] += [{"model": slug, "capability": word} for word in sorted(set(card.capabilities))]
    for slug, target in program.targets.items():
        _target(rows, slug, target.body)
    for slug, feature in program.features.items():
        call = feature.body
        rows["features"].append(
            {"feature": slug, "then_target": call.then, "min_quality_bp": call.min_quality, **_descriptive(call)}
        )
        rows["feature_models"] += [
            {
                "feature": slug,
                "model": name,
                "status": row.status,
                "position": position,
                "sample_bp": row.sample,
                "max_daily_cents": row.max_daily_usd,
            }
            for position, (name, row) in enumerate(call.models.items())
        ]
        rows["feature_fallbacks"] += [
            {"feature": slug, "position": position, "model": name} for position, name in enumerate(call.fallback)
        ]
    _defaults(rows, program)
    for slug in PRESETS:
        preset = program.presets.get(slug)
        rows["routing_presets"].append({"preset": slug, **_descriptive(preset.body if preset is not None else None)})
    for slug, tenant in program.tenants.items():
        policy = program.tenant_policy(slug)
        rows["tenant_routing_policy"].append(
            {"tenant": slug, "preset": tenant.body.preset, **_policy(policy), **_descriptive(tenant.body)}
        )
        for name, row in _lists(policy):
            rows[f"tenant_{name}"].append({"tenant": slug, **row})
    _preferences(rows, program)
    for slug, experiment in program.experiments.items():
        _experiment(rows, slug, experiment.body)
    return rows


def _descriptive(body: Any) -> Row:
    """Return the cells of description and owner; None for what a body, or no body, does not have."""
    return {"description": getattr(body, "description", None), "owner": getattr(body, "owner", None)}


def _policy(policy: EffectivePolicy) -> Row:
    quality, latency, cost = policy.weights
    return {
        "objective": policy.objective,
        "weight_quality_bp": quality,
        "weight_latency_bp": latency,
        "weight_cost_bp": cost,
        "min_quality_bp": policy.min_quality,
        "fallback_enabled": policy.fallback_enabled,
        "fallback_cost_penalty_bp": policy.fallback_cost_penalty_pct,
        "compliance_veto_threshold_bp": policy.compliance_veto_threshold,
        "max_quality_loss_bp": policy.max_quality_loss,
    }


def _lists(policy: EffectivePolicy) -> Iterator[tuple[str, Row]]:
    """Yield (list, row) for each name in a policy's four lists, without the owner's cell."""
    for provider in policy.banned_providers:
        yield "banned_providers", {"provider": provider}
    for model in policy.banned_models:
        yield "banned_models", {"model": model}
    for provider in policy.preferred_providers:
        yield "preferred_providers", {"provider": provider}
    for stack in policy.stacks or ():
        yield "stacks", {"stack": stack}


def _target(rows: dict[str, list[Row]], slug: str, target: Target) -> None:
    """Add the rows of a target."""
    chosen = target.candidates
    kind = next((name for name in ("models", "stacks", "logical") if getattr(chosen, name) is not None), "all")
    rows["targets"].append(
        {
            "target": slug,
            "candidates": kind,
            "logical_slug": chosen.logical,
            "min_quality_bp": target.min_quality,
            **_descriptive(target),
        }
    )
    rows["target_aliases"] += [{"alias": alias, "target": slug} for alias in sorted(set(target.aliases))]
    rows["target_models"] += [{"target": slug, "model": name} for name in sorted(set(chosen.models or ()))]
    rows["target_stacks"] += [{"target": slug, "stack": name} for name in sorted(set(chosen.stacks or ()))]


def _defaults(rows: dict[str, list[Row]], program: Program) -> None:
    """Add the rows of the defaults and their policy, the scoring and the resilience."""
    defaults, scoring, resilience = program.sure_defaults, program.sure_scoring, program.sure_resilience
    policy = program.default_policy
    rows["routing_defaults"].append(
        {
            "single": 1,
            "model": defaults.model,
            "unknown_tenant": defaults.unknown_tenant,
            "preset": defaults.policy.preset,
            **_policy(policy),
            **_descriptive(defaults),
        }
    )
    for name, row in _lists(policy):
        rows[f"default_{name}"].append(row)
    rows["default_routes"] += [{"feature": feature, "model": model} for feature, model in defaults.routes.items()]
    rows["routing_scoring"].append(
        {
            "single": 1,
            "cost_best_pusd": scoring.cost.best,
            "cost_worst_pusd": scoring.cost.worst,
            "latency_best_ms": scoring.latency_ms.best,
            "latency_worst_ms": scoring.latency_ms.worst,
            **_descriptive(scoring),
        }
    )
    rows["routing_resilience"].append(
        {
            "single": 1,
            **{name: getattr(resilience, name) for name in ("failures", "window_s", "cooloff_s", "max_attempts")},
            **_descriptive(resilience),
        }
    )


def _preferences(rows: dict[str, list[Row]], program: Program) -> None:
    """Add the rows of the preferences; none where the program has none."""
    if program.preferences is None:
        return
    body = program.preferences.body
    rows["preference_floors"] += [{"floor": name, "quality_bp": value} for name, value in body.floors.items()]
    rows["routing_preferences"].append(
        {
            "single": 1,
            "default_preference": body.default,
            "dial_quality_bp": body.dial.quality,
            "dial_balanced_bp": body.dial.balanced,
            "dial_cost_bp": body.dial.cost,
            "clamp_low": body.clamp[0],
            "clamp_high": body.clamp[1],
            "gate_env": body.gate_env,
            **_descriptive(body),
        }
    )


def _experiment(rows: dict[str, list[Row]], slug: str, experiment: Experiment) -> None:
    """Add the rows of an experiment, its variants, slots and versions."""
    rows["model_experiment"].append(
        {
            "experiment": slug,
            "public_model_id": experiment.public_model_id,
            "status": experiment.status,
            "archived": experiment.archived,
            "salt": slug if experiment.salt is None else experiment.salt,
            "on_pause": experiment.on_pause,
            "winner": experiment.winner,
            **_descriptive(experiment),
        }
    )
    for position, (id, variant) in enumerate(experiment.variants.items()):
        own: Row = {"experiment": slug, "variant": id}
        rows["model_experiment_variant"].append(
            {**own, "position": position, "label": variant.label, "weight_bp": variant.weight}
        )
        rows["model_experiment_variant_slot"] += [
            {**own, "first_slot": first, "last_slot": last} for first, last in variant.slots or ()
        ]
        rows["model_experiment_variant_version"] += [
            {**own, "version": version.version, "model": version.model, "api_key_env": version.api_key_env}
            for version in variant.versions
        ]
