"""RC203 unknown-section: the page of a rule that putting the files together finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC203",
    "unknown-section",
    Scope.PROJECT,
    """
A file has a top-level key that is no section.

Why: nothing under it would be read. A file that says `tennants:` declares nobody, and every one of its tenants
would be served by the default policy.

Fix: correct the key; an obvious slip is corrected by `routecomp check --fix`.
""",
)
