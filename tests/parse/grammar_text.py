"""White space, comments and scalars of YAML 1.2.2, production by production: the lower half of `grammar`.

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

    def char(self, at: int) -> str:
        return self.text[at] if at < len(self.text) else ""

    def ns_char(self, at: int) -> bool:
        return self.char(at) not in ("", " ", "\t", "\n")

    def memo(self, key: tuple[object, ...], production: Callable[[], Found]) -> Found:
        if key not in self.seen:
            self.seen[key] = production()
        return self.seen[key]

    # -- white space, line folding and comments: [63] to [81]

    def indent(self, at: int, n: int) -> int | None:
        """[63] s-indent(n)"""
        return at + n if self.text[at : at + n] == " " * n else None

    def separate_in_line(self, at: int) -> int | None:
        """[66] s-separate-in-line"""
        end = at
        while self.char(end) in (" ", "\t"):
            end += 1
        return end if end > at or at == 0 or self.char(at - 1) == "\n" else None

    def flow_line_prefix(self, at: int, n: int) -> int | None:
        """[69] s-flow-line-prefix(n)"""
        after = self.indent(at, max(n, 0))
        if after is None:
            return None
        return after if (more := self.separate_in_line(after)) is None else more

    def l_empty(self, at: int, n: int, flow: bool) -> int | None:
        """[70] l-empty(n,c)"""
        after = self.flow_line_prefix(at, n) if flow else self.indent(at, max(n, 0))
        if after is not None and self.char(after) == "\n":
            return after + 1
        after = at
        while self.char(after) == " " and after - at < n - 1:
            after += 1
        return after + 1 if self.char(after) == "\n" else None

    def flow_folded(self, at: int, n: int) -> tuple[int, str] | None:
        """[74] s-flow-folded(n), with the text it stands for"""
        after = self.separate_in_line(at)
        after = at if after is None else after
        if self.char(after) != "\n":
            return None
        after += 1
        empty = 0
        while (more := self.l_empty(after, n, True)) is not None:
            after, empty = more, empty + 1
        end = self.flow_line_prefix(after, n)
        return None if end is None else (end, "\n" * empty or " ")

    def comment_text(self, at: int) -> int:
        """[75] c-nb-comment-text?"""
        if self.char(at) != "#":
            return at
        return self.text.index("\n", at)

    def l_comment(self, at: int) -> int | None:
        """[78] l-comment"""
        after = self.separate_in_line(at)
        if after is None or at >= len(self.text):
            return None
        after = self.comment_text(after)
        return after + 1 if self.char(after) == "\n" else None

    def comment_lines(self, at: int) -> int:
        while (after := self.l_comment(at)) is not None:
            at = after
        return at

    def s_b_comment(self, at: int) -> int | None:
        """[77] s-b-comment"""
        after = self.separate_in_line(at)
        after = at if after is None else self.comment_text(after)
        if after >= len(self.text):
            return after
        return after + 1 if self.char(after) == "\n" else None

    def s_l_comments(self, at: int) -> int | None:
        """[79] s-l-comments"""
        after = self.s_b_comment(at)
        if after is None:
            if at and self.char(at - 1) != "\n":
                return None
            after = at
        return self.comment_lines(after)

    def separate(self, at: int, n: int, c: str) -> int | None:
        """[80] s-separate(n,c), [81] s-separate-lines(n)"""
        if not c.endswith("key"):
            after = self.s_l_comments(at)
            if after is not None and (end := self.flow_line_prefix(after, n)) is not None:
                return end
        return self.separate_in_line(at)

    def maybe_separate(self, at: int, n: int, c: str) -> int:
        after = self.separate(at, n, c)
        return at if after is None else after

    # -- flow scalars: [107] to [135]

    def quoted(self, at: int, n: int, c: str) -> Found:
        """[109] c-double-quoted(n,c), [120] c-single-quoted(n,c)"""
        quote = self.char(at)
        if quote not in ('"', "'"):
            return None
        at += 1
        parts: list[str] = []
        while True:
            white = at
            while self.char(at) in (" ", "\t"):
                at += 1
            char = self.char(at)
            if char == "":
                return None
            if char == "\n" or (quote == '"' and self.text.startswith("\\\n", at)):
                if c.endswith("key"):
                    return None
                if char == "\n":
                    folded = self.flow_folded(white, n)
                else:  # [112] s-double-escaped(n)
                    parts.append(self.text[white:at])
                    at += 2
                    empty = 0
                    while (more := self.l_empty(at, n, True)) is not None:
                        at, empty = more, empty + 1
                    end = self.flow_line_prefix(at, n)
                    folded = None if end is None else (end, "\n" * empty)
                if folded is None:
                    return None
                at = folded[0]
                parts.append(folded[1])
                continue
            parts.append(self.text[white:at])
            if char == quote:
                if quote == "'" and self.char(at + 1) == "'":
                    parts.append("'")
                    at += 2
                    continue
                return at + 1, "".join(parts)
            if char == "\\" and quote == '"':
                escape = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))").match(
                    self.text, at
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
                at = escape.end()
                continue
            parts.append(char)
            at += 1

    def plain_safe(self, at: int, c: str) -> bool:
        """[127] ns-plain-safe(c)"""
        return self.ns_char(at) and not (c in ("flow-in", "flow-key") and self.char(at) in FLOW_INDICATORS)

    def plain_first(self, at: int, c: str) -> bool:
        """[126] ns-plain-first(c)"""
        if not self.ns_char(at):
            return False
        char = self.char(at)
        return char not in INDICATORS or (char in "?:-" and self.plain_safe(at + 1, c))

    def plain_char(self, at: int, c: str) -> bool:
        """[130] ns-plain-char(c)"""
        char = self.char(at)
        if char == "#":
            return self.ns_char(at - 1)
        if char == ":":
            return self.plain_safe(at + 1, c)
        return self.plain_safe(at, c)

    def plain_in_line(self, at: int, c: str) -> int:
        """[132] nb-ns-plain-in-line(c)"""
        while True:
            after = at
            while self.char(after) in (" ", "\t"):
                after += 1
            if not self.plain_char(after, c):
                return at
            at = after + 1

    def plain(self, at: int, n: int, c: str) -> Found:
        """[131] ns-plain(n,c)"""
        if not self.plain_first(at, c):
            return None
        end = self.plain_in_line(at + 1, c)
        text = self.text[at:end]
        while not c.endswith("key"):  # [134] s-ns-plain-next-line(n,c)
            folded = self.flow_folded(end, n)
            if folded is None or not self.plain_char(folded[0], c):
                break
            after = self.plain_in_line(folded[0] + 1, c)
            text += folded[1] + self.text[folded[0] : after]
            end = after
        return end, Plain(text)
