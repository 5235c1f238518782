"""Make the rows that a database shall hold of a program: plain rows by table and key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from routecomp.model import figures
from routecomp.model.adapters import headers_of
from routecomp.model.experiment import Experiment
from routecomp.model.figure import Figure
from routecomp.model.figures import database_row
from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Program
from routecomp.model.provider import Provider
from routecomp.model.renamed import declared_renames
from routecomp.model.route import (
    Target,
)
from routecomp.model.vocabulary import PRESETS
from routecomp.sql.schema import Value
from routecomp.sql.tables import BY_NAME, TABLES, state_key

Key = tuple[Value, ...]
Row = dict[str, Value]
Promotion = tuple[Value, Value, str]
"""A row of the ledger: the primary before and after, and the kind."""


@dataclass(frozen=True)
class DatabaseState:
    """What the policy tables hold: table to key to row.

    A row has every column the YAML decides (`Table.declared`), whole numbers in the columns' units. Keys are the
    values of `state_key`. `promotions` are the ledger's latest rows by feature, as (from, to, kind): they decide
    whether a change is a rollback, and are no part of what is compared.
    """

    tables: Mapping[str, Mapping[Key, Row]]
    promotions: Mapping[str, Promotion]
    renames: tuple[tuple[str, str, str], ...] = field(default=(), compare=False)
    """Kind, old slug and new slug of what a program says was called otherwise, or of what migrations renamed."""

    @classmethod
    def empty(cls) -> DatabaseState:
        """Return the state of a database without a row."""
        return cls({table.name: {} for table in TABLES}, {})

    def plain(self) -> Any:
        """Return the state as plain values; `restore` is the way back."""
        return {name: list(rows.items()) for name, rows in self.tables.items()}, dict(self.promotions), self.renames

    @classmethod
    def restore(cls, plain: Any) -> DatabaseState:
        """Make a state of what `plain` returned."""
        tables, promotions, renames = plain
        names = tuple((kind, old, new) for kind, old, new in renames)
        return cls({name: dict(rows) for name, rows in tables.items()}, promotions, names)


def database_state(program: Program) -> DatabaseState:
    """Return the rows that a database shall hold of a program; without promotions, which only migrations write."""
    tables: dict[str, dict[Key, Row]] = {}
    rows = _rows(program)
    for table in TABLES:
        columns = [column.name for column in table.declared]
        cells = _getter(columns)
        key = _getter([columns.index(name) for name in state_key(table)])
        tables[table.name] = {
            key(values): dict(zip(columns, values, strict=True)) for values in map(cells, rows.get(table.name, ()))
        }
    renames = [
        (kind, old, new) for kind, names in declared_renames(program).items() for old, new in sorted(names.items())
    ]
    return DatabaseState(tables, {}, tuple(renames))


def _getter(keys: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Return the function that gets the tuple of some items of a row, or of its cells."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda row: tuple([row[key] for key in keys])


def _wire(rows: dict[str, list[Row]], slug: str, provider: Provider) -> None:
    """Add the rows of a provider's query and headers; names of headers are in small letters."""
    rows["provider_query"] += [
        {"provider": slug, "name": name, "position": position, "value": value}
        for position, (name, value) in enumerate(provider.query.items())
    ]
    rows["provider_headers"] += [
        {"provider": slug, "header": name.lower(), "value": value} for name, value in headers_of(provider).items()
    ]
    rows["provider_secret_headers"] += [
        {"provider": slug, "header": name.lower(), "variable": variable}
        for name, variable in provider.secret_headers.items()
    ]


def _rows(program: Program) -> dict[str, list[Row]]:
    """Return the rows of a program by table; each has every column that the YAML decides."""
    rows: dict[str, list[Row]] = {name: [] for name in BY_NAME}
    for slug, provider in program.providers.items():
        rows["providers"].append({"provider": slug, **_cells(figures.PROVIDER, slug, provider.body)})
        _wire(rows, slug, provider.body)
    for slug, model in program.models.items():
        card = model.body
        shared_as = None if card.share is None else card.was
        rows["models"].append({"model": slug, **_cells(figures.MODEL, slug, card), "shared_as": shared_as})
        rows["model_aliases"] += [{"alias": alias, "model": slug} for alias in sorted(set(card.aliases))]
        rows["model_capabilities"] += [{"model": slug, "capability": word} for word in sorted(set(card.capabilities))]
    for slug, target in program.targets.items():
        _target(rows, slug, target.body)
    for slug, feature in program.features.items():
        call = feature.body
        rows["features"].append({"feature": slug, **_cells(figures.FEATURE, slug, call)})
        rows["feature_aliases"] += [{"alias": alias, "feature": slug} for alias in sorted(set(call.aliases))]
        rows["feature_models"] += [
            {"feature": slug, "model": name, "position": position, **database_row(figures.ROW, name, row)}
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
            {
                "tenant": slug,
                "preset": tenant.body.preset,
                **database_row(figures.POLICY, slug, policy),
                **database_row(figures.BUDGET, slug, tenant.body.budget),
                **_descriptive(tenant.body),
            }
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


def _cells(figures: tuple[Figure, ...], slug: str, body: Any) -> Row:
    """Return the cells of a body's figures, its description and its owner."""
    return {**database_row(figures, slug, body), **_descriptive(body)}


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
            **_cells(figures.TARGET, slug, target),
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
            "preset": defaults.policy.preset,
            **database_row(figures.POLICY, "", policy),
            **_cells(figures.DEFAULTS, "", defaults),
        }
    )
    for name, row in _lists(policy):
        rows[f"default_{name}"].append(row)
    rows["default_routes"] += [{"feature": feature, "model": model} for feature, model in defaults.routes.items()]
    rows["routing_scoring"].append({"single": 1, **_cells(figures.SCORING, "", scoring)})
    rows["routing_resilience"].append({"single": 1, **_cells(figures.RESILIENCE, "", resilience)})


def _preferences(rows: dict[str, list[Row]], program: Program) -> None:
    """Add the rows of the preferences; none where the program has none."""
    if program.preferences is None:
        return
    body = program.preferences.body
    rows["preference_floors"] += [{"floor": name, "quality_bp": value} for name, value in body.floors.items()]
    rows["routing_preferences"].append(
        {
            "single": 1,
            "clamp_low": body.clamp[0],
            "clamp_high": body.clamp[1],
            **_cells(figures.DIAL, "", body),
        }
    )


def _experiment(rows: dict[str, list[Row]], slug: str, experiment: Experiment) -> None:
    """Add the rows of an experiment, its variants, slots and versions."""
    rows["model_experiment"].append({"experiment": slug, **_cells(figures.EXPERIMENT, slug, experiment)})
    for position, (id, variant) in enumerate(experiment.variants.items()):
        own: Row = {"experiment": slug, "variant": id}
        rows["model_experiment_variant"].append(
            {**own, "position": position, **database_row(figures.VARIANT, id, variant)}
        )
        rows["model_experiment_variant_slot"] += [
            {**own, "first_slot": first, "last_slot": last} for first, last in variant.slots or ()
        ]
        rows["model_experiment_variant_version"] += [
            {**own, **database_row(figures.VERSION, id, version)} for version in variant.versions
        ]
