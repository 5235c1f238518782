"""Run the rules over a project or over a change, and collect what they find."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import Scope
from routecomp.model.project import Declared
from routecomp.rules.change.change import Change
from routecomp.rules.registry import ANY_ERROR, rules
from routecomp.source.text import Span


def check_project(declared: Declared) -> list[Diagnostic]:
    """Return what the rules over a project find, rule by rule in the order of their ids; waivers are not applied."""
    finders = (rule.find for rule in rules(Scope.PROJECT).values())
    diagnostics = [diagnostic for find in finders if find is not None for diagnostic in find(declared)]
    return diagnostics if len(diagnostics) < 2 else _causes(declared, diagnostics)


def check_change(change: Change) -> list[Diagnostic]:
    """Return what the rules over a change find, rule by rule in the order of their ids; waivers are not applied."""
    finders = (rule.find for rule in rules(Scope.CHANGE).values())
    return [diagnostic for find in finders if find is not None for diagnostic in find(change)]


def without_repeats(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Leave out an unknown model (RC207) where the change says at the same place that the model was removed (RC531)."""
    removed = {(d.span.path, d.span.start) for d in diagnostics if d.rule == "RC531" and d.span is not None}
    if not removed:
        return diagnostics
    return [d for d in diagnostics if d.rule != "RC207" or d.span is None or (d.span.path, d.span.start) not in removed]


def _causes(declared: Declared, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Return the findings without those that an error of another rule in the same body brings about."""
    follows = {rule.id: rule.follows for rule in rules(Scope.PROJECT).values() if rule.follows}
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        diagnostics = [diagnostic for diagnostic in diagnostics if follows.get(diagnostic.rule) != ANY_ERROR]
    judged = [(diagnostic, follows[diagnostic.rule]) for diagnostic in diagnostics if diagnostic.rule in follows]
    causes = [diagnostic for diagnostic in diagnostics if any(diagnostic.rule in wanted for _, wanted in judged)]
    if not causes:
        return diagnostics
    bodies = _Bodies(declared)
    places = {(diagnostic.rule, bodies.at(diagnostic.span)) for diagnostic in causes}
    consequences = {
        id(diagnostic)
        for diagnostic, wanted in judged
        if any((rule, bodies.at(diagnostic.span)) in places for rule in wanted)
    }
    return [diagnostic for diagnostic in diagnostics if id(diagnostic) not in consequences]


class _Bodies:
    """Where the bodies of experiments stand, for which alone rules follow each other."""

    def __init__(self, declared: Declared) -> None:
        self._places = [
            (entry.path, entry.key.start, entry.node.end, slug) for slug, entry in declared.experiments.items()
        ]

    def at(self, span: Span | None) -> str:
        """Return the experiment in which a span begins; empty for none."""
        if span is None:
            return ""
        return next(
            (slug for path, start, end, slug in self._places if path == span.path and start <= span.start <= end), ""
        )
