"""RC106 alias: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC106",
    "alias",
    Scope.TEXT,
    """
A file uses an anchor, an alias or a merge key.

`&name`, `*name` and `<<:` are not supported.

Why: an alias changes the values of one tenant by editing a line that belongs to another, out of sight of whoever
reviews it. And a few lines of them can stand for millions of values.

Fix: write the values out. What many tenants share belongs into a preset, or into the default policy.
""",
)
