"""RC125 waiver-unused: the page of a rule that reading the waivers finds."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC125",
    "waiver-unused",
    Scope.TEXT,
    """
A waiver excuses nothing.

On its line there is no finding of the rule that it names.

Why: a waiver that is no longer needed excuses the next mistake on that line before anybody has seen it.

Fix: remove it; `routecomp check --fix` does.
""",
    Severity.WARNING,
)
