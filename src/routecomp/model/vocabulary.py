"""The vocabularies authors write, each written once, and the did-you-mean for a word that is in none."""

from __future__ import annotations

ROW_STATUSES = ("primary", "shadow", "retired")
OBJECTIVES = ("weighted", "cheapest")
UNKNOWN_TENANT = ("default", "reject")
PREFERENCES = ("quality", "balanced", "cost")
EXPERIMENT_STATUSES = ("draft", "active", "paused", "completed")
ON_PAUSE = ("reject", "control")
PRESETS = ("balanced", "cost_first", "quality_first", "latency_first", "strict_no_fallback")
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
)
"""What a decision says (docs/semantics.md, section 4); the resolver imports nothing and says the same words.
The reason `ignored:<argument>` is a family of its own."""
PROMOTION_KINDS = ("initial", "promotion", "rollback", "swap", "removed")
"""initial: the feature is new; promotion: the new primary was a shadow; rollback: the inverse of the promotion
before it; swap: the new primary was no shadow (a waived change); removed: the feature is gone."""
HEALTH_OUTCOMES = ("ok", "retriable_error", "terminal_error", "rate_limited", "timeout")
BREAKER_STATES = ("closed", "open", "half_open")
CALL_OUTCOMES = ("succeeded", "fell_back", "failed")
"""What came of a call that was decided: the database's words besides the decision's status (section 8)."""
SLOTS = 10_000
"""Slots of an experiment: 0..9999 (docs/semantics.md, section 5)."""
