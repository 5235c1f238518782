"""The tables that hold what the YAML declares (docs/semantics.md, section 8), parents before children.

Quantities are whole numbers, as in the routing table: basis points (`_bp`), micro-dollars per million tokens
(`_pusd`, which are pico-dollars per token), cents, milliseconds, tokens.
"""

from __future__ import annotations

from routecomp.model.experiment import Experiment, Variant, Version
from routecomp.model.policy import Dial, Preferences, Preset, Tenant
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
    EXPERIMENT_STATUSES,
    OBJECTIVES,
    ON_PAUSE,
    PREFERENCES,
    PRESETS,
    ROW_STATUSES,
    UNKNOWN_TENANT,
)
from routecomp.sql.schema import Check, Column, Foreign, Index, Table

ONE = 10_000
_MOST_COUNT = 10**9
_MOST_PRICE = 10**12
_MOST_CENTS = 10**11
_MOST_RATIO = 10**10
CANDIDATES = ("all", "models", "stacks", "logical")


def _said(model: type) -> tuple[Column, Column]:
    return (
        Column("description", "free", source=(model, "description"), nullable=True),
        Column("owner", "free", source=(model, "owner"), nullable=True),
    )


def _bp(
    name: str, model: type, field: str, *, low: int = 0, nullable: bool = False, default: int | None = None
) -> Column:
    return Column(name, "whole", "In basis points.", (model, field), low, ONE, nullable=nullable, default=default)


def _single(table: str) -> tuple[Column]:
    return (Column("single", "whole", f"Always 1: there is one row of {table}.", None, 1, 1, default=1),)


def _position(what: str) -> Column:
    return Column("position", "whole", f"The place in the declared order of {what}, from 0.", high=_MOST_COUNT)


def _policy() -> tuple[Column, ...]:
    """The effective policy: nothing is left open, and what nobody declares is the column's default."""
    return (
        Column("objective", "word", source=(Tenant, "objective"), words=OBJECTIVES, default="weighted"),
        *(
            Column(
                f"weight_{name}_bp", "whole", f"Share of {name} in the score, in basis points.", high=ONE, default=share
            )
            for name, share in (("quality", 4_000), ("latency", 3_000), ("cost", 3_000))
        ),
        _bp("min_quality_bp", Tenant, "min_quality", nullable=True),
        Column("fallback_enabled", "flag", source=(Tenant, "fallback_enabled"), default=True),
        _bp("fallback_cost_penalty_bp", Tenant, "fallback_cost_penalty_pct", default=500),
        _bp("compliance_veto_threshold_bp", Tenant, "compliance_veto_threshold", default=5_000),
        _bp("max_quality_loss_bp", Tenant, "max_quality_loss", default=1_000),
    )


def _weights(table: str) -> tuple[Check, Check]:
    parts = ("weight_quality_bp", "weight_latency_bp", "weight_cost_bp")
    return (
        Check(f"{table}_weights_sum", f"{' + '.join(parts)} = {ONE}"),
        Check(f"{table}_weights_steps", " AND ".join(f"{part} % 100 = 0" for part in parts)),
    )


def _names(holder: str, owner: Column | None, parent: Foreign | None) -> tuple[Table, ...]:
    """The four lists of a policy, a row for each name."""
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


_HOST = "split_part(substr(base_url, strpos(base_url, '://') + 3), '/', 1)"
_SQLITE_HOST = (
    "substr(substr(base_url, instr(base_url, '://') + 3), 1,"
    " instr(substr(base_url, instr(base_url, '://') + 3) || '/', '/') - 1)"
)
_URL = (
    Check(
        "providers_base_url_host",
        f"{_HOST} ~ '^[^@:]' AND strpos({_HOST}, '@') = 0",
        f"{_SQLITE_HOST} GLOB '[^@:]*' AND instr({_SQLITE_HOST}, '@') = 0",
    ),
    Check(
        "providers_chat_path_relative",
        "strpos(split_part(chat_path, '?', 1), '://') = 0",
        "instr(substr(chat_path, 1, instr(chat_path || '?', '?') - 1), '://') = 0",
    ),
    # What stands beyond the host, the query left out: no segment follows itself, however many slashes lie between.
    Check(
        "providers_url_repeats",
        "NOT regexp_replace(base_url, '^[^/]*//[^/]*', '') || '/' || split_part(chat_path, '?', 1)"
        " ~ '(^|/)([^/]+)/+\\2(/|$)'",
        "",
    ),
)
_TENANT = Column("tenant", "slug", "The tenant.")
_EXPERIMENT = Column("experiment", "slug", "The experiment.")
_VARIANT = Column("variant", "slug", "The variant's id.")
_FEATURE = Column("feature", "slug", "The feature.")
_TARGET = Column("target", "slug", "The target.")
_TO_FEATURE = Foreign(("feature",), "features", ("feature",))
_TO_MODEL = Foreign(("model",), "models", ("model",))
_TO_TARGET = Foreign(("target",), "targets", ("target",))
_TO_VARIANT = Foreign(("experiment", "variant"), "model_experiment_variant", ("experiment", "variant"))

