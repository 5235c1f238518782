"""The vocabularies authors write, each written once, and the did-you-mean for a word that is in none."""

from __future__ import annotations

from collections.abc import Iterable

ROW_STATUSES = ("primary", "shadow", "retired")
OBJECTIVES = ("weighted", "cheapest")
UNKNOWN_TENANT = ("default", "reject")
PREFERENCES = ("quality", "balanced", "cost")
EXPERIMENT_STATUSES = ("draft", "active", "paused", "completed")
ON_PAUSE = ("reject", "control")
PRESETS = ("balanced", "cost_first", "quality_first", "latency_first", "strict_no_fallback")
SLOTS = 10_000
"""Slots of an experiment: 0..9999 (docs/semantics.md, section 5)."""


def closest(word: str, words: Iterable[str]) -> str | None:
    """The word of `words` an author most likely meant, or None."""
    from difflib import get_close_matches  # only on the way to an error message

    found = get_close_matches(word, sorted(words), n=1, cutoff=0.6)
    return found[0] if found else None


def suggestion(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """`did you mean …?` where something is close, else a list of the words if it is short."""
    names = sorted(words)
    near = closest(word, names)
    if near is not None:
        return f"did you mean `{near}`?"
    if otherwise:
        return otherwise
    return "use one of: " + ", ".join(names) if 0 < len(names) <= 12 else ""
