"""RC121 unknown-word: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC121",
    "unknown-word",
    Scope.TEXT,
    """
A word is none of those that may stand here.

Statuses, objectives, preferences and the like are closed lists.

Why: an objective nobody knows ranks nothing. With a default in its place, `objective: cheepest` would quietly rank
by score, and the bill would be the first to notice.

Fix: write one of the words that the message lists. An obvious slip is corrected by `routecomp check --fix`.
""",
)
