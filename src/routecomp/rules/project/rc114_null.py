"""RC114 null: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC114",
    "null",
    Scope.TEXT,
    """
A value is null.

A key without a value, `~` and `null` are null. No key may be.

Why: `min_quality:` with nothing behind it could mean no floor, the default floor, or a number that is still to come.
Databases accept null where a number was checked, and so the question would travel on.

Fix: give the key a value, or leave it out; left out, it has its documented default. Optional keys on a line of their
own are removed by `routecomp check --fix`.
""",
)
