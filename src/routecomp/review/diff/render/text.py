"""Render a difference for a terminal of 100 columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from routecomp.diagnostics.render.shown import visible, width
from routecomp.review.analysis.report import MoveRow
from routecomp.review.diff.difference import CHANGES, Difference, Group, MoveLines, Row, Severity
from routecomp.review.diff.render.sql import body_statements, migration_title, shown_migrations, visible_lines
from routecomp.review.diff.render.wording import (
    MOVES,
    SECURITY_TITLE,
    condition_text,
    decision_texts,
    decisions_line,
    headline,
    is_outside,
    judged_lines,
    line_text,
    lines_note,
    listed_groups,
    listed_moves,
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

COLUMNS = 100
DEFAULT_LIMIT = 50
SQL_LIMIT = 12
NO_LIMIT = 1_000_000_000
"""A limit above this asks for everything, with each SQL statement whole."""
_COLORS = {Severity.BREAKING: "1;31", Severity.BEHAVIOURAL: "1;33", Severity.COSMETIC: "2"}


def render(difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """Write the report with at most `limit` rows and as many groups; None is `DEFAULT_LIMIT`.

    `limit` bounds the SQL statements too, of which None shows `SQL_LIMIT`.
    """
    row_limit = DEFAULT_LIMIT if limit is None else limit
    lines = [*wrapped_lines(headline(difference, visible), "")]
    if difference.changed:
        lines += wrapped_lines(decisions_line(difference), "")
    security, left_out = take_first(difference.security, row_limit)
    if security:
        lines += ["", _bold(SECURITY_TITLE, color), *_rows(security, color), *_left_out(left_out, "change")]
    for refusal in difference.refused:
        lines += ["", *wrapped_lines(f"error[{refusal.rule}]: {visible(refusal.message)}", "")]
        lines.append(f"  {span_text(refusal.span)}")
    rows, left_out = take_first(difference.other_rows, row_limit)
    if rows:
        lines += ["", _bold("What changes", color), *_rows(rows, color), *_left_out(left_out, "change")]
    groups, left_out = take_first(listed_groups(difference), row_limit)
    minor_changes = minor_changes_line(difference)
    if groups or minor_changes:
        lines += ["", _bold("Decisions that change", color)]
        for group in groups:
            lines += _group(group, color)
        lines += [*_left_out(left_out, "group"), *(wrapped_lines(minor_changes, "  ") if minor_changes else [])]
    moves, left_out = listed_moves(difference, limit)
    if moves:
        lines += ["", _bold("Calls that move, of all that may be made", color)]
        for number, (row, causes) in enumerate(zip(moves, move_lines(difference), strict=False)):
            mark = f"{_color('not allowed', Severity.BREAKING, color)} " if is_outside(difference, number) else ""
            lines += [*move_text_lines(row, mark), *_causes(causes)]
        lines += _left_out(left_out, "move")
    if line := moves_line(difference):
        lines += ["", *wrapped_lines(line, "")]
    for line in judged_lines(difference, visible):
        lines += wrapped_lines(line, "")
    if difference.waivers:
        lines += ["", _bold("Waivers in force", color)]
        for waiver in difference.waivers:
            lines += [
                *wrapped_lines(f"{waiver.rule} until {waiver.until.isoformat()}: {visible(waiver.reason)}", "  "),
                f"    {span_text(waiver.span)}",
            ]
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


def _rows(rows: list[Row], color: bool) -> Iterator[str]:
    """Yield the lines of the rows; rows of one entry stand below its name."""
    for (severity, kind, name), entry_rows in groupby(rows, lambda row: (row.severity, row.kind, row.name)):
        title = f"{kind} `{visible(name)}`" if kind != name else f"`{name}`"
        entry_list = list(entry_rows)
        word = f"{_security(color)} " if entry_list[0].is_security else ""
        if not word or severity is Severity.BREAKING:
            word += f"{_severity(severity, color)} "
        yield from wrapped_lines(f"{word}{title}", "  ")
        for row in entry_list:
            yield from wrapped_lines(change_text(row), "    ")
            if row.note:
                yield from wrapped_lines(visible(row.note), "      ")
            places = filter(None, (span_text(row.old_span), span_text(row.new_span)))
            if row.old_span is not None or row.new_span is not None:
                yield from wrapped_lines(" → ".join(places), "      ")


def change_text(row: Row) -> str:
    if row.before is None and row.after is None:
        return row.what
    before, after = (_value_text(value) for value in (row.before, row.after))
    return f"{visible(row.what)}: {before} → {after}"


def _value_text(value: str | None) -> str:
    return "(none)" if value is None else visible(value) if value else '""'


def _group(group: Group, color: bool) -> Iterator[str]:
    before, after = decision_texts(group, visible)
    yield from wrapped_lines(
        f"{_severity(group.severity, color)} {group.argument} `{visible(group.name)}`: {CHANGES[group.change]}", "  "
    )
    yield from wrapped_lines(f"{before} → {after}" if group.change != "chain" else before, "    ")
    if group.change == "chain":
        yield from wrapped_lines(f"now {after}", "    ")
    condition = condition_text(group, visible)
    yield from wrapped_lines(
        f"for {callers_text(group.callers, visible)}{'; ' + condition if condition else ''}", "    "
    )
    # Never wrapped: people copy it.
    gates = "".join(f" {gate}=1" for gate in group.gates)
    yield f"    {witness_text(group)}{'   (with' + gates + ')' if gates else ''}"


def move_text_lines(row: MoveRow, mark: str = "") -> Iterator[str]:
    yield from wrapped_lines(f"{mark}{MOVES[row.move.change]}: {move_text(row, visible)}", "  ")
    yield from wrapped_lines(move_callers(row, visible), "    ")
    if row.conditions:
        yield from wrapped_lines("when " + ", ".join(row.conditions), "    ")
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
