"""Render a difference as one comment on a pull request, of bounded size, in the markdown of GitHub and GitLab.

INVARIANT: values that authors chose stand in code spans only, and their backticks, pipes, backslashes and line ends
are escaped. So a value can end neither its span nor its table cell, and cannot be a link, a mention or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from routecomp.diagnostics.render.shown import visible
from routecomp.review.analysis.report import MOST_ROWS, MoveRow
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
    minor_changes_line,
    move_callers,
    move_lines,
    move_text,
    move_witness,
    moves_line,
    span_text,
    witness_text,
)
from routecomp.review.diff.rows.text import callers_text, count_noun

MARKER = "<!-- routecomp-diff -->"
"""The first line of the comment, by which CI finds the comment to replace."""
MAX_BYTES = 60_000
"""The size of the comment. Hosts take 65,536 characters, and a text never has fewer bytes than characters."""
_MAX_VALUE = 160
"""Characters of a value that are shown."""
_MOST_JUDGED = 10
"""Lines on intents and guards that are shown."""
_MAX_LINE = 100
"""Characters of a line of YAML that are shown, its place among them."""
_OUR_WORDS = re.compile(r"(?:[A-Za-z0-9_ ,;()…-]|(?<=[0-9])\.(?=[0-9]))*")
"""What stands outside of the quotes of a condition: words and numbers, nothing that Markdown makes a link of."""
_ESCAPES = {"`": "\\x60", "|": "\\x7c", "\\": "\\x5c"}
_ESCAPE_TABLE = str.maketrans(_ESCAPES)
_SEVERITY_TEXT = {Severity.BREAKING: "**breaking**", Severity.BEHAVIOURAL: "behavioural", Severity.COSMETIC: "cosmetic"}


_List = tuple[list[str], Iterator[str], str]
"""The head lines of a list, its items, and the noun for one of them."""


def render(difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """Write the comment, of at most `MAX_BYTES`; each list has at most `limit` items and fits its size.

    If `limit` is None, only the size counts. `color` does nothing.
    """
    lines = [MARKER, "### Routing diff", "", headline(difference, code_span), ""]
    if difference.changed:
        minor_changes = minor_changes_line(difference)
        lines += [decisions_line(difference), "", *([minor_changes, ""] if minor_changes else [])]
    if line := moves_line(difference):
        lines += [line, ""]
    lines += [text for line in judged_lines(difference, code_span)[:_MOST_JUDGED] for text in (line, "")]
    spare = 0
    for make_list, size in _LISTS:
        head, items, noun = make_list(difference)
        room = size + spare
        list_lines, used = _fit(head, items, noun, room, limit)
        lines += list_lines
        spare = room - used
    text = "\n".join(lines).rstrip("\n") + "\n"
    return text + _sql(difference, MAX_BYTES - len(text.encode()) - 500, limit)


def _sql(difference: Difference, room: int, limit: int | None) -> str:
    """Write as many SQL statements as there is room for (bytes), folded, in a fence that none of them can close.

    The text is empty where there is no migration; `limit` is the most statements of each (None: all).
    """
    parts: list[str] = []
    for migration in shown_migrations(difference):
        every = ["\n".join(visible_lines(statement)) for statement in body_statements(migration)]
        kept: list[str] = []
        used, longest = 300, 2  # with the lines around the fence
        for statement in every:
            # The fence is longer than every run of backticks in it, above and below.
            ticks = max(longest, *map(len, re.findall("`+", statement)), 0)
            size = len(statement.encode()) + 2
            if used + size + 2 * ticks > room or (limit is not None and len(kept) >= limit):
                break
            kept.append(statement)
            used, longest = used + size, ticks
        body, fence = "\n\n".join(kept), "`" * (longest + 1)
        room -= used + 2 * longest
        left_out = len(every) - len(kept)
        more = [f"… and {count_noun(left_out, 'more statement')}, left out here: `routecomp diff --all` shows all.", ""]
        head = f"<summary>SQL that runs when this is merged: {escape(migration_title(migration))}</summary>"
        # Markdown needs the empty line behind the summary to see the fence.
        parts += ["", "<details>", head, "", f"{fence}sql", body, fence, "", *(more if left_out else []), "</details>"]
    return "\n".join(parts) + "\n" if parts else ""


def code_span(text: str) -> str:
    """Write a value as a code span that it cannot leave; special characters are escaped, a long value is cut.

    An empty value, and one with spaces at an end, stands in quotes.
    """
    shown = visible(text[: 2 * _MAX_VALUE].translate(_ESCAPE_TABLE))
    cut = len(shown) > _MAX_VALUE or len(text) > 2 * _MAX_VALUE
    shown = shown[:_MAX_VALUE] + "…" if cut else shown
    # Markdown drops spaces at both ends of a span: such a value is put in quotes.
    return f"`{shown}`" if shown.strip() and shown == shown.strip() else f'`"{shown}"`'


def _fit(head: list[str], items: Iterable[str], noun: str, room: int, limit: int | None) -> tuple[list[str], int]:
    """Return a list's lines and the bytes they take: as many items as fit, and a line on those left out.

    After the first item that does not fit none is shown. Without items the result is no line and 0.
    """
    lines: list[str] = []
    used = sum(len(line.encode()) + 1 for line in head) + 200  # with the line on what was left out
    left_out = 0
    for number, item in enumerate(items):
        size = len(item.encode()) + 1
        if left_out or used + size > room or (limit is not None and number >= limit):
            left_out += 1
            continue
        lines.append(item)
        used += size
    if not lines and not left_out:
        return [], 0
    more = [f"… and {count_noun(left_out, 'more ' + noun)}, left out here: `routecomp diff --all` shows all.", ""]
    return [*head, *lines, "", *(more if left_out else [])], used


def _refused(difference: Difference) -> _List:
    items = (
        f"- **{refusal.rule}** {code_span(refusal.message)} at {code_span(span_text(refusal.span))}"
        for refusal in difference.refused
    )
    return ["#### Refused by the rules of change", ""], items, "finding"


def _groups(difference: Difference) -> _List:
    head = [
        "#### Decisions that change",
        "",
        "| severity | call | before | after | for | try |",
        "|---|---|---|---|---|---|",
    ]
    return head, (_group(group) for group in listed_groups(difference)), "group"


def _group(group: Group) -> str:
    before, after = decision_texts(group, code_span)
    condition = condition_text(group, code_span)
    callers = callers_text(group.callers, code_span) + (f"; {condition}" if condition else "")
    request = witness_text(group)
    # A request that is cut or escaped cannot be run, so it is left out.
    shown = code_span(request) if len(request) <= _MAX_VALUE and not set(request) & set(_ESCAPES) else ""
    call = f"{group.argument} {code_span(group.name)}<br>{CHANGES[group.change]}"
    return f"| {_SEVERITY_TEXT[group.severity]} | {call} | {before} | {after} | {callers} | {shown} |"


def _moves(difference: Difference) -> _List:
    head = [
        "#### Calls that move, of all that may be made",
        "",
        "| change | what | who | when | try | lines |",
        "|---|---|---|---|---|---|",
    ]
    rows = [] if difference.moves is None else difference.moves.rows[:MOST_ROWS]
    marks = ["**not allowed**<br>" if is_outside(difference, number) else "" for number in range(len(rows))]
    return head, (_move(*each) for each in zip(rows, move_lines(difference), marks, strict=False)), "move"


def _move(row: MoveRow, causes: MoveLines | None, mark: str) -> str:
    when = "<br>".join(_condition(text) for text in row.conditions)
    lines = [] if causes is None else [code_span(_cut(line_text(line))) for line in causes.lines]
    lines += [note] if (note := lines_note(causes)) else []
    cells = mark + MOVES[row.move.change], move_text(row, code_span), move_callers(row, code_span), when
    return f"| {' | '.join([*cells, _request_span(move_witness(row)), '<br>'.join(lines)])} |"


def _request_span(request: str) -> str:
    """Write a request, which is JSON in ASCII, as a code span that can be pasted: what would end it is written \\u….

    A backslash is left as it is: none stands before a backtick or a pipe then.
    """
    return "`" + "".join(f"\\u{ord(c):04x}" if c in "`|" else c for c in request) + "`"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_LINE else text[: _MAX_LINE - 1] + "…"


def _condition(text: str) -> str:
    """Write a condition, whose quoted words are values that authors chose; all of it as a value if in doubt."""
    parts = text.split("`")
    if not all(_OUR_WORDS.fullmatch(part) for part in parts[::2]):
        return code_span(text)
    return "".join(code_span(part) if number % 2 else part for number, part in enumerate(parts))


def _security(difference: Difference) -> _List:
    head = [f"#### {SECURITY_TITLE}", "", "| severity | what | before | after | where |", "|---|---|---|---|---|"]
    return head, (_row(row) for row in difference.security), "change"


def _rows(difference: Difference) -> _List:
    head = ["#### What changes", "", "| severity | what | before | after | where |", "|---|---|---|---|---|"]
    return head, (_row(row) for row in difference.other_rows), "change"


def _row(row: Row) -> str:
    before, after = ("" if value is None else code_span(value) for value in (row.before, row.after))
    note = f"<br>{code_span(row.note)}" if row.note else ""
    where = "<br>".join(code_span(span_text(span)) for span in (row.old_span, row.new_span) if span is not None)
    name = f"{row.kind} {code_span(row.name)}" if row.kind != row.name else code_span(row.name)
    severity = _SEVERITY_TEXT[row.severity]
    if row.is_security:
        severity = f"**security**, {severity}" if row.severity is Severity.BREAKING else "**security**"
    return f"| {severity} | {name}<br>{code_span(row.what)}{note} | {before} | {after} | {where} |"


def _waivers(difference: Difference) -> _List:
    items = (
        f"- {waiver.rule} until {waiver.until.isoformat()}: {code_span(waiver.reason)} at "
        f"{code_span(span_text(waiver.span))}"
        for waiver in difference.waivers
    )
    return ["#### Waivers in force", ""], items, "waiver"


_LISTS = (
    (_security, 10_000),
    (_refused, 5_000),
    (_groups, 8_000),
    (_moves, 24_000),
    (_rows, 8_000),
    (_waivers, 3_000),
)
"""Each list with the bytes it may take; bytes that a list leaves go to the next one."""
