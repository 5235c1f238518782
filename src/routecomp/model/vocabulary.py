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

_FEW = 12
_LONGEST = 63


def closest(word: str, words: Iterable[str]) -> str | None:
    """The word of `words` an author most likely meant, or None: good enough to ask, not to act on."""
    names = list(words)
    found = _ranked(word, names, min(3, max(1, len(word) // 3)))
    if found:
        return found[0][1]
    longer = sorted(name for name in names if len(word) >= 3 and name.startswith(word))
    return longer[0] if longer else None


def typo_of(word: str, words: Iterable[str]) -> str | None:
    """The one word of `words` that `word` is a slip of: near enough for a machine to put it right.

    Another writing of the same letters (`minQuality`, `min-quality`), or one slip of the pen (two in a word of
    eight or more letters), and no other word as near.
    """
    found = _ranked(word, words, 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0)
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1]


def suggestion(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """`did you mean …?` where something is close, else `otherwise`, else a list of the words if it is short."""
    names = sorted(words)
    near = closest(word, names)
    if near is not None:
        return f"did you mean `{near}`?"
    if otherwise:
        return otherwise
    return "use one of: " + ", ".join(names) if 0 < len(names) <= _FEW else ""


def _ranked(word: str, words: Iterable[str], most: int) -> list[tuple[int, str]]:
    """The words at most `most` slips away, nearest first; the same letters in another writing count as none."""
    if len(word) > _LONGEST:
        return []
    bare, size, letters = _bare(word), len(word), set(word)
    found = []
    for name in words:
        if _bare(name) == bare:
            found.append((0, name))
        # Each slip brings at most one letter of its own: most words fall here.
        elif abs(len(name) - size) <= most and len(letters.difference(name)) <= most:
            away = _slips(word, name, most)
            if away <= most:
                found.append((away, name))
    found.sort()
    return found


def _bare(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")


def _slips(a: str, b: str, most: int) -> int:
    """How many letters were dropped, added, changed or swapped with their neighbour; above `most`, any number."""
    first = 0
    while first < len(a) and first < len(b) and a[first] == b[first]:
        first += 1
    end = 0
    while end < min(len(a), len(b)) - first and a[-1 - end] == b[-1 - end]:
        end += 1
    a, b = a[first : len(a) - end], b[first : len(b) - end]
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(last) > most:
            return most + 1
        before, last = last, row
    return last[-1]