TABLES: tuple[Table, ...] = (
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
            *_said(Provider),
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
            _bp("quality_bp", Model, "quality"),
            Column("input_pusd", "whole", "In micro-dollars.", (ModelPrice, "input"), high=_MOST_PRICE),
            Column("output_pusd", "whole", "In micro-dollars.", (ModelPrice, "output"), high=_MOST_PRICE),
            Column(
                "output_ratio_bp", "whole", "In basis points.", (Model, "output_ratio"), high=_MOST_RATIO, default=5_000
            ),
            Column("latency_ms", "whole", source=(Model, "latency_ms"), high=_MOST_COUNT),
            Column("context_window", "whole", source=(Model, "context_window"), low=1, high=_MOST_COUNT),
            Column("min_output_tokens", "whole", source=(Model, "min_output_tokens"), high=_MOST_COUNT, default=0),
            _bp("compliance_bp", Model, "compliance", default=ONE),
            Column("active", "flag", source=(Model, "active"), default=True),
            Column("listed", "flag", source=(Model, "listed"), default=True),
            *_said(Model),
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
            Column("candidates", "word", source=(Target, "candidates"), words=CANDIDATES),
            Column("logical_slug", "slug", source=(Candidates, "logical"), nullable=True),
            _bp("min_quality_bp", Target, "min_quality", nullable=True),
            *_said(Target),
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
            _bp("min_quality_bp", Feature, "min_quality", nullable=True),
            *_said(Feature),
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
            _position("the feature's models"),
            _bp("sample_bp", Row, "sample", low=1, nullable=True),
            Column("max_daily_cents", "whole", "In cents.", (Row, "max_daily_usd"), high=_MOST_CENTS, nullable=True),
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
            _position("the feature's fallbacks"),
            Column("model", "slug", source=(Feature, "fallback")),
        ),
        ("feature", "position"),
        (_TO_FEATURE, _TO_MODEL),
    ),
    Table(
        "routing_defaults",
        "What answers below the registry, and the policy of requests without a tenant.",
        (
            *_single("the defaults"),
            Column("model", "slug", source=(Defaults, "model")),
            Column(
                "unknown_tenant", "word", source=(Defaults, "unknown_tenant"), words=UNKNOWN_TENANT, default="default"
            ),
            Column("preset", "word", "The preset of the default policy.", words=PRESETS, default="balanced"),
            *_policy(),
            *_said(Defaults),
        ),
        ("single",),
        (_TO_MODEL,),
        _weights("routing_defaults"),
    ),
    *_names("default", None, None),
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
            *_single("the scales"),
            Column("cost_best_pusd", "whole", "In micro-dollars.", (CostScale, "best"), high=_MOST_PRICE),
            Column("cost_worst_pusd", "whole", "In micro-dollars.", (CostScale, "worst"), high=_MOST_PRICE),
            Column("latency_best_ms", "whole", source=(LatencyScale, "best"), high=_MOST_COUNT),
            Column("latency_worst_ms", "whole", source=(LatencyScale, "worst"), high=_MOST_COUNT),
            *_said(Defaults),
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
            *_single("the settings"),
            *(
                Column(name, "whole", source=(Resilience, name), low=1, high=_MOST_COUNT, default=default)
                for name, default in (("failures", 5), ("window_s", 60), ("cooloff_s", 60), ("max_attempts", 5))
            ),
            *_said(Resilience),
        ),
        ("single",),
    ),
    Table(
        "routing_presets",
        "The five presets; a tenant's row already holds what its preset says.",
        (
            Column("preset", "word", "The preset's name.", words=PRESETS),
            *_said(Preset),
        ),
        ("preset",),
    ),
    Table(
        "tenant_routing_policy",
        "The effective policy of each tenant: its own values, completed by its preset.",
        (
            _TENANT,
            Column("preset", "word", source=(Tenant, "preset"), words=PRESETS, default="balanced"),
            *_policy(),
            *_said(Tenant),
        ),
        ("tenant",),
        (Foreign(("preset",), "routing_presets", ("preset",)),),
        _weights("tenant_routing_policy"),
    ),
    *_names("tenant", _TENANT, Foreign(("tenant",), "tenant_routing_policy", ("tenant",), cascade=True)),
    Table(
        "preference_floors",
        "Quality floors by name.",
        (
            Column("floor", "slug", "The floor's name."),
            _bp("quality_bp", Preferences, "floors"),
        ),
        ("floor",),
    ),
    Table(
        "routing_preferences",
        "The caller's dial between quality and cost; without a row there is none.",
        (
            *_single("the dial"),
            Column("default_preference", "word", source=(Preferences, "default"), words=PREFERENCES),
            _bp("dial_quality_bp", Dial, "quality", low=-ONE),
            _bp("dial_balanced_bp", Dial, "balanced", low=-ONE),
            _bp("dial_cost_bp", Dial, "cost", low=-ONE),
            Column("clamp_low", "slug", "The floor below which the dial moves nothing."),
            Column("clamp_high", "slug", "The floor above which the dial moves nothing."),
            Column("gate_env", "variable", source=(Preferences, "gate_env"), nullable=True),
            *_said(Preferences),
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
            *_said(Experiment),
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
            _position("the variants; the first is the control"),
            Column("label", "free", source=(Variant, "label"), nullable=True),
            _bp("weight_bp", Variant, "weight", low=1),
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
            Column("version", "whole", source=(Version, "version"), low=1, high=_MOST_COUNT),
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
BY_NAME = {table.name: table for table in TABLES}
SINGLES = ("routing_defaults", "routing_resilience", "routing_scoring")
"""Tables of one row that every project has; the preferences have one row or none."""


def state_key(table: Table) -> tuple[str, ...]:
    """The columns that name a row of the state."""
    return ("experiment", "variant", "version") if table.live_only else table.key
