"""Write edits of YAML text at nodes of the tree: values, keys and list items. All other bytes stay as they are.

An edit keeps comments, order, quotes, flow and block style, line ends and indentation; new text takes the style of
its surroundings. An edit that would lose a comment is refused: commands get a `RefusedError`, fixes get None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence as SequenceOf

from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence, scalars
from routecomp.source.edits import Edit
from routecomp.source.text import SourceFile, Span, line_end

_PLAIN = re.compile(r"(-(?=[A-Za-z0-9])|[A-Za-z0-9_./+])([A-Za-z0-9_./+ -]*[A-Za-z0-9_./+-])?", re.ASCII)
_COLON = re.compile(r"[ \t]*:")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_NO_FILE = SourceFile("", "")


class RefusedError(Exception):
    """An edit that cannot be made: `message` says why, `help` says what to do instead."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


# YAML text of values ----------------------------------------------------------------------------------------


def yaml_scalar(text: str) -> str:
    """Write free text as a YAML scalar: plain where plain text is safe anywhere, else in double quotes.

    `true` and `12` stay plain, because the type of a value follows from its key; `null` gets quotes.
    """
    if _PLAIN.fullmatch(text) and not is_null(Scalar(_NO_FILE, 0, 0, text, True)):
        return text
    return json.dumps(text, ensure_ascii=False)


