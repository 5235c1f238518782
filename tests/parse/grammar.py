"""Read YAML 1.2.2 slowly, production by production, into plain values; raise `Refused` where no production fits.

The twin that `routecomp.parse` is compared with. Each function is one production of the specification (its
number in brackets), tried in the order the specification gives; there is no cleverness. It covers the
subset of docs/semantics.md, section 2: what lies outside (properties, aliases, directives, explicit or
missing keys, further documents, duplicate keys) is refused as well. As everywhere in routecomp a missing
line end at the end of the file counts as written.
The lower half, white space and scalars, is in `grammar_text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tests.parse.grammar_text import Found, Plain, TextReader


class Refused(Exception):
    """The text is not YAML 1.2.2, or outside of the subset."""


@dataclass(frozen=True)
class Pairs:
    """A mapping as written."""

    items: tuple[tuple[object, object], ...]


def read(text: str) -> object:
    """The value of the one document in `text`: dict, list, int, Decimal, bool, None or str."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if text and not text.endswith("\n"):
        text += "\n"
    # [202] l-document-prefix, [208] l-explicit-document, [207] l-bare-document, [206] c-forbidden
    start = Reader(text).comment_lines(0)
    if start == len(text):
        raise Refused("no document")
    explicit = re.compile(r"---(?=[ \t\n])").match(text, start)
    start = explicit.end() if explicit else start
    end_marker = re.compile(r"^(?:---|\.\.\.)(?=[ \t\n])", re.MULTILINE).search(text, start)
    end = end_marker.start() if end_marker else len(text)
    reader = Reader(text[:end])
    result = reader.block_node(start, -1, "block-in")
    if result is None and explicit:
        after = reader.s_l_comments(start)
        result = None if after is None else (after, Plain(""))
    if result is None or result[0] != end:
        raise Refused(f"no production fits at {result[0] if result else start}")
    rest = text[end:]
    while rest.startswith("..."):  # [205] l-document-suffix
        tail = Reader(rest)
        after = tail.s_l_comments(3)
        if after is None:
            raise Refused("text after a document end marker")
        rest = rest[after:]
    if rest:
        raise Refused("a second document")
    return plain_value(result[1])


