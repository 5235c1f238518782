"""Lay out what came of a project's expectations: for people, for programs, and for CI servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from routecomp.cli.output.coverage import CoverageReport
from routecomp.cli.output.report import report
from routecomp.cli.output.terminal import paint
from routecomp.cli.output.version import with_keys
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.render.junit import render_tests
from routecomp.diagnostics.render.shown import visible, without_secrets
from routecomp.diagnostics.render.text import Paint, render_finding
from routecomp.expectations.run import Outcome
from routecomp.explain.request import plain
from routecomp.testing.expected import value_of
from routecomp.workspace.project import Project

_SHOWN = 10
"""The most requests of one expectation that are shown to people."""


def expectations_page(
    outcomes: Sequence[Outcome], project: Project, format: str, color: bool, coverage: CoverageReport | None = None
) -> str:
    """Return the report of outcomes in one of the formats of `check`, with what they cover where that was asked."""
    if format == "text":
        return _text(outcomes, color) + ("" if coverage is None else f"\n{coverage.text(color=color)}")
    if format == "junit":
        return _junit(outcomes, coverage)
    findings = [outcome.finding() for outcome in outcomes if outcome.wrong]
    if coverage is not None:
        findings += coverage.findings()
    page = report(findings, len(project.files), format, project.root)
    keys = _keys(outcomes) | ({} if coverage is None else coverage.keys())
    return with_keys(page, keys) if format == "json" else page


def _text(outcomes: Sequence[Outcome], color: bool) -> str:
    """Return the report for people: what does not hold, with its source lines, and a line that counts."""
    failed = [outcome for outcome in outcomes if outcome.wrong]
    blocks = []
    count: Counter[str] = Counter()
    for outcome in failed:
        count[outcome.entry.slug] += 1
        if count[outcome.entry.slug] <= _SHOWN:
            (finding,) = without_secrets([outcome.finding()])
            blocks.append(render_finding(finding, Paint(color)))
    for slug, number in count.items():
        if number > _SHOWN:
            blocks.append(
                f"and {number - _SHOWN:,} more requests of expectation `{slug}`: `routecomp test {slug} --json`"
            )
    return "\n\n".join([*blocks, _summary(outcomes, failed, color)]) + "\n"


def _summary(outcomes: Sequence[Outcome], failed: Sequence[Outcome], color: bool) -> str:
    """Return the line that counts the expectations, and those that do not hold."""
    entries = len({outcome.entry.slug for outcome in outcomes})
    if not entries:
        return "no expectations: `routecomp test --write` writes some, as it is decided today"
    all_words = f"{_count(entries, 'expectation')}, {_count(len(outcomes), 'request')}"
    if not failed:
        return paint(f"{all_words}: all hold", "1;32", color)
    wrong = len({outcome.entry.slug for outcome in failed})
    words = f"{_count(len(failed), 'request')} of {_count(wrong, 'expectation')} failed"
    return paint(f"{all_words}: {words}", "1;31", color)


def _count(number: int, word: str) -> str:
    """Write a number with its noun."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _junit(outcomes: Sequence[Outcome], coverage: CoverageReport | None) -> str:
    """Return a test case for each request, and one for what they cover."""
    cases = []
    for outcome in outcomes:
        finding = without_secrets([outcome.finding()])[0] if outcome.wrong else None
        cases.append((star_secrets(visible(outcome.entry.path)), star_secrets(outcome.title), finding))
    if coverage is not None:
        cases.append(("coverage", coverage.title, coverage.failure()))
    return render_tests("routecomp test", cases)


def _keys(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the keys of a JSON report that tell each request."""
    return {
        "expectations": len({outcome.entry.slug for outcome in outcomes}),
        "requests": len(outcomes),
        "failing": sum(bool(outcome.wrong) for outcome in outcomes),
        "results": [_result(outcome) for outcome in outcomes],
    }


def _result(outcome: Outcome) -> dict[str, Any]:
    """Return what came of one request as plain JSON."""
    expected = {key: each.value for key, each in outcome.wanted.items()}
    got = {
        key: value_of(outcome.decision, key, len(value) if key == "chain_begins" else 0)
        for key, value in expected.items()
    }
    return {
        "expectation": outcome.entry.slug,
        "request": {key: plain(value) for key, value in outcome.request.items()},
        "gate": outcome.entry.body.gate,
        "holds": not outcome.wrong,
        "expected": {key: plain(value) for key, value in expected.items()},
        "got": {key: plain(value) for key, value in got.items()},
        "explain": star_secrets(outcome.command),
    }
