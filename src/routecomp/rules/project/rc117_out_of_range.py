"""RC117 out-of-range: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC117",
    "out-of-range",
    Scope.TEXT,
    """
A number lies outside its range.

Why: a quality of 86 where 0.86 is meant clears every floor; a compliance of 1.5 passes every veto. Ranges catch the
slip by a factor of a hundred, or of a million, before it ranks a model first.

Fix: write a number in the range that the message names. Shares run from 0 to 1, not from 0 to 100.
""",
)
