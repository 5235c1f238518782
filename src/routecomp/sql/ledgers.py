"""State the tables that migrations and services write: the promotion ledger, health, breakers, outcomes."""

from __future__ import annotations

from routecomp.model.vocabulary import (
    BREAKER_STATES,
    CALL_OUTCOMES,
    DECISION_ROUTES,
    DECISION_SOURCES,
    DECISION_STATUSES,
    HEALTH_OUTCOMES,
    PROMOTION_KINDS,
)
from routecomp.sql.schema import Check, Column, Index, Table

_MOST = 10**9
_NOW = "now"
"""The default of a moment: the database's clock when the row is written."""

PROMOTIONS = "model_promotions"
LEDGERS: tuple[Table, ...] = (
    Table(
        PROMOTIONS,
        "Every change of a primary, append-only.",
        (
            Column("id", "serial", "In order of appending."),
            Column("feature", "slug", "The feature."),
            Column("from_model", "slug", "The primary before; none where the feature is new.", nullable=True),
            Column("to_model", "slug", "The primary after; none where the feature is gone.", nullable=True),
            Column(
                "kind",
                "word",
                "initial: the feature is new; promotion: the new primary was a shadow; rollback: the inverse of the "
                "promotion before it; swap: the new primary was no shadow; removed: the feature is gone.",
                words=PROMOTION_KINDS,
            ),
            Column("actor", "free", "Who ran the migration, as the database knows it.", default="actor"),
            Column("happened_at", "moment", "When, by the database's clock.", default=_NOW),
            Column("migration", "free", "The migration that did it, by the name of its file."),
        ),
        ("id",),
        checks=(
            Check("model_promotions_from", "(kind = 'initial') = (from_model IS NULL)"),
            Check("model_promotions_to", "(kind = 'removed') = (to_model IS NULL)"),
            Check("model_promotions_two_models", "from_model IS NULL OR to_model IS NULL OR from_model <> to_model"),
        ),
        indexes=(Index("model_promotions_by_feature", ("feature", "id DESC")),),
        policy=False,
    ),
    Table(
        "provider_health_checks",
        "What probes found. No foreign key: retired models keep their history.",
        (
            Column("id", "serial", "In order of writing."),
            Column("provider", "slug", "The provider."),
            Column("model", "slug", "The model."),
            Column("outcome", "word", "What came of the probe.", words=HEALTH_OUTCOMES),
            Column("latency_ms", "whole", "How long it took, in milliseconds.", high=_MOST, nullable=True),
            Column("checked_at", "moment", "When, by the database's clock.", default=_NOW),
        ),
        ("id",),
        indexes=(Index("provider_health_checks_newest", ("provider", "model", "checked_at DESC")),),
        policy=False,
    ),
    Table(
        "circuit_breakers",
        "The state of each provider's and model's circuit.",
        (
            Column("provider", "slug", "The provider."),
            Column("model", "slug", "The model."),
            Column(
                "state",
                "word",
                "closed lets calls through, open stops them, half_open tries one.",
                words=BREAKER_STATES,
                default="closed",
            ),
            Column("consecutive_failures", "whole", "Failures since the last success.", high=_MOST, default=0),
            Column("trip_count", "whole", "How often it opened.", high=_MOST, default=0),
            *(
                Column(
                    name,
                    "moment",
                    f"When that was last, in UTC: {name.removesuffix('_at').replace('_', ' ')}.",
                    nullable=True,
                )
                for name in ("opened_at", "half_open_at", "closed_at", "last_failure_at", "last_success_at")
            ),
        ),
        ("provider", "model"),
        indexes=(Index("circuit_breakers_state", ("state",)),),
        policy=False,
    ),
    Table(
        "routing_outcomes",
        "One row for each routed call.",
        (
            Column("id", "serial", "In order of writing."),
            Column("request_id", "free", "The caller's id of the request.", nullable=True),
            Column(
                "inference_id",
                "free",
                "The provider's id of the answer; none where the call was rejected.",
                nullable=True,
            ),
            Column("feature", "free", "The feature asked for.", nullable=True),
            Column("requested_model", "free", "The model asked for.", nullable=True),
            Column("tenant", "free", "The tenant of the request.", nullable=True),
            Column("route", "word", "The kind of route.", words=DECISION_ROUTES, nullable=True),
            Column("source", "word", "The table, or the rung of the ladder that answered.", words=DECISION_SOURCES),
            Column(
                "status",
                "word",
                "The decision's status, or what came of the call.",
                words=(*DECISION_STATUSES, *CALL_OUTCOMES),
            ),
            Column("provider", "slug", "The provider that was picked.", nullable=True),
            Column("model", "slug", "The model that was picked.", nullable=True),
            Column("attempts", "whole", "How many models were tried.", high=_MOST, default=0),
            Column("created_at", "moment", "When, by the database's clock.", default=_NOW),
        ),
        ("id",),
        checks=(
            Check(
                "routing_outcomes_rejected_without_answer",
                "inference_id IS NULL OR (status <> 'unknown_model' AND substr(status, 1, 9) <> 'rejected_')",
            ),
        ),
        indexes=(
            Index("routing_outcomes_newest", ("created_at DESC",)),
            Index("routing_outcomes_request", ("request_id",)),
        ),
        policy=False,
    ),
)
