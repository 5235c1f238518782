"""A parsed file in, its comments out: what follows a `#` outside of every scalar."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from routecomp.parse.tree import Node, Scalar, scalars
from routecomp.source.text import SourceFile, Span, line_end

_COMMENT_LINES = re.compile(r"(?:\r?\n[ \t]*+#[^\n]*+)++")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: `text` and `span` begin at the `#` and end before the line end.

    `own_line` is true when nothing but white space stands before it on its line.
    """

    span: Span
    text: str
    own_line: bool


def comments(source: SourceFile, root: Node | None, containing: str = "#") -> list[Comment]:
    """The comments that hold a text, all of them by default, in their order.

    `root` is the tree `parse` made of the file (without one there are no comments). A `#` inside a scalar
    is text, except on the header line of a block scalar (`key: |  # comment`).
    """
    if root is None:
        return []
    text = source.text
    layout = Layout(root, text)
    found = []
    at = text.find(containing)
    while at != -1:
        start = layout.comment_at(at)
        if start is None:
            scalar = layout.scalar_at(at)
            at = text.find(containing, at + 1 if scalar is None else scalar.end)
            continue
        line = text.rfind("\n", 0, start) + 1
        end = line_end(text, start)
        span = Span(source, start, end)
        if containing in span.text:
            found.append(Comment(span, span.text, not text[line:start].strip(" \t")))
        at = text.find(containing, end)
    return found


class Layout:
    """Where the scalars of a file stand, and with them its comments; made when the first question is asked."""

    def __init__(self, root: Node, text: str) -> None:
        self.root = root
        self.text = text

    @cached_property
    def _scalars(self) -> list[Scalar]:
        return scalars(self.root)

    @cached_property
    def _starts(self) -> list[int]:
        return [scalar.start for scalar in self._scalars]

    def scalar_at(self, offset: int) -> Scalar | None:
        """The scalar a character belongs to."""
        index = bisect_right(self._starts, offset) - 1
        return self._scalars[index] if index >= 0 and offset < self._scalars[index].end else None

    def comment_at(self, offset: int) -> int | None:
        """Where the comment begins that a character belongs to; None outside of comments."""
        text = self.text
        start = text.rfind("\n", 0, offset) + 1
        index = bisect_right(self._starts, offset) - 1
        if index >= 0:
            before = self._scalars[index]
            if not before.plain and before.start >= start and text[before.start] in "|>":
                start = before.start  # its header line, which a comment may end
            elif offset < before.end:
                return None
            else:
                start = max(start, before.end)
        at = text.find("#", start, offset + 1)
        return None if at == -1 else at

    def skip(self, offset: int) -> int:
        """Where the scalar ends that a character belongs to; or its comment, with all lines after it that
        begin with a `#`, which are comments too (or text, behind the header of a block scalar); or itself."""
        if self.comment_at(offset) is None:
            scalar = self.scalar_at(offset)
            return offset + 1 if scalar is None else scalar.end
        end = line_end(self.text, offset)
        more = _COMMENT_LINES.match(self.text, end)
        return end if more is None else more.end()
