"""RC205 section-missing: the page of a rule that putting the files together finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC205",
    "section-missing",
    Scope.PROJECT,
    """
A section that every project needs is missing.

`defaults` says which model answers when nothing else does; `scoring` says on which scales cost and latency are
measured. Neither has a default that would be right for every project.

Why: without a default model a call that meets no table has no answer, and without scales nothing can be ranked by
score.

Fix: add the section to a file in routes/.
""",
)
