"""RC201 duplicate-name: the page of a rule that putting the files together finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC201",
    "duplicate-name",
    Scope.PROJECT,
    """
A name is declared twice.

A section may be spread over any number of files; within one section a name stands once.

Why: one of the two bodies would win, by the order of file names. Two teams that each add a tenant `acme` would
overwrite one another without a conflict in Git.

Fix: rename or remove one of the two. Both places are shown.
""",
)
