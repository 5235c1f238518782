"""RC111 empty-file: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC111",
    "empty-file",
    Scope.TEXT,
    """
A file holds nothing.

There is no section in it, or only comments.

Why: an empty file was meant to hold something. Often a merge or a script has lost the content, and every name that
stood there is gone with it.

Fix: write its sections into it, or delete the file.
""",
)
