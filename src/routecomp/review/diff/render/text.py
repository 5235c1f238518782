"""Render a difference for a terminal of 100 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render.shown import visible, width
from routecomp.review.analysis.report import MOST_ROWS, MoveRow
from routecomp.review.diff.difference import CHANGES, Difference, Group, MoveLines, Row, Severity
from routecomp.review.diff.render.sql import body_statements, migration_title, shown_migrations, visible_lines
from routecomp.review.diff.render.wording import (
    MOVES,
    SECURITY_TITLE,
    Quote,
    condition_text,
    decision_texts,
    decisions_line,
    headline,
    is_outside,
    judged_lines,
    line_text,
    lines_note,
    listed_groups,
    minor_changes_line,
    move_callers,
    move_lines,
    move_text,
    move_witness,
    moves_line,
    span_text,
    take_first,
    witness_text,
)
from routecomp.review.diff.rows.text import callers_text, count_noun
from routecomp.rules.waivers import Waiver

T = TypeVar("T")
COLUMNS = 100
DEFAULT_LIMIT = 50
_ROOM = {"change": 8_000, "finding": 4_000, "group": 9_000, "move": 22_000, "waiver": 4_000}
"""Characters that a list may take by default; together, and with the rest, at most 60,000."""
_MOST_SHOWN = 600
"""Characters of a value that are shown by default."""
_LONGEST_NAME = 100
"""Characters of a name in a move that are shown by default; its request has it whole."""
SQL_LIMIT = 12
NO_LIMIT = 1_000_000_000
"""A limit above this asks for everything, with each SQL statement whole."""
_COLORS = {Severity.BREAKING: "1;31", Severity.BEHAVIOURAL: "1;33", Severity.COSMETIC: "2"}


def render(difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """Write the report with at most `limit` rows and as many groups; None is `DEFAULT_LIMIT`.

    `limit` bounds the SQL statements too, of which None shows `SQL_LIMIT`.
    """
    row_limit, is_bounded = (DEFAULT_LIMIT, True) if limit is None else (limit, False)
    lines = [*wrapped_lines(headline(difference, visible), "")]
    if difference.changed:
        lines += wrapped_lines(decisions_line(difference), "")

    def quote(text: str) -> str:
        return _cut_value(visible(text)) if is_bounded else visible(text)

    def names(text: str) -> str:
        return _cut_value(visible(text), _LONGEST_NAME) if is_bounded else visible(text)

    def listed(title: str, items: Sequence[T], write: Callable[[Sequence[T]], list[str]], noun: str) -> list[str]:
        """Return the lines of a list: as many items as the limit and, by default, the room of the list allow."""
        shown, left_out = take_first(items, min(row_limit, MOST_ROWS) if is_bounded and noun == "move" else row_limit)
        if is_bounded:
            count = _fitting(shown, write, _ROOM[noun])
            shown, left_out = shown[:count], left_out + len(shown) - count
        if not shown and not left_out:
            return []
        return ["", _bold(title, color), *write(shown), *_left_out(left_out, noun)]

    def rows_lines(rows: Sequence[Row]) -> list[str]:
        return list(_rows(rows, color, quote))

    def group_lines(groups: Sequence[Group]) -> list[str]:
        return [line for group in groups for line in _group(group, color, quote)]

    def move_rows_lines(moves: Sequence[tuple[MoveRow, MoveLines | None, str]]) -> list[str]:
        return [line for row, causes, mark in moves for line in (*move_text_lines(row, mark, names), *_causes(causes))]

    def refused_lines(refused: Sequence[Diagnostic]) -> list[str]:
        return [line for refusal in refused for line in _refusal(refusal)]

    def waiver_lines(waivers: Sequence[Waiver]) -> list[str]:
        return [line for waiver in waivers for line in _waiver(waiver)]

    lines += listed(SECURITY_TITLE, difference.security, rows_lines, "change")
    refused = difference.refused
    count = _fitting(refused, refused_lines, _ROOM["finding"]) if is_bounded else len(refused)
    lines += [*refused_lines(refused[:count]), *_left_out(len(refused) - count, "finding")]
    lines += listed("What changes", difference.other_rows, rows_lines, "change")
    group_part = listed("Decisions that change", listed_groups(difference), group_lines, "group")
    if minor_changes := minor_changes_line(difference):
        group_part = group_part or ["", _bold("Decisions that change", color)]
        group_part += wrapped_lines(minor_changes, "  ")
    lines += group_part
    lines += listed("Calls that move, of all that may be made", _marked(difference, color), move_rows_lines, "move")
    if line := moves_line(difference):
        lines += ["", *wrapped_lines(line, "")]
    for line in judged_lines(difference, visible):
        lines += wrapped_lines(line, "")
    lines += listed("Waivers in force", difference.waivers, waiver_lines, "waiver")
    for migration in shown_migrations(difference):
        title = f"SQL that runs when this is merged: {migration_title(migration)}"
        lines += ["", _bold(title, color), *_sql(body_statements(migration), limit)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _sql(statements: list[str], limit: int | None) -> Iterator[str]:
    """Yield the statements cut to one line each, at most `limit` of them; whole where `limit` is above `NO_LIMIT`."""
    if limit is not None and limit > NO_LIMIT:
        for statement in statements:
            yield from (f"  {line}" for line in visible_lines(statement))
        return
    shown, left_out = take_first(statements, SQL_LIMIT if limit is None else limit)
    for statement in shown:
        yield _cut(f"  {visible(' '.join(statement.split()))}")
    more = f"… and {count_noun(left_out, 'more statement')}: " if left_out else ""
    yield f"  {more}--all shows them whole"


def _marked(difference: Difference, color: bool) -> list[tuple[MoveRow, MoveLines | None, str]]:
    """Return the moves, by default the first ones, with their lines, and a mark at those that are not allowed."""
    if difference.moves is None:
        return []
    mark = f"{_color('not allowed', Severity.BREAKING, color)}: "
    return [
        (row, causes, mark if is_outside(difference, number) else "")
        for number, (row, causes) in enumerate(zip(difference.moves.rows, move_lines(difference), strict=True))
    ]


def _fitting(items: Sequence[T], write: Callable[[Sequence[T]], list[str]], room: int) -> int:
    """Return how many of some items, from the first on, can be written with so many characters."""
    for count, item in enumerate(items):
        room -= sum(len(line) + 1 for line in write([item]))
        if room < 0:
            return count
    return len(items)


def _refusal(refusal: Diagnostic) -> Iterator[str]:
    yield ""
    yield from wrapped_lines(f"error[{refusal.rule}]: {visible(refusal.message)}", "")
    yield f"  {span_text(refusal.span)}"


def _waiver(waiver: Waiver) -> Iterator[str]:
    yield from wrapped_lines(f"{waiver.rule} until {waiver.until.isoformat()}: {visible(waiver.reason)}", "  ")
    yield f"    {span_text(waiver.span)}"


def _cut_value(text: str, most: int = _MOST_SHOWN) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _rows(rows: Sequence[Row], color: bool, quote: Quote) -> Iterator[str]:
    """Yield the lines of the rows; rows of one entry stand below its name."""
    for (severity, kind, name), entry_rows in groupby(rows, lambda row: (row.severity, row.kind, row.name)):
        title = f"{kind} `{visible(name)}`" if kind != name else f"`{name}`"
        entry_list = list(entry_rows)
        word = f"{_security(color)} " if entry_list[0].is_security else ""
        if not word or severity is Severity.BREAKING:
            word += f"{_severity(severity, color)} "
        yield from wrapped_lines(f"{word}{title}", "  ")
        for row in entry_list:
            yield from wrapped_lines(change_text(row, quote), "    ")
            if row.note:
                yield from wrapped_lines(quote(row.note), "      ")
            places = filter(None, (span_text(row.old_span), span_text(row.new_span)))
            if row.old_span is not None or row.new_span is not None:
                yield from wrapped_lines(" → ".join(places), "      ")


def change_text(row: Row, quote: Quote = visible) -> str:
    if row.before is None and row.after is None:
        return row.what
    before, after = ("(none)" if value is None else quote(value) or '""' for value in (row.before, row.after))
    return f"{visible(row.what)}: {before} → {after}"


def _group(group: Group, color: bool, quote: Quote) -> Iterator[str]:
    before, after = decision_texts(group, quote)
    yield from wrapped_lines(
        f"{_severity(group.severity, color)} {group.argument} `{visible(group.name)}`: {CHANGES[group.change]}", "  "
    )
    yield from wrapped_lines(f"{before} → {after}" if group.change != "chain" else before, "    ")
    if group.change == "chain":
        yield from wrapped_lines(f"now {after}", "    ")
    condition = condition_text(group, quote)
    yield from wrapped_lines(
        f"for {callers_text(group.callers, visible)}{'; ' + condition if condition else ''}", "    "
    )
    # Never wrapped: people copy it.
    gates = "".join(f" {gate}=1" for gate in group.gates)
    yield f"    {witness_text(group)}{'   (with' + gates + ')' if gates else ''}"


def move_text_lines(row: MoveRow, mark: str = "", quote: Quote = visible) -> Iterator[str]:
    yield from wrapped_lines(f"{mark}{MOVES[row.move.change]}: {move_text(row, quote)}", "  ")
    yield from wrapped_lines(move_callers(row, quote), "    ")
    if row.conditions:
        yield from wrapped_lines("when " + visible(", ".join(row.conditions)), "    ")
    yield f"    {move_witness(row)}"


def _causes(causes: MoveLines | None) -> Iterator[str]:
    """Yield the lines of YAML that cause a move, each cut to one line."""
    for line in () if causes is None else causes.lines:
        yield _cut(f"      {line_text(line)}")
    if note := lines_note(causes):
        yield f"      {note}"


def _cut(line: str) -> str:
    """Return a line of at most `COLUMNS`."""
    while _width(line) > COLUMNS:
        line = line[: COLUMNS - 1 if line.isascii() else len(line) - 2].removesuffix("…") + "…"
    return line


def _left_out(count: int, noun: str) -> list[str]:
    return [f"  … and {count_noun(count, 'more ' + noun)}: --all shows all"] if count else []


def _severity(severity: Severity, color: bool) -> str:
    return _color(str(severity), severity, color)


def _security(color: bool) -> str:
    return _color("security", Severity.BREAKING, color)


def _color(word: str, severity: Severity, color: bool) -> str:
    return f"\x1b[{_COLORS[severity]}m{word}\x1b[0m" if color else word


def _bold(text: str, color: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if color else text


def wrapped_lines(text: str, indent: str) -> list[str]:
    """Wrap a text into lines of at most `COLUMNS`; lines after the first are indented by two more columns."""
    lines: list[str] = []
    line, empty = indent, True
    for word in text.split(" "):
        if not empty and _width(line) + 1 + _width(word) > COLUMNS:
            lines.append(line)
            line, empty = indent + "  ", True
        line, empty = line + ("" if empty else " ") + word, False
        while _width(line) > COLUMNS:  # a word longer than a line is cut where the line ends
            cut = next(n for n in range(min(COLUMNS, len(line)), 0, -1) if width(line[:n]) <= COLUMNS)
            lines.append(line[:cut])
            line = indent + "  " + line[cut:]
    return [*lines, line]


def _width(text: str) -> int:
    """Return the columns that a text takes; color codes take none."""
    if "\x1b" in text:
        for code in (*_COLORS.values(), "0", "1"):
            text = text.replace(f"\x1b[{code}m", "")
    return width(text)
