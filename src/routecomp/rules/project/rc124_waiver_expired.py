"""RC124 waiver-expired: the page of a rule that reading the waivers finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC124",
    "waiver-expired",
    Scope.TEXT,
    """
A waiver has expired.

`until` is the last day on which it holds.

Why: what was waived for a few days of an outage must not become how things are. An expired waiver is an error, and
what it waived is reported again beside it.

Fix: repair what it waived and remove it, or agree on a later day and say why.
""",
)
