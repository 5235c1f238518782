"""Split the text of a migration into tokens, comments among them, each with its exact place.

sqlglot's tokenizer is not used: it gives comments no place, folds what follows EXPLAIN, VACUUM and the like into
one string, and takes 0.2 s to import. A test compares the tokens with those of PostgreSQL's own scanner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from routecomp.sql.dialects.dialect import Dialect

Kind = Literal["word", "quoted", "string", "number", "operator", "comment", "unclosed"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `text` as written, from `start` to `end` (exclusive).

    `up` is what keywords are compared with: a word in capitals, or an operator. `name` is the identifier, folded as the
    databases fold it; None for a token that is none.
    """

    kind: Kind
    text: str
    start: int
    end: int
    up: str = ""
    name: str | None = None

    @property
    def value(self) -> str | None:
        """The text that a string literal stands for, escapes of E'' strings left as they are; None for others."""
        if self.kind != "string":
            return None
        if self.text.startswith("$"):
            mark = self.text.index("$", 1) + 1
            return self.text[mark:-mark]
        return self.text[self.text.index("'") + 1 : -1].replace("''", "'")


def tokens(text: str, dialect: Dialect) -> list[Token]:
    """Return every token of a text, in order, comments among them.

    What is not closed before the end of the text is one token `unclosed`, the last.
    """
    pattern = _compiled(dialect.token_pattern)
    split: list[Token] = []
    index = 0
    while index < len(text):
        match = pattern.match(text, index)
        assert match is not None  # white space, or any other character
        kind, end = match.lastgroup, match.end()
        if kind == "block":
            end = _block_end(text, index, dialect.nested_comments)
            kind = "comment"
        elif kind == "dollar":
            close = text.find(match.group(), end)
            end = -1 if close == -1 else close + len(match.group())
            kind = "string"
        elif kind == "open":
            end = -1
        if end == -1:
            split.append(Token("unclosed", text[index:], index, len(text)))
            break
        if kind is not None:
            split.append(_token(kind, text[index:end], index, end))
        index = end
    return split


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def _token(kind: str, text: str, start: int, end: int) -> Token:
    if kind == "word":
        return Token("word", text, start, end, text.upper(), text.lower())
    if kind == "operator":
        return Token("operator", text, start, end, text)
    if kind == "quoted":
        body = text[text.index("[" if text[-1] == "]" else text[-1]) + 1 : -1]
        return Token("quoted", text, start, end, "", body.replace('""', '"'))
    assert kind in ("string", "number", "comment")
    return Token(kind, text, start, end)  # type: ignore[arg-type]


def _block_end(text: str, index: int, nested: bool) -> int:
    """Return where a comment ends that begins here, -1 if it does not; `nested` comments may hold others."""
    depth = 0
    for mark in re.finditer(r"/\*|\*/", text[index:]):
        if mark.group() == "/*":
            depth = depth + 1 if nested else 1
        else:
            depth -= 1
        if not depth:
            return index + mark.end()
    return -1
