"""State every figure of the declared bodies once: what lowering, the table's readers, the database and people need.

Lowering, the JSON Schemas, the columns of the database and their rows, the resolver's table of keys, `explain` and
`diff` read these rows. A new figure is a field of its class, a row here, and a filter if it bars models:
CONTRIBUTING.md, "Add a figure", has the steps, and tests name each one that was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, Literal

from routecomp.model.experiment import Experiment, Variant, Version
from routecomp.model.figure import FIRST, Bound, Figure, Unit
from routecomp.model.part import Part
from routecomp.model.policy import Budget, Preferences, Tenant
from routecomp.model.provider import Provider
from routecomp.model.route import Defaults, Feature, Model, Resilience, Row, Scoring, Target
from routecomp.model.vocabulary import (
    EXPERIMENT_STATUSES,
    OBJECTIVES,
    ON_PAUSE,
    ON_UNAVAILABLE,
    PREFERENCES,
    ROW_STATUSES,
    UNKNOWN_TENANT,
)

_SHARE = "Share of {} in the score, in basis points."
_LIMITS: tuple[tuple[str, Unit], ...] = (("rpm", ""), ("tpm", "tokens"), ("parallel", ""))


def _for_services(body: type[Part]) -> tuple[Figure, ...]:
    """Return the figures of a provider or a model that the service keeps, and that decide nothing."""
    later: dict[str, Any] = {"since": "2.1", "decides": False}
    return (
        Figure(body, "params", "params", key="params", column="params", **later),
        *(Figure(body, f"limits.{key}", "whole", unit, key=key, column=key, **later) for key, unit in _LIMITS),
        *(
            Figure(body, f"timeouts.{key}", "whole", "milliseconds", key=key, column=key, **later)
            for key in ("connect_ms", "first_token_ms", "total_ms")
        ),
    )


PROVIDER = (
    Figure(Provider, "adapter", "adapter", key="adapter", column="adapter"),
    Figure(  # with `chat_path` it is the `url` of the table
        Provider,
        "base_url",
        "url",
        key="base_url",
        key_path="own_base_url",
        key_comment="What the SDK of the adapter takes as its base URL, where that does not follow from url.",
        column="base_url",
        since="2.1",
        decides=False,
    ),
    Figure(Provider, "chat_path", "path", column="chat_path", column_path="full_chat_path", is_filled=True),
    Figure(
        Provider,
        "stream_path",
        "path",
        key="stream_url",
        key_path="stream_url",
        key_comment="URL of the call that streams, where it is another one or holds {model}.",
        column="stream_path",
        column_path="other_stream_path",
        comment="Path of the call that streams, where that is not chat_path.",
        since="2.1",
    ),
    Figure(Provider, "query", "texts"),  # it is a part of the URLs
    Figure(
        Provider,
        "headers",
        "texts",
        key="headers",
        key_path="own_headers",
        key_comment="Headers that are sent, where they are not the adapter's own.",
        since="2.1",
        decides=False,
    ),
    Figure(Provider, "secret_headers", "texts", key="secret_headers", since="2.1", decides=False),
    Figure(
        Provider,
        "auth",
        "auth",
        key="auth",
        key_path="own_auth",
        key_comment="How the key is sent, where that is not the adapter's own way.",
        column="auth",
        column_path="full_auth",
        comment="How the key is sent; null in rows that were written before there was this column.",
        since="2.1",
        decides=False,
    ),
    Figure(
        Provider,
        "region",
        "free",
        key="region",
        key_path="full_region",
        key_comment="The AWS region in which calls are signed.",
        column="region",
        column_path="full_region",
        since="2.1",
        decides=False,
    ),
    Figure(Provider, "allow_http", "flag", column="allow_http"),
    Figure(Provider, "api_key_env", "variable", key="api_key_env", column="api_key_env"),
    Figure(Provider, "stack", "stack", key="stack", column="stack", filters=("stacks",)),
    *_for_services(Provider),
)
MODEL = (
    Figure(Model, "provider", "slug", key="provider", column="provider", filters=("bans", "available")),
    Figure(Model, "provider_model_name", "upstream", key="upstream", column="provider_model_name", is_named=True),
    Figure(Model, "logical_slug", "slug", key="logical", column="logical_slug", filters=("bans",)),
    Figure(
        Model,
        "quality",
        "whole",
        "share",
        key="quality_bp",
        column="quality_bp",
        filters=("quality",),
        bound=Bound("min_quality", "at most"),
    ),
    Figure(Model, "price.input", "whole", "dollars", key="input_pusd", column="input_pusd", filters=("cost",)),
    Figure(Model, "price.output", "whole", "dollars", key="output_pusd", column="output_pusd", filters=("cost",)),
    Figure(Model, "output_ratio", "whole", "ratio", key="output_ratio_bp", column="output_ratio_bp", filters=("cost",)),
    Figure(
        Model,
        "latency_ms",
        "whole",
        "milliseconds",
        key="latency_ms",
        column="latency_ms",
        bound=Bound("latency_budget_ms", "at least"),
    ),
    Figure(
        Model,
        "context_window",
        "whole",
        "tokens",
        key="context_window",
        column="context_window",
        filters=("context",),
        bound=Bound("input_tokens", "at most"),
    ),
    Figure(
        Model,
        "min_output_tokens",
        "whole",
        "tokens",
        key="min_output_tokens",
        column="min_output_tokens",
        filters=("reasoning_floor",),
        bound=Bound("max_output_tokens", "at least"),
    ),
    Figure(
        Model,
        "max_output_tokens",
        "whole",
        "tokens",
        key="max_output_tokens",
        column="max_output_tokens",
        filters=("output_ceiling", "cost"),
        bound=Bound("max_output_tokens", "at most"),
        since="2.1",
    ),
    Figure(
        Model,
        "compliance",
        "whole",
        "share",
        key="compliance_bp",
        column="compliance_bp",
        filters=("compliance",),
    ),
    Figure(
        Model,
        "share",
        "whole",
        "share",
        column="share_bp",
    ),  # the table has the slots that it comes to: `shares`
    Figure(Model, "capabilities", "slugs", key="capabilities", filters=("capabilities",)),
    Figure(Model, "api_key_env", "variable", key="api_key_env", column="api_key_env", since="2.1"),
    *_for_services(Model),
    Figure(Model, "sunset", "day", key="sunset", column="sunset", since="2.1", decides=False),
    Figure(Model, "successor", "slug", key="successor", column="successor", since="2.1", decides=False),
    Figure(Model, "active", "flag", key="active", column="active", filters=("active",)),
    Figure(Model, "listed", "flag", key="listed", column="listed", filters=("listed",)),
)
POLICY = (
    Figure(Tenant, "objective", "word", column="objective", words=OBJECTIVES),
    # What ranks is in the table's orders: the weights, the penalty and the preferred providers have no key.
    Figure(Tenant, "weights.quality", "whole", "share", column="weight_quality_bp", comment=_SHARE.format("quality")),
    Figure(Tenant, "weights.latency", "whole", "share", column="weight_latency_bp", comment=_SHARE.format("latency")),
    Figure(Tenant, "weights.cost", "whole", "share", column="weight_cost_bp", comment=_SHARE.format("cost")),
    Figure(
        Tenant,
        "min_quality",
        "whole",
        "share",
        key="min_quality_bp",
        column="min_quality_bp",
        filters=("quality",),
    ),
    Figure(Tenant, "fallback_enabled", "flag", key="fallback", column="fallback_enabled"),
    Figure(Tenant, "fallback_cost_penalty_pct", "whole", "percent", column="fallback_cost_penalty_bp"),
    Figure(
        Tenant,
        "compliance_veto_threshold",
        "whole",
        "share",
        key="compliance_bp",
        column="compliance_veto_threshold_bp",
        filters=("compliance",),
        is_permission=True,
    ),
    Figure(Tenant, "max_quality_loss", "whole", "share", key="max_quality_loss_bp", column="max_quality_loss_bp"),
    Figure(Tenant, "banned_providers", "slugs", key="banned_providers", filters=("bans",), is_permission=True),
    Figure(Tenant, "banned_models", "slugs", key="banned_models", filters=("bans",), is_permission=True),
    Figure(Tenant, "preferred_providers", "slugs"),
    Figure(Tenant, "stacks", "slugs", key="stacks", filters=("stacks",), is_permission=True),
)
BUDGET = (
    Figure(Budget, "daily_usd", "whole", "cents", "daily_cents", "budget_daily_cents", since="2.1", decides=False),
    Figure(
        Budget, "monthly_usd", "whole", "cents", "monthly_cents", "budget_monthly_cents", since="2.1", decides=False
    ),
)
FEATURE = (
    Figure(Feature, "then", "slug", key="then", column="then_target"),
    Figure(
        Feature, "min_quality", "whole", "share", key="min_quality_bp", column="min_quality_bp", filters=("quality",)
    ),
)
ROW = (
    Figure(Row, "status", "word", key="status", column="status", words=ROW_STATUSES),
    Figure(Row, "sample", "whole", "share", key="sample_bp", column="sample_bp"),
    Figure(Row, "max_daily_usd", "whole", "cents", key="max_daily_cents", column="max_daily_cents"),
)
TARGET = (
    Figure(
        Target, "min_quality", "whole", "share", key="min_quality_bp", column="min_quality_bp", filters=("quality",)
    ),
)
DEFAULTS = (
    Figure(Defaults, "model", "slug", key="model", column="model"),
    Figure(
        Defaults,
        "unknown_tenant",
        "word",
        key="unknown_tenant",
        column="unknown_tenant",
        words=UNKNOWN_TENANT,
        filters=("unknown_tenant",),
    ),
)
SCORING = (
    Figure(Scoring, "cost.best", "whole", "dollars", column="cost_best_pusd"),
    Figure(Scoring, "cost.worst", "whole", "dollars", column="cost_worst_pusd"),
    Figure(Scoring, "latency_ms.best", "whole", "milliseconds", column="latency_best_ms"),
    Figure(Scoring, "latency_ms.worst", "whole", "milliseconds", column="latency_worst_ms"),
)
RESILIENCE = (
    Figure(Resilience, "failures", "whole", key="failures", column="failures"),
    Figure(Resilience, "window_s", "whole", "seconds", key="window_s", column="window_s"),
    Figure(Resilience, "cooloff_s", "whole", "seconds", key="cooloff_s", column="cooloff_s"),
    Figure(Resilience, "max_attempts", "whole", key="max_attempts", column="max_attempts"),
    Figure(Resilience, "retries", "whole", key="retries", column="retries", since="2.1", decides=False),
)
DIAL = (
    Figure(Preferences, "default", "word", key="default", column="default_preference", words=PREFERENCES),
    Figure(Preferences, "dial.quality", "whole", "share", column="dial_quality_bp"),
    Figure(Preferences, "dial.balanced", "whole", "share", column="dial_balanced_bp"),
    Figure(Preferences, "dial.cost", "whole", "share", column="dial_cost_bp"),
    Figure(Preferences, "gate_env", "variable", key="gate_env", column="gate_env"),
)
EXPERIMENT = (
    Figure(Experiment, "public_model_id", "name", column="public_model_id"),
    Figure(Experiment, "status", "word", key="status", column="status", words=EXPERIMENT_STATUSES),
    Figure(Experiment, "archived", "flag", column="archived"),
    Figure(Experiment, "salt", "salt", key="salt", column="salt", is_named=True),
    Figure(Experiment, "on_pause", "word", key="on_pause", column="on_pause", words=ON_PAUSE),
    Figure(
        Experiment,
        "on_unavailable",
        "word",
        key="on_unavailable",
        column="on_unavailable",
        words=ON_UNAVAILABLE,
        since="2.1",
    ),
    Figure(Experiment, "winner", "slug", column="winner"),  # the table has its place among the variants
)
VARIANT = (
    Figure(Variant, "label", "free", column="label"),
    Figure(Variant, "weight", "whole", "share", column="weight_bp"),
)
VERSION = (
    Figure(Version, "version", "whole", key="version", column="version"),
    Figure(Version, "model", "slug", key="model", column="model"),
    Figure(Version, "api_key_env", "variable", key="api_key_env", column="api_key_env"),
)

FIGURES: tuple[Figure, ...] = (
    *PROVIDER,
    *MODEL,
    *POLICY,
    *BUDGET,
    *FEATURE,
    *ROW,
    *TARGET,
    *DEFAULTS,
    *SCORING,
    *RESILIENCE,
    *DIAL,
    *EXPERIMENT,
    *VARIANT,
    *VERSION,
)
"""Every figure, in the order of the columns of their tables."""


ENTRIES = {
    "providers": PROVIDER,
    "models": MODEL,
    "policies": POLICY,
    "budgets": BUDGET,
    "permissions": tuple(figure for figure in POLICY if figure.is_permission),
    "features": FEATURE,
    "features.rows": ROW,
    "targets": TARGET,
    "defaults": DEFAULTS,
    "resilience": RESILIENCE,
    "preferences": DIAL,
    "experiments": EXPERIMENT,
    "experiments.variants": (*VARIANT, *VERSION),
}
"""The figures of an entry, by the section of the table or the fallback file, or by the list in its entries."""
OPTIONAL_SECTIONS = {
    "feature_aliases": ("2.1", "feature.aliases"),
    "model_aliases": ("2.1", "model.aliases"),
    "patterns": ("2.1", "target.patterns"),
    "shadow_salts": ("2.1", "feature.shadow_salts"),
    "shares": ("2.1", "model.shares"),
    "unanswered": ("2.1", None),
}
"""Sections that a table may lack, and that it has only where they hold something: the format that first had each, and
the word in `requires`, None where another one stands beside it."""
_SINGLE = ("defaults", "resilience", "preferences")  # sections that are one entry


def table_entry(figures: tuple[Figure, ...], slug: str, body: Any) -> dict[str, Any]:
    """Return the keys of a body's entry in the table; an optional key is left out where it is at its default."""
    names, read, special = _plan(figures, "key")
    cells = dict(zip(names, read(body), strict=True))
    for name, figure in special:
        cells[name] = value = figure.finish(slug, cells[name])
        if figure.is_optional and value == figure.key_default:
            del cells[name]
    return cells


