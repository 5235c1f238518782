"""RC105 file-too-large: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC105",
    "file-too-large",
    Scope.TEXT,
    """
A file is larger than the limit.

The limit is 4 MiB, or what `max_file_bytes` in the project settings says, and 600,000 keys, values and brackets.

Why: a file of that size is no configuration that somebody reads, and often was not meant to be here. The limit also
bounds the time and the memory that checking takes.

Fix: split the file. A section may be spread over any number of files. Or raise `max_file_bytes`.
""",
)
