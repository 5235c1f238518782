"""Run the rules over a project or over a change, and collect what they find."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.rule import Scope
from routecomp.model.project import Declared
from routecomp.rules.change.change import Change
from routecomp.rules.registry import rules


def check_project(declared: Declared) -> list[Diagnostic]:
    """Return what the rules over a project find, rule by rule in the order of their ids; waivers are not applied."""
    finders = (rule.find for rule in rules(Scope.PROJECT).values())
    return [diagnostic for find in finders if find is not None for diagnostic in find(declared)]


def check_change(change: Change) -> list[Diagnostic]:
    """Return what the rules over a change find, rule by rule in the order of their ids; waivers are not applied."""
    finders = (rule.find for rule in rules(Scope.CHANGE).values())
    return [diagnostic for find in finders if find is not None for diagnostic in find(change)]
