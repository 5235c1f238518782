"""Render a difference as one HTML page: no script, nothing loaded, every value escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from routecomp.diagnostics.render.shown import visible
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

DEFAULT_LIMIT = 2_000
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--red:#c0392b;--amber:#b7791f;--grey:#888}
body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p{margin:.3rem 0}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
th{font-size:.8rem;color:var(--grey);font-weight:600}
code{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
.note,.at{display:block;color:var(--grey);font-size:.85rem;overflow-wrap:anywhere}
.breaking,.behavioural,.cosmetic{display:inline-block;border-radius:1rem;padding:0 .6rem;font-size:.8rem;color:#fff}
.breaking{background:var(--red)}.behavioural{background:var(--amber)}.cosmetic{background:var(--grey)}
td:first-child{width:7rem}.error{border-left:4px solid var(--red);padding:.3rem .8rem;margin:.5rem 0}
"""


def render(difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """Write the page with at most `limit` rows and as many groups; None is `DEFAULT_LIMIT`. `color` does nothing."""
    limit = DEFAULT_LIMIT if limit is None else limit
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        # Should an escape ever fail: nothing runs, nothing is loaded.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        "<title>Routing diff</title>",
        f"<style>{_STYLE}</style></head><body>",
        "<h1>Routing diff</h1>",
        f"<p>{headline(difference, _code)}</p>",
    ]
    if difference.changed:
        parts.append(f"<p>{_safe(decisions_line(difference))} {_safe(minor_changes_line(difference))}</p>")
    rows, left_out = take_first(difference.security, limit)
    parts += _table(
        SECURITY_TITLE, ("severity", "what", "before", "after", "where"), map(_row, rows), left_out, "change"
    )
    parts += [
        f'<div class="error"><b>{_safe(refusal.rule)}</b> {_safe(refusal.message)}'
        f'<span class="note">{_safe(refusal.help)}</span><span class="at">{_safe(span_text(refusal.span))}</span></div>'
        for refusal in difference.refused
    ]
    groups, left_out = take_first(listed_groups(difference), limit)
    parts += _table(
        "Decisions that change", ("severity", "call", "before", "after", "for"), map(_group, groups), left_out, "group"
    )
    moves, left_out = listed_moves(difference, None)
    rows_of_moves = zip(moves, move_lines(difference), strict=False)
    parts += _table(
        "Calls that move, of all that may be made",
        ("change", "what", "who", "when", "lines"),
        [_move(row, causes, is_outside(difference, number)) for number, (row, causes) in enumerate(rows_of_moves)],
        left_out,
        "move",
    )
    if line := moves_line(difference):
        parts.append(f"<p>{_safe(line)}</p>")
    parts += [f"<p>{line}</p>" for line in judged_lines(difference, _code)]
    rows, left_out = take_first(difference.other_rows, limit)
    parts += _table(
        "What changes", ("severity", "what", "before", "after", "where"), map(_row, rows), left_out, "change"
    )
    parts += _table(
        "Waivers in force",
        ("rule", "until", "reason", "where"),
        [
            f"<td>{_safe(waiver.rule)}</td><td>{waiver.until.isoformat()}</td><td>{_safe(waiver.reason)}</td>"
            f"<td>{_code(span_text(waiver.span))}</td>"
            for waiver in difference.waivers
        ],
        0,
        "waiver",
    )
    for migration in shown_migrations(difference):
        statements, left_out = take_first(body_statements(migration), limit)
        text = escape("\n\n".join("\n".join(visible_lines(statement)) for statement in statements))
        more = f'<p class="note">… and {count_noun(left_out, "more statement")}: --limit shows more</p>'
        parts.append(
            f"<details><summary>SQL that runs when this is merged: {escape(migration_title(migration))}</summary>"
            f"<pre><code>{text}</code></pre>{more if left_out else ''}</details>"
        )
    return "\n".join([*parts, "</body></html>"]) + "\n"


def _table(title: str, columns: Iterable[str], rows: Iterable[str], left_out: int, noun: str) -> list[str]:
    """Write a table with its heading and a line on the rows left out; [] where there are no rows."""
    cells = [f"<tr>{row}</tr>" for row in rows]
    if not cells:
        return []
    more = [f'<p class="note">… and {count_noun(left_out, "more " + noun)}: --all shows all</p>'] if left_out else []
    heads = "".join(f"<th>{column}</th>" for column in columns)
    return [f"<h2>{title}</h2>", f"<table><thead><tr>{heads}</tr></thead><tbody>", *cells, "</tbody></table>", *more]


def _group(group: Group) -> str:
    before, after = decision_texts(group, _code)
    condition = condition_text(group, _code)
    gates = " with " + " ".join(f"{gate}=1" for gate in group.gates) if group.gates else ""
    return (
        f'<td><span class="{group.severity}">{group.severity}</span></td>'
        f'<td>{group.argument} {_code(group.name)}<span class="note">{CHANGES[group.change]}</span>'
        f'<span class="note">{_code(witness_text(group))}{_safe(gates)}</span></td>'
        f"<td>{before}</td><td>{after}</td>"
        f"<td>{callers_text(group.callers, _code)}{'; ' + condition if condition else ''}</td>"
    )


def _move(row: MoveRow, causes: MoveLines | None, is_outside: bool) -> str:
    mark = '<span class="breaking">not allowed</span> ' if is_outside else ""
    lines = "".join(
        f'<span class="at"><code>{_safe(line_text(line))}</code></span>' for line in (causes.lines if causes else ())
    )
    lines += f'<span class="note">{lines_note(causes)}</span>' if lines_note(causes) else ""
    when = "".join(f'<span class="note">{_safe(text)}</span>' for text in row.conditions)
    return (
        f"<td>{mark}{MOVES[row.move.change]}</td><td>{move_text(row, _code)}"
        f'<span class="note">{_code(move_witness(row))}</span></td><td>{move_callers(row, _code)}</td><td>{when}</td>'
        f"<td>{lines}</td>"
    )


def _row(row: Row) -> str:
    name = f"{_safe(row.kind)} {_code(row.name)}" if row.kind != row.name else _code(row.name)
    note = f'<span class="note">{_safe(row.note)}</span>' if row.note else ""
    before, after = ("" if value is None else _code(value) for value in (row.before, row.after))
    places = "".join(
        f'<span class="at">{_safe(span_text(span))}</span>' for span in (row.old_span, row.new_span) if span is not None
    )
    severity = f'<span class="{row.severity}">{row.severity}</span>'
    if row.is_security:
        is_breaking = row.severity is Severity.BREAKING
        severity = f'<span class="breaking">security</span>{" " + severity if is_breaking else ""}'
    return (
        f"<td>{severity}</td><td>{name}<br>{_code(row.what)}{note}</td>"
        f"<td>{before}</td><td>{after}</td><td>{places}</td>"
    )


def _code(text: str) -> str:
    """Write a value as code, safe in HTML; an empty one as two quotes."""
    return f"<code>{_safe(text) if text else '&quot;&quot;'}</code>"


def _safe(text: str) -> str:
    """Write a text for HTML: invisible characters as escapes, and marks of HTML escaped."""
    return escape(visible(text))
