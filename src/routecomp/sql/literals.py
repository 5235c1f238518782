"""Values and statements in, SQL text out: the one place where a text of the YAML becomes part of a statement.

INVARIANT: no literal holds a line end, a backslash, or anything that does not show; those are written as `chr(n)`.
So a statement never ends inside a literal, however a reader splits the file and whatever
`standard_conforming_strings` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from routecomp.sql.schema import Dialect, Value

_SURE = re.compile(r"[ -\[\]-~]*", re.ASCII)
_PIECE = re.compile(r"[ -\[\]-~]+|[^ -\[\]-~]", re.ASCII)
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
_COMMENTS = re.compile(r"(?:[ \t]*--[^\n]*(?:\n|\Z))*")
_SCHEMA = "public"


def literal(value: Value, dialect: Dialect) -> str:
    """A value as SQL; texts that hold NUL or half a character are no texts to a database, and a `ValueError`."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE") if dialect == "postgres" else str(int(value))
    if isinstance(value, int):
        return str(value)
    if _SURE.fullmatch(value):
        return _quoted(value)
    function = "chr" if dialect == "postgres" else "char"
    pieces: list[str] = []
    plain = ""
    for piece in _PIECE.findall(value):
        if len(piece) > 1 or (piece != "\\" and piece.isprintable()):
            plain += piece
            continue
        code = ord(piece)
        if code == 0 or 0xD800 <= code <= 0xDFFF:
            raise ValueError("a text holds NUL, or half of a character")
        pieces += [_quoted(plain)] * bool(plain) + [f"{function}({code})"]
        plain = ""
    pieces += [_quoted(plain)] * bool(plain)
    return pieces[0] if len(pieces) == 1 else "(" + " || ".join(pieces) + ")"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def named(table: str, dialect: Dialect) -> str:
    """A table of ours as statements name it: PostgreSQL never looks for it along a search path."""
    assert _NAME.fullmatch(table), table
    return f"{_SCHEMA}.{table}" if dialect == "postgres" else table


def same(column: str, value: Value, dialect: Dialect) -> str:
    """The condition that a column holds a value, NULL included."""
    assert _NAME.fullmatch(column), column
    return f"{column} IS NULL" if value is None else f"{column} = {literal(value, dialect)}"


def where(cells: Mapping[str, Value], dialect: Dialect) -> str:
    """The condition that all cells hold their values."""
    return " AND ".join(same(column, value, dialect) for column, value in cells.items())


def insert(table: str, rows: Iterable[Mapping[str, Value]], dialect: Dialect, most: int = 200) -> list[str]:
    """Statements that insert rows, all of the same columns, a line for each row."""
    listed = list(rows)
    if not listed:
        return []
    columns = list(listed[0])
    head = f"INSERT INTO {named(table, dialect)} ({', '.join(columns)}) VALUES\n"
    lines = ["  (" + ", ".join([literal(row[column], dialect) for column in columns]) + ")" for row in listed]
    return [head + ",\n".join(lines[at : at + most]) for at in range(0, len(lines), most)]


def update(
    table: str, key: Mapping[str, Value], old: Mapping[str, Value], new: Mapping[str, Value], dialect: Dialect
) -> str:
    """A statement that changes cells of one row, where they still hold what is expected."""
    cells = ", ".join(f"{column} = {literal(value, dialect)}" for column, value in new.items())
    return f"UPDATE {named(table, dialect)} SET {cells}\nWHERE {where({**key, **old}, dialect)}"


def delete(table: str, row: Mapping[str, Value], dialect: Dialect) -> str:
    """A statement that deletes the row that holds all these values."""
    return f"DELETE FROM {named(table, dialect)}\nWHERE {where(row, dialect)}"


def asserted(said: str, condition: str, dialect: Dialect) -> str:
    """A statement that fails where a condition is not true; `said` is the message, as an SQL expression."""
    if dialect == "postgres":
        return f"SELECT {_SCHEMA}.routecomp_assert({said}, {condition})"
    return f"INSERT INTO routecomp_assert (what, ok) SELECT {said}, 0\nWHERE ({condition}) IS NOT TRUE"


_ASSERTION = "INSERT INTO routecomp_assert (what, ok) SELECT "


def said_by(statement: str) -> str | None:
    """For an assertion of SQLite that failed: the query that gives its message; None for other statements.

    SQLite's own words would only be that a CHECK failed. Ask within the same transaction.
    """
    if not statement.startswith(_ASSERTION):
        return None
    return "SELECT " + statement.removeprefix(_ASSERTION).replace(", 0\nWHERE (", "\nWHERE (", 1)


def script(statements: Iterable[str]) -> str:
    """A file of statements: each ends with a semicolon, and an empty line stands between two."""
    return "".join(f"{statement};\n\n" for statement in statements)[:-1]


def statements(text: str) -> tuple[str, ...]:
    """The statements of a file that `script` wrote, without the comments above them.

    INVARIANT: no statement holds an empty line, so the split needs no grammar.
    """
    blocks = [_COMMENTS.sub("", block.strip("\n"), count=1) for block in text.split("\n\n")]
    return tuple(block.removesuffix(";") for block in blocks if block)
