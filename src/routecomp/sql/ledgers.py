"""State the tables that migrations and services write: the promotion ledger, health, breakers, outcomes, attempts."""

from __future__ import annotations

from routecomp.model.vocabulary import (
    BREAKER_STATES,
    CALL_OUTCOMES,
    DECISION_ROUTES,
    DECISION_SOURCES,
    DECISION_STATUSES,
    HEALTH_OUTCOMES,
    PROMOTION_KINDS,
    SLOTS,
)
from routecomp.sql.schema import Check, Column, Index, Table

_MOST = 10**9
_NOW = "now"
"""The default of a moment: the database's clock when the row is written."""

_CALL = (
    Column("day", "date", "The day on which the call began, in UTC."),
    Column(
        "outcome_id", "free", "What the service calls it from when it begins, so that writing twice is writing once."
    ),
)
"""The key of what is written about a call."""

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
            Column("provider", "free", "The provider, declared or of a last resort."),
            Column("model", "free", "The model, likewise."),
            Column("outcome", "word", "What came of the probe.", words=HEALTH_OUTCOMES),
            Column("latency_ms", "whole", "How long it took, in milliseconds.", high=_MOST, nullable=True),
            Column("checked_at", "moment", "When, by the database's clock.", default=_NOW),
        ),
        ("id",),
        indexes=(Index("provider_health_checks_newest", ("provider", "model", "checked_at DESC")),),
        policy=False,
        is_log=True,
    ),
    Table(
        "circuit_breakers",
        "The state of each provider's and model's circuit, which all services share.",
        (
            Column("provider", "free", "The provider, declared or of a last resort."),
            Column("model", "free", "The model, likewise."),
            Column(
                "state",
                "word",
                "closed lets calls through, open stops them, half_open tries one.",
                words=BREAKER_STATES,
                default="closed",
            ),
            Column(
                "consecutive_failures",
                "whole",
                "Failures since the last success, as services tell; it trips nothing.",
                high=_MOST,
                default=0,
            ),
            Column("trip_count", "whole", "How often it opened.", high=_MOST, default=0),
            Column("open_until", "moment", "Until when it stays open, in UTC; of two the later holds.", nullable=True),
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
        "One row for each call that asked the router.",
        (
            *_CALL,
            Column("begun_at", "moment", "When the call began, on its `day`."),
            Column("request_id", "free", "The caller's id of the request.", nullable=True),
            Column("tenant", "free", "The tenant of the request.", nullable=True),
            Column("route", "word", "The kind of route.", words=DECISION_ROUTES, nullable=True),
            Column("route_name", "free", "The name of the route, as the decision has it.", nullable=True),
            Column(
                "source",
                "word",
                "The table, or the rung of the ladder that answered; none where no rung did.",
                words=DECISION_SOURCES,
                nullable=True,
            ),
            Column("status", "word", "The decision's status.", words=DECISION_STATUSES),
            Column(
                "outcome",
                "word",
                "What came of the call. fell_back: another model than the first one tried answered; rejected: no model "
                "was asked.",
                words=CALL_OUTCOMES,
            ),
            Column("reasons", "free", "The decision's flags, as a JSON list of texts.", default="[]"),
            Column("ruleset_hash", "free", "The hash of the table that decided; none without a table.", nullable=True),
            Column("model", "free", "The model that was picked, declared or a last resort.", nullable=True),
            Column("answered_by", "free", "The model that answered.", nullable=True),
            Column("experiment", "slug", "The experiment.", nullable=True),
            Column("variant", "slug", "The variant that was assigned.", nullable=True),
            Column("version", "whole", "The version of the variant.", None, 1, _MOST, nullable=True),
            Column("slot", "whole", "The slot of the unit.", None, 0, SLOTS - 1, nullable=True),
            Column("latency_ms", "whole", "How long the call took, in milliseconds.", high=_MOST, nullable=True),
            Column(
                "first_token_ms", "whole", "How long its first token took, in milliseconds.", high=_MOST, nullable=True
            ),
            Column("input_tokens", "whole", "Tokens that were sent.", high=_MOST, nullable=True),
            Column("output_tokens", "whole", "Tokens that came back.", high=_MOST, nullable=True),
            Column("cost_pusd", "whole", "What it cost, in pico-dollars.", nullable=True),
            Column("error_class", "free", "The kind of the error that ended it.", nullable=True),
        ),
        ("day", "outcome_id"),
        checks=(
            Check("routing_outcomes_day_of_call", None),
            Check(
                "routing_outcomes_rejected",
                "outcome = 'rejected' OR (status <> 'unknown_model' AND substr(status, 1, 9) <> 'rejected_')",
            ),
            Check("routing_outcomes_rejected_unanswered", "outcome <> 'rejected' OR answered_by IS NULL"),
            Check("routing_outcomes_reasons_list", "substr(reasons, 1, 1) = '['"),
        ),
        indexes=(
            Index("routing_outcomes_by_time", ("begun_at",)),
            Index("routing_outcomes_by_tenant", ("tenant", "begun_at")),
            Index("routing_outcomes_by_variant", ("experiment", "variant"), where="experiment IS NOT NULL"),
        ),
        policy=False,
        is_log=True,
        by_day=True,
        aside="routing_outcomes_before",
    ),
    Table(
        "routing_attempts",
        "One row for each try of a model within a call.",
        (
            *_CALL,
            Column("number", "whole", "The number of the try within the call, from 1.", None, 1, _MOST),
            Column("model", "free", "The model that was asked."),
            Column("outcome", "word", "What came of the try.", words=HEALTH_OUTCOMES),
            Column("latency_ms", "whole", "How long it took, in milliseconds.", high=_MOST, nullable=True),
            Column("error_class", "free", "The kind of its error.", nullable=True),
        ),
        ("day", "outcome_id", "number"),
        policy=False,
        is_log=True,
        by_day=True,
    ),
)
