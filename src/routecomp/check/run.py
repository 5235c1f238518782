"""A `Declared` project in, all findings of all rules out."""

from __future__ import annotations

from routecomp.check.registry import rules
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.program import Declared


def check(declared: Declared) -> list[Diagnostic]:
    """Every finding of every rule that reads a whole project."""
    found: list[Diagnostic] = []
    for one in rules().values():
        if one.check is not None:
            found.extend(one.check(declared))
    return found
