"""RC107 tag: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC107",
    "tag",
    Scope.TEXT,
    """
A file uses a tag.

`!!str`, `!!float`, `!mine` and their like are not supported.

Why: what a value is follows from the key it stands under, and never from the value's own claim. Tags are also how
YAML readers have been made to run code.

Fix: remove the tag. Keys and names are always their text, without quotes as well.
""",
)
