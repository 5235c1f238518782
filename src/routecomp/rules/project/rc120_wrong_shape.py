"""RC120 wrong-shape: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC120",
    "wrong-shape",
    Scope.TEXT,
    """
A list, a mapping or a single value stands where another of the three is wanted.

Why: what was meant can often be guessed, and a guess is not what was reviewed. A list of models where a mapping
from model to status is wanted has no primary.

Fix: write the shape that the message asks for. A single value where a list is wanted becomes a list of one by
`routecomp check --fix`.
""",
)
