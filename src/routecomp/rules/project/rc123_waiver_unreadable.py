"""RC123 waiver-unreadable: the page of a rule that reading the waivers finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC123",
    "waiver-unreadable",
    Scope.TEXT,
    """
A waiver cannot be read.

A waiver names a rule that may be waived, the last day it holds, and a reason:
`# routecomp:allow RC403 until=2026-12-01 reason="provider outage"`. It stands behind what it excuses, on the same
line, or on a line of its own directly above. Warnings and rules of change may be waived, invariants never.

Why: a waiver with a slip in it would waive nothing, or, read generously, more than was agreed on.

Fix: write it in this form.
""",
)
