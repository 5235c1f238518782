"""State the keys of the figures: the kind of each, and what counts where an older file lacks it.

Written by `make refresh` from `routecomp/model/figures.py`; a change made here is lost.
"""

from __future__ import annotations

from typing import Any, Final

from routecomp.runtime.parts.kinds import (
    _BOOL,
    _BP,
    _COUNT,
    _PARAMS,
    _POSITIVE,
    _SLUGS,
    _STACK,
    _TEXT,
    _TEXTS,
    _any_of,
    _Kind,
    _or_null,
    _whole,
)

FORMAT: Final = "2.1"
"""The format of tables and fallback files that this resolver reads; another major number is refused."""

KNOWN_REQUIREMENTS: Final = frozenset[str](
    (
        "experiment.on_unavailable",
        "feature.aliases",
        "feature.shadow_salts",
        "model.aliases",
        "model.api_key_env",
        "model.max_output_tokens",
        "model.shares",
        "provider.stream_url",
        "target.patterns",
    )
)
"""The words of a file's `requires` that this resolver understands."""

_PROVIDER_KEYS: dict[str, _Kind] = {
    "adapter": _TEXT,
    "api_key_env": _or_null(_TEXT),
    "auth": _or_null(_TEXT)._replace(default=None),
    "base_url": _or_null(_TEXT)._replace(default=None),
    "connect_ms": _or_null(_POSITIVE)._replace(default=None),
    "first_token_ms": _or_null(_POSITIVE)._replace(default=None),
    "headers": _TEXTS._replace(default={}),
    "parallel": _or_null(_POSITIVE)._replace(default=None),
    "params": _or_null(_PARAMS)._replace(default=None),
    "region": _or_null(_TEXT)._replace(default=None),
    "rpm": _or_null(_POSITIVE)._replace(default=None),
    "secret_headers": _TEXTS._replace(default={}),
    "stack": _STACK,
    "stream_url": _or_null(_TEXT)._replace(default=None),
    "total_ms": _or_null(_POSITIVE)._replace(default=None),
    "tpm": _or_null(_POSITIVE)._replace(default=None),
}
_MODEL_KEYS: dict[str, _Kind] = {
    "active": _BOOL,
    "api_key_env": _or_null(_TEXT)._replace(default=None),
    "capabilities": _SLUGS,
    "compliance_bp": _BP,
    "connect_ms": _or_null(_POSITIVE)._replace(default=None),
    "context_window": _POSITIVE,
    "first_token_ms": _or_null(_POSITIVE)._replace(default=None),
    "input_pusd": _COUNT,
    "latency_ms": _COUNT,
    "listed": _BOOL,
    "logical": _or_null(_TEXT),
    "max_output_tokens": _or_null(_POSITIVE)._replace(default=None),
    "min_output_tokens": _COUNT,
    "output_pusd": _COUNT,
    "output_ratio_bp": _COUNT,
    "parallel": _or_null(_POSITIVE)._replace(default=None),
    "params": _or_null(_PARAMS)._replace(default=None),
    "provider": _TEXT,
    "quality_bp": _BP,
    "rpm": _or_null(_POSITIVE)._replace(default=None),
    "successor": _or_null(_TEXT)._replace(default=None),
    "sunset": _or_null(_TEXT)._replace(default=None),
    "total_ms": _or_null(_POSITIVE)._replace(default=None),
    "tpm": _or_null(_POSITIVE)._replace(default=None),
    "upstream": _TEXT,
}
_PERMISSION_KEYS: dict[str, _Kind] = {
    "banned_models": _SLUGS,
    "banned_providers": _SLUGS,
    "compliance_bp": _BP,
    "stacks": _or_null(_SLUGS),
}
_POLICY_KEYS: dict[str, _Kind] = {
    "banned_models": _SLUGS,
    "banned_providers": _SLUGS,
    "compliance_bp": _BP,
    "fallback": _BOOL,
    "max_quality_loss_bp": _BP,
    "min_quality_bp": _or_null(_BP),
    "stacks": _or_null(_SLUGS),
}
_BUDGET_KEYS: dict[str, _Kind] = {
    "daily_cents": _or_null(_COUNT)._replace(default=None),
    "monthly_cents": _or_null(_COUNT)._replace(default=None),
}
_FEATURE_KEYS: dict[str, _Kind] = {
    "min_quality_bp": _or_null(_BP),
    "then": _or_null(_TEXT),
}
_ROW_KEYS: dict[str, _Kind] = {
    "max_daily_cents": _or_null(_COUNT),
    "sample_bp": _or_null(_whole(1, 10000)),
    "status": _any_of("primary", "shadow", "retired"),
}
_TARGET_KEYS: dict[str, _Kind] = {
    "min_quality_bp": _or_null(_BP),
}
_DEFAULTS_KEYS: dict[str, _Kind] = {
    "model": _TEXT,
    "unknown_tenant": _any_of("default", "reject"),
}
_RESILIENCE_KEYS: dict[str, _Kind] = {
    "cooloff_s": _POSITIVE,
    "failures": _POSITIVE,
    "max_attempts": _POSITIVE,
    "retries": _COUNT._replace(default=0),
    "window_s": _POSITIVE,
}
_PREFERENCES_KEYS: dict[str, _Kind] = {
    "default": _any_of("quality", "balanced", "cost"),
    "gate_env": _or_null(_TEXT),
}
_EXPERIMENT_KEYS: dict[str, _Kind] = {
    "on_pause": _any_of("reject", "control"),
    "on_unavailable": _any_of("reject", "control")._replace(default="reject"),
    "salt": _TEXT,
    "status": _any_of("draft", "active", "paused", "completed"),
}
_VARIANT_KEYS: dict[str, _Kind] = {
    "api_key_env": _or_null(_TEXT),
    "model": _TEXT,
    "version": _POSITIVE,
}
_MODEL_DEFAULTS: Final[dict[str, Any]] = {
    "active": True,
    "api_key_env": None,
    "capabilities": [],
    "compliance_bp": 10000,
    "connect_ms": None,
    "first_token_ms": None,
    "listed": True,
    "logical": None,
    "max_output_tokens": None,
    "min_output_tokens": 0,
    "output_ratio_bp": 5000,
    "parallel": None,
    "params": None,
    "rpm": None,
    "successor": None,
    "sunset": None,
    "total_ms": None,
    "tpm": None,
}
"""What counts where an author leaves a figure of a model out, as the table holds it."""
