"""State the columns and checks that several tables share."""

from __future__ import annotations

from routecomp.model.policy import Tenant
from routecomp.model.vocabulary import OBJECTIVES
from routecomp.sql.schema import Check, Column, Foreign, Index, Table

ONE = 10_000
"""The whole, in basis points."""
MOST_COUNT = 10**9
MOST_PRICE = 10**12
MOST_CENTS = 10**11
MOST_RATIO = 10**10


def described(model: type) -> tuple[Column, Column]:
    """Return the columns for description and owner, which every declared body may have."""
    return (
        Column("description", "free", source=(model, "description"), nullable=True),
        Column("owner", "free", source=(model, "owner"), nullable=True),
    )


def basis_points(
    name: str, model: type, field: str, *, low: int = 0, nullable: bool = False, default: int | None = None
) -> Column:
    """Return a column for a share of one in basis points, from `low` up to `ONE`."""
    return Column(name, "whole", "In basis points.", (model, field), low, ONE, nullable=nullable, default=default)


def single_row(table: str) -> tuple[Column]:
    """Return the column that is the key of a table with one row; `table` are words for its comment."""
    return (Column("single", "whole", f"Always 1: there is one row of {table}.", None, 1, 1, default=1),)


def position(what: str) -> Column:
    """Return a column for the place in a declared order, from 0; `what` are words for its comment."""
    return Column("position", "whole", f"The place in the declared order of {what}, from 0.", high=MOST_COUNT)


def effective_policy() -> tuple[Column, ...]:
    """Return the columns of an effective policy: what nobody declares is the column's default."""
    return (
        Column("objective", "word", source=(Tenant, "objective"), words=OBJECTIVES, default="weighted"),
        *(
            Column(
                f"weight_{name}_bp",
                "whole",
                f"Share of {name} in the score, in basis points.",
                high=ONE,
                default=share,
            )
            for name, share in (("quality", 4_000), ("latency", 3_000), ("cost", 3_000))
        ),
        basis_points("min_quality_bp", Tenant, "min_quality", nullable=True),
        Column("fallback_enabled", "flag", source=(Tenant, "fallback_enabled"), default=True),
        basis_points("fallback_cost_penalty_bp", Tenant, "fallback_cost_penalty_pct", default=500),
        basis_points("compliance_veto_threshold_bp", Tenant, "compliance_veto_threshold", default=5_000),
        basis_points("max_quality_loss_bp", Tenant, "max_quality_loss", default=1_000),
    )


def weight_checks(table: str) -> tuple[Check, Check]:
    """Return the checks that the three weights add up to `ONE`, and that each is a whole per cent."""
    parts = ("weight_quality_bp", "weight_latency_bp", "weight_cost_bp")
    return (
        Check(f"{table}_weights_sum", f"{' + '.join(parts)} = {ONE}"),
        Check(f"{table}_weights_steps", " AND ".join(f"{part} % 100 = 0" for part in parts)),
    )


def policy_lists(holder: str, owner: Column | None, parent: Foreign | None) -> tuple[Table, ...]:
    """Return the tables of a policy's four lists, a row for each name.

    `owner` and `parent` are the column, and its foreign key, of whose policy it is; None for the default policy.
    """
    own = (owner,) if owner is not None else ()
    key = tuple(column.name for column in own)
    above = (parent,) if parent is not None else ()
    whose = "a tenant" if owner is not None else "the default policy"
    to_provider = Foreign(("provider",), "providers", ("provider",))

    def by(listed: str, name: str) -> tuple[Index, ...]:  # without an owner the key is that index
        return (Index(f"{holder}_{listed}_by_{name}", (name,)),) * bool(own)

    return (
        Table(
            f"{holder}_banned_providers",
            f"Providers that {whose} never uses.",
            (*own, Column("provider", "slug", "The provider that is banned.")),
            (*key, "provider"),
            (*above, to_provider),
        ),
        Table(
            f"{holder}_banned_models",
            f"Models that {whose} never uses.",
            (*own, Column("model", "slug", "A model, or a logical model, that is banned.")),
            (*key, "model"),
            above,
            indexes=by("banned_models", "model"),
        ),
        Table(
            f"{holder}_preferred_providers",
            f"Providers that {whose} ranks before all others, as one group.",
            (*own, Column("provider", "slug", "The provider that is preferred.")),
            (*key, "provider"),
            (*above, to_provider),
        ),
        Table(
            f"{holder}_stacks",
            f"The only stacks that {whose} uses; without a row, all.",
            (*own, Column("stack", "slug", "A region word, as providers declare it.")),
            (*key, "stack"),
            above,
            indexes=by("stacks", "stack"),
        ),
    )
