"""Tokens are those of PostgreSQL's own scanner, and what stands in literals and comments is no keyword."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from pglast.parser import ParseError, scan

from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.lint import lint_text
from routecomp.sql.read.files import scripts
from routecomp.sql.read.lexer import tokens
from tests.seeds import FRESH
from tests.sql_fixtures import side, sql_fixtures

ROOT = Path(__file__).parents[2]
PIECES = (
    "'",
    "''",
    '"',
    "$$",
    "$a$",
    "--",
    "\n",
    "/*",
    "*/",
    ";",
    "E'",
    "U&'",
    "\\'",
    "\\",
    "a",
    "1.5",
    " ",
    "SELECT",
    "DROP TABLE x",
    "(",
    ")",
    "é",
    "x'",
    "||",
    "'x'",
    "$1",
    "a$b",
)
_OPERATORS = "+-*/<>=~!@#%^&|`?:.,;()[]\\"
_CONTINUED = re.compile(r"'\s*(--[^\n\r]*)?[\n\r](\s|--[^\n\r]*[\n\r])*'")
"""One literal on two lines, to the server: two tokens to us, of one statement."""


def places(text: str) -> list[tuple[int, int]]:
    """Where PostgreSQL's scanner finds names, literals and comments, in characters."""
    return [
        (one.start, one.end + 1)
        for one in scan(text)
        if one.name in ("SQL_COMMENT", "C_COMMENT", "FCONST")
        or (text[one.start] not in _OPERATORS and text[one.start : one.end + 1] != "$")
    ]


def ours(text: str) -> list[tuple[int, int]]:
    """The same from our tokens."""
    return [(one.start, one.end) for one in tokens(text, POSTGRES) if one.kind != "operator"]


def test_tokens_of_our_own_files_are_the_servers() -> None:
    """In the example's migrations and in every fixture, names, literals and comments are the server's."""
    texts = [path.read_text() for path in sorted((ROOT / "generated/migrations/postgres").glob("*.sql"))]
    texts += [
        data.decode()
        for fixture in sql_fixtures()
        for name in ("bad", "good")
        for path, data in side(fixture, name)[0].items()
        if "/postgres/" in path and "RC600" not in fixture.name
    ]
    for text in texts:
        assert ours(text) == places(text)


def test_tokens_of_odd_texts_are_the_servers() -> None:
    """Pieces that end literals, put together at random: where the server reads a text, both read the same tokens."""
    dice = random.Random(FRESH)
    read = 0
    for _ in range(6_000):
        text = "".join(dice.choices(PIECES, k=dice.randrange(1, 12)))
        if _CONTINUED.search(text):
            continue
        closed = all(one.kind != "unclosed" for one in tokens(text, POSTGRES))
        try:
            expected = places(text)
        except ParseError:
            continue  # no text for the server; unclosed ones are ours to find
        assert closed, text
        assert ours(text) == expected, repr(text)
        read += 1
    assert read > 1_000


@pytest.mark.parametrize(
    "hidden",
    [
        "SELECT 'DROP TABLE public.notes; DELETE FROM public.notes'",
        "SELECT E'it\\'s; DROP TABLE x; --'",
        "SELECT $$DROP TABLE x;$$",
        'SELECT "DROP TABLE x;" FROM public.notes',
        "SELECT 1 /* DROP TABLE x; /* y */ DELETE */",
        "SELECT 1 -- ; DROP TABLE x;\n",
        "SELECT U&'\\0027; DROP TABLE x'",
    ],
)
def test_a_keyword_in_a_text_finds_nothing(hidden: str) -> None:
    """No rule takes a text for a statement."""
    head = "BEGIN;\nSET LOCAL lock_timeout = '5s';\nSET LOCAL statement_timeout = '1min';\n"
    assert lint_text({"postgres/0002_x.up.sql": f"{head}{hidden};\nCOMMIT;\n".encode()}).diagnostics == []


def test_triggers_of_sqlite_are_one_statement() -> None:
    """The statements within a trigger are not its file's, CASE and END included."""
    text = (
        "BEGIN IMMEDIATE;\nCREATE TRIGGER a AFTER INSERT ON notes WHEN NEW.x = 'BEGIN'\nBEGIN\n"
        "  UPDATE notes SET x = CASE WHEN y THEN 1 ELSE 2 END;\n  DELETE FROM notes;\nEND;\nSELECT 1;\nCOMMIT;\n"
    )
    script = scripts({"sqlite/0002_x.up.sql": text.encode()})[0]
    assert [one.tokens[0].up for one in script.statements] == ["BEGIN", "CREATE", "SELECT", "COMMIT"]
    assert lint_text({"sqlite/0002_x.up.sql": text.encode()}).diagnostics == []
