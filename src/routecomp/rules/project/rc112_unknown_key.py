"""RC112 unknown-key: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC112",
    "unknown-key",
    Scope.TEXT,
    """
A body has a key that is not known.

Every key of every body is known; there is no room for keys of your own, except `description` and `owner`.

Why: a key that nobody reads does nothing. `min_qualty: 0.8` leaves the tenant without a floor, and no call fails to
say so.

Fix: correct the key. Where a known one is near, `routecomp check --fix` renames it. Of a key of another router
(`input_cost_per_token`, `api_base`) the finding says our word, with the value in our unit. What is a note for people
belongs into `description` or a comment.
""",
)
