"""RC113 missing-key: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC113",
    "missing-key",
    Scope.TEXT,
    """
A body lacks a key that is required.

Why: what is required has no default that would be right for everyone: a price of 0, a quality of 1 or a latency of
0 would win every ranking.

Fix: add the key. `routecomp schema` writes JSON Schemas that let an editor fill it in and explain it.
""",
)
