"""Hold the text of a file, and name pieces of it by file, line and column."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=False, eq=False)
class SourceFile:
    """One YAML file as text.

    `path` is relative to the project's root, with forward slashes. `text` is the decoded text without a
    leading byte-order mark; every offset of the compiler counts characters of it. For bytes that are not
    UTF-8 the text holds U+FFFD where they stood, so that a diagnostic can still show the line.
    """

    path: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line; only LF ends a line (CR LF counts as its LF)."""
        starts = [0]
        find = self.text.find
        offset = find("\n")
        while offset != -1:
            starts.append(offset + 1)
            offset = find("\n", offset + 1)
        return starts

    def location(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character offset, both counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Return the text of a line (counted from 1) without its line end."""
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        return (self.text[start:] if end == -1 else self.text[start:end]).rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a file; `start == end` marks a place between characters."""

    file: SourceFile
    start: int
    end: int

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.file.path

    @property
    def line(self) -> int:
        """The line of the first character, counted from 1."""
        return self.file.location(self.start)[0]

    @property
    def column(self) -> int:
        """The column of the first character, counted from 1."""
        return self.file.location(self.start)[1]

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.file.text[self.start : self.end]

    def __str__(self) -> str:
        """Write `path:line:column`."""
        line, column = self.file.location(self.start)
        return f"{self.file.path}:{line}:{column}"


def line_end(text: str, offset: int) -> int:
    """Return the offset at which the line of `offset` ends: before its LF or CR LF, or at the end of the text."""
    end = text.find("\n", offset)
    if end == -1:
        return len(text)
    return end - 1 if end > offset and text[end - 1] == "\r" else end
