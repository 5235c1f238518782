"""State the tables of experiments: what `experiments/` declares."""

from __future__ import annotations

from routecomp.model import figures
from routecomp.model.experiment import Experiment
from routecomp.model.numbers import ONE
from routecomp.sql.schema import Check, Column, Foreign, Index, Table
from routecomp.sql.tables.columns import (
    columns,
    described,
    position,
)

_EXPERIMENT = Column("experiment", "slug", "The experiment.")
_VARIANT = Column("variant", "slug", "The variant's id.")
_TO_VARIANT = Foreign(("experiment", "variant"), "model_experiment_variant", ("experiment", "variant"))


EXPERIMENT_TABLES: tuple[Table, ...] = (
    Table(
        "model_experiment",
        "A/B tests, each on one public model id.",
        (
            Column("experiment", "slug", "The experiment's name."),
            *columns(figures.EXPERIMENT),
            Column("started_at", "moment", "When it was first active; kept when it is activated again.", nullable=True),
            *described(Experiment),
        ),
        ("experiment",),
        (Foreign(("experiment", "winner"), "model_experiment_variant", ("experiment", "variant"), deferred=True),),
        (
            Check("model_experiment_archived_not_active", "NOT (archived AND status = 'active')"),
            Check("model_experiment_winner_completed", "winner IS NULL OR status = 'completed'"),
        ),
        (
            Index("model_experiment_one_running", ("public_model_id",), True, "status IN ('active', 'paused')"),
            Index(
                "model_experiment_one_winner",
                ("public_model_id",),
                True,
                "status = 'completed' AND winner IS NOT NULL AND NOT archived",
            ),
            Index("model_experiment_salt", ("salt",), True),
            Index("model_experiment_by_public_model_id", ("public_model_id",)),
        ),
    ),
    Table(
        "model_experiment_variant",
        "The arms of experiments.",
        (
            _EXPERIMENT,
            _VARIANT,
            position("the variants; the first is the control"),
            *columns(figures.VARIANT),
        ),
        ("experiment", "variant"),
        (Foreign(("experiment",), "model_experiment", ("experiment",)),),
    ),
    Table(
        "model_experiment_variant_slot",
        "Slots a variant owns, where the author says which.",
        (
            _EXPERIMENT,
            _VARIANT,
            Column("first_slot", "whole", "The first slot of the range.", high=ONE - 1),
            Column("last_slot", "whole", "The last slot of the range.", high=ONE - 1),
        ),
        ("experiment", "first_slot"),
        (_TO_VARIANT,),
        (Check("model_experiment_variant_slot_order", "first_slot <= last_slot"),),
    ),
    Table(
        "model_experiment_variant_version",
        "The upstreams of variants, append-only; the last one that is not withdrawn serves.",
        (
            Column("id", "serial", "In order of appending."),
            _EXPERIMENT,
            _VARIANT,
            *columns(figures.VERSION),
            Column("withdrawn", "flag", "True once a migration took it back; the row stays as history.", default=False),
            Column(
                "serving_model",
                "slug",
                "The model, while it is not withdrawn: history holds no model back.",
                nullable=True,
                computed="CASE WHEN withdrawn THEN NULL ELSE model END",
            ),
        ),
        ("id",),
        (_TO_VARIANT, Foreign(("serving_model",), "models", ("model",))),
        indexes=(
            Index("model_experiment_variant_version_live", ("experiment", "variant", "version"), True, "NOT withdrawn"),
        ),
        live_only=True,
    ),
)
