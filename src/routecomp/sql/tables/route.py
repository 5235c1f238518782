"""State the tables of providers, models, targets, features and defaults: what `routes/` declares."""

from __future__ import annotations

from routecomp.model.route import (
    Candidates,
    CostScale,
    Defaults,
    Feature,
    LatencyScale,
    Model,
    ModelPrice,
    Provider,
    Resilience,
    Row,
    Target,
)
from routecomp.model.vocabulary import (
    PRESETS,
    ROW_STATUSES,
    UNKNOWN_TENANT,
)
from routecomp.sql.schema import Check, Column, Foreign, Index, Table
from routecomp.sql.tables.columns import (
    MOST_CENTS,
    MOST_COUNT,
    MOST_PRICE,
    MOST_RATIO,
    ONE,
    basis_points,
    described,
    effective_policy,
    policy_lists,
    position,
    single_row,
    weight_checks,
)

_CANDIDATES = ("all", "models", "stacks", "logical")
_URL = tuple(
    Check(name, None) for name in ("providers_base_url_host", "providers_chat_path_relative", "providers_url_repeats")
)
"""The host names no user; the path holds no `://`; no segment of the URL follows itself, however many slashes lie
between (the query is left out)."""
_TENANT = Column("tenant", "slug", "The tenant.")
_FEATURE = Column("feature", "slug", "The feature.")
_TARGET = Column("target", "slug", "The target.")
_TO_FEATURE = Foreign(("feature",), "features", ("feature",))
_TO_MODEL = Foreign(("model",), "models", ("model",))
_TO_TARGET = Foreign(("target",), "targets", ("target",))


