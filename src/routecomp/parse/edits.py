"""A place in the tree in, the edit that a machine may make there out; None where it could harm a neighbour."""

from __future__ import annotations

import re

from routecomp.parse.nodes import position
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.source.edits import Edit
from routecomp.source.text import Span

_COMMA = re.compile(r"[ \t]*,[ \t]*")


def first_line(node: Node) -> Span:
    """The node's place, cut to its first line: a whole block underlined says nothing."""
    end = node.file.text.find("\n", node.start, node.end)
    return Span(node.file, node.start, node.end if end == -1 else end)


def without_item(mapping: Mapping, name: str) -> Edit | None:
    """The removal of a key and its value, when they stand on whole lines or between the commas of one line.

    None where a comment would go with them, or where no other key would be left: an empty mapping is null.
    """
    at = position(mapping, name)
    if at is None or len(mapping.items) < 2:
        return None
    return _from_flow(mapping, at) if mapping.flow else _whole_lines(*mapping.items[at])


def _item_end(key: Scalar, value: Node) -> int:
    return max(key.end, value.end)


def _whole_lines(key: Scalar, value: Node) -> Edit | None:
    text = key.file.text
    begin = text.rfind("\n", 0, key.start) + 1
    end = _item_end(key, value)
    line_end = text.find("\n", end)
    line_end = len(text) if line_end == -1 else line_end + 1
    several_lines = "\n" in text[begin:end]
    if text[begin : key.start].strip(" ") or text[end:line_end].strip() or (several_lines and "#" in text[begin:end]):
        return None
    return Edit(Span(key.file, begin, line_end), "")


def _from_flow(mapping: Mapping, at: int) -> Edit | None:
    text = mapping.file.text
    key, value = mapping.items[at]
    end = _item_end(key, value)
    if at > 0:
        begin = _item_end(*mapping.items[at - 1])
        comma = _COMMA.fullmatch(text, begin, key.start)
    else:
        begin, after = key.start, mapping.items[1][0].start
        comma = _COMMA.fullmatch(text, end, after)
        end = after
    if comma is None or "\n" in text[begin:end]:
        return None
    return Edit(Span(mapping.file, begin, end), "")