def plain_value(node: object) -> object:
    """Apply the subset's rules for keys and scalars."""
    if isinstance(node, Pairs):
        result: dict[str, object] = {}
        for key, value in node.items:
            text = key.text if isinstance(key, Plain) else key
            if not isinstance(text, str) or (isinstance(key, Plain) and text in ("", "<<")) or text in result:
                raise Refused("a key outside of the subset")
            result[text] = plain_value(value)
        return result
    if isinstance(node, list):
        return [plain_value(item) for item in node]
    if isinstance(node, Plain):
        if node.text in ("", "~", "null", "Null", "NULL"):
            return None
        if node.text in ("true", "false"):
            return node.text == "true"
        if re.fullmatch(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?", node.text):
            return Decimal(node.text)
        return node.text
    return node


class Reader(TextReader):
    """The productions of collections and block scalars over one text."""

    # -- flow collections: [136] to [161]

    def json_node(self, offset: int, n: int, c: str) -> Found:
        """[160] c-flow-json-node(n,c)"""
        char = self.char(offset)
        if char in ('"', "'"):
            return self.quoted(offset, n, c)
        if char == "[":
            return self.memo(
                ("seq", offset, n, c), lambda: self.flow_collection(offset, n, c, "]", self.flow_seq_entry)
            )
        if char == "{":
            result = self.memo(
                ("map", offset, n, c), lambda: self.flow_collection(offset, n, c, "}", self.flow_map_entry)
            )
            return None if result is None else (result[0], Pairs(tuple(result[1])))  # type: ignore[arg-type]
        return None

    def flow_node(self, offset: int, n: int, c: str) -> Found:
        """[161] ns-flow-node(n,c)"""
        return self.plain(offset, n, c) or self.json_node(offset, n, c)

    def flow_collection(
        self, offset: int, n: int, c: str, close: str, entry: Callable[[int, int, str], Found]
    ) -> Found:
        """[137] c-flow-sequence(n,c), [140] c-flow-mapping(n,c)"""
        inner = "flow-key" if c.endswith("key") else "flow-in"
        items: list[object] = []
        offset = self.maybe_separate(offset + 1, n, c)
        while self.char(offset) != close:
            result = entry(offset, n, inner)
            if result is None:
                return None
            items.append(result[1])
            offset = self.maybe_separate(result[0], n, inner)
            if self.char(offset) == ",":
                offset = self.maybe_separate(offset + 1, n, inner)
            elif self.char(offset) != close:
                return None
        return offset + 1, items

    def flow_map_entry(self, offset: int, n: int, c: str) -> Found:
        """[144] ns-flow-map-implicit-entry(n,c)"""
        result = self.plain(offset, n, c)
        if result is not None:  # [145]
            value = self.separate_value(self.maybe_separate(result[0], n, c), n, c)
            return (result[0], (result[1], Plain(""))) if value is None else (value[0], (result[1], value[1]))
        value = self.separate_value(offset, n, c)  # [146]
        if value is not None:
            return value[0], (Plain(""), value[1])
        result = self.json_node(offset, n, c)
        if result is None:
            return None
        value = self.adjacent_value(self.maybe_separate(result[0], n, c), n, c)  # [148]
        return (result[0], (result[1], Plain(""))) if value is None else (value[0], (result[1], value[1]))

    def separate_value(self, offset: int, n: int, c: str) -> Found:
        """[147] c-ns-flow-map-separate-value(n,c)"""
        if self.char(offset) != ":" or self.plain_safe(offset + 1, c):
            return None
        after = self.separate(offset + 1, n, c)
        result = None if after is None else self.flow_node(after, n, c)
        return result or (offset + 1, Plain(""))

    def adjacent_value(self, offset: int, n: int, c: str) -> Found:
        """[149] c-ns-flow-map-adjacent-value(n,c)"""
        if self.char(offset) != ":":
            return None
        return self.flow_node(self.maybe_separate(offset + 1, n, c), n, c) or (offset + 1, Plain(""))

    def flow_seq_entry(self, offset: int, n: int, c: str) -> Found:
        """[139] ns-flow-seq-entry(n,c), [151] ns-flow-pair-entry(n,c)"""
        key = self.plain(offset, 0, "flow-key")
        value = None
        if key is not None:
            value = self.separate_value(self.maybe_separate(key[0], 0, "flow-key"), n, c)
        if value is None and (empty := self.separate_value(offset, n, c)) is not None:
            key, value = (offset, Plain("")), empty
        if value is None:
            key = self.json_node(offset, 0, "flow-key")
            if key is not None:
                value = self.adjacent_value(self.maybe_separate(key[0], 0, "flow-key"), n, c)
        if key is not None and value is not None:
            return value[0], Pairs(((key[1], value[1]),))
        return self.flow_node(offset, n, c)

    # -- block scalars: [162] to [182]

    def block_scalar(self, offset: int, n: int) -> Found:
        """[170] c-l+literal(n), [174] c-l+folded(n)"""
        header = re.compile(r"([|>])(?:([1-9])([-+]?)|([-+]?)([1-9]?))").match(self.text, offset)
        if header is None:
            return None
        start = self.s_b_comment(header.end())
        if start is None:
            return None
        chomp = header[3] or header[4] or ""
        digit = header[2] or header[5]
        lines = self.text[start:].split("\n")[:-1]
        if digit:
            width = n + int(digit)
        else:
            first = next((line for line in lines if line.strip(" ")), None)
            width = -1 if first is None else len(first) - len(first.lstrip(" "))
            longest = (
                max((len(line) for line in lines[: lines.index(first)] if first), default=0)
                if first is not None
                else max(map(len, lines), default=0)
            )
            if width <= n:
                width = max(n + 1, longest)  # it holds nothing
            elif longest > width:
                return None  # an empty line before the text is longer than the text is indented
        content: list[str] = []
        offset = start
        for line in lines:
            spaces = len(line) - len(line.lstrip(" "))
            if line.strip(" ") and spaces < width:
                break
            content.append(line[width:])
            offset += len(line) + 1
        empty = 0
        while content and not content[-1]:
            content.pop()
            empty += 1
        text = literal(content) if header[1] == "|" else folded(content)
        if chomp == "+":
            text += "\n" * (empty + bool(content))
        elif chomp == "" and content:
            text += "\n"
        # [169] l-trail-comments(n): the first line after it is less indented
        if self.char(offset) and re.compile(r" *#").match(self.text, offset):
            offset = self.comment_lines(offset)
        return offset, text

    # -- block collections: [183] to [201]

    def block_sequence(self, offset: int, n: int) -> Found:
        """[183] l+block-sequence(n)"""
        spaces = self.spaces(offset)
        if spaces <= n:
            return None
        return self.entries(offset, spaces, self.block_seq_entry)

    def block_mapping(self, offset: int, n: int) -> Found:
        """[187] l+block-mapping(n)"""
        spaces = self.spaces(offset)
        if spaces <= n:
            return None
        result = self.entries(offset, spaces, self.block_map_entry)
        return None if result is None else (result[0], Pairs(tuple(result[1])))  # type: ignore[arg-type]

    def spaces(self, offset: int) -> int:
        end = offset
        while self.char(end) == " ":
            end += 1
        return end - offset

    def entries(self, offset: int, n: int, entry: Callable[[int, int], Found], compact: bool = False) -> Found:
        items: list[object] = []
        while True:
            start = offset if compact and not items else self.indent(offset, n)
            result = None if start is None else entry(start, n)
            if result is None:
                return (offset, items) if items else None
            items.append(result[1])
            offset = result[0]

    def block_seq_entry(self, offset: int, n: int) -> Found:
        """[184] c-l-block-seq-entry(n)"""
        if self.char(offset) != "-" or self.ns_char(offset + 1):
            return None
        return self.memo(("entry", offset, n), lambda: self.block_indented(offset + 1, n))

    def block_indented(self, offset: int, n: int) -> Found:
        """[185] s-l+block-indented(n,block-in)"""
        m = self.spaces(offset)
        if m and self.ns_char(offset + m):
            inner = n + 1 + m
            result = self.entries(offset + m, inner, self.block_seq_entry, True)
            if result is not None:
                return result
            result = self.entries(offset + m, inner, self.block_map_entry, True)
            if result is not None:
                return result[0], Pairs(tuple(result[1]))  # type: ignore[arg-type]
        return self.block_node_or_empty(offset, n, "block-in")

    def block_node_or_empty(self, offset: int, n: int, c: str) -> Found:
        result = self.block_node(offset, n, c)
        if result is not None:
            return result
        after = self.s_l_comments(offset)
        return None if after is None else (after, Plain(""))

    def block_map_entry(self, offset: int, n: int) -> Found:
        """[192] ns-l-block-map-implicit-entry(n)"""
        key = self.json_node(offset, 0, "block-key") or self.plain(offset, 0, "block-key")
        if key is not None and key[1] is not None:
            colon = self.maybe_separate(key[0], 0, "block-key")
        else:
            key, colon = (offset, Plain("")), offset
        if self.char(colon) != ":":
            return None
        value = self.memo(("value", colon, n), lambda: self.block_node_or_empty(colon + 1, n, "block-out"))
        return None if value is None else (value[0], (key[1], value[1]))

    def block_node(self, offset: int, n: int, c: str) -> Found:
        """[196] s-l+block-node(n,c)"""
        after = self.separate(offset, n + 1, c)  # [199] s-l+block-scalar(n,c)
        result = None if after is None else self.block_scalar(after, n)
        if result is not None:
            return result
        after = self.s_l_comments(offset)  # [200] s-l+block-collection(n,c)
        if after is not None:
            result = self.block_sequence(after, n - 1 if c == "block-out" else n) or self.block_mapping(after, n)
            if result is not None:
                return result
        after = self.separate(offset, n + 1, "flow-out")  # [197] s-l+flow-in-block(n)
        result = None if after is None else self.flow_node(after, n + 1, "flow-out")
        end = None if result is None else self.s_l_comments(result[0])
        return None if result is None or end is None else (end, result[1])


def literal(lines: list[str]) -> str:
    """[173] l-literal-content without its last line end"""
    return "\n".join(lines)


def folded(lines: list[str]) -> str:
    """[182] l-folded-content without its last line end"""
    result: list[str] = []
    previous = ""  # the last line that holds something
    empty = 0
    for line in lines:
        if not line:
            empty += 1
            continue
        if not result:
            result.append("\n" * empty)
        elif previous[0] in " \t" or line[0] in " \t":  # [177] s-nb-spaced-text: kept as it is
            result.append("\n" * (empty + 1))
        else:
            result.append("\n" * empty or " ")
        result.append(line)
        previous, empty = line, 0
    return "".join(result)
