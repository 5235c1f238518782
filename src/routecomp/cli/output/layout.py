"""Lay out tables and paragraphs on a page of 100 columns, or of the terminal's width where that is less."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence

from routecomp.diagnostics.render.shown import width

WIDTH = 100
_LEAST = 24
_LAST = 40
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def page_width() -> int:
    """Return the columns of the page: 100, or fewer, but never less than 40, on a narrower terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return WIDTH
    try:
        return min(WIDTH, max(os.get_terminal_size(sys.stdout.fileno()).columns, 40))
    except OSError:
        return WIDTH


def cells(text: str) -> int:
    """Return how many columns a text takes on a terminal, colours not counted."""
    bare = _COLOUR.sub("", text)
    if bare.isascii():
        return len(bare)

    return width(bare)


def table(rows: Sequence[Sequence[str]], *, indent: int = 2, gap: int = 2, right: Iterable[int] = ()) -> list[str]:
    """Return rows as aligned lines; columns in `right` are flush right, the last one is wrapped."""
    return [line for block in blocks(rows, indent=indent, gap=gap, right=right) for line in block]


def blocks(
    rows: Sequence[Sequence[str]], *, indent: int = 2, gap: int = 2, right: Iterable[int] = ()
) -> list[list[str]]:
    """Return the lines of each row as `table` would, row by row; a row with fewer cells takes no part in the widths."""
    if not rows:
        return []
    count = max(map(len, rows))
    full = [row for row in rows if len(row) == count]
    widths = _widths(full, page_width() - indent - gap * (count - 1))
    starts = [indent + sum(widths[:column]) + gap * column for column in range(count)]
    flush = set(right)
    return [_lines(row, starts, widths, flush, gap, count) for row in rows]


def _widths(rows: Sequence[Sequence[str]], page: int) -> list[int]:
    """Choose a width for each column; where the page is too narrow, a few long cells may stick out."""
    columns = [sorted({cells(row[index]) for row in rows}, reverse=True) for index in range(len(rows[0]))]
    last = min(columns[-1][0], _LAST)
    while sum(column[0] for column in columns[:-1]) + last > page:
        wide = max(
            (column for column in columns[:-1] if len(column) > 1 and column[0] > _LEAST),
            key=lambda column: column[0],
            default=None,
        )
        if wide is None:
            break
        wide.pop(0)
    return [column[0] for column in columns]


def _lines(
    row: Sequence[str], starts: Sequence[int], widths: Sequence[int], flush: set[int], gap: int, count: int
) -> list[str]:
    """Return the lines of one row; the cell after one that sticks out begins on the next line, in its own column."""
    lines = [""]
    for column, cell in enumerate(row):
        start = starts[column] + (widths[column] - cells(cell) if column in flush else 0)
        if lines[-1] and cells(lines[-1]) + gap > start:
            lines.append("")
        wrapped = [cell]
        if cells(cell) > page_width() - start:
            longest = max(map(cells, cell.split()), default=1)
            if column == count - 1 and page_width() - start < max(_LEAST, longest):  # no room beside: below the others
                start = starts[min(1, column)]
                lines += [""] if lines[-1] else []
            room = max(page_width() - start, longest)  # a word sticks out rather than that there is no room at all
            wrapped = textwrap.wrap(cell, room, break_long_words=False, break_on_hyphens=False) or [""]
        lines[-1] += " " * (start - cells(lines[-1])) + wrapped[0]
        lines += [" " * start + more for more in wrapped[1:]]
    return [line.rstrip() for line in lines]


def paragraph(text: str, indent: int = 0, hang: int = 0) -> list[str]:
    """Return the lines of a text wrapped to the page, lines after the first indented by `hang` more.

    An empty text is one empty line.
    """
    return textwrap.wrap(
        text,
        page_width(),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
