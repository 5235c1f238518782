"""Find the comments of a parsed file: whatever follows a `#` outside of every scalar."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from routecomp.parse.tree import Node, Scalar, scalars
from routecomp.source.text import SourceFile, Span, line_end

_COMMENT_LINES = re.compile(r"(?:\r?\n[ \t]*+#[^\n]*+)++")


class Comment(NamedTuple):
    """A comment, from its `#` to the end of the line.

    `own_line` is true where only white space stands before the comment on its line.
    """

    span: Span
    text: str
    own_line: bool


def comments(source: SourceFile, root: Node | None, containing: str = "#") -> list[Comment]:
    """Return the comments that contain a text, in their order; by default all comments.

    `root` is the tree of the file; without a tree no comments are found. A `#` inside a scalar is text, except on
    the header line of a block scalar (`key: |  # comment`).
    """
    if root is None:
        return []
    text = source.text
    layout = Layout(root, text)
    matching = []
    offset = text.find(containing)
    while offset != -1:
        start = layout.comment_at(offset)
        if start is None:
            scalar = layout.scalar_at(offset)
            offset = text.find(containing, offset + 1 if scalar is None else scalar.end)
            continue
        line = text.rfind("\n", 0, start) + 1
        end = line_end(text, start)
        span = Span(source, start, end)
        if containing in span.text:
            matching.append(Comment(span, span.text, not text[line:start].strip(" \t")))
        offset = text.find(containing, end)
    return matching


def may_hold_waiver(text: str) -> bool:
    """Return False only if no comment of this file is meant as a waiver; this is cheap."""
    return "routecomp" in text


class Layout:
    """The offsets of a file's scalars, and so of its comments; worked out at the first question."""

    def __init__(self, root: Node, text: str) -> None:
        self.root = root
        self.text = text

    @cached_property
    def _scalars(self) -> list[Scalar]:
        """The scalars of the file in the order of the text."""
        return scalars(self.root)

    @cached_property
    def _starts(self) -> list[int]:
        """The offset at which each scalar begins."""
        return [scalar.start for scalar in self._scalars]

    def scalar_at(self, offset: int) -> Scalar | None:
        """Return the scalar that the character at `offset` belongs to, or None."""
        index = bisect_right(self._starts, offset) - 1
        return self._scalars[index] if index >= 0 and offset < self._scalars[index].end else None

    def comment_at(self, offset: int) -> int | None:
        """Return where the comment begins that the character at `offset` belongs to; None outside of comments."""
        text = self.text
        start = text.rfind("\n", 0, offset) + 1
        index = bisect_right(self._starts, offset) - 1
        if index >= 0:
            before = self._scalars[index]
            if not before.plain and before.start >= start and text[before.start] in "|>":
                start = before.start  # a comment may end the header line of a block scalar
            elif offset < before.end:
                return None
            else:
                start = max(start, before.end)
        hash_offset = text.find("#", start, offset + 1)
        return None if hash_offset == -1 else hash_offset

    def skip(self, offset: int) -> int:
        """Return the offset at which a search goes on after the character at `offset`.

        For a character of a scalar it is the scalar's end; for one of a comment the end of the comment and of all
        lines below it that begin with `#`; for any other the next character.
        """
        if self.comment_at(offset) is None:
            scalar = self.scalar_at(offset)
            return offset + 1 if scalar is None else scalar.end
        end = line_end(self.text, offset)
        more = _COMMENT_LINES.match(self.text, end)
        return end if more is None else more.end()
