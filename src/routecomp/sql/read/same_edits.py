"""Compare what the files of two dialects do to rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.row_edits import Edit, assertion, edits
from routecomp.sql.read.script import Script
from routecomp.sql.tables import BY_NAME

_SAME = {"CHAR": "chr", "CHR": "chr"}
_PART = re.compile(r"\w+|[^\w\s]")


def first_difference(script: Script, other: Script) -> tuple[Token, str] | None:
    """Return where a script edits rows otherwise than another dialect's does, and the table; None where it does not.

    Only edits of the tables that the YAML fills are compared, word for word but for what each dialect writes otherwise.
    """
    own, theirs = _edits(script), _edits(other)
    for place, (edit, table, words) in enumerate(own):
        there = list(filter(None, theirs[place][2])) if place < len(theirs) else []
        if there != list(filter(None, words)):
            return _token(edit, words, there), table
    if len(theirs) > len(own):
        return script.statements[-1].tokens[0], theirs[len(own)][1]
    return None


def _edits(script: Script) -> list[tuple[Edit, str, list[str]]]:
    """Return the edits of a script, each with its table and its words behind that."""
    every: list[tuple[Edit, str, list[str]]] = []
    for statement in script.statements:
        if assertion(statement, script.dialect.names):
            continue
        for edit in edits(statement):
            table = script.bare(edit.table.name)
            if table is not None and table in BY_NAME:
                every.append((edit, table, [edit.verb, table, *_plain(edit.tokens[edit.after :], script.dialect)]))
    return every


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


def _token(edit: Edit, words: list[str], others: list[str]) -> Token:
    """Return the first token of an edit that another one has not."""
    left = iter(others[2:])
    for place, word in enumerate(words[2:]):
        if word and next(left, None) != word:
            return edit.tokens[edit.after + place]
    return edit.word
