"""Write the sentences that all formats for people share.

`quote` is how a format shows a value that authors chose.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from routecomp.diagnostics.render.shown import place, visible
from routecomp.review.analysis.report import MOST_ROWS, MoveReport, MoveRow, request_json
from routecomp.review.diff.decisions.compiled_side import PREFERENCES
from routecomp.review.diff.difference import Caller, ChangedLine, Difference, Group, MoveLines, Severity
from routecomp.review.diff.rows.text import callers_text, count_noun
from routecomp.review.diff.rows.url import safe_text
from routecomp.rules.lookup import share
from routecomp.runtime.resolver import Decision
from routecomp.source.text import Span

T = TypeVar("T")
Quote = Callable[[str], str]
_MOST_NAMES = 8
"""Models of a move that are named; further ones are counted."""
SECURITY_TITLE = "Security: where requests and keys go"


def headline(difference: Difference, quote: Quote) -> str:
    """Sum up a difference in one sentence: how many changes of each severity, or that nothing changes."""
    preposition, _, name = difference.where.partition(" ")  # `on main`: only the name is a value
    where = f"{preposition} {quote(name)}"
    if not difference.changed:
        return f"Compared with what is {where}: nothing changes."
    counts = difference.counts()
    parts = [f"{counts[severity]:,} {severity}" for severity in Severity if counts[severity]]
    noun = "change" if sum(counts.values()) == 1 else "changes"
    summary = f"{', '.join(parts)} {noun}" if parts else "another table"
    if difference.security:
        summary += f", {len(difference.security):,} of them security"
    return f"Compared with what is {where}: {summary}."


def decisions_line(difference: Difference) -> str:
    """Say how many compared decisions change, how many more change with hints, and how many hints were not tried."""
    decisions = difference.decisions
    verb = "changes" if decisions.changed == 1 else "change"
    text = f"{decisions.changed:,} of {count_noun(decisions.compared, 'decision')} {verb}"
    hinted = sum(
        case.caller.size
        for group in decisions.groups
        for case in group.cases
        if any(key != "unit" for key, _ in case.hints)
    )
    if hinted:
        text += f"; with hints that tell the sides apart, {hinted:,} more"
    if decisions.hints_left_out:
        text += f" ({count_noun(decisions.hints_left_out, 'further hint')} not tried)"
    return text + "."


def listed_groups(difference: Difference) -> list[Group]:
    """Return the groups that a report lists. `minor_changes_line` counts the others: their model and chain stay."""
    return [group for group in difference.decisions.groups if group.change != "said"]


def minor_changes_line(difference: Difference) -> str:
    """Say how many decisions change without another model or chain; empty where none do."""
    count = sum(group.count for group in difference.decisions.groups if group.change == "said")
    if not count:
        return ""
    return f"{count_noun(count, 'decision')} with the same model and chain differ in floor, variant or reasons."


def decision_texts(group: Group, quote: Quote) -> tuple[str, str]:
    """Write the decisions of a group before and after: models or statuses, or the chain or the fields that differ."""
    before, after = group.before, group.after
    if group.change == "chain":
        return quote(" → ".join(before.chain)), quote(" → ".join(after.chain))
    if group.change in ("endpoint", "said"):
        fields = [field for field in before._fields if getattr(before, field) != getattr(after, field)]
        return _fields_text(before, fields, quote), _fields_text(after, fields, quote)
    return _outcome_text(before, quote), _outcome_text(after, quote)


def _outcome_text(decision: Decision, quote: Quote) -> str:
    """Write the model of a decision, or the status that says why there is none."""
    return quote(decision.model or "") if decision.status == "ok" else decision.status


def _fields_text(decision: Decision, fields: Sequence[str], quote: Quote) -> str:
    """Write these fields of a decision; `none` for an empty one, the floor as a share."""
    parts = []
    for field in fields:
        value = getattr(decision, field)
        if value is None or value == ():
            text = "none"
        elif field == "floor_bp":
            text = share(value)
        else:
            text = " ".join(value) if isinstance(value, tuple) else safe_text(str(value))
        parts.append(f"{'floor' if field == 'floor_bp' else field} {quote(text)}")
    return ", ".join(parts)


def condition_text(group: Group, quote: Quote) -> str:
    """Write which requests a group is about: hints, preferences, units; empty where it is every request."""
    parts = []
    hints = [f"{key} {quote(_hint_text(value))}" for key, value in group.cases[0].hints if key != "unit"]
    if hints:
        parts.append("with " + ", ".join(hints))
    elif len(group.preferences) < len(PREFERENCES):
        words = ["no preference" if preference is None else preference for preference in group.preferences]
        parts.append(("preference " if group.preferences[0] is not None else "") + " or ".join(words))
    elif len({(case.caller, case.preference) for case in group.cases}) < len(group.callers) * len(PREFERENCES):
        parts.append("not at every preference")
    if any(key == "unit" for case in group.cases for key, _ in case.hints):
        parts.append("by unit" if not all(case.hints for case in group.cases) else "for some units")
    return ", ".join(parts)


def _hint_text(value: object) -> str:
    return "true" if value is True else " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def witness_text(group: Group) -> str:
    """Write the witness of a group as JSON on one line, as `routecomp resolve` reads it."""
    return json.dumps(group.witness)


MOVES = {
    "rejected": "answered before, rejected now",
    "answered": "rejected before, answered now",
    "pick": "another model",
    "endpoint": "the same model at another endpoint",
    "chain": "the same model, other fallbacks",
    "refusal": "rejected as before, for another reason",
    "mirrors": "the same model and chain, other shadows",
    "said": "the same model and chain; variant or reasons differ",
}
"""Every change of a move, with its text for people."""


def listed_moves(difference: Difference, limit: int | None) -> tuple[list[MoveRow], int]:
    """Return the moves that a report lists, by default `MOST_ROWS`, and how many it leaves out."""
    if difference.moves is None:
        return [], 0
    return take_first(difference.moves.rows, MOST_ROWS if limit is None else limit)


def moves_line(difference: Difference) -> str:
    """Say for how many views all requests were compared, and whether that is a proof; empty where it was not asked."""
    moves = difference.moves
    if moves is None:
        return ""
    if not moves.is_proven:
        return sampled_line(moves)
    if moves.chains:
        what = "Everything else is unchanged" if moves.rows else "No decision changes"
    else:
        what = "No other pick changes" if moves.rows else "No pick changes"
    more = "" if moves.chains else "; fallbacks were not compared (--moves chains)"
    return f"{what}, proven: all {moves.views:,} views (policy × route), {moves.space}{more}."


def sampled_line(moves: MoveReport) -> str:
    """Say how much of a comparison of all requests is no proof."""
    asked = f"{moves.samples} random requests of each (seed {moves.seed})"
    return (
        f"sampled, not proven: {moves.unproven:,} of {moves.views:,} views (policy × route) were over the bound; "
        f"{asked} were compared."
    )


def move_text(row: MoveRow, quote: Quote) -> str:
    """Write what a move changes: models, statuses or what only one side has."""
    move = row.move
    if move.change in ("chain", "mirrors", "said"):
        parts = [
            f"{word} {_names(names, quote)}"
            for word, names in (("without", move.left), ("with", move.entered))
            if names
        ]
        return f"{quote(move.before)}, {' and '.join(parts) or 'in another order'}"
    return f"{quote(move.before)} → {quote(move.after)}"


def _names(names: Sequence[str], quote: Quote) -> str:
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(map(quote, names[:_MOST_NAMES])) + more


def move_callers(row: MoveRow, quote: Quote) -> str:
    """Write who moves, by which names."""
    caller = Caller(row.callers, row.without_tenant, row.undeclared, None)
    names = [f"{argument} {quote(name)}" for argument, name in row.names]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
    return f"{shown}; for {callers_text([caller], quote)}"


def move_lines(difference: Difference) -> list[MoveLines | None]:
    """Return the lines of YAML of each move; no lines for those that none are looked for, None for those left out."""
    if difference.moves is None:
        return []
    lines = list(difference.lines)
    return lines + [MoveLines(())] * (len(difference.moves.rows) - len(lines))


def is_outside(difference: Difference, number: int) -> bool:
    """Return whether a move, by its number in the report, is one that is not allowed."""
    return number < difference.judged.outside


def judged_lines(difference: Difference, quote: Quote) -> list[str]:
    """Say what is declared to move, and which guards are broken."""
    judged = difference.judged
    lines = [f"Declared to move ({quote(intent.where)}): {quote(intent.words)}." for intent in judged.intents]
    for guard in judged.broken:
        shown = f": {quote(guard.request)}" if guard.request else ""
        more = f" ({guard.moves:,} moves in all)" if guard.moves > 1 else ""
        lines.append(f"Not allowed: {quote(guard.words)}{shown}{more}.")
    return lines


def lines_note(lines: MoveLines | None) -> str:
    """Say which lines of a move are not shown; empty where all are."""
    if lines is None:
        return "its lines were not looked for: that took too long"
    return f"… and {count_noun(lines.left_out, 'more changed value')}" if lines.left_out else ""


def line_text(line: ChangedLine) -> str:
    """Write a line of YAML with its place."""
    return f"{line.sign} {visible(line.path)}:{line.line}  {visible(line.text)}"


def move_witness(row: MoveRow) -> str:
    """Write the request that shows a move as JSON on one line, as `routecomp resolve` reads it."""
    return request_json(row.request)


def span_text(span: Span | None) -> str:
    """Write a place as `file:line` with visible characters; empty where there is none."""
    return "" if span is None else f"{visible(span.path)}:{place(span).line}"


def take_first(items: Iterable[T], limit: int | None) -> tuple[list[T], int]:
    """Return the first `limit` items (None: all), and how many are left out."""
    every = list(items)
    return (every, 0) if limit is None else (every[:limit], max(0, len(every) - limit))
