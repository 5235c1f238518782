"""Read white space, comments and scalars of YAML 1.2.2, production by production: the lower half of `grammar`.

A position is an offset into the text. A production gives the position after it, or None; those that have a
value give both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Found = tuple[int, object] | None

INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
FLOW_INDICATORS = ",[]{}"
ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


@dataclass(frozen=True)
class Plain:
    """A plain scalar's text."""

    text: str


class TextReader:
    """The productions over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.seen: dict[tuple[object, ...], Found] = {}

    def char(self, offset: int) -> str:
        return self.text[offset] if offset < len(self.text) else ""

    def ns_char(self, offset: int) -> bool:
        return self.char(offset) not in ("", " ", "\t", "\n")

    def memo(self, key: tuple[object, ...], production: Callable[[], Found]) -> Found:
        if key not in self.seen:
            self.seen[key] = production()
        return self.seen[key]

    # -- white space, line folding and comments: [63] to [81]

    def indent(self, offset: int, n: int) -> int | None:
        """[63] s-indent(n)"""
        return offset + n if self.text[offset : offset + n] == " " * n else None

    def separate_in_line(self, offset: int) -> int | None:
        """[66] s-separate-in-line"""
        end = offset
        while self.char(end) in (" ", "\t"):
            end += 1
        return end if end > offset or offset == 0 or self.char(offset - 1) == "\n" else None

    def flow_line_prefix(self, offset: int, n: int) -> int | None:
        """[69] s-flow-line-prefix(n)"""
        after = self.indent(offset, max(n, 0))
        if after is None:
            return None
        return after if (more := self.separate_in_line(after)) is None else more

    def l_empty(self, offset: int, n: int, flow: bool) -> int | None:
        """[70] l-empty(n,c)"""
        after = self.flow_line_prefix(offset, n) if flow else self.indent(offset, max(n, 0))
        if after is not None and self.char(after) == "\n":
            return after + 1
        after = offset
        while self.char(after) == " " and after - offset < n - 1:
            after += 1
        return after + 1 if self.char(after) == "\n" else None

    def flow_folded(self, offset: int, n: int) -> tuple[int, str] | None:
        """[74] s-flow-folded(n), with the text it stands for"""
        after = self.separate_in_line(offset)
        after = offset if after is None else after
        if self.char(after) != "\n":
            return None
        after += 1
        empty = 0
        while (more := self.l_empty(after, n, True)) is not None:
            after, empty = more, empty + 1
        end = self.flow_line_prefix(after, n)
        return None if end is None else (end, "\n" * empty or " ")

    def comment_text(self, offset: int) -> int:
        """[75] c-nb-comment-text?"""
        if self.char(offset) != "#":
            return offset
        return self.text.index("\n", offset)

    def l_comment(self, offset: int) -> int | None:
        """[78] l-comment"""
        after = self.separate_in_line(offset)
        if after is None or offset >= len(self.text):
            return None
        after = self.comment_text(after)
        return after + 1 if self.char(after) == "\n" else None

    def comment_lines(self, offset: int) -> int:
        while (after := self.l_comment(offset)) is not None:
            offset = after
        return offset

    def s_b_comment(self, offset: int) -> int | None:
        """[77] s-b-comment"""
        after = self.separate_in_line(offset)
        after = offset if after is None else self.comment_text(after)
        if after >= len(self.text):
            return after
        return after + 1 if self.char(after) == "\n" else None

    def s_l_comments(self, offset: int) -> int | None:
        """[79] s-l-comments"""
        after = self.s_b_comment(offset)
        if after is None:
            if offset and self.char(offset - 1) != "\n":
                return None
            after = offset
        return self.comment_lines(after)

    def separate(self, offset: int, n: int, c: str) -> int | None:
        """[80] s-separate(n,c), [81] s-separate-lines(n)"""
        if not c.endswith("key"):
            after = self.s_l_comments(offset)
            if after is not None and (end := self.flow_line_prefix(after, n)) is not None:
                return end
        return self.separate_in_line(offset)

    def maybe_separate(self, offset: int, n: int, c: str) -> int:
        after = self.separate(offset, n, c)
        return offset if after is None else after

    # -- flow scalars: [107] to [135]

    def quoted(self, offset: int, n: int, c: str) -> Found:
        """[109] c-double-quoted(n,c), [120] c-single-quoted(n,c)"""
        quote = self.char(offset)
        if quote not in ('"', "'"):
            return None
        offset += 1
        parts: list[str] = []
        while True:
            white = offset
            while self.char(offset) in (" ", "\t"):
                offset += 1
            char = self.char(offset)
            if char == "":
                return None
            if char == "\n" or (quote == '"' and self.text.startswith("\\\n", offset)):
                if c.endswith("key"):
                    return None
                if char == "\n":
                    folded = self.flow_folded(white, n)
                else:  # [112] s-double-escaped(n)
                    parts.append(self.text[white:offset])
                    offset += 2
                    empty = 0
                    while (more := self.l_empty(offset, n, True)) is not None:
                        offset, empty = more, empty + 1
                    end = self.flow_line_prefix(offset, n)
                    folded = None if end is None else (end, "\n" * empty)
                if folded is None:
                    return None
                offset = folded[0]
                parts.append(folded[1])
                continue
            parts.append(self.text[white:offset])
            if char == quote:
                if quote == "'" and self.char(offset + 1) == "'":
                    parts.append("'")
                    offset += 2
                    continue
                return offset + 1, "".join(parts)
            if char == "\\" and quote == '"':
                escape = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))").match(
                    self.text, offset
                )
                if escape is None:
                    return None
                digits = escape[1] or escape[2] or escape[3]
                if digits:
                    if int(digits, 16) > 0x10FFFF:
                        return None
                    parts.append(chr(int(digits, 16)))
                elif escape[4] in ESCAPES:
                    parts.append(ESCAPES[escape[4]])
                else:
                    return None
                offset = escape.end()
                continue
            parts.append(char)
            offset += 1

    def plain_safe(self, offset: int, c: str) -> bool:
        """[127] ns-plain-safe(c)"""
        return self.ns_char(offset) and not (c in ("flow-in", "flow-key") and self.char(offset) in FLOW_INDICATORS)

    def plain_first(self, offset: int, c: str) -> bool:
        """[126] ns-plain-first(c)"""
        if not self.ns_char(offset):
            return False
        char = self.char(offset)
        return char not in INDICATORS or (char in "?:-" and self.plain_safe(offset + 1, c))

    def plain_char(self, offset: int, c: str) -> bool:
        """[130] ns-plain-char(c)"""
        char = self.char(offset)
        if char == "#":
            return self.ns_char(offset - 1)
        if char == ":":
            return self.plain_safe(offset + 1, c)
        return self.plain_safe(offset, c)

    def plain_in_line(self, offset: int, c: str) -> int:
        """[132] nb-ns-plain-in-line(c)"""
        while True:
            after = offset
            while self.char(after) in (" ", "\t"):
                after += 1
            if not self.plain_char(after, c):
                return offset
            offset = after + 1

    def plain(self, offset: int, n: int, c: str) -> Found:
        """[131] ns-plain(n,c)"""
        if not self.plain_first(offset, c):
            return None
        end = self.plain_in_line(offset + 1, c)
        text = self.text[offset:end]
        while not c.endswith("key"):  # [134] s-ns-plain-next-line(n,c)
            folded = self.flow_folded(end, n)
            if folded is None or not self.plain_char(folded[0], c):
                break
            after = self.plain_in_line(folded[0] + 1, c)
            text += folded[1] + self.text[folded[0] : after]
            end = after
        return end, Plain(text)
