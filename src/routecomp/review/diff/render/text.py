"""A difference in, a report for a terminal of 100 columns out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from routecomp.diagnostics.render.shown import visible, width
from routecomp.review.diff.difference import CHANGES, Difference, Group, Row, Severity
from routecomp.review.diff.render.wording import (
    at,
    decisions_line,
    first,
    headline,
    pair,
    places,
    told,
    unsaid,
    when,
    who,
    witness,
)
from routecomp.review.diff.sql import safe_lines, shown, title, work
from routecomp.review.diff.values import counted

COLUMNS = 100
DEFAULT_LIMIT = 50
SQL_LIMIT = 12
WHOLE = 1_000_000_000
"""A limit above it asks for everything, and for whole statements."""
_COLORS = {Severity.BREAKING: "1;31", Severity.BEHAVIOURAL: "1;33", Severity.COSMETIC: "2"}


def render(difference: Difference, limit: int | None = None, color: bool = False) -> str:
    """The report; `limit` bounds the rows and the groups, each."""
    most = DEFAULT_LIMIT if limit is None else limit
    lines = [*_wrapped(headline(difference, visible), "")]
    if difference.changed:
        lines += _wrapped(decisions_line(difference), "")
    for finding in difference.refused:
        lines += ["", *_wrapped(f"error[{finding.rule}]: {visible(finding.message)}", ""), f"  {at(finding.span)}"]
    rows, fewer = first(difference.rows, most)
    if rows:
        lines += ["", _bold("What changes", color), *_rows(rows, color), *_fewer(fewer, "change")]
    groups, fewer = first(told(difference), most)
    if groups or unsaid(difference):
        lines += ["", _bold("Decisions that change", color)]
        for group in groups:
            lines += _group(group, color)
        lines += [*_fewer(fewer, "group"), *(_wrapped(unsaid(difference), "  ") if unsaid(difference) else [])]
    if difference.waivers:
        lines += ["", _bold("Waivers in force", color)]
        for waiver in difference.waivers:
            lines += [
                *_wrapped(f"{waiver.rule} until {waiver.until.isoformat()}: {visible(waiver.reason)}", "  "),
                f"    {at(waiver.span)}",
            ]
    for one in shown(difference):
        lines += ["", _bold(f"SQL that runs when this is merged: {title(one)}", color), *_sql(work(one), limit)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _sql(statements: list[str], limit: int | None) -> Iterator[str]:
    """The statements in short, one line each; whole with --all, which is a limit nothing reaches."""
    if limit is not None and limit > WHOLE:
        for statement in statements:
            yield from (f"  {line}" for line in safe_lines(statement))
        return
    some, fewer = first(statements, SQL_LIMIT if limit is None else limit)
    for statement in some:
        line = f"  {visible(' '.join(statement.split()))}"
        while _width(line) > COLUMNS:
            line = line[: COLUMNS - 1 if line.isascii() else len(line) - 2].removesuffix("…") + "…"
        yield line
    yield f"  … and {counted(fewer, 'more statement')}: --all shows them whole" if fewer else "  --all shows them whole"


def _rows(rows: list[Row], color: bool) -> Iterator[str]:
    for (severity, kind, name), some in groupby(rows, lambda row: (row.severity, row.kind, row.name)):
        title = f"{kind} `{visible(name)}`" if kind != name else f"`{name}`"
        yield from _wrapped(f"{_severity(severity, color)} {title}", "  ")
        for row in some:
            yield from _wrapped(_said(row), "    ")
            if row.note:
                yield from _wrapped(visible(row.note), "      ")
            if row.was is not None or row.now is not None:
                yield from _wrapped(places(row.was, row.now), "      ")


def _said(row: Row) -> str:
    if row.before is None and row.after is None:
        return row.what
    before, after = (_value(value) for value in (row.before, row.after))
    return f"{visible(row.what)}: {before} → {after}"


def _value(value: str | None) -> str:
    return "(none)" if value is None else visible(value) if value else '""'


def _group(group: Group, color: bool) -> Iterator[str]:
    before, after = pair(group, visible)
    yield from _wrapped(
        f"{_severity(group.severity, color)} {group.argument} `{visible(group.name)}`: {CHANGES[group.change]}", "  "
    )
    yield from _wrapped(f"{before} → {after}" if group.change != "chain" else before, "    ")
    if group.change == "chain":
        yield from _wrapped(f"now {after}", "    ")
    condition = when(group, visible)
    yield from _wrapped(f"for {who(group, visible)}{'; ' + condition if condition else ''}", "    ")
    # One line however long: it is there to be copied.
    gates = "".join(f" {gate}=1" for gate in group.gates)
    yield f"    {witness(group)}{'   (with' + gates + ')' if gates else ''}"


def _fewer(count: int, noun: str) -> list[str]:
    return [f"  … and {counted(count, 'more ' + noun)}: --all shows all"] if count else []


def _severity(severity: Severity, color: bool) -> str:
    return f"\x1b[{_COLORS[severity]}m{severity}\x1b[0m" if color else str(severity)


def _bold(text: str, color: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if color else text


def _wrapped(text: str, indent: str) -> list[str]:
    """The text in lines of at most `COLUMNS`, the later ones two columns further in."""
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
    """Columns of a text, colours apart."""
    if "\x1b" in text:
        for code in (*_COLORS.values(), "0", "1"):
            text = text.replace(f"\x1b[{code}m", "")
    return width(text)
