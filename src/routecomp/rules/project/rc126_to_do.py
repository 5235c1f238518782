"""RC126 to-do: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC126",
    "to-do",
    Scope.TEXT,
    """
A value is still to be said: a plain `TODO` stands in its place.

`routecomp import` writes it where the input does not state what a model needs, as its quality or its latency. Each such
place is one finding.

Why: a figure that nobody stated decides calls all the same. An invented quality of 0.5 looks like a judgement, and
nobody would ask whose.

Fix: write what you know, and where you know it from in a comment. `routecomp import --figures FILE.csv` fills in many
at once.
""",
)
