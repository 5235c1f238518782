"""Keys of one row and another row in, the edits out that move these keys there as whole lines, with their comments.

A comment belongs to what stands on its line, or, on a line of its own, to what stands directly below it.
"""

from __future__ import annotations

from collections.abc import Sequence

from routecomp.parse.edit import insert_lines, is_on_one_line, remove_keys, replace_node, source_text
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.source.edits import Edit
from routecomp.source.text import Span, line_end


def moved_keys(here: Mapping, names: Sequence[str], rows: Node, row: str, status: str) -> list[Edit]:
    """The edits that take keys, each on lines of its own, out of one row and write them on another, `row` of `rows`,
    which says another status then. A row that is a bare word gets lines of its own where comments come along.

    Empty where the rows are written in such a way that values can move, and lines cannot.
    """
    there = rows.get(row) if isinstance(rows, Mapping) else None
    if here.flow or there is None:
        return []
    taken = [_lines(here, name) for name in names]
    lines = [line for _, some in taken for line in some]
    remove_keys(here, names)  # refuses where something else stands on their lines
    out = [Edit(span, "") for span, _ in taken]
    if isinstance(there, Mapping) and not there.flow:
        word = there.get("status")
        assert isinstance(word, Scalar)
        first, last = there.items[0][0], max(node.end for item in there.items for node in item)
        return [replace_node(word, status), *out, insert_lines(there.file, last, _indent(first), lines)]
    if not any("#" in line for line in lines) or not is_on_one_line(there):
        return []
    return [*out, *_opened(here, rows, row, status, lines)]


def _lines(row: Mapping, name: str) -> tuple[Span, list[str]]:
    """What goes with a key (from the line end before it to its own), and its lines without their indentation."""
    key, value, source = row.key(name), row.get(name), row.file.text
    assert key is not None
    assert value is not None
    begin = source.rfind("\n", 0, key.start) + 1
    comments: list[str] = []
    while begin:
        above = source.rfind("\n", 0, begin - 1) + 1
        line = source[above : begin - 1].rstrip("\r")
        if not line.startswith(_indent(key) + "#"):
            break
        comments.insert(0, line.strip(" \t"))
        begin = above
    begin -= 2 if source[begin - 2 : begin] == "\r\n" else 1  # there is a line above: that of the row's name
    end = line_end(source, value.end)
    return Span(row.file, begin, end), [*comments, f"{name}: {source[value.start : end]}"]


def _opened(here: Mapping, rows: Node, row: str, status: str, lines: list[str]) -> list[Edit]:
    """A row on one line made one of several, indented as the row is that the lines come from."""
    assert isinstance(rows, Mapping)
    key, value, source = rows.key(row), rows.get(row), rows.file.text
    assert key is not None
    assert value is not None
    word = value.get("status") if isinstance(value, Mapping) else value
    if not isinstance(word, Scalar) or "\n" in source[key.start : value.start]:
        return []
    said = f"status: {source_text(word).replace(word.text, status)}"
    colon = source.index(":", key.end) + 1
    return [
        Edit(Span(rows.file, colon, value.end), ""),
        insert_lines(rows.file, value.end, _indent(here.items[0][0]), [said, *lines]),
    ]


def _indent(node: Node) -> str:
    return " " * (node.start - node.file.text.rfind("\n", 0, node.start) - 1)
