"""Split a migration into its statements: tokens with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Literal, TypeVar

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.source.text import SourceFile, Span
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.read.lexer import Token, tokens

Way = Literal["up", "down"]
_CONFLICT = re.compile(r"^<{7} [^\r\n]*(?=(?s:.*)^>{7} )", re.MULTILINE)
_UNMARKED = re.compile(r"--\s*routecomp:no-transaction\s*")


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement, without comments and its semicolon; it has at least one token.

    `known` holds what `remembered` functions have read of it.
    """

    tokens: tuple[Token, ...]
    known: dict[str, Any] = field(default_factory=dict, repr=False)

    def starts(self, *words: str) -> bool:
        """Return whether the statement begins with these keywords."""
        return len(self.tokens) >= len(words) and all(
            token.up == word for token, word in zip(self.tokens, words, strict=False)
        )

    def find(self, word: str, begin: int = 0) -> int:
        """Return where a keyword stands outside of every parenthesis; -1 where it does not."""
        return find(self.tokens, word, begin)


@dataclass(frozen=True, eq=False)
class Script:
    """One file of a migration.

    `earlier` are the readable up files of its dialect that run before it; `up` is the way there of a way back, None if
    there is none that can be read. `refused` are the diagnostics of a file whose bytes are no text.
    """

    source: SourceFile
    dialect: Dialect
    id: str
    way: Way
    earlier: Sequence[Script] = ()
    up: Script | None = None
    refused: tuple[Diagnostic, ...] = ()

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokens(self.source.text, self.dialect)

    @cached_property
    def comments(self) -> list[Token]:
        """The comments, in order."""
        return [token for token in self._tokens if token.kind == "comment"]

    @cached_property
    def broken(self) -> Token | None:
        """The first token that is not closed before the file ends, or is a command of psql; None without one."""
        return next((token for token in self._tokens if token.kind == "unclosed" or token.text == "\\"), None)

    @cached_property
    def conflict(self) -> Span | None:
        """The line `<<<<<<< NAME` of an unresolved merge; None without one."""
        match = _CONFLICT.search(self.source.text)
        return None if match is None else Span(self.source, *match.span())

    @property
    def is_readable(self) -> bool:
        """Whether the file can be split into statements."""
        return not self.refused and self.conflict is None and self.broken is None

    @cached_property
    def statements(self) -> list[Statement]:
        """The statements, in order; a guess where the script is not readable."""
        return list(_split([token for token in self._tokens if token.kind != "comment"]))

    @cached_property
    def without_transaction(self) -> bool:
        """Whether a comment of the file says that it runs outside of a transaction."""
        return any(_UNMARKED.fullmatch(comment.text) for comment in self.comments)

    @property
    def start(self) -> Span:
        """The place of the first token that is no comment; an empty one at the beginning without statements."""
        return self.span(self.statements[0].tokens[0]) if self.statements else Span(self.source, 0, 0)

    def bare(self, name: str | None) -> str | None:
        """Return what a table (or another object) of ours is called without the project's prefix; None for others."""
        return self.dialect.names.bare(name)

    def span(self, first: Token, last: Token | None = None) -> Span:
        """Return the place of a token, or of all tokens from the first to the last."""
        return Span(self.source, first.start, (last or first).end)


T = TypeVar("T")


def remembered(reads: Callable[[Statement], T]) -> Callable[[Statement], T]:
    """Call the function once for each statement, however many rules need the result.

    The statement keeps it under the function's name, which no other remembered function may have.
    """

    @wraps(reads)
    def read(statement: Statement) -> T:
        known = statement.known
        name = reads.__name__
        if name not in known:
            known[name] = reads(statement)
        value: T = known[name]
        return value

    return read


def _split(every: Iterable[Token]) -> Iterator[Statement]:
    """Split tokens without comments at the semicolons outside of bodies; empty statements are left out."""
    pending: list[Token] = []
    depth = 0  # of BEGIN and CASE within the body of a trigger or a function
    for token in every:
        if token.text == ";" and token.kind == "operator" and not depth:
            if pending:
                yield Statement(tuple(pending))
            pending = []
            continue
        pending.append(token)
        if depth:
            depth += (token.up == "CASE") - (token.up == "END")
        elif (token.up == "BEGIN" and _has_body(pending)) or (
            token.up == "ATOMIC" and len(pending) > 1 and pending[-2].up == "BEGIN" and pending[0].up == "CREATE"
        ):
            depth = 1
    if pending:
        yield Statement(tuple(pending))


def _has_body(pending: Sequence[Token]) -> bool:
    """Return whether BEGIN begins a body of statements: in a trigger; elsewhere it stands alone, or within a text."""
    words = [token.up for token in pending[:3]]
    return words[0] == "CREATE" and "TRIGGER" in words[1:] and len(pending) > 3


def find(tokens: Sequence[Token], word: str, begin: int = 0) -> int:
    """Return the place of the first such keyword from `begin` on, outside of every parenthesis; -1 without one.

    Parentheses that are open before `begin` do not count, and what stands behind their end is not searched.
    """
    depth = 0
    for index in range(begin, len(tokens)):
        up = tokens[index].up
        if up == word and not depth:
            return index
        depth += (up == "(") - (up == ")")
    return -1
