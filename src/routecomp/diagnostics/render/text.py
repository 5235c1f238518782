"""Render diagnostics as text for a terminal: each finding with its source lines, underlines, remedy and fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.render.shown import place, visible, visible_character, visible_lines, where, width
from routecomp.diagnostics.rule import Rule
from routecomp.source.text import Span

# What one line may take: longer source lines are cropped around the underline, longer words at the end.
SOURCE_WIDTH = 120
WORDS_LIMIT = 2000
_CONTEXT = 36
_REACH = 600
_TAB = 4


def render(
    diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule], *, color: bool, version: str, checked: int
) -> str:
    """Return the report for people: the findings, an empty line after each, and one line of summary."""
    paint = Paint(color)
    blocks = [render_finding(d, paint) for d in diagnostics]
    blocks.append(_summary(diagnostics, checked, paint))
    return "\n\n".join(blocks) + "\n"


def render_finding(d: Diagnostic, paint: Paint | None = None) -> str:
    """Return one finding as in the report, without a line end; uncoloured unless a `paint` is given."""
    paint = paint or Paint(False)
    marks = [_Mark(d.span, d.note, True)] if d.span else []
    marks += [_Mark(label.span, label.text, False) for label in d.labels]
    gutter = max((len(str(place(mark.span).line)) for mark in marks), default=0)
    head = paint.severity(d.severity, f"{d.severity}[{visible(d.rule)}]")
    lines = [f"{head}{paint.strong(': ' + _words(d.message))}"]
    first = True
    for group in _by_file(marks):
        lines += _snippet(group, gutter, "-->" if first else ":::", d.severity, paint)
        first = False
    lines += _remark("note", d.note if d.span is None else "", gutter, paint)
    lines += _remark("help", d.help, gutter, paint)
    if d.fix:
        lines += _remark("fix", f"{d.fix.title} ({d.fix.applicability}: {d.fix.command})", gutter, paint)
    return "\n".join(lines)


class _Mark(NamedTuple):
    """A place to underline and what to write beside it; `main` is the finding's own place."""

    span: Span
    text: str
    main: bool


class Paint:
    """ANSI colours, or none."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def severity(self, severity: Severity, text: str) -> str:
        """Colour a text by severity."""
        return self._in("1;31" if severity is Severity.ERROR else "1;33", text)

    def strong(self, text: str) -> str:
        """Make a text bold."""
        return self._in("1", text)

    def frame(self, text: str) -> str:
        """Colour a part of the frame."""
        return self._in("1;34", text)

    def good(self, text: str) -> str:
        """Colour a text that says that all is well."""
        return self._in("1;32", text)

    def _in(self, code: str, text: str) -> str:
        """Colour a text with an ANSI code, if there is colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text


def _words(text: str) -> str:
    """Make a text of a rule visible, on one line and of bounded length."""
    return visible(_cut(text))


def _cut(text: str) -> str:
    """Shorten a text of more than `WORDS_LIMIT` characters, and put `…` at its end."""
    return text if len(text) <= WORDS_LIMIT else text[:WORDS_LIMIT] + "…"


def _remark(word: str, text: str, gutter: int, paint: Paint) -> list[str]:
    """Write `= help: …` under the gutter's bar; further lines of the text stand under its first, behind a bar.

    So no line of a report begins with a text's own characters, which a CI server might take for a command. An empty
    text gives no lines.
    """
    margin = " " * (gutter + 2)
    remarks = []
    for number, line in enumerate(visible_lines(_cut(text))):
        sign, lead = ("=", f" {paint.strong(word)}: ") if number == 0 else ("|", " " * (len(word) + 3))
        remarks.append(f"{margin}{paint.frame(sign)}{lead}{line}".rstrip())
    return remarks


def _by_file(marks: Sequence[_Mark]) -> list[list[_Mark]]:
    """Group marks by file: the finding's own first, then in order of mention; a file's base version is another file."""
    groups: dict[tuple[str, str], list[_Mark]] = {}
    for mark in marks:
        groups.setdefault((mark.span.path, mark.span.file.text), []).append(mark)
    return list(groups.values())


