"""State the tables of providers, models, targets, features and defaults: what `routes/` declares."""

from __future__ import annotations

from routecomp.model import figures
from routecomp.model.adapters import (
    ADAPTERS,
    AUTHS,
    COOKIE,
    FORWARDED,
    FRAMING,
    HOLE,
    KEYLESS,
    OWN_HEADER,
    PROXY,
    X_FORWARDED,
)
from routecomp.model.provider import Provider
from routecomp.model.route import (
    Candidates,
    Defaults,
    Feature,
    Model,
    Resilience,
    Target,
)
from routecomp.model.vocabulary import (
    PRESETS,
)
from routecomp.sql.schema import Check, Column, Foreign, Index, Table
from routecomp.sql.tables.columns import (
    columns,
    described,
    policy_lists,
    position,
    quoted,
    single_row,
    weight_checks,
)

_CANDIDATES = ("all", "models", "stacks", "logical")
_URL = tuple(
    Check(name, None) for name in ("providers_base_url_host", "providers_chat_path_relative", "providers_over_https")
)
"""The host names no user; no path is a whole URL; http is for this machine, or allowed for one's own network."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OF_HEADERS = f"!#$%&''*+-.^_`|~0123456789{_LETTERS}{_LETTERS.upper()}"
"""The characters of a header's name, as they stand in a text of SQL."""


def _may_be_set(name: str) -> str:
    """Return the condition that a header, whose name is in small letters, is one that a provider may set."""
    return (
        f"{name} NOT IN ({quoted((*FRAMING, COOKIE, FORWARDED))}) AND substr({name}, 1, {len(PROXY)}) <> '{PROXY}'"
        f" AND substr({name}, 1, {len(X_FORWARDED)}) <> '{X_FORWARDED}'"
    )


def _is_path(column: str) -> str:
    """Return the condition that a path has no brace but `{model}`, that once, and one `?` at most, not at its end."""
    without = f"replace({column}, '{HOLE}', '')"
    return (
        f"replace(replace({without}, '{{', ''), '}}', '') = {without}"
        f" AND length({column}) - length({without}) <= {len(HOLE)}"
        f" AND length({column}) - length(replace({column}, '?', '')) <= 1 AND substr({column}, length({column})) <> '?'"
    )


_KEY_NAME = f"substr(auth, {len(OWN_HEADER) + 1})"
_WIRE = (
    Check("providers_adapter_known", f"auth IS NULL OR adapter IN ({quoted(ADAPTERS)})"),
    Check(
        "providers_auth_known",
        f"auth IS NULL OR auth IN ({quoted(AUTHS)}) OR (substr(auth, 1, {len(OWN_HEADER)}) = '{OWN_HEADER}'"
        f" AND {_KEY_NAME} <> '' AND ltrim({_KEY_NAME}, '{_OF_HEADERS}') = ''"
        f" AND {_may_be_set(f'lower({_KEY_NAME})')})",
    ),
    Check(
        "providers_paths_sound",
        f"auth IS NULL OR ({_is_path('chat_path')} AND (stream_path IS NULL OR ({_is_path('stream_path')})))",
    ),
    Check("providers_key_and_auth", f"auth IS NULL OR (api_key_env IS NULL) = (auth IN ({quoted(KEYLESS)}))"),
    Check("providers_region_signed", "region IS NULL OR (auth IS NOT NULL AND auth = 'sigv4')"),
)
"""The wire contract. Rows that were written before there was `auth` have none, and are not looked at: a schema step
comes before the change that brings them up to date."""
_PROVIDER = Column("provider", "slug", "The provider.")
_TO_PROVIDER = Foreign(("provider",), "providers", ("provider",))
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
            *columns(figures.PROVIDER),
            *described(Provider),
        ),
        ("provider",),
        checks=(Check("providers_stack_word", "substr(stack, 1, 6) <> 'avoid-'"), *_URL, *_WIRE),
        indexes=(Index("providers_by_stack", ("stack",)),),
    ),
    Table(
        "provider_query",
        "What is appended to the URLs of a provider, a row for each name.",
        (
            _PROVIDER,
            Column("name", "printable", "The name, as the author writes it: it is percent-encoded in the URL."),
            position("the provider's query"),
            Column("value", "printable", "The value, likewise."),
        ),
        ("provider", "name"),
        (_TO_PROVIDER,),
        (Check("provider_query_named", "name <> ''"),),
    ),
    Table(
        "provider_headers",
        "Headers that are sent to a provider as they are: the adapter's and the declared ones.",
        (
            _PROVIDER,
            Column("header", "header", "The name, in small letters."),
            Column("value", "printable", "The value."),
        ),
        ("provider", "header"),
        (_TO_PROVIDER,),
        (Check("provider_headers_allowed", _may_be_set("header")),),
    ),
    Table(
        "provider_secret_headers",
        "Headers with a secret value that are sent to a provider.",
        (
            _PROVIDER,
            Column("header", "header", "The name, in small letters."),
            Column("variable", "variable", "The environment variable that holds the value. Never the value itself."),
        ),
        ("provider", "header"),
        (_TO_PROVIDER,),
        (Check("provider_secret_headers_allowed", _may_be_set("header")),),
    ),
    Table(
        "models",
        "Deployable models, each at one provider.",
        (
            Column("model", "slug", "The model's name: what decisions and audits record."),
            *columns(figures.MODEL),
            *described(Model),
            Column(
                "shared_as", "slug", "The slug that orders its share for one release after a rename.", nullable=True
            ),
        ),
        ("model",),
        (
            Foreign(("provider",), "providers", ("provider",)),
            Foreign(("successor",), "models", ("model",), deferred=True),
        ),
        (
            Check("models_output_bounds", "max_output_tokens IS NULL OR min_output_tokens <= max_output_tokens"),
            Check("models_share_of_logical", "share_bp IS NULL OR logical_slug IS NOT NULL"),
            Check("models_shared_as_share", "shared_as IS NULL OR share_bp IS NOT NULL"),
        ),
        (Index("models_by_logical_slug", ("logical_slug",)),),
    ),
    Table(
        "model_aliases",
        "Other names callers may send for a model.",
        (
            Column("alias", "name", source=(Model, "aliases")),
            Column("model", "slug", "The model."),
        ),
        ("alias",),
        (_TO_MODEL,),
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
            *columns(figures.TARGET),
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
            Column("alias", "pattern", source=(Target, "aliases")),
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
            *columns(figures.FEATURE),
            *described(Feature),
        ),
        ("feature",),
        (Foreign(("then_target",), "targets", ("target",)),),
    ),
    Table(
        "feature_aliases",
        "Names callers may send for a feature.",
        (
            Column("alias", "name", source=(Feature, "aliases")),
            _FEATURE,
        ),
        ("alias",),
        (_TO_FEATURE,),
    ),
    Table(
        "feature_models",
        "The registry: each model's status in a feature.",
        (
            _FEATURE,
            Column("model", "slug", "The model."),
            *columns(figures.ROW[:1]),
            position("the feature's models"),
            *columns(figures.ROW[1:]),
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
            *columns(figures.DEFAULTS),
            Column("preset", "word", "The preset of the default policy.", words=PRESETS, default="balanced"),
            *columns(figures.POLICY),
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
            *columns(figures.SCORING),
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
            *columns(figures.RESILIENCE),
            *described(Resilience),
        ),
        ("single",),
    ),
)
