"""RC103 yaml-syntax: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC103",
    "yaml-syntax",
    Scope.TEXT,
    """
A file is not YAML that can be read.

Files are read as YAML 1.2. What cannot be read as that, or what two readers of YAML would read differently, is an
error with its place.

Why: a file that one tool reads and another refuses, or reads as something else, cannot be reviewed. Nothing of the
file is used, so nothing is guessed.

Fix: the message says what stands at the place. Most often it is a missing colon, a tab in the indentation, a quote
without its pair, or a line that is indented by one column too many.
""",
)