def _snippet(marks: Sequence[_Mark], gutter: int, arrow: str, severity: Severity, paint: Paint) -> list[str]:
    """Show one file's lines: where, then every marked line once, its underlines below it.

    A single line between two marked ones is shown, more of them as `...`.
    """
    blank = " " * (gutter + 2) + paint.frame("|")
    file = marks[0].span.file
    lines = [f"{' ' * (gutter + 1)}{paint.frame(arrow)} {where(marks[0].span)}", blank]
    rows: dict[int, list[_Mark]] = {}
    for mark in marks:
        rows.setdefault(place(mark.span).line, []).append(mark)
    previous = 0
    for number in sorted(rows):
        if previous and number == previous + 2:
            between = file.line_starts[number - 2]
            lines.append(_source_line(number - 1, gutter, _view(Span(file, between, between)).source, paint))
        elif previous and number > previous + 2:
            lines.append(paint.frame("..."))
        previous = number
        shown: str | None = None
        for mark in rows[number]:
            view = _view(mark.span)
            if view.source != shown:
                lines.append(_source_line(number, gutter, view.source, paint))
                shown = view.source
            underline = " " * view.indent + ("^" if mark.main else "-") * view.length
            if mark.text:
                underline += " " + _words(mark.text)
            colored = paint.severity(severity, underline) if mark.main else paint.frame(underline)
            lines.append(f"{blank} {colored}")
    return lines


def _source_line(number: int, gutter: int, source: str, paint: Paint) -> str:
    """Return a source line behind its number."""
    margin = paint.frame(f" {number:>{gutter}} |")
    return f"{margin} {source}" if source else margin


class _View(NamedTuple):
    """A source line as shown, and the underline below it: `indent` columns of space, `length` marks."""

    source: str
    indent: int
    length: int


def _view(span: Span) -> _View:
    """Return the first line of a span and its underline, as wide as the span on that line, and at least one mark."""
    position = place(span)
    begin = span.file.line_starts[position.line - 1]
    # So much of the line and no more: a line may be millions of characters long, or hold ones without a width.
    low, high = max(begin, begin + position.column - 1 - _REACH), begin + position.column - 1 + _REACH
    text, line_end, _ = span.file.text[low:high].partition("\n")
    whole = bool(line_end) or high >= len(span.file.text)
    text = text.rstrip("\r") if whole else text
    start = min(begin + position.column - 1 - low, len(text))
    end = min(max(span.end - low, start), len(text)) if position.end_line == position.line else len(text.rstrip())
    cells = _cells(text)
    first, last = _window(cells, start, low > begin or not whole)
    cut_left, cut_right = low > begin or first > 0, last < len(cells) or not whole
    source = ("…" if cut_left else "") + "".join(cells[first:last]).rstrip() + ("…" if cut_right else "")
    indent = width("".join(cells[first:start])) + (1 if cut_left else 0)
    length = width("".join(cells[start : min(end, last)]))
    return _View(source, indent, max(length, 1))


def _cells(text: str) -> list[str]:
    """Return each character of a source line as it is shown; a tab as spaces up to the next stop."""
    if text.isascii() and text.isprintable():
        return list(text)
    cells = []
    column = 0
    for c in text:
        cell = " " * (_TAB - column % _TAB) if c == "\t" else visible_character(c)
        column += width(cell)
        cells.append(cell)
    return cells


def _window(cells: Sequence[str], start: int, more: bool) -> tuple[int, int]:
    """Return from which to which cell (exclusive) a line is shown: all of a short one, else those around `start`.

    `more` says that the cells are not the whole line.
    """
    if not more and len(cells) <= SOURCE_WIDTH and width("".join(cells)) <= SOURCE_WIDTH:
        return 0, len(cells)
    low = start
    room = _CONTEXT
    while low and room >= (cell := width(cells[low - 1])):
        room -= cell
        low -= 1
    high = low
    room = SOURCE_WIDTH - 2
    while high < len(cells) and room >= (cell := width(cells[high])):
        room -= cell
        high += 1
    return low, high


def _summary(diagnostics: Sequence[Diagnostic], checked: int, paint: Paint) -> str:
    """Return the last line: how many findings of each severity in how many files, or that there is none."""
    if not diagnostics:
        return paint.good(f"checked {_count(checked, 'file')}: no findings")
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [_count(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    worst = Severity.ERROR if errors else Severity.WARNING
    where = f"in {_count(checked, 'file')}" if checked else "and no YAML file"
    return paint.severity(worst, f"{', '.join(parts)} {where}")


def _count(n: int, word: str) -> str:
    """Write a number with its noun."""
    return f"{n} {word}" if n == 1 else f"{n} {word}s"
