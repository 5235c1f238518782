"""Lay out an experiment's figures for a terminal, as markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import floor, log10
from typing import Any

from routecomp.cli.output.layout import paragraph
from routecomp.cli.output.page import Page, safe
from routecomp.cli.output.terminal import paint
from routecomp.measure import mismatch, sequential
from routecomp.measure.experiment import LEAST_SLOTS, LEVEL, METRICS, Comparison, Estimate, Statistics, VariantFigures
from routecomp.model.numbers import format_decimal
from routecomp.model.project import Entry

_APART = {
    "no_unit": "without a unit, so served by the first variant (`no_unit`)",
    "paused_control": "while it was paused, served by the first variant (`paused_control`)",
    "variant_unavailable": "served by the first variant because their own was unavailable (`variant_unavailable`)",
    "rejected": "rejected: no model was asked",
    "cancelled": "cancelled: the caller went away",
    "unassigned": "without a variant or a slot: rejected by a pause, or of nobody",
    "unknown_variant": "of a variant that the YAML does not declare",
    "after_completion": "from the day on which the winner began to serve everyone",
}
"""What is counted apart, in words, in the order of the page."""
_LEAST_USD = 1e-4
_MOST_USD = 1e9
"""Between these an amount is short enough with all its digits."""


@dataclass
class _Section:
    """A titled table, or lines below a title."""

    title: str
    header: Sequence[str] = ()
    rows: list[Sequence[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def right(self) -> list[int]:
        """The columns that are flush right: those of numbers."""
        return [
            column
            for column in range(1, len(self.header))
            if all(row[column][:1] in "0123456789+-$<–" for row in self.rows)
        ]


def statistics_document(
    entry: Entry[Any], names: Sequence[str], source: str, statistics: Statistics, notes: Sequence[str]
) -> dict[str, Any]:
    """Return all figures as one JSON document: amounts in dollars a call, shares as parts of 1."""
    document = asdict(statistics)
    for given, comparison in zip(document["comparisons"], statistics.comparisons, strict=True):
        given["significant"] = comparison.is_significant
    findings = statistics.assignment.findings
    return {
        "experiment": entry.slug,
        "names": list(names),
        "status": entry.body.status,
        "public_model_id": entry.body.public_model_id,
        "source": source,
        "level": LEVEL,
        "least_slots": LEAST_SLOTS,
        "method": {"comparisons": sequential.SOURCE, "assignment": mismatch.SOURCE, "unit": "slot"},
        **document,
        "findings": findings,
        "notes": list(notes),
    }


def statistics_text(entry: Entry[Any], names: Sequence[str], source: str, statistics: Statistics, color: bool) -> str:
    """Return the page for a terminal."""
    page = Page(color)
    page.lines += [f"{paint(_title(entry, names), '1', color)}: {_span(statistics)}", f"from {source}"]
    for section in _sections(entry, statistics):
        if section.rows:
            page.part(section.title, section.rows, header=section.header, right=section.right)
        else:
            page.lines += ["", paint(section.title, "1;34", color)]
        for line in section.lines:
            page.lines += paragraph(line, 2, 2)
    return "\n".join(page.lines) + "\n"


def statistics_markdown(entry: Entry[Any], names: Sequence[str], source: str, statistics: Statistics) -> str:
    """Return the page as markdown, for a comment on a pull request."""
    lines = [f"## {_title(entry, names)}", "", f"{_span(statistics)}, from `{_cell(source)}`."]
    for section in _sections(entry, statistics):
        lines += ["", f"### {section.title}", ""]
        if section.rows:
            header = [word or " " for word in section.header]
            right = ["---:" if column in section.right else "---" for column in range(len(header))]
            lines += [f"| {' | '.join(row)} |" for row in (header, right, *(map(_cell, row) for row in section.rows))]
            lines += [""] if section.lines else []
        lines += [f"- {line}" for line in section.lines]
    return "\n".join(lines) + "\n"


def _title(entry: Entry[Any], names: Sequence[str]) -> str:
    before = f", before `{safe(names[1])}`" if len(names) > 1 else ""
    return f"experiment `{safe(entry.slug)}`{before} ({entry.body.status})"


def _span(statistics: Statistics) -> str:
    days = f"{statistics.days:,} day{'s' * (statistics.days != 1)}"
    first, last = statistics.first[:10], statistics.last[:10]
    when = f"{first} to {last}" if first != last else first
    return f"{statistics.calls:,} calls on {days}, {when}"


def _sections(entry: Entry[Any], statistics: Statistics) -> list[_Section]:
    control, *others = statistics.variants
    sections = [_variants(statistics.variants), _figures(statistics.variants), _versions(statistics.variants)]
    sections += [_comparisons(control.variant, each.variant, statistics.comparisons) for each in others]
    sections += [_assignment(statistics), _apart(statistics), _method(statistics)]
    return [section for section in sections if section.rows or section.lines]


def _variants(variants: Sequence[VariantFigures]) -> _Section:
    """List how many calls each variant had, and how many of them have no figure."""
    section = _Section("Variants", ("", "weight", "slots", "calls", "failed", "no cost", "rejected", "cancelled"))
    for figures in variants:
        counts = [figures.slots, figures.calls, figures.failed]
        counts += [figures.cost_unknown, figures.rejected, figures.cancelled]
        weight = f"{format_decimal(figures.weight_bp, 2)} %"
        section.rows.append((safe(figures.variant), weight, *(f"{count:,}" for count in counts)))
    return section


def _figures(variants: Sequence[VariantFigures]) -> _Section:
    """List each figure of each variant, with its interval."""
    section = _Section("Figures", ("", "variant", "", "from", "to"))
    for title, name, shown in (
        ("failed", "failures", _percent),
        ("p50 ms", "p50_ms", _whole),
        ("p95 ms", "p95_ms", _whole),
        ("cost a call", "cost_usd", _dollars),
    ):
        for place, figures in enumerate(variants):
            estimate: Estimate | None = getattr(figures, name)
            ends = (None, None, None) if estimate is None else (estimate.value, estimate.low, estimate.high)
            cells = ["–" if end is None else shown(end) for end in ends]
            section.rows.append(("" if place else title, safe(figures.variant), *cells))
    return section


def _versions(variants: Sequence[VariantFigures]) -> _Section:
    """List the versions where a variant served several: its figures are of all of them together."""
    section = _Section("Versions", ("", "version", "model", "calls", "failed", "first day", "last day"))
    for figures in variants:
        if len(figures.versions) > 1:
            section.rows += [
                (
                    safe(figures.variant),
                    str(version.version),
                    safe(version.model or "not declared"),
                    f"{version.calls:,}",
                    _percent(version.failed / version.calls),
                    version.first,
                    version.last,
                )
                for version in figures.versions
            ]
    if section.rows:
        section.lines.append(
            "the figures of a variant are of all its versions together; --since takes later ones alone"
        )
    return section


def _comparisons(control: str, id: str, comparisons: Sequence[Comparison]) -> _Section:
    """List how a variant compares with the control."""
    section = _Section(
        f"`{safe(id)}` against `{safe(control)}`", ("", safe(control), safe(id), "difference", "from", "to", "p", "")
    )
    for comparison in comparisons:
        if comparison.variant != id or (comparison.control_value is None and comparison.value is None):
            continue
        is_cost = comparison.metric == "cost"
        shown = _dollars if is_cost else _percent
        values = (comparison.control_value, comparison.value)
        ends = (comparison.difference, comparison.low, comparison.high)
        section.rows.append(
            (
                _what(comparison),
                *("–" if value is None else shown(value) for value in values),
                *("–" if value is None else _signed(value, _dollars if is_cost else _points) for value in ends),
                "–" if comparison.p is None else _p(comparison.p),
                _verdict(comparison),
            )
        )
    return section


def _what(comparison: Comparison) -> str:
    if comparison.metric == "failures":
        return "failed"
    if comparison.metric == "cost":
        return "cost a call"
    return f"over {comparison.threshold_ms:,} ms ({comparison.metric.removeprefix('slower_than_')})"


def _verdict(comparison: Comparison) -> str:
    if comparison.p is None:
        return f"fewer than {LEAST_SLOTS} slots"
    return "differs" if comparison.is_significant else "open"


def _assignment(statistics: Statistics) -> _Section:
    assignment = statistics.assignment
    section = _Section("Assignment", ("", "weight", "slots seen", "", "calls", ""))
    slots, calls = (max(1, sum(counts.values())) for counts in (assignment.seen, assignment.calls))
    for figures in statistics.variants:
        seen, made = assignment.seen[figures.variant], assignment.calls[figures.variant]
        weight = f"{format_decimal(figures.weight_bp, 2)} %"
        section.rows.append(
            (
                safe(figures.variant),
                weight,
                f"{seen:,}",
                _percent(seen / slots),
                f"{made:,}",
                _percent(made / calls),
            )
        )
    by_calls = "" if assignment.calls_p is None else f", by calls p = {_p(assignment.calls_p)}"
    fits = f"by slots p = {_p(assignment.p)}{by_calls}"
    if assignment.findings:
        section.lines += [f"DOES NOT FIT ({fits}): do not trust the comparisons", *assignment.findings]
    else:
        section.lines.append(f"fits the weights ({fits})")
    if assignment.moved:
        section.lines.append(
            f"{assignment.moved:,} slots had another variant at some time than the YAML gives them, or lie between "
            f"such; their {assignment.moved_calls:,} calls are in no comparison (--since the day after a "
            "reweighting takes them in)"
        )
    return section


def _apart(statistics: Statistics) -> _Section:
    apart = [(reason, statistics.apart.get(reason, 0)) for reason in _APART]
    return _Section(
        "Counted apart, in no comparison", lines=[f"{count:,} {_APART[reason]}" for reason, count in apart if count]
    )


def _method(statistics: Statistics) -> _Section:
    count = len(METRICS) * max(1, len(statistics.variants) - 1)
    return _Section(
        "How to read it",
        lines=[
            f"The page may be looked at every day: of experiments without any difference at most {LEVEL * 100:.0f} % "
            f"ever show one, over all looks and all {count} comparisons (p counts them in). `open` means that none is "
            "seen yet. Units keep their slot, so slots are compared, not calls.",
            "Latency is that of calls which were answered; `over 900 ms (p95)` is the share of them that was slower "
            "than the p95 of both together. Differences of shares are in points.",
            f"Intervals: {sequential.SOURCE}. Assignment: {mismatch.SOURCE}.",
        ],
    )


def _percent(value: float) -> str:
    return f"{value * 100:.2f} %"


def _points(value: float) -> str:
    """Return a difference of percentages, in points."""
    return f"{value * 100:.2f}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _dollars(value: float) -> str:
    """Return an amount in dollars with three digits that count, and at least cents.

    One that would be long is written shortly: `$1.20e-6`.
    """
    if value != 0 and not _LEAST_USD <= abs(value) < _MOST_USD:
        digits, exponent = f"{value:.2e}".split("e")
        text = f"${digits}e{int(exponent)}"
    else:
        decimals = 2 if value == 0 else max(2, 2 - floor(log10(abs(value))))
        text = f"${value:,.{decimals}f}"
    return text.replace("$-", "-$")


def _signed(value: float, shown: Any) -> str:
    text = str(shown(value))
    return text if value < 0 else f"+{text}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
