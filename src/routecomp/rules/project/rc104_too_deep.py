"""RC104 too-deep: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC104",
    "too-deep",
    Scope.TEXT,
    """
A file is nested deeper than 32 levels.

No section needs more than eight.

Why: deep nesting is an unclosed bracket, or a file made to exhaust the reader.

Fix: look for the bracket that is never closed, at or before the place the message names.
""",
)
