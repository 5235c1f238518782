"""RC108 multiple-documents: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC108",
    "multiple-documents",
    Scope.TEXT,
    """
A file holds more than one YAML document, or a directive.

A file is one document. `---` may begin it; a second `---`, and lines that begin with `%`, are refused.

Why: many tools read the first document and drop the others without a word. What stands in them would be reviewed,
merged, and never be in force.

Fix: put each document into a file of its own.
""",
)
