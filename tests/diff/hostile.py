"""Make differences in which every name and value is hostile, with moves, their lines, and broken guards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routecomp.model.vocabulary import MOVE_CHANGES
from routecomp.review.analysis.guards import Broken, IntentWords, Judged
from routecomp.review.analysis.moves import Move
from routecomp.review.analysis.report import MoveReport, MoveRow
from routecomp.review.diff.difference import ChangedLine, Decisions, Difference, MoveLines, Row, Severity
from routecomp.runtime.resolver import Decision
from routecomp.source.text import SourceFile, Span


def hostile_difference(texts: Sequence[str], copies: int = 1, outside: int = 1) -> Difference:
    """Make a difference with a security row, another row and a move for each text and copy."""
    file = SourceFile(f"routes/{texts[0]}.yaml", "x: y\n" * 9)
    span = Span(file, 0, 1)
    rows, moves, lines = [], [], []
    for number in range(copies):
        for at, text in enumerate(texts):
            other = texts[at - 1]
            severity = Severity.BEHAVIOURAL
            rows.append(Row("host", text, "gets requests of", other, text, severity, other, None, span, True))
            rows.append(Row("feature", text, text, other, text, Severity.BREAKING, text, span, span))
            names = tuple(("model", f"{text}{n}") for n in range(9))
            was, now = (Decision("ok", "feature", "table", each, chain=(each,)) for each in (text, other))
            request = {"model": text, "tenant": other, "stack": text, "capabilities": [text, other]}
            change = MOVE_CHANGES[(number + at) % len(MOVE_CHANGES)]
            move = Move(change, text, other, (text,) * 30, (other,) * 30)
            callers = tuple(f"{other}{n}" for n in range(40))
            condition = (f"stack `{text}`, or none",)
            moves.append(MoveRow(move, names, callers, True, True, condition, request, was, now, 9))
            shown = [ChangedLine(sign, file.path, 1, text) for sign in "-+ -+-"]
            lines.append(None if (number + at) % 7 == 6 else MoveLines(tuple(shown), 3, (span, span)))
    report = MoveReport(tuple(moves), 900, 0, "every request")
    broken = (Broken(texts[0], '{"model": "x"}', 7), Broken(texts[-1]))
    judged = Judged(broken, outside, (IntentWords(texts[0], texts[-1]),))
    decisions = Decisions((), 10, 5, 1)
    return Difference(
        f"on {texts[0]}", "a", "b", tuple(rows), decisions, moves=report, lines=tuple(lines[:30]), judged=judged
    )


def sampled(difference: Difference) -> Difference:
    """Return a difference whose comparison was over the bound."""
    assert difference.moves is not None
    return replace(difference, moves=replace(difference.moves, unproven=17, samples=50, seed=4711))