ROUTE_TABLES: tuple[Table, ...] = (
    Table(
        "providers",
        "Hosts of models.",
        (
            Column("provider", "slug", "The provider's name."),
            Column("adapter", "adapter", source=(Provider, "adapter")),
            Column("base_url", "url", source=(Provider, "base_url")),
            Column("chat_path", "path", source=(Provider, "chat_path")),
            Column("api_key_env", "variable", source=(Provider, "api_key_env"), nullable=True),
            Column("stack", "slug", source=(Provider, "stack")),
            *described(Provider),
        ),
        ("provider",),
        checks=(Check("providers_stack_word", "substr(stack, 1, 6) <> 'avoid-'"), *_URL),
        indexes=(Index("providers_by_stack", ("stack",)),),
    ),
    Table(
        "models",
        "Deployable models, each at one provider.",
        (
            Column("model", "slug", "The model's name: what decisions and audits record."),
            Column("provider", "slug", source=(Model, "provider")),
            Column("provider_model_name", "upstream", source=(Model, "provider_model_name")),
            Column("logical_slug", "slug", source=(Model, "logical_slug"), nullable=True),
            basis_points("quality_bp", Model, "quality"),
            Column("input_pusd", "whole", "In micro-dollars.", (ModelPrice, "input"), high=MOST_PRICE),
            Column("output_pusd", "whole", "In micro-dollars.", (ModelPrice, "output"), high=MOST_PRICE),
            Column(
                "output_ratio_bp", "whole", "In basis points.", (Model, "output_ratio"), high=MOST_RATIO, default=5_000
            ),
            Column("latency_ms", "whole", source=(Model, "latency_ms"), high=MOST_COUNT),
            Column("context_window", "whole", source=(Model, "context_window"), low=1, high=MOST_COUNT),
            Column("min_output_tokens", "whole", source=(Model, "min_output_tokens"), high=MOST_COUNT, default=0),
            basis_points("compliance_bp", Model, "compliance", default=ONE),
            Column("active", "flag", source=(Model, "active"), default=True),
            Column("listed", "flag", source=(Model, "listed"), default=True),
            *described(Model),
        ),
        ("model",),
        (Foreign(("provider",), "providers", ("provider",)),),
        indexes=(Index("models_by_logical_slug", ("logical_slug",)),),
    ),
    Table(
        "model_capabilities",
        "What models can do, a row for each word.",
        (
            Column("model", "slug", "The model."),
            Column("capability", "slug", source=(Model, "capabilities")),
        ),
        ("model", "capability"),
        (_TO_MODEL,),
    ),
    Table(
        "targets",
        "Names callers send as `model` to be routed automatically.",
        (
            Column("target", "slug", "The target's name."),
            Column("candidates", "word", source=(Target, "candidates"), words=_CANDIDATES),
            Column("logical_slug", "slug", source=(Candidates, "logical"), nullable=True),
            basis_points("min_quality_bp", Target, "min_quality", nullable=True),
            *described(Target),
        ),
        ("target",),
        checks=(Check("targets_logical", "(candidates = 'logical') = (logical_slug IS NOT NULL)"),),
        indexes=(Index("targets_by_logical_slug", ("logical_slug",)),),
    ),
    Table(
        "target_aliases",
        "Other names callers may send for a target.",
        (
            Column("alias", "name", source=(Target, "aliases")),
            _TARGET,
        ),
        ("alias",),
        (_TO_TARGET,),
    ),
    Table(
        "target_models",
        "The models of a target that lists them.",
        (
            _TARGET,
            Column("model", "slug", source=(Candidates, "models")),
        ),
        ("target", "model"),
        (_TO_TARGET, _TO_MODEL),
    ),
    Table(
        "target_stacks",
        "The stacks of a target that selects by them.",
        (
            _TARGET,
            Column("stack", "slug", source=(Candidates, "stacks")),
        ),
        ("target", "stack"),
        (_TO_TARGET,),
        indexes=(Index("target_stacks_by_stack", ("stack",)),),
    ),
    Table(
        "features",
        "Call sites in the product.",
        (
            Column("feature", "slug", "The feature's name."),
            Column("then_target", "slug", source=(Feature, "then"), nullable=True),
            basis_points("min_quality_bp", Feature, "min_quality", nullable=True),
            *described(Feature),
        ),
        ("feature",),
        (Foreign(("then_target",), "targets", ("target",)),),
    ),
    Table(
        "feature_models",
        "The registry: each model's status in a feature.",
        (
            _FEATURE,
            Column("model", "slug", "The model."),
            Column("status", "word", source=(Row, "status"), words=ROW_STATUSES),
            position("the feature's models"),
            basis_points("sample_bp", Row, "sample", low=1, nullable=True),
            Column("max_daily_cents", "whole", "In cents.", (Row, "max_daily_usd"), high=MOST_CENTS, nullable=True),
        ),
        ("feature", "model"),
        (_TO_FEATURE, _TO_MODEL),
        (
            Check("feature_models_sample_on_shadow", "sample_bp IS NULL OR status = 'shadow'"),
            Check("feature_models_cap_needs_sample", "max_daily_cents IS NULL OR sample_bp IS NOT NULL"),
        ),
        (Index("feature_models_one_primary", ("feature",), True, "status = 'primary'"),),
    ),
    Table(
        "feature_fallbacks",
        "Models tried after a feature's primary, in declared order.",
        (
            _FEATURE,
            position("the feature's fallbacks"),
            Column("model", "slug", source=(Feature, "fallback")),
        ),
        ("feature", "position"),
        (_TO_FEATURE, _TO_MODEL),
    ),
    Table(
        "routing_defaults",
        "What answers below the registry, and the policy of requests without a tenant.",
        (
            *single_row("the defaults"),
            Column("model", "slug", source=(Defaults, "model")),
            Column(
                "unknown_tenant", "word", source=(Defaults, "unknown_tenant"), words=UNKNOWN_TENANT, default="default"
            ),
            Column("preset", "word", "The preset of the default policy.", words=PRESETS, default="balanced"),
            *effective_policy(),
            *described(Defaults),
        ),
        ("single",),
        (_TO_MODEL,),
        weight_checks("routing_defaults"),
    ),
    *policy_lists("default", None, None),
    Table(
        "default_routes",
        "The model per feature that answers when the registry cannot.",
        (
            Column("feature", "slug", "The feature, declared or not."),
            Column("model", "slug", source=(Defaults, "routes")),
        ),
        ("feature",),
        (_TO_MODEL,),
    ),
    Table(
        "routing_scoring",
        "The fixed scales that scores are measured on.",
        (
            *single_row("the scales"),
            Column("cost_best_pusd", "whole", "In micro-dollars.", (CostScale, "best"), high=MOST_PRICE),
            Column("cost_worst_pusd", "whole", "In micro-dollars.", (CostScale, "worst"), high=MOST_PRICE),
            Column("latency_best_ms", "whole", source=(LatencyScale, "best"), high=MOST_COUNT),
            Column("latency_worst_ms", "whole", source=(LatencyScale, "worst"), high=MOST_COUNT),
            *described(Defaults),
        ),
        ("single",),
        checks=(
            Check("routing_scoring_cost_order", "cost_best_pusd < cost_worst_pusd"),
            Check("routing_scoring_latency_order", "latency_best_ms < latency_worst_ms"),
        ),
    ),
    Table(
        "routing_resilience",
        "How services try and give up.",
        (
            *single_row("the settings"),
            *(
                Column(name, "whole", source=(Resilience, name), low=1, high=MOST_COUNT, default=default)
                for name, default in (("failures", 5), ("window_s", 60), ("cooloff_s", 60), ("max_attempts", 5))
            ),
            *described(Resilience),
        ),
        ("single",),
    ),
)
