"""RC101 not-utf8: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC101",
    "not-utf8",
    Scope.TEXT,
    """
A file is not UTF-8.

Every file is read as UTF-8, strictly; a byte-order mark at its very start is skipped.

Why: the same bytes read in another encoding are other names. A model that is `café` on one machine and `cafÃ©` on
another is not the model anybody declared.

Fix: save the file as UTF-8. Editors show the encoding in their status line and offer to save with another one.
""",
)
