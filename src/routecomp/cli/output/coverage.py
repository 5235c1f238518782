"""Lay out which moves of a change no expectation covers: for people, for programs, and for CI servers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from routecomp.cli.output.terminal import paint
from routecomp.diagnostics.diagnostic import Diagnostic, error, warning
from routecomp.diagnostics.render.shown import visible
from routecomp.review.analysis.report import MOST_ROWS, MoveRow
from routecomp.review.diff.render.json import move_document
from routecomp.review.diff.render.text import move_text_lines, wrapped_lines
from routecomp.review.diff.render.wording import MOVES, move_callers, move_text, move_witness, sampled_line
from routecomp.review.diff.rows.text import count_noun
from routecomp.workspace.coverage import ChangeCoverage

RULE = "coverage"
"""What stands in a report where findings of `check` have the id of their rule."""
_HELP = "expect what is meant: `routecomp test --write` begins, docs/expectations.md says more"


@dataclass(frozen=True)
class CoverageReport:
    """What a change's expectations cover, and the least percentage that is asked of them."""

    change: ChangeCoverage
    least: int | None = None

    @property
    def title(self) -> str:
        """The name of it as a test."""
        return f"coverage of what moves, compared with what is {self.change.where}"

    def failure(self) -> Diagnostic | None:
        """Return the error where less is covered than asked, or nobody knows; None where enough is."""
        coverage = self.change.coverage
        if self.least is None or coverage is None:
            return None
        if not coverage.left.is_proven:
            message = f"what moves is not known, so {self.least} % of it cannot be shown: {sampled_line(coverage.left)}"
            return error(RULE, message, None, "give more time (--proof-seconds), or leave --caps and --outages out")
        if coverage.percent >= self.least:
            return None
        return error(RULE, f"{self._counted()}; --fail-under asks for {self.least} %", None, _HELP)

    def findings(self) -> list[Diagnostic]:
        """Return the failure, and a warning for each of the first rows that nothing covers."""
        failure, coverage = self.failure(), self.change.coverage
        rows = () if coverage is None else coverage.left.rows[:MOST_ROWS]
        return [*([] if failure is None else [failure]), *[warning(RULE, _sentence(row), None, _HELP) for row in rows]]

    def text(self, *, color: bool) -> str:
        """Return the report for people."""
        coverage = self.change.coverage
        lines = wrapped_lines(f"{self._counted()}.", "")
        if coverage is not None:
            if not coverage.left.is_proven:
                lines += wrapped_lines(sampled_line(coverage.left), "")
            rows = coverage.left.rows
            for row in rows[:MOST_ROWS]:
                lines += ["", *move_text_lines(row)]
            if len(rows) > MOST_ROWS:
                lines.append(f"  … and {count_noun(len(rows) - MOST_ROWS, 'more move')}: --json has all")
        failure = self.failure()
        if failure is not None:
            lines += ["", paint(f"error: {visible(failure.message)}", "1;31", color), f"  = help: {failure.help}"]
        return "\n".join(lines) + "\n"

    def keys(self) -> dict[str, Any]:
        """Return the keys of a JSON report that tell it."""
        coverage = self.change.coverage
        if coverage is None:
            return {"coverage": None}
        return {
            "coverage": {
                "against": self.change.where,
                "moves": coverage.moves,
                "regions": coverage.regions,
                "covered": coverage.covered,
                "percent": coverage.percent,
                "fail_under": self.least,
                "proven": coverage.left.is_proven,
                "unproven": coverage.left.unproven,
                "samples": coverage.left.samples,
                "seed": coverage.left.seed,
                "space": coverage.left.space,
                "chains": coverage.left.chains,
                "left": [move_document(row) for row in coverage.left.rows],
            }
        }

    def _counted(self) -> str:
        """Say how much is covered."""
        coverage, where = self.change.coverage, f"compared with what is {visible(self.change.where)}"
        if coverage is None:
            return f"Everything is new {where}: no decision moves"
        if not coverage.regions:
            known = "" if coverage.left.is_proven else " that was seen"
            return f"No decision moves{known}, {where}: there is nothing to cover"
        return (
            f"Expectations cover {coverage.covered:,} of {count_noun(coverage.regions, 'region')} "
            f"(move × route × policy) of {count_noun(coverage.moves, 'move')} {where}: {coverage.percent} %"
        )


def _sentence(row: MoveRow) -> str:
    """Say in one sentence what nothing covers."""
    when = f", when {', '.join(row.conditions)}" if row.conditions else ""
    return (
        f"no expectation covers a move ({MOVES[row.move.change]}): {move_text(row, str)}; "
        f"{move_callers(row, str)}{when}; such as {move_witness(row)}"
    )
