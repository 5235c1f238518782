"""Compare what the files of two dialects do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.invariants import INVARIANTS
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.lexer import tokens as split
from routecomp.sql.read.row_edits import Edit, assertion, edits, strings
from routecomp.sql.read.script import Script, Statement
from routecomp.sql.tables import BY_NAME

_SAME = {"CHAR": "chr", "CHR": "chr"}
_INVARIANTS = tuple(f"{invariant.name}: " for invariant in INVARIANTS)
_HEAD = 3
"""By how many words a statement of the session is known: the value of a setting may be another one."""
_PART = re.compile(r"\w+|[^\w\s]")
_LOCKED = ("features", "feature")
"""The table and the column of the rows that a migration locks."""


class Deed(NamedTuple):
    """What a statement does: `words` say it alike for all dialects, and stand for the tokens of the same places.

    `table` is the one whose rows it edits; None for an assertion, and for what is not read any further.
    """

    tokens: Sequence[Token]
    words: list[str]
    table: str | None = None


def first_difference(script: Script, other: Script, edits_alone: bool = False) -> tuple[Token, str | None] | None:
    """Return where a script does otherwise than another dialect's, and the table it edits there, if it does.

    Statements are compared word for word, but for what each dialect writes otherwise; None where all do the same. What
    sets up the transaction does nothing. With `edits_alone` only edits of the tables count that the YAML fills.
    """
    own, theirs = _deeds(script, edits_alone), _deeds(other, edits_alone)
    for place, deed in enumerate(own):
        words = list(filter(None, theirs[place].words)) if place < len(theirs) else []
        if words != list(filter(None, deed.words)):
            return _token(deed, words), deed.table
    if len(theirs) > len(own):
        return script.statements[-1].tokens[0], theirs[len(own)].table
    return None


def _deeds(script: Script, edits_alone: bool) -> list[Deed]:
    """Return what a script does, in order."""
    read = _edits if edits_alone else _whole
    return [deed for statement in script.statements for deed in read(script, statement)]


def _edits(script: Script, statement: Statement) -> Iterator[Deed]:
    """Yield the edits of tables that the YAML fills."""
    if assertion(statement, script.dialect.names):
        return
    for edit in edits(statement):
        table = script.bare(edit.table.name)
        if table is not None and table in BY_NAME:
            yield Deed(edit.tokens, _words(edit, table, script.dialect), table)


def _whole(script: Script, statement: Statement) -> Iterator[Deed]:
    """Yield what a statement does; nothing for one that only sets up the transaction, locks, or checks an invariant.

    Where a dialect checks those at COMMIT its files do not assert them.
    """
    own, dialect = statement.tokens, script.dialect
    if _sets_up(own, dialect) or _locks(own, dialect):
        return
    if assertion(statement, dialect.names):
        parts = _asserted(own, dialect)
        if parts is not None and any(name.startswith(_INVARIANTS) for name in strings(parts)):
            return
        yield Deed(own, ["ASSERT", *_plain(parts, dialect)] if parts is not None else _plain(own, dialect))
        return
    changes = edits(statement)
    table = script.bare(changes[0].table.name) if len(changes) == 1 and changes[0].word is own[0] else None
    if table is None:
        yield Deed(own, _plain(own, dialect))
    else:
        yield Deed(own, _words(changes[0], table, dialect), table)


def _sets_up(own: Sequence[Token], dialect: Dialect) -> bool:
    """Return whether a statement begins or ends the transaction, or makes a setting that our files make."""
    return tuple(token.up for token in own[:_HEAD]) in _set_up(dialect)


@cache
def _set_up(dialect: Dialect) -> Collection[tuple[str, ...]]:
    every = (*dialect.opening, *dialect.session, "COMMIT")
    return {tuple(token.up for token in split(text, dialect)[:_HEAD]) for text in every}


def _locks(own: Sequence[Token], dialect: Dialect) -> bool:
    """Return whether a statement only locks a row."""
    values = strings(own)
    lock = dialect.lock_row(*_LOCKED, values.pop()) if len(values) == 1 else None
    return lock is not None and [token.text for token in split(lock, dialect)] == [token.text for token in own]


def _asserted(own: Sequence[Token], dialect: Dialect) -> Sequence[Token] | None:
    """Return the tokens of an assertion's message and condition; None where it is not written as ours are."""
    before, between, behind = _frame(dialect)
    texts = [token.text for token in own]
    if texts[: len(before)] != before or texts[-len(behind) :] != behind:
        return None
    inner = own[len(before) : len(own) - len(behind)]
    depth = 0
    for place, token in enumerate(inner):
        if not depth and [each.text for each in inner[place : place + len(between)]] == between:
            return [*inner[:place], *inner[place + len(between) :]]
        depth += (token.up == "(") - (token.up == ")")
    return None


@cache
def _frame(dialect: Dialect) -> tuple[list[str], list[str], list[str]]:
    """Return the words of an assertion before its message, between that and its condition, and behind this."""
    texts = [token.text for token in split(dialect.assertion("message", "condition"), dialect)]
    first, second = texts.index("message"), texts.index("condition")
    return texts[:first], texts[first + 1 : second], texts[second + 1 :]


def _words(edit: Edit, table: str, dialect: Dialect) -> list[str]:
    """Return the words of an edit, with its table's bare name in the place of the one that is written."""
    own = edit.tokens
    start = own.index(edit.table.first)
    before = [token.up for token in own[:start]]
    return [*before, table, *[""] * (edit.after - start - 1), *_plain(own[edit.after :], dialect)]


def _plain(tokens: Sequence[Token], dialect: Dialect) -> list[str]:
    """Return the words of tokens without what a dialect writes in its own way: schemas, truth values, functions.

    A word that stands for several tokens has an empty one for each of the others, so that places are kept.
    """
    words = [_SAME.get(token.up, token.text) for token in tokens]
    schema = dialect.table_name("x").rpartition(".")[0]
    truths = {tuple(_PART.findall(dialect.boolean(value).upper())): str(int(value)) for value in (True, False)}
    for place in range(len(words)):
        if schema and words[place : place + 2] == [schema, "."]:
            words[place : place + 2] = ["", ""]
        for parts, word in truths.items():
            if tuple(text.upper() for text in words[place : place + len(parts)]) == parts:
                words[place : place + len(parts)] = [word, *[""] * (len(parts) - 1)]
    return words


def _token(deed: Deed, others: list[str]) -> Token:
    """Return the first token of what a statement does that another one has not; of an assertion its first one."""
    if len(deed.words) != len(deed.tokens):
        return deed.tokens[0]
    left = iter(others)
    for word, token in zip(deed.words, deed.tokens, strict=True):
        if word and next(left, None) != word:
            return token
    return deed.tokens[0]
