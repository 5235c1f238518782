"""State the tables of experiments: what `experiments/` declares."""

from __future__ import annotations

from routecomp.model.experiment import Experiment, Variant, Version
from routecomp.model.vocabulary import (
    EXPERIMENT_STATUSES,
    ON_PAUSE,
)
from routecomp.sql.schema import Check, Column, Foreign, Index, Table
from routecomp.sql.tables.columns import (
    MOST_COUNT,
    ONE,
    basis_points,
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
            Column("public_model_id", "name", source=(Experiment, "public_model_id")),
            Column("status", "word", source=(Experiment, "status"), words=EXPERIMENT_STATUSES),
            Column("archived", "flag", source=(Experiment, "archived"), default=False),
            Column("salt", "salt", source=(Experiment, "salt")),
            Column("on_pause", "word", source=(Experiment, "on_pause"), words=ON_PAUSE, default="reject"),
            Column("winner", "slug", source=(Experiment, "winner"), nullable=True),
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
            Column("label", "free", source=(Variant, "label"), nullable=True),
            basis_points("weight_bp", Variant, "weight", low=1),
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
            Column("version", "whole", source=(Version, "version"), low=1, high=MOST_COUNT),
            Column("model", "slug", source=(Version, "model")),
            Column("api_key_env", "variable", source=(Version, "api_key_env"), nullable=True),
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
