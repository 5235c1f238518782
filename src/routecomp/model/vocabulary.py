"""List the words of each closed vocabulary: of the YAML files, of decisions, and of the database."""

from __future__ import annotations

ROW_STATUSES = ("primary", "shadow", "retired")
OBJECTIVES = ("weighted", "cheapest")
UNKNOWN_TENANT = ("default", "reject")
PREFERENCES = ("quality", "balanced", "cost")
EXPERIMENT_STATUSES = ("draft", "active", "paused", "completed")
ON_PAUSE = ("reject", "control")
ON_UNAVAILABLE = ("reject", "control")
CAPABILITIES = ("streaming", "tools", "vision", "reasoning", "json-schema", "prompt-caching")
"""Words for what a model can do that need no declaration: callers' `stream` and `tools` ask for the first two."""
PRESETS = ("balanced", "cost_first", "quality_first", "latency_first", "strict_no_fallback")
GATES = ("shut", "open")
"""What an expectation says of the gate of the preferences."""
ALWAYS = (
    "answered",
    "alike",
    "balanced_is_no_preference",
    "dial_never_lowers_quality",
    "dial_never_lowers_served_quality",
)
"""What a claim may say that needs no figure."""
REACHED_BY = ("any", "pick")
"""How a call reaches a model, for the claim that it never does."""
MOVE_CHANGES = ("rejected", "answered", "pick", "endpoint", "chain", "refusal", "mirrors", "said")
"""Every way in which a change moves a decision; a move is the first that applies."""
ARGUMENTS = (
    "feature",
    "model",
    "tenant",
    "unit",
    "request_id",
    "preference",
    "min_quality",
    "latency_budget_ms",
    "stack",
    "input_tokens",
    "max_output_tokens",
    "max_cost_usd",
    "stream",
    "tools",
    "capabilities",
    "unavailable",
)
"""The arguments of a request (docs/semantics.md, section 4)."""
DECISION_STATUSES = (
    "ok",
    "rejected_policy",
    "rejected_unavailable",
    "rejected_floor",
    "rejected_cost",
    "rejected_experiment",
    "unknown_model",
)
DECISION_ROUTES = ("feature", "target", "logical", "experiment", "direct")
DECISION_SOURCES = ("table", "default_route", "default_model", "last_resort")
DECISION_REASONS = (
    "alias",
    "feature_unknown",
    "latency_budget_missed",
    "no_unit",
    "paused_control",
    "preference_inert",
    "preference_relaxed",
    "preference_unknown",
    "tenant_unknown",
    "variant_unavailable",
)
"""The flags of a decision (docs/semantics.md, section 4), without the family `ignored:<argument>`. The resolver, which
imports nothing of routecomp, has its own copy of these words."""
PROMOTION_KINDS = ("initial", "promotion", "rollback", "swap", "removed")
"""Kinds of events in the ledger of promotions.

initial: the feature is new; promotion: the new primary was a shadow; rollback: the promotion before was undone;
swap: the new primary was not a shadow (a waived change); removed: the feature was removed."""
HEALTH_OUTCOMES = ("ok", "retriable_error", "terminal_error", "rate_limited", "timeout")
BREAKER_STATES = ("closed", "open", "half_open")
CALL_OUTCOMES = ("succeeded", "fell_back", "failed", "rejected", "cancelled")
"""What came of a call that asked the router (docs/semantics.md, section 8)."""
SLOTS = 10_000
"""The number of slots of an experiment: 0 to 9999 (docs/semantics.md, section 5)."""
