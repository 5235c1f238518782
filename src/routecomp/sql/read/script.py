"""Split a migration into its statements: tokens with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Literal, TypeVar

from routecomp.source.text import SourceFile, Span
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.read.lexer import Token, tokens

Way = Literal["up", "down"]
_UNMARKED = re.compile(r"--\s*routecomp:no-transaction\s*")


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement, without comments and its semicolon; it has at least one token.

    `known` is what was found out about it already (see `remembered`).
    """

    tokens: tuple[Token, ...]
    known: dict[str, Any] = field(default_factory=dict, repr=False)

    def starts(self, *words: str) -> bool:
        """Whether the statement begins with these keywords."""
        return len(self.tokens) >= len(words) and all(
            token.up == word for token, word in zip(self.tokens, words, strict=False)
        )

    def find(self, word: str, begin: int = 0) -> int:
        """Where a keyword stands outside of every parenthesis; -1 where it does not."""
        return find(self.tokens, word, begin)


@dataclass(frozen=True, eq=False)
class Script:
    """One file of a migration. `earlier` are the up files that run before it; `up` is the way there of a way back."""

    source: SourceFile
    dialect: Dialect
    id: str
    way: Way
    earlier: Sequence[Script] = ()
    up: Script | None = None

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokens(self.source.text, self.dialect)

    @cached_property
    def comments(self) -> list[Token]:
        """The comments, in order."""
        return [token for token in self._tokens if token.kind == "comment"]

    @cached_property
    def broken(self) -> Token | None:
        """What is not closed before the file ends, or is a command of psql and no SQL."""
        return next((token for token in self._tokens if token.kind == "unclosed" or token.text == "\\"), None)

    @cached_property
    def statements(self) -> list[Statement]:
        """The statements, in order."""
        return list(_split([token for token in self._tokens if token.kind != "comment"]))

    @cached_property
    def without_transaction(self) -> bool:
        """Whether the file says that it runs outside of a transaction."""
        return any(_UNMARKED.fullmatch(comment.text) for comment in self.comments)

    def span(self, first: Token, last: Token | None = None) -> Span:
        """The place of a token, or of all from one to another."""
        return Span(self.source, first.start, (last or first).end)


T = TypeVar("T")


def remembered(reads: Callable[[Statement], T]) -> Callable[[Statement], T]:
    """Read each statement once, however many rules ask."""

    @wraps(reads)
    def read(statement: Statement) -> T:
        known = statement.known
        name = reads.__name__
        if name not in known:
            known[name] = reads(statement)
        found: T = known[name]
        return found

    return read


def _split(every: Iterable[Token]) -> Iterator[Statement]:
    held: list[Token] = []
    depth = 0  # of BEGIN and CASE within the body of a trigger or a function
    for token in every:
        if token.text == ";" and token.kind == "operator" and not depth:
            if held:
                yield Statement(tuple(held))
            held = []
            continue
        held.append(token)
        if depth:
            depth += (token.up == "CASE") - (token.up == "END")
        elif (token.up == "BEGIN" and _has_body(held)) or (
            token.up == "ATOMIC" and len(held) > 1 and held[-2].up == "BEGIN" and held[0].up == "CREATE"
        ):
            depth = 1
    if held:
        yield Statement(tuple(held))


def _has_body(held: Sequence[Token]) -> bool:
    """SQLite's triggers hold statements; elsewhere BEGIN stands alone, or is part of a text."""
    words = [token.up for token in held[:3]]
    return words[0] == "CREATE" and "TRIGGER" in words[1:] and len(held) > 3


def find(some: Sequence[Token], word: str, begin: int = 0) -> int:
    """Where a keyword stands outside of every parenthesis; -1 where it does not."""
    depth = 0
    for at in range(begin, len(some)):
        up = some[at].up
        if up == word and not depth:
            return at
        depth += (up == "(") - (up == ")")
    return -1
