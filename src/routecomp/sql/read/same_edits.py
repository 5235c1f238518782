"""Compare what the files of two dialects do to rows."""

from __future__ import annotations

from routecomp.sql.read.lexer import Token
from routecomp.sql.read.row_edits import Edit, assertion, edits
from routecomp.sql.read.script import Script
from routecomp.sql.tables import BY_NAME

_SAME = {"TRUE": "1", "FALSE": "0", "CHAR": "CHR"}


def first_difference(script: Script, other: Script) -> tuple[Token, str] | None:
    """Return where a script edits rows otherwise than another dialect's does, and the table; None where it does not.

    Only edits of the tables that the YAML fills are compared, word for word but for what each dialect writes otherwise.
    """
    own, theirs = _edits(script), _edits(other)
    for place, (edit, table, words) in enumerate(own):
        there = theirs[place][2] if place < len(theirs) else []
        if there != words:
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
                words = [_SAME.get(token.up, token.text) for token in edit.tokens[edit.after :]]
                every.append((edit, table, [edit.verb, table, *words]))
    return every


def _token(edit: Edit, words: list[str], others: list[str]) -> Token:
    """Return the first token of an edit that another one has not."""
    for place, word in enumerate(words[2:]):
        if others[2 + place : 3 + place] != [word]:
            return edit.tokens[edit.after + place]
    return edit.word
