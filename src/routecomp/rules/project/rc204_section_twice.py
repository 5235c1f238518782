"""RC204 section-twice: the page of a rule that putting the files together finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC204",
    "section-twice",
    Scope.PROJECT,
    """
A section that occurs once stands in two files.

`defaults`, `scoring`, `resilience` and `preferences` describe the project as a whole and are not spread over files.

Why: two default models, or two scales, contradict each other, and one of them would win by the order of file names.

Fix: merge the two into one. Both places are shown.
""",
)
