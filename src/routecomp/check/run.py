"""A `Declared` project, or a change of one, in; all findings of all rules out."""

from __future__ import annotations

from routecomp.check.change import Change
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


def check_change(change: Change) -> list[Diagnostic]:
    """Every finding of every rule of change."""
    found: list[Diagnostic] = []
    for one in rules().values():
        if one.change is not None:
            found.extend(one.change(change))
    return found