def flow_mapping(pairs: SequenceOf[tuple[str, str]]) -> str:
    """Write keys and values, which are YAML already, as a flow mapping on one line; `{}` without pairs."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def keep_quotes(old: Scalar, text: str) -> str:
    """Put `text`, a word or a number, between the quotes of the scalar that it replaces, if that has quotes."""
    quote = "" if old.plain or old.end <= old.start else old.file.text[old.start]
    return f"{quote}{text}{quote}" if quote in ("'", '"') else text


def source_text(node: Node) -> str:
    """Return a node as its author wrote it; for a scalar of several lines, its value."""
    written = node.span.text
    if isinstance(node, Scalar) and ("\n" in written or written[:1] in "|>"):
        return node.text
    return written


def is_on_one_line(node: Node) -> bool:
    """Return whether the node is a scalar or a flow collection on a single line, so that its text can be moved."""
    if isinstance(node, Scalar):
        return "\n" not in node.span.text and node.span.text[:1] not in ("|", ">")
    return node.flow and "\n" not in node.span.text


def has_comment(node: Node) -> bool:
    """Return whether a comment may stand inside the node: a `#` outside of its plain and quoted scalars.

    A `#` inside a block scalar counts too: it may be a comment on the header line.
    """
    if isinstance(node, Scalar):
        return node.span.text[:1] in ("|", ">") and "#" in node.span.text
    text = node.span.text
    for scalar in reversed(scalars(node)):
        if scalar.span.text[:1] not in ("|", ">"):
            text = text[: scalar.start - node.start] + text[scalar.end - node.start :]
    return "#" in text


# Mappings ---------------------------------------------------------------------------------------------------


def replace_scalar(node: Scalar, text: str) -> Edit:
    """Replace a scalar, with its quotes, by YAML; a comment on the header line of a block scalar stays, behind it."""
    header = node.file.text[node.start : line_end(node.file.text, node.start)]
    if header[:1] in ("|", ">") and "#" in header and text[:1] not in ("|", ">"):
        text = f"{text}  {header[header.index('#') :]}"
    return Edit(node.span, text)


def replace_node(node: Node, text: str) -> Edit:
    """Replace the text of a node; a scalar keeps its quotes."""
    return replace_scalar(node, keep_quotes(node, text)) if isinstance(node, Scalar) else Edit(node.span, text)


def replace_value(mapping: Mapping, key: str, text: str) -> Edit:
    """Replace the value of `key`, whatever its style, by `text`, which is YAML on one line.

    A scalar keeps its quotes where `text` is plain. INVARIANT: the mapping has the key. Raises RefusedError where a
    comment stands inside the old list or mapping.
    """
    node = mapping.get(key)
    key_node = mapping.key(key)
    assert node is not None
    assert key_node is not None
    if isinstance(node, Scalar):
        return replace_node(node, text) if _PLAIN.fullmatch(text) else replace_scalar(node, text)
    if node.flow:
        if has_comment(node):
            raise _by_hand(node.file, node.start, f"the value of `{key}` has comments inside")
        return Edit(node.span, text)
    source = node.file.text
    colon_end = _colon_end(key_node)
    if "#" in source[colon_end : node.start] or has_comment(node):
        raise _by_hand(node.file, key_node.start, f"the value of `{key}` has comments inside")
    return Edit(Span(node.file, colon_end, node.end), f" {text}")


def insert_keys(mapping: Mapping, pairs: SequenceOf[tuple[str, str]], after: str | None = None) -> Edit:
    """Insert keys and values (YAML) behind the key `after`, in the style of the mapping.

    They go behind the last key where `after` is None or not in the mapping; an empty mapping keeps its comments.
    Raises RefusedError where, in block style, another value begins on the line that the new keys would follow.
    """
    source = mapping.file.text
    if not mapping.items:
        if has_comment(mapping):
            begin = mapping.start + 1
            return Edit(Span(mapping.file, begin, begin), f"{flow_mapping(pairs)[1:-1]} ")
        return Edit(mapping.span, flow_mapping(pairs))
    names = [key.text for key, _ in mapping.items]
    index = names.index(after) if after in names else len(names) - 1
    key, value = mapping.items[index]
    end = max(key.end, value.end)
    texts = [f"{name}: {text}" for name, text in pairs]
    if not mapping.flow:
        return insert_lines(mapping.file, end, " " * _column(source, mapping.items[0][0].start), texts)
    return _insert_in_flow(mapping, key.start, end, texts, index == len(names) - 1)


def remove_keys(mapping: Mapping, names: SequenceOf[str]) -> list[Edit]:
    """Remove keys and their values; comments behind them stay, on lines of their own. Unknown names are ignored.

    Raises RefusedError where no key would be left, a comment stands inside a removed value, or a removed key
    shares its lines with something else.
    """
    removed = [index for index, (key, _) in enumerate(mapping.items) if key.text in names]
    if len(removed) == len(mapping.items):
        raise _by_hand(mapping.file, mapping.start, "nothing would be left of it")
    return _remove_items(mapping, mapping.items, removed)


def key_removal(mapping: Mapping, name: str) -> Edit | None:
    """Return the edit by which a fix removes a key and its value; None where that is not safe.

    It is safe where the two stand on whole lines, or between commas of one line. It is not where a comment would
    go with them, or where no other key would be left: an empty mapping is null.
    """
    index = mapping.position(name)
    if index is None or len(mapping.items) < 2:
        return None
    return _removal_from_flow(mapping, index) if mapping.flow else _removal_of_lines(*mapping.items[index])


def replace_keys(name: Scalar, mapping: Mapping, pairs: SequenceOf[tuple[str, str]]) -> list[Edit]:
    """Replace all keys and values of the mapping under the key `name`; without `pairs` it becomes `{}`.

    Raises RefusedError where a comment would be removed, or a key of a block mapping shares its lines with something.
    """
    if mapping.flow:
        if has_comment(mapping):
            raise _by_hand(mapping.file, mapping.start, "a comment stands in what would be taken out")
        return [Edit(mapping.span, flow_mapping(pairs))]
    edits = _remove_items(mapping, mapping.items, range(len(mapping.items)))
    if pairs:
        return [*edits, insert_keys(mapping, pairs)]
    colon_end = _colon_end(name)
    return [Edit(Span(mapping.file, colon_end, colon_end), " {}"), *edits]


# Sequences --------------------------------------------------------------------------------------------------


def append_items(sequence: Sequence, items: SequenceOf[str | SequenceOf[tuple[str, str]]]) -> Edit:
    """Append items to a list: each is a scalar (YAML), or the keys and values of a mapping.

    The style is that of the list; an empty list becomes a flow list. Raises RefusedError where, in block style,
    another value begins on the line that the new items would follow.
    """
    source = sequence.file.text
    texts = [item if isinstance(item, str) else flow_mapping(item) for item in items]
    if not sequence.items:
        return Edit(sequence.span, f"[{', '.join(texts)}]")
    last = sequence.items[-1]
    if sequence.flow:
        return _insert_in_flow(sequence, last.start, last.end, texts, True)
    indent = " " * _column(source, sequence.start)
    in_block = isinstance(last, Mapping) and not last.flow
    gap = " "
    if _is_on_line_of_dash(source, sequence, last):
        gap *= max(_column(source, last.start) - len(indent) - 1, 1)
    lines: list[str] = []
    for item, text in zip(items, texts, strict=True):
        if isinstance(item, str) or not in_block:
            lines.append(f"-{gap}{text}")
        else:
            keys = [f"{key}: {value}" for key, value in item]
            lines += [f"-{gap}{keys[0]}", *(f" {gap}{key}" for key in keys[1:])]
    return insert_lines(sequence.file, last.end, indent, lines)


def update_list(mapping: Mapping, key: str, wanted: SequenceOf[str]) -> list[Edit]:
    """Make the list of words under `key` the list `wanted` (YAML words); no edits where it is that list already.

    Words are removed, or appended; any other change, or a value that is no list of words, replaces the whole value by
    a flow list. INVARIANT: the mapping has the key. Raises RefusedError where a comment would be removed, or an item
    shares its lines with something.
    """
    node = mapping.get(key)
    rewritten = f"[{', '.join(wanted)}]"
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        return [replace_value(mapping, key, rewritten)]
    words = [item.text for item in node.items if isinstance(item, Scalar)]
    kept = [word for word in words if word in wanted]
    if not kept or len(set(words)) != len(words) or list(wanted[: len(kept)]) != kept:
        return [replace_value(mapping, key, rewritten)]
    removed = [index for index, word in enumerate(words) if word not in wanted]
    added = list(wanted[len(kept) :])
    if removed and added:
        return [replace_value(mapping, key, rewritten)]
    if added:
        return [append_items(node, added)]
    return _remove_items(node, [(item, item) for item in node.items], removed) if removed else []


def item_removal(mapping: Mapping, key: str, index: int) -> Edit | None:
    """Return the edit by which a fix removes an item of the list under a key, the last one with its key.

    None where a comment would go with it, it shares its lines with something, or the value is no list.
    """
    node = mapping.get(key)
    if not isinstance(node, Sequence):
        return None
    if len(node.items) < 2:
        return key_removal(mapping, key)
    try:
        return _remove_items(node, [(item, item) for item in node.items], [index])[0]
    except RefusedError:
        return None


# Lines and commas -------------------------------------------------------------------------------------------


def insert_lines(file: SourceFile, end: int, indent: str, lines: SequenceOf[str]) -> Edit:
    """Insert lines behind the line on which a block value ends, at offset `end`.

    Raises RefusedError where anything but a comment follows the value on that line.
    """
    source = file.text
    offset = line_end(source, end)
    rest = source[end:offset].strip(" \t")
    if rest and not rest.startswith("#"):
        raise _by_hand(file, end, "another value stands on the same line")
    newline = _newline(source, offset)
    return Edit(Span(file, offset, offset), "".join(f"{newline}{indent}{line}" for line in lines))


def _insert_in_flow(
    collection: Mapping | Sequence, start: int, end: int, texts: SequenceOf[str], is_last: bool
) -> Edit:
    """Insert items behind the item from `start` to `end`: on its line, or where each has its own line, on new lines."""
    file, source = collection.file, collection.file.text
    begin = source.rfind("\n", 0, start) + 1
    own_line = begin > collection.start and not source[begin:start].strip(" \t")
    stop = line_end(source, end)
    closes_here = stop >= collection.end  # the closing bracket stands on this line
    if not own_line or not is_last or closes_here:
        return Edit(Span(file, end, end), "".join(f", {text}" for text in texts))
    indent, rest = source[begin:start], source[end:stop]
    has_comma = rest.lstrip(" \t").startswith(",")
    separator = f",{_newline(source, stop)}{indent}"
    # A comment on the line stays there: the comma goes before the comment, the new lines behind it.
    text = ("" if has_comma else ",") + rest + separator[1:] + separator.join(texts) + ("," if has_comma else "")
    return Edit(Span(file, end, stop), text)


_Item = tuple[Node, Node]
"""The first and the last node of an item: key and value of a mapping, or twice the item of a list."""


def _remove_items(collection: Mapping | Sequence, items: SequenceOf[_Item], removed: SequenceOf[int]) -> list[Edit]:
    """Remove the items at the indices `removed`.

    Raises RefusedError where a comment would go with an item, or something else stands on the lines of one.
    """
    ranges = [(first.start, max(first.end, last.end)) for first, last in items]
    for index in removed:
        first, last = items[index]
        between = collection.file.text[min(first.end, last.start) : last.start]
        if has_comment(last) or "#" in between:
            raise _by_hand(collection.file, first.start, "a comment stands in what would be taken out")
    if collection.flow:
        return [_remove_from_flow(collection, ranges, index, removed) for index in removed]
    return [_remove_lines(collection, ranges[index]) for index in removed]


def _remove_from_flow(
    collection: Mapping | Sequence, ranges: SequenceOf[tuple[int, int]], index: int, removed: SequenceOf[int]
) -> Edit:
    """Remove one item of a flow collection and the comma before it; of items at the front, the comma behind.

    Raises RefusedError where a comment stands at the comma.
    """
    file = collection.file
    start, end = ranges[index]
    if all(before in removed for before in range(index)):
        begin, stop = start, ranges[index + 1][0] if index + 1 < len(ranges) else end
        gap = file.text[end:stop]
    else:
        begin, stop = ranges[index - 1][1], end
        gap = file.text[begin:start]
    if "#" in gap:
        raise _by_hand(file, begin, "a comment stands in what would be taken out")
    return Edit(Span(file, begin, stop), "")


def _remove_lines(collection: Mapping | Sequence, offsets: tuple[int, int]) -> Edit:
    """Remove the lines of one item of a block collection; a comment behind it stays.

    Raises RefusedError where the item does not begin its line.
    """
    file, source = collection.file, collection.file.text
    start, end = offsets
    begin = source.rfind("\n", 0, start) + 1
    indent = source[begin:start]
    dash = "-" if isinstance(collection, Sequence) else ""
    if indent.strip(" ") != dash:
        raise _by_hand(file, start, "something else stands on its lines")
    stop = line_end(source, end)
    comment = source[end:stop].strip(" \t")
    if comment:
        return Edit(Span(file, begin + len(indent.rstrip(" -")), stop), indent.replace("-", " ") + comment)
    # The line end before the lines goes with them; there is one, because a section's name stands above.
    begin -= 2 if source[begin - 2 : begin] == "\r\n" else 1
    return Edit(Span(file, begin, stop), "")


def _removal_of_lines(key: Scalar, value: Node) -> Edit | None:
    """Return the edit that removes a key and its value as whole lines; None where anything else stands on them."""
    text = key.file.text
    begin = text.rfind("\n", 0, key.start) + 1
    end = max(key.end, value.end)
    newline = text.find("\n", end)
    stop = len(text) if newline == -1 else newline + 1
    several_lines = "\n" in text[begin:end]
    if text[begin : key.start].strip(" ") or text[end:stop].strip() or (several_lines and "#" in text[begin:end]):
        return None
    return Edit(Span(key.file, begin, stop), "")


def _removal_from_flow(mapping: Mapping, index: int) -> Edit | None:
    """Return the edit that removes a key, its value and one comma of a flow mapping.

    None where a line ends between them, or anything but the comma stands there. INVARIANT: there are two keys or more.
    """
    text = mapping.file.text
    key, value = mapping.items[index]
    end = max(key.end, value.end)
    if index > 0:
        begin = max(node.end for node in mapping.items[index - 1])
        comma = _COMMA.fullmatch(text, begin, key.start)
    else:
        begin, next_start = key.start, mapping.items[1][0].start
        comma = _COMMA.fullmatch(text, end, next_start)
        end = next_start
    if comma is None or "\n" in text[begin:end]:
        return None
    return Edit(Span(mapping.file, begin, end), "")


def _colon_end(key: Scalar) -> int:
    """Return the offset behind the `:` of a key."""
    colon = _COLON.match(key.file.text, key.end)
    assert colon is not None
    return colon.end()


def _column(source: str, offset: int) -> int:
    """Return the column of an offset, counted from 0."""
    return offset - source.rfind("\n", 0, offset) - 1


def _is_on_line_of_dash(source: str, sequence: Sequence, item: Node) -> bool:
    """Return whether a list item begins on the line of its dash, so that the gap between the two can be copied."""
    begin = source.rfind("\n", 0, item.start) + 1
    return source[begin : item.start].strip(" ") == "-" and _column(source, sequence.start) < item.start - begin


def _newline(source: str, offset: int) -> str:
    """Return the line end of an offset's line; of a last line without one, the file's first; LF where there is none."""
    end = source.find("\n", offset)
    if end == -1:
        end = source.find("\n")
    return "\r\n" if end > 0 and source[end - 1] == "\r" else "\n"


def _by_hand(file: SourceFile, offset: int, why: str) -> RefusedError:
    """Return the error for a place that its author must change by hand."""
    return RefusedError(
        f"{Span(file, offset, offset)} cannot be changed by a command: {why}",
        "make this change by hand, then run `routecomp check`",
    )