def database_row(figures: tuple[Figure, ...], slug: str, body: Any) -> dict[str, Any]:
    """Return the columns of a body's row in the database."""
    names, read, special = _plan(figures, "column")
    cells = dict(zip(names, read(body), strict=True))
    for name, figure in special:
        cells[name] = figure.finish(slug, cells[name])
    return cells


@cache
def _plan(
    figures: tuple[Figure, ...], attribute: Literal["key", "column"]
) -> tuple[list[str], Callable[[Any], tuple[Any, ...]], list[tuple[str, Figure]]]:
    """Return the keys or columns of figures, the function that reads all their values, and those to look at again.

    A project has thousands of bodies: what is the same for all of them is worked out once.
    """
    shown = [(getattr(figure, attribute), figure) for figure in figures if getattr(figure, attribute) is not None]
    paths = [getattr(figure, f"{attribute}_path") or figure.path for _, figure in shown]
    read = attrgetter(*paths) if len(paths) > 1 else lambda body: tuple(attrgetter(path)(body) for path in paths)
    special = [
        (name, figure) for name, figure in shown if figure.is_named or figure.is_optional or figure.kind == "slugs"
    ]
    return [name for name, _ in shown], read, special


def requirements(document: Mapping[str, Any]) -> list[str]:
    """Return the words that a file with these sections has in `requires`, sorted.

    There is one for each figure of which an entry holds another value than its default, and for each section that came
    later, if older resolvers do not know it and would answer wrongly without it.
    """
    words = {figure.requirement for figure in _later_figures(document)}
    words |= {word for section, (_, word) in OPTIONAL_SECTIONS.items() if section in document}
    return sorted(word for word in words if word is not None)


