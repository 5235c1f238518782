"""A parsed file in, its comments out: what follows a `#` outside of every scalar."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.source import SourceFile, Span

_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")
_COMMENT = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: `text` and `span` begin at the `#` and end before the line end.

    `own_line` is true when nothing but white space stands before it on its line.
    """

    span: Span
    text: str
    own_line: bool


def comments(source: SourceFile, root: Node) -> list[Comment]:
    """All comments of a file in their order; `root` is the tree `parse` made of it.

    A `#` inside a scalar is text, except on the header line of a block scalar (`key: |  # comment`).
    """
    text = source.text
    found: list[Comment] = []
    at = 0
    for scalar in scalars(root):
        _between(source, at, scalar.start, found)
        at = scalar.end
        if not scalar.plain and text.startswith(("|", ">"), scalar.start):
            header = _BLOCK_HEADER.match(text, scalar.start)
            if header is not None:
                # Where the block scalar holds nothing its span ends before the comment already.
                _between(source, header.start(1), header.end(1), found)
                at = max(at, header.end(1))
    _between(source, at, len(text), found)
    return found


def scalars(root: Node) -> list[Scalar]:
    """Every scalar that was written in the file in the order of the text, keys and dropped duplicates included."""
    found: list[Scalar] = []
    open_nodes: list[Node] = [root]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, Scalar):
            if node.end > node.start:
                found.append(node)
        elif isinstance(node, Mapping):
            for key, value in (*node.items, *node.dropped):
                open_nodes += (key, value)
        else:
            open_nodes += node.items
    found.sort(key=_start)
    return found


def _start(scalar: Scalar) -> int:
    return scalar.start


def _between(source: SourceFile, start: int, end: int, found: list[Comment]) -> None:
    """Add the comments of a stretch of text that holds no scalar."""
    for comment in _COMMENT.finditer(source.text, start, end):
        # `\n` of a CR LF ends the match, its `\r` does not belong to the comment.
        text = comment.group().removesuffix("\r")
        at = comment.start()
        line_start = source.text.rfind("\n", 0, at) + 1
        own_line = not source.text[line_start:at].strip(" \t")
        found.append(Comment(Span(source, at, at + len(text)), text, own_line))
