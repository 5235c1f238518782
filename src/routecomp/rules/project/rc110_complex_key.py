"""RC110 complex-key: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC110",
    "complex-key",
    Scope.TEXT,
    """
A key is a list, a mapping, or missing.

Keys are plain text.

Why: such a key is nearly always a slip: template braces that nothing filled in, or a colon too many.

Fix: write the key as text. Text with braces or colons needs quotes.
""",
)
