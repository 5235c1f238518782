"""Compare a project with a base: check both sides, compile both, and say what changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routecomp.checker import Checked, Options, check
from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import Scope
from routecomp.model.project import Program
from routecomp.model.read_project import Progress
from routecomp.review.analysis.guards import Judging
from routecomp.review.analysis.space import Bounds
from routecomp.review.base.base import Base, BaseTable
from routecomp.review.diff.compare import base_errors, compare, compare_with_nothing, compare_with_table
from routecomp.review.diff.difference import Difference
from routecomp.rules.registry import rules


@dataclass(frozen=True)
class Compared:
    """The result of comparing a project with a base.

    `difference` is None if a side has errors, broken rules of change apart: then the project's are in `checked`, or,
    if only the base has errors, those are in `wrong`.
    """

    checked: Checked
    wrong: tuple[Diagnostic, ...] = ()
    difference: Difference | None = None


def diff(
    files: Mapping[str, bytes],
    options: Options,
    base: Base | BaseTable,
    progress: Progress | None = None,
    bounds: Bounds | None = None,
    judge: Judging | None = None,
) -> Compared:
    """Return what a change does: rows of what the YAML says otherwise, groups of decisions that change alike.

    With `bounds`, all requests are compared too, as far as these allow; `judge` says which may move.

    A change that only breaks rules of change (RC5xx) is compared all the same; those findings are in the difference.
    Raises `review.diff.compare.NoTableError` if the base is a table that the resolver refuses.
    """
    checked = check(files, options, progress, base if isinstance(base, Base) else None)
    errors = [diagnostic for diagnostic in checked.diagnostics if diagnostic.severity is Severity.ERROR]
    refused = [diagnostic for diagnostic in errors if diagnostic.rule in rules(Scope.CHANGE)]
    if len(refused) < len(errors):
        return Compared(checked)
    program = checked.program or Program.checked(checked.declared)
    if isinstance(base, BaseTable):
        return Compared(checked, (), compare_with_table(base, program, checked.waivers, progress, bounds, judge))
    if not base.files:  # the change that brings routecomp into a repository
        return Compared(checked, (), compare_with_nothing(base.where, program, checked.waivers))
    assert checked.base is not None
    wrong = base_errors(checked.base, checked.unread)
    if wrong:
        return Compared(checked, wrong)
    before = Program.checked(checked.base)
    waivers = checked.waivers
    return Compared(checked, (), compare(base.where, before, program, refused, waivers, progress, bounds, judge))
