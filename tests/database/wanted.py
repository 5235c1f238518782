"""Want other schemas than today's, one change at a time, for the tests of schema steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from routecomp.sql.ddl import SCHEMA
from routecomp.sql.schema import Check, Column, Foreign, Index, Schema, Table, View
from routecomp.sql.state import DatabaseState, Row

Change = Callable[[Schema], Schema]


def edited(name: str, **changes: Callable[[Any], Any]) -> Change:
    """Return the change that edits attributes of one table."""

    def change(schema: Schema) -> Schema:
        tables = tuple(
            replace(table, **{key: edit(getattr(table, key)) for key, edit in changes.items()})
            if table.name == name
            else table
            for table in schema.tables
        )
        return replace(schema, tables=tables)

    return change


def _default(name: str, value: Any) -> Callable[[tuple[Column, ...]], tuple[Column, ...]]:
    return lambda columns: tuple(
        replace(column, default=value) if column.name == name else column for column in columns
    )


_SAMPLES = Table(
    "shadow_samples",
    "What shadows answered.",
    (
        Column("id", "serial", "In order of writing."),
        Column("model", "slug", "The model."),
        Column("cost_cents", "whole", "In cents.", high=10**6, default=0),
    ),
    ("id",),
    (Foreign(("model",), "models", ("model",)),),
    (Check("shadow_samples_even", "cost_cents % 2 = 0"),),
    (Index("shadow_samples_by_model", ("model",)),),
    policy=False,
)

CHANGES: dict[str, Change] = {
    "a column with a default": edited(
        "models",
        columns=lambda columns: (
            *columns[:4],
            Column("cap_cents", "whole", "In cents.", high=500, default=7),
            *columns[4:],
        ),
    ),
    "a column that may be empty": edited(
        "tenant_routing_policy", columns=lambda columns: (*columns, Column("note", "free", "A note.", nullable=True))
    ),
    "a flag": edited("features", columns=lambda columns: (*columns, Column("cached", "flag", "Kept.", default=True))),
    "a moment": edited(
        "provider_health_checks",
        columns=lambda columns: (*columns, Column("seen_at", "moment", "When.", default="now")),
    ),
    "another default": edited("models", columns=_default("min_output_tokens", 3)),
    "another check": edited(
        "providers",
        checks=lambda checks: (Check("providers_stack_word", "substr(stack, 1, 5) <> 'avoi-'"), *checks[1:]),
    ),
    "one more check": edited(
        "tenant_routing_policy", checks=lambda checks: (*checks, Check("tenant_routing_policy_more", "preset <> ''"))
    ),
    "one more check of what services write": edited(
        "provider_health_checks",
        checks=lambda checks: (*checks, Check("provider_health_checks_known", "provider <> 'none'")),
    ),
    "a column and a check of a table with a part for each day": edited(
        "routing_outcomes",
        columns=lambda columns: (*columns, Column("hops", "whole", "How many.", high=9, nullable=True)),
        checks=lambda checks: (
            *checks,
            Check("routing_outcomes_hops", "hops IS NULL OR hops < 8 OR outcome <> 'failed'"),
        ),
    ),
    "one more check beside a computed column": edited(
        "model_experiment_variant_version",
        checks=lambda checks: (*checks, Check("model_experiment_variant_version_more", "model <> 'none'")),
    ),
    "one more check above a computed column": edited(
        "model_experiment", checks=lambda checks: (*checks, Check("model_experiment_more", "salt <> ''"))
    ),
    "a check less": edited("feature_models", checks=lambda checks: checks[:1]),
    "a check less on a ledger": edited("model_promotions", checks=lambda checks: checks[:2]),
    "a foreign key": edited(
        "model_experiment_variant_slot",
        foreign=lambda keys: (*keys, Foreign(("experiment",), "model_experiment", ("experiment",))),
    ),
    "an index": edited(
        "provider_health_checks",
        indexes=lambda indexes: (*indexes, Index("provider_health_checks_by_model", ("model",))),
    ),
    "a unique index": edited(
        "providers",
        indexes=lambda indexes: (*indexes, Index("providers_url", ("base_url", "provider"), True, "stack <> ''")),
    ),
    "another index": edited(
        "circuit_breakers", indexes=lambda _: (Index("circuit_breakers_state", ("state", "model")),)
    ),
    "an index less": edited("target_stacks", indexes=lambda _: ()),
    "a table": lambda schema: replace(schema, tables=(*schema.tables, _SAMPLES)),
    "a view": lambda schema: replace(
        schema,
        views=(
            *schema.views,
            View("serving", "Serving.", ("model", "by"), "SELECT m.model, m.provider FROM {models} m\nWHERE m.active"),
        ),
    ),
    "a trigger": lambda schema: replace(schema, singles=(*schema.singles, "routing_presets")),
}


CLOCK = "a moment"
"""The change whose way back is refused once rows are there: each then has a moment of its own."""


def every_change() -> Schema:
    """Return the schema with all changes whose way back loses nothing."""
    schema = SCHEMA
    for name, change in CHANGES.items():
        schema = schema if name == CLOCK else change(schema)
    return schema


def with_new_columns(state: DatabaseState, schema: Schema, cells: Callable[[Column], Any]) -> DatabaseState:
    """Return a state in which each row has the columns that a schema has and today's has not, filled by `cells`."""
    today = {table.name: {column.name for column in table.columns} for table in SCHEMA.tables}
    tables: dict[str, dict[Any, Row]] = {}
    for table in schema.policy:
        new = [column for column in table.declared if column.name not in today[table.name]]
        tables[table.name] = {
            key: row | {column.name: cells(column) for column in new} for key, row in state.tables[table.name].items()
        }
    return DatabaseState(tables, {})
