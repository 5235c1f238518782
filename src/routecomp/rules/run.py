"""A `Declared` project, or a change of one, in; all findings of all rules out."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Declared
from routecomp.rules.change.change import Change
from routecomp.rules.registry import rules


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
