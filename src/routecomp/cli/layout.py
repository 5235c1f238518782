"""Rows of words in, aligned lines out: how `explain`, `show` and `rules` lay out a page of 100 columns."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 100
_LEAST = 24
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def page_width() -> int:
    """Columns of the page: 100, or fewer on a narrower terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return WIDTH
    try:
        return min(WIDTH, max(os.get_terminal_size(sys.stdout.fileno()).columns, 40))
    except OSError:
        return WIDTH


def cells(text: str) -> int:
    """Columns a text takes on a terminal, colours not counted."""
    bare = _COLOUR.sub("", text)
    if bare.isascii():
        return len(bare)
    from routecomp.diagnostics.render.shown import width

    return width(bare)


def table(rows: Sequence[Sequence[str]], *, indent: int = 2, gap: int = 2,
          right: Iterable[int] = ()) -> list[str]:
    """Rows as aligned lines; columns in `right` are flush right, the last is wrapped."""
    return [line for block in blocks(rows, indent=indent, gap=gap, right=right) for line in block]


def blocks(rows: Sequence[Sequence[str]], *, indent: int = 2, gap: int = 2,
           right: Iterable[int] = ()) -> list[list[str]]:
    """As `table`, the lines of each row on their own."""
    if not rows:
        return []
    count = max(map(len, rows))
    widths = [max((cells(row[at]) for row in rows if at < len(row)), default=0) for at in range(count)]
    room = page_width() - indent - sum(widths[:-1]) - gap * (count - 1)
    flush = set(right)
    found = []
    for row in rows:
        first, *more = [row[-1]]
        left = indent + sum(widths[:-1]) + gap * (count - 1)
        if len(row) == count and cells(row[-1]) > room:
            if room >= _LEAST:
                first, *more = _wrapped(row[-1], room)
            else:  # no room beside the others: below them, under the second column
                left = indent + widths[0] + gap
                first, more = "", _wrapped(row[-1], page_width() - left)
        line = " " * indent
        for at, cell in enumerate((*row[:-1], first)):
            pad = " " * (widths[at] - cells(cell))
            line += pad + cell if at in flush else cell + pad
            line += " " * gap
        found.append([line.rstrip(), *(" " * left + one for one in more)])
    return found


def _wrapped(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)


def paragraph(text: str, indent: int = 0, hang: int = 0) -> list[str]:
    """A text wrapped to the page; lines after the first are indented by `hang` more."""
    return textwrap.wrap(text, page_width(), initial_indent=" " * indent,
                         subsequent_indent=" " * (indent + hang), break_long_words=False,
                         break_on_hyphens=False) or [""]
