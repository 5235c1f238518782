"""Render a difference as a SARIF 2.1.0 log: security first, then what is not allowed, then the moves as notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity
from routecomp.diagnostics.render import sarif
from routecomp.diagnostics.render.shown import visible, where
from routecomp.review.analysis.report import MOST_ROWS, MoveRow
from routecomp.review.diff.difference import Difference, MoveLines, Row
from routecomp.review.diff.render.text import change_text
from routecomp.review.diff.render.wording import (
    MOVES,
    is_outside,
    line_text,
    lines_note,
    move_callers,
    move_lines,
    move_text,
    move_witness,
    moves_line,
    take_first,
)
from routecomp.rules.registry import Rules
from routecomp.version import __version__

NOTES = ("RC821",)
"""The rules whose findings are notes: a move is nothing wrong."""
_RULES = ("RC821", "RC822", "RC823", "RC824", "RC825")
_MOST_LABELS = 5


def render(difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """Write the log with at most `limit` security changes and as many moves, by default `MOST_ROWS`.

    `color` does nothing.
    """
    return log(difference, findings(difference, limit), limit)


def log(difference: Difference, diagnostics: Sequence[Diagnostic], limit: int | None = None) -> str:
    """Write the log of a difference whose findings, with at most `limit` moves, these are."""
    moves, rules = difference.moves, Rules()
    properties: dict[str, Any] = {"changed": difference.changed, "moves": None}
    if moves is not None:
        properties["moves"] = {
            "proven": moves.is_proven,
            "views": moves.views,
            "unproven": moves.unproven,
            "samples": moves.samples,
            "seed": moves.seed,
            "space": moves.space,
            "chains": moves.chains,
            "count": len(moves.rows),
            "left_out": take_first(moves.rows, MOST_ROWS if limit is None else limit)[1],
        }
    return sarif.render(
        diagnostics,
        {id: rules[id] for id in sorted({*_RULES, *(diagnostic.rule for diagnostic in diagnostics)})},
        color=False,
        version=__version__,
        checked=0,
        notes=NOTES,
        properties=properties,
    )


def findings(difference: Difference, limit: int | None = None) -> list[Diagnostic]:
    """Return a difference as findings, each at a place of the project."""
    most = MOST_ROWS if limit is None else limit
    security, left_out = take_first(difference.security, most)
    diagnostics = [_security(row) for row in security]
    if left_out:
        message = f"and {left_out:,} more changes of where requests and keys go: `routecomp diff --all` shows all"
        diagnostics.append(Diagnostic("RC825", Severity.WARNING, message, None))
    diagnostics += difference.refused
    diagnostics += [_placed(finding) for finding in difference.judged.findings]
    diagnostics += _broken(difference)
    return diagnostics + list(_moves(difference, most))


def _security(row: Row) -> Diagnostic:
    """Return a change of where requests and keys go."""
    text = f"{row.kind} {visible(row.name)}: {change_text(row)}"
    return Diagnostic("RC825", Severity.WARNING, text, row.new_span, visible(row.note))


def _placed(finding: Diagnostic) -> Diagnostic:
    """Return a finding whose place is in a file; of another text, such as a pull request's, words say where it is."""
    if finding.span is None or finding.span.path.endswith((".yaml", ".yml")):
        return finding
    return replace(finding, message=f"{where(finding.span)}: {finding.message}", span=None, labels=(), fix=None)


def _broken(difference: Difference) -> Iterator[Diagnostic]:
    """Yield what was sampled, and each guard that is broken and of which no move tells."""
    moves = difference.moves
    if moves is not None and not moves.is_proven:
        yield Diagnostic("RC823", Severity.WARNING, moves_line(difference), None)
    for guard in difference.judged.broken:
        if not guard.moves:
            yield Diagnostic("RC822", Severity.ERROR, guard.words, None)


def _moves(difference: Difference, most: int) -> Iterator[Diagnostic]:
    """Yield the moves, those that are not allowed as errors."""
    rows = [] if difference.moves is None else difference.moves.rows[:most]
    for number, (row, lines) in enumerate(zip(rows, move_lines(difference), strict=False)):
        rule, severity = ("RC822", Severity.ERROR) if is_outside(difference, number) else ("RC821", Severity.WARNING)
        spans = () if lines is None else lines.spans
        labels = tuple(Label(span, "and here") for span in spans[1 : _MOST_LABELS + 1])
        text = "\n".join([*_words(row, is_allowed=rule == "RC821"), *_lines(lines)])
        yield Diagnostic(rule, severity, text, spans[0] if spans else None, labels=labels)


def _words(row: MoveRow, *, is_allowed: bool) -> Iterator[str]:
    mark = "" if is_allowed else "not allowed: "
    yield f"{mark}{MOVES[row.move.change]}: {move_text(row, visible)}"
    yield move_callers(row, visible)
    if row.conditions:
        yield "when " + ", ".join(row.conditions)
    yield move_witness(row)


def _lines(lines: MoveLines | None) -> Iterable[str]:
    note = lines_note(lines)
    return [*(line_text(line) for line in (() if lines is None else lines.lines)), *([note] if note else [])]
