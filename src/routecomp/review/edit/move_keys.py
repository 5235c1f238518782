"""Move keys of one row of a feature to another row as whole lines, together with their comments.

A comment belongs to the key on its line. A comment on a line of its own belongs to the key directly below it.
"""

from __future__ import annotations

from collections.abc import Sequence

from routecomp.parse.edit import insert_lines, is_on_one_line, remove_keys, replace_node, source_text
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.source.edits import Edit
from routecomp.source.text import Span, line_end


def move_keys(source_row: Mapping, names: Sequence[str], rows: Node, target: str, status: str) -> list[Edit]:
    """Plan to move the keys `names` from a row to the row `target` of `rows` as whole lines; set the target's status.

    A target that is a bare word is opened into lines of its own if comments move with the keys. The result is empty
    where whole lines cannot move, or a bare target would get no comment: the caller then moves the values. Raises
    `RefusedError` where something else stands on the lines of a key.
    """
    row = rows.get(target) if isinstance(rows, Mapping) else None
    if source_row.flow or row is None:
        return []
    pieces = [_lines_of_key(source_row, name) for name in names]
    lines = [line for _, key_lines in pieces for line in key_lines]
    remove_keys(source_row, names)  # only to raise RefusedError where something else stands on their lines
    removals = [Edit(span, "") for span, _ in pieces]
    if isinstance(row, Mapping) and not row.flow:
        word = row.get("status")
        assert isinstance(word, Scalar)
        first, last = row.items[0][0], max(node.end for item in row.items for node in item)
        return [replace_node(word, status), *removals, insert_lines(row.file, last, _indent(first), lines)]
    if not any("#" in line for line in lines) or not is_on_one_line(row):
        return []
    return [*removals, *_open_row(source_row, rows, target, status, lines)]


def _lines_of_key(row: Mapping, name: str) -> tuple[Span, list[str]]:
    """Return what to remove with a key, and its lines with their comments and without their indentation.

    The span runs from the line end before the lines to their own last one.
    """
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
    begin -= 2 if source[begin - 2 : begin] == "\r\n" else 1  # the line of the row's name stands above
    end = line_end(source, value.end)
    return Span(row.file, begin, end), [*comments, f"{name}: {source[value.start : end]}"]


def _open_row(source_row: Mapping, rows: Node, target: str, status: str, lines: list[str]) -> list[Edit]:
    """Write a row that stands on one line as several lines, indented like the row that the lines come from.

    The result is empty where the row has no status, or does not begin on the line of its key.
    """
    assert isinstance(rows, Mapping)
    key, value, source = rows.key(target), rows.get(target), rows.file.text
    assert key is not None
    assert value is not None
    word = value.get("status") if isinstance(value, Mapping) else value
    if not isinstance(word, Scalar) or "\n" in source[key.start : value.start]:
        return []
    status_line = f"status: {source_text(word).replace(word.text, status)}"
    colon = source.index(":", key.end) + 1
    return [
        Edit(Span(rows.file, colon, value.end), ""),
        insert_lines(rows.file, value.end, _indent(source_row.items[0][0]), [status_line, *lines]),
    ]


def _indent(node: Node) -> str:
    """Return as many spaces as stand before a node on its line."""
    return " " * (node.start - node.file.text.rfind("\n", 0, node.start) - 1)
