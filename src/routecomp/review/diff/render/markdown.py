"""A difference in, one comment for a pull request out: GitHub's and GitLab's markdown, bounded, nothing of it hostile.

INVARIANT: whatever authors chose stands in code spans alone, without a backtick, a pipe, a backslash of its own or
a line end in it. So it can end neither its span nor its cell, and nothing in it is a link, a mention or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from routecomp.diagnostics.render.shown import visible
from routecomp.review.diff.difference import CHANGES, Difference, Group, Row, Severity
from routecomp.review.diff.render.wording import at, decisions_line, headline, pair, told, unsaid, when, who, witness
from routecomp.review.diff.sql import safe_lines, shown, title, work
from routecomp.review.diff.values import counted

MARKER = "<!-- routecomp-diff -->"
"""The first line: the comment that begins so is the one to replace."""
MOST_BYTES = 60_000
"""Hosts take 65,536 characters; bytes are never fewer."""
_PARTS = {"refused": 6_000, "groups": 24_000, "rows": 24_000, "waivers": 4_000}
"""What each list may take; what one leaves goes to the next."""
_LONGEST = 160
_ESCAPED = {"`": "\\x60", "|": "\\x7c", "\\": "\\x5c"}
_SIGNS = {Severity.BREAKING: "**breaking**", Severity.BEHAVIOURAL: "behavioural", Severity.COSMETIC: "cosmetic"}


def render(difference: Difference, limit: int | None = None) -> str:
    """The comment; `limit` bounds each list besides the size."""
    lines = [MARKER, "### Routing diff", "", headline(difference, code), ""]
    if difference.changed:
        lines += [decisions_line(difference), "", *([unsaid(difference), ""] if unsaid(difference) else [])]
    spare = 0
    for name, size in _PARTS.items():
        head, items, noun = _PART[name](difference)
        room = size + spare
        told, used = _bounded(head, items, noun, room, limit)
        lines += told
        spare = room - used
    text = "\n".join(lines).rstrip("\n") + "\n"
    return text + _sql(difference, MOST_BYTES - len(text.encode()) - 500, limit)


def _sql(difference: Difference, room: int, limit: int | None) -> str:
    """The statements, folded, in a fence that none of them can close: as many as there is room for."""
    parts: list[str] = []
    for one in shown(difference):
        every = ["\n".join(safe_lines(statement)) for statement in work(one)]
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
        fewer = len(every) - len(kept)
        more = [f"… and {counted(fewer, 'more statement')}, left out here: `routecomp diff --all` shows all.", ""]
        head = f"<summary>SQL that runs when this is merged: {escape(title(one))}</summary>"
        # Without the empty line behind the summary the fence would be no fence.
        parts += ["", "<details>", head, "", f"{fence}sql", body, fence, "", *(more if fewer else []), "</details>"]
    return "\n".join(parts) + "\n" if parts else ""


def code(text: str) -> str:
    """A value as a code span that it cannot leave; what it may not hold is written out, a long one is cut."""
    shown = visible("".join(_ESCAPED.get(c, c) for c in text[: 2 * _LONGEST]))
    cut = len(shown) > _LONGEST or len(text) > 2 * _LONGEST
    shown = shown[:_LONGEST] + "…" if cut else shown
    # A span of nothing but spaces, or one that a space begins and ends, would lose them.
    return f"`{shown}`" if shown.strip() and shown == shown.strip() else f'`"{shown}"`'


def _bounded(head: list[str], items: Iterable[str], noun: str, room: int, limit: int | None) -> tuple[list[str], int]:
    """A table with as many rows as there is room for, a line on what was left out, and how many bytes that takes."""
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
    more = [f"… and {counted(left_out, 'more ' + noun)}, left out here: `routecomp diff --all` shows all.", ""]
    return [*head, *lines, "", *(more if left_out else [])], used


def _refused(difference: Difference) -> tuple[list[str], Iterator[str], str]:
    items = (f"- **{one.rule}** {code(one.message)} at {code(at(one.span))}" for one in difference.refused)
    return ["#### Refused by the rules of change", ""], items, "finding"


def _groups(difference: Difference) -> tuple[list[str], Iterator[str], str]:
    head = [
        "#### Decisions that change",
        "",
        "| severity | call | before | after | for | try |",
        "|---|---|---|---|---|---|",
    ]
    return head, (_group(group) for group in told(difference)), "group"


def _group(group: Group) -> str:
    before, after = pair(group, code)
    condition = when(group, code)
    for_whom = who(group, code) + (f"; {condition}" if condition else "")
    request = witness(group)
    # A request that is cut is none.
    shown = code(request) if len(request) <= _LONGEST and not set(request) & set(_ESCAPED) else ""
    call = f"{group.argument} {code(group.name)}<br>{CHANGES[group.change]}"
    return f"| {_SIGNS[group.severity]} | {call} | {before} | {after} | {for_whom} | {shown} |"


def _rows(difference: Difference) -> tuple[list[str], Iterator[str], str]:
    head = ["#### What changes", "", "| severity | what | before | after | where |", "|---|---|---|---|---|"]
    return head, (_row(row) for row in difference.rows), "change"


def _row(row: Row) -> str:
    before, after = ("" if value is None else code(value) for value in (row.before, row.after))
    note = f"<br>{code(row.note)}" if row.note else ""
    where = "<br>".join(code(at(span)) for span in (row.was, row.now) if span is not None)
    name = f"{row.kind} {code(row.name)}" if row.kind != row.name else code(row.name)
    return f"| {_SIGNS[row.severity]} | {name}<br>{code(row.what)}{note} | {before} | {after} | {where} |"


def _waivers(difference: Difference) -> tuple[list[str], Iterator[str], str]:
    items = (
        f"- {one.rule} until {one.until.isoformat()}: {code(one.reason)} at {code(at(one.span))}"
        for one in difference.waivers
    )
    return ["#### Waivers in force", ""], items, "waiver"


_PART = {"refused": _refused, "groups": _groups, "rows": _rows, "waivers": _waivers}
