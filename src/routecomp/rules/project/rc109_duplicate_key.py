"""RC109 duplicate-key: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC109",
    "duplicate-key",
    Scope.TEXT,
    """
A key stands twice in the same mapping.

Why: most readers of YAML keep the last of the two without a word. A limit that is set in line 10 and again in line
400 is then not the limit that somebody reads in line 10.

Fix: keep one of the two. Both places are shown.
""",
)
