"""Write values and statements as SQL: the one place where a text of the YAML becomes part of a statement.

INVARIANT: no literal holds a line end, a backslash, or anything that does not show; those are written as `chr(n)`, or
as the dialect calls that function. So a statement never ends inside a literal, however a reader splits the file and
whatever `standard_conforming_strings` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.schema import Value

_PLAIN = re.compile(r"[ -&(-\[\]-~]*", re.ASCII)  # what is sure, without quotes
_SURE = re.compile(r"[ -\[\]-~]*", re.ASCII)
_PIECE = re.compile(r"[ -\[\]-~]+|[^ -\[\]-~]", re.ASCII)
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)


def literal(value: Value, dialect: Dialect) -> str:
    """Return a value as SQL.

    Raises `ValueError` for a text that holds NUL or half a character: to a database it is no text.
    """
    if value is None:
        return "NULL"
    if value.__class__ is str and _PLAIN.fullmatch(value):
        return f"'{value}'"
    if isinstance(value, bool):
        return dialect.boolean(value)
    if isinstance(value, int):
        return str(value)
    if _SURE.fullmatch(value):
        return _quoted(value)
    pieces: list[str] = []
    plain = ""
    for piece in _PIECE.findall(value):
        if len(piece) > 1 or (piece != "\\" and piece.isprintable()):
            plain += piece
            continue
        code = ord(piece)
        if code == 0 or 0xD800 <= code <= 0xDFFF:
            raise ValueError("a text holds NUL, or half of a character")
        pieces += [_quoted(plain)] * bool(plain) + [f"{dialect.character_function}({code})"]
        plain = ""
    pieces += [_quoted(plain)] * bool(plain)
    return pieces[0] if len(pieces) == 1 else "(" + " || ".join(pieces) + ")"


def _quoted(text: str) -> str:
    """Return a text between quotes, those in it doubled."""
    return "'" + text.replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """Return any name as SQL, in double quotes: its letters count as they are."""
    return '"' + name.replace('"', '""') + '"'


def table_name(table: str, dialect: Dialect) -> str:
    """Return the name of one of our tables as statements write it; an `AssertionError` for what is no plain name."""
    assert _NAME.fullmatch(table), table
    return dialect.table_name(table)


def same(column: str, value: Value, dialect: Dialect) -> str:
    """Return the condition that a column holds a value, NULL included; raises as `literal`."""
    assert _NAME.fullmatch(column), column
    return f"{column} IS NULL" if value is None else f"{column} = {literal(value, dialect)}"


def where(cells: Mapping[str, Value], dialect: Dialect) -> str:
    """Return the condition that all cells hold their values; empty for no cells."""
    return " AND ".join(same(column, value, dialect) for column, value in cells.items())


def insert(table: str, rows: Iterable[Mapping[str, Value]], dialect: Dialect, most: int = 200) -> list[str]:
    """Return statements that insert rows, a line for each row and up to `most` rows in one; none for no rows.

    The columns are those of the first row, which every row has.
    """
    listed = list(rows)
    if not listed:
        return []
    columns = list(listed[0])
    head = f"INSERT INTO {table_name(table, dialect)} ({', '.join(columns)}) VALUES\n"
    cells = (_literals([row[column] for row in listed], dialect) for column in columns)
    lines = [f"  ({', '.join(line)})" for line in zip(*cells, strict=True)]
    return [head + ",\n".join(lines[start : start + most]) for start in range(0, len(lines), most)]


def _literals(values: list[Value], dialect: Dialect) -> list[str]:
    """Return the values of one column as SQL: each value that occurs in it is written once."""
    kinds = {value.__class__ for value in values}
    if kinds == {int}:
        return list(map(str, values))
    if {bool, int} <= kinds:  # they are equal where they are not the same
        return [literal(value, dialect) for value in values]
    known = {value: literal(value, dialect) for value in set(values)}
    return [known[value] for value in values]


def update(
    table: str, key: Mapping[str, Value], old: Mapping[str, Value], new: Mapping[str, Value], dialect: Dialect
) -> str:
    """Return a statement that changes cells of one row, where they still hold `old`; else it changes nothing."""
    cells = ", ".join(f"{column} = {literal(value, dialect)}" for column, value in new.items())
    return f"UPDATE {table_name(table, dialect)} SET {cells}\nWHERE {where({**key, **old}, dialect)}"


def delete(table: str, row: Mapping[str, Value], dialect: Dialect) -> str:
    """Return a statement that deletes the row that holds all these values, without a check that there is one."""
    return f"DELETE FROM {table_name(table, dialect)}\nWHERE {where(row, dialect)}"