def table_format(document: Mapping[str, Any]) -> str:
    """Return the format of a file with these sections: the first that has all of its keys.

    So a project that uses nothing new has the same bytes as before.
    """
    sections = (since for section, (since, _) in OPTIONAL_SECTIONS.items() if section in document)
    return max((FIRST, *(figure.since for figure in _later_figures(document)), *sections), key=_numbers)


def _later_figures(document: Mapping[str, Any]) -> Iterable[Figure]:
    """Yield the figures in a file that the first format does not have."""
    for path, figures in ENTRIES.items():
        later = {figure.key: figure for figure in figures if figure.is_optional and figure.key is not None}
        if later:
            keys = {key for cells in _entries(document, path) for key in later.keys() & cells.keys()}
            yield from (later[key] for key in keys)


def _entries(document: Mapping[str, Any], path: str) -> Iterable[Mapping[str, Any]]:
    """Yield the entries of a file that lie at a path of `ENTRIES`; none where the section is missing or null."""
    section, _, inner = path.partition(".")
    content = document.get(section)
    if content is None:
        return
    for cells in [content] if section in _SINGLE else content.values():
        yield from cells[inner] if inner else [cells]


def newest_format() -> str:
    """Return the format of the tables that have every key: that of the newest figure or section."""
    return max(
        (*(figure.since for figure in FIGURES), *(since for since, _ in OPTIONAL_SECTIONS.values())), key=_numbers
    )


def _numbers(text: str) -> list[int]:
    """Return the numbers of a format, which order the formats."""
    return [int(part) for part in text.split(".")]
