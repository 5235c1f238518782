"""Find which decisions that a project's change moves have an expectation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from routecomp.diagnostics.diagnostic import Severity
from routecomp.expectations.run import Outcome, gate_variable
from routecomp.model.project import Program
from routecomp.review.analysis.coverage import Coverage, coverage_of
from routecomp.review.analysis.report import WholeReport
from routecomp.review.analysis.space import Bounds
from routecomp.workspace.diff import diff_requests
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project


@dataclass(frozen=True, slots=True)
class ChangeCoverage:
    """What expectations cover of what moves compared with `where`; None where there was no project to compare with."""

    where: str
    coverage: Coverage | None
    notes: tuple[str, ...]


def change_coverage(
    project: Project,
    snapshot: Snapshot,
    against: str | None,
    bounds: Bounds,
    program: Program,
    outcomes: Iterable[Outcome],
    progress: Callable[[str, int, int], None] | None = None,
) -> ChangeCoverage:
    """Return which moves of a change the requests of expectations cover; `program` is the project's own.

    Raises a `Problem` where there is nothing to compare with, or it has errors.
    """
    compared = diff_requests(project, snapshot, against, bounds, progress)
    difference = compared.compared.difference
    if difference is None:
        wrong = compared.compared.wrong or compared.compared.checked.diagnostics
        first = next(each for each in wrong if each.severity is Severity.ERROR)
        raise Problem(
            f"nothing was compared: what is {visible(compared.base.where)} has errors: {first.message}",
            "compare with a version that compiles: --against REF|DIR|FILE",
        )
    report = difference.moves
    if not isinstance(report, WholeReport):
        return ChangeCoverage(compared.base.where, None, compared.notes)
    is_gated = gate_variable(program) is not None
    requests = [_as_answered(outcome, is_gated=is_gated) for outcome in outcomes]
    return ChangeCoverage(compared.base.where, coverage_of(report.comparison, requests), compared.notes)


def _as_answered(outcome: Outcome, *, is_gated: bool) -> Mapping[str, Any]:
    """Return the request of an outcome as it is answered with the gate open: without its preference where it was shut.

    The proof takes the gate for open.
    """
    if not is_gated or outcome.gate is not None:
        return outcome.request
    return {name: value for name, value in outcome.request.items() if name != "preference"}
