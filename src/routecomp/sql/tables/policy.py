"""State the tables of presets, tenants and preferences: what `policies/` declares."""

from __future__ import annotations

from routecomp.model import figures
from routecomp.model.numbers import ONE
from routecomp.model.policy import Preferences, Preset, Tenant
from routecomp.model.vocabulary import (
    PREFERENCES,
    PRESETS,
)
from routecomp.sql.schema import Check, Column, Foreign, Table
from routecomp.sql.tables.columns import (
    columns,
    described,
    policy_lists,
    single_row,
    weight_checks,
)

_TENANT = Column("tenant", "slug", "The tenant.")


POLICY_TABLES: tuple[Table, ...] = (
    Table(
        "routing_presets",
        "The five presets; a tenant's row already holds what its preset says.",
        (
            Column("preset", "word", "The preset's name.", words=PRESETS),
            *described(Preset),
        ),
        ("preset",),
    ),
    Table(
        "tenant_routing_policy",
        "The effective policy of each tenant: its own values, completed by its preset.",
        (
            _TENANT,
            Column("preset", "word", source=(Tenant, "preset"), words=PRESETS, default="balanced"),
            *columns(figures.POLICY),
            *columns(figures.BUDGET),
            *described(Tenant),
        ),
        ("tenant",),
        (Foreign(("preset",), "routing_presets", ("preset",)),),
        weight_checks("tenant_routing_policy"),
    ),
    *policy_lists("tenant", _TENANT, Foreign(("tenant",), "tenant_routing_policy", ("tenant",), cascade=True)),
    Table(
        "preference_floors",
        "Quality floors by name.",
        (
            Column("floor", "slug", "The floor's name."),
            Column("quality_bp", "whole", "In basis points.", (Preferences, "floors"), high=ONE),
        ),
        ("floor",),
    ),
    Table(
        "routing_preferences",
        "The caller's dial between quality and cost; without a row there is none.",
        (
            *single_row("the dial"),
            *columns(figures.DIAL[:-1]),
            Column("clamp_low", "slug", "The floor below which the dial moves nothing."),
            Column("clamp_high", "slug", "The floor above which the dial moves nothing."),
            *columns(figures.DIAL[-1:]),
            *described(Preferences),
        ),
        ("single",),
        (
            Foreign(("clamp_low",), "preference_floors", ("floor",)),
            Foreign(("clamp_high",), "preference_floors", ("floor",)),
        ),
        (
            Check(
                "routing_preferences_default_delta",
                " AND ".join(f"(default_preference <> '{name}' OR dial_{name}_bp = 0)" for name in PREFERENCES),
            ),
            # The default's delta is 0: quality never lowers the floor, cost never raises it.
            Check("routing_preferences_monotone", "dial_quality_bp >= 0 AND dial_cost_bp <= 0"),
        ),
    ),
)
