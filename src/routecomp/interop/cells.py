"""Split a file of comma-separated values into cells that know their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_CELL = re.compile(r'[ \t]*"((?:[^"]|"")*)"[ \t]*(?=,|\r?\n|\r|\Z)|([^,\r\n]*)')
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"[ \t]*")


class Cell(NamedTuple):
    """A cell: its text without blanks around it, and the line and column in which that begins."""

    text: str
    line: int
    column: int


class CellError(Exception):
    """A quote opens a cell and nothing closes it; `line` and `column` say where it stands."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__("a quote is not closed")
        self.line = line
        self.column = column


def read_cells(text: str) -> Iterator[list[Cell]]:
    """Yield the lines that say something as cells; comments, which begin with `#`, and empty lines say nothing.

    Raises `CellError` where a cell begins with a quote that closes nowhere, or in the middle of the cell.
    """
    position, line, begin = 0, 1, 0
    cells: list[Cell] = []
    while position <= len(text):
        if not cells and text.startswith("#", position):
            end = _LINE_END.search(text, position)
            position = len(text) if end is None else end.start()
            is_comment = True
        else:
            is_comment = False
            match = _CELL.match(text, position)
            assert match is not None  # the second branch matches everywhere
            blanks = _BLANKS.match(text, position)
            start = position if blanks is None else min(blanks.end(), match.end())
            if match[1] is None and text.startswith('"', start):
                raise CellError(line, start - begin + 1)
            inner = match[2] if match[1] is None else match[1].replace('""', '"')
            cells.append(Cell(inner.strip(), line, start - begin + 1))
            for within in _LINE_END.finditer(match[0]):
                line, begin = line + 1, position + within.end()
            position = match.end()
        if text.startswith(",", position) and not is_comment:
            position += 1
            continue
        if any(cell.text for cell in cells):
            yield cells
        cells = []
        end = _LINE_END.match(text, position)
        if end is None:
            return
        position, line, begin = end.end(), line + 1, end.end()
