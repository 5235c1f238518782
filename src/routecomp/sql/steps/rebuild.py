"""Make tables anew with all their rows, for databases that cannot change them in place.

The rows wait in copies, and go back into a table of the same name. So foreign keys need not be switched off, which no
transaction can do: what refers to a row finds it again before COMMIT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.read.lexer import tokens
from routecomp.sql.read.objects import Objects, is_computed
from routecomp.sql.read.statement import group_end, name_at

_KEPT = "routecomp_kept_"


def rebuild(
    tables: Sequence[str], before: Objects, after: Objects, standing: Objects, dialect: Dialect
) -> Iterator[str]:
    """Yield the statements that make tables anew with their rows, their triggers, and the indexes in `standing`."""
    yield from dialect.rebuild_opening
    for table in tables:
        children = list(_cascading(table, before, dialect))
        columns = sum(thing[:2] == (table, "column") for thing in before)
        names = [child for child, _ in children]
        triggers = {thing[2] for thing in before | after if thing[0] in names and thing[1] == "trigger"}
        for message, condition in dialect.rebuild_guards(table, columns, names, triggers):
            yield dialect.assertion(message, condition)
        stored = _stored(table, before, dialect)
        kept = [column for column in stored if column in _stored(table, after, dialect)]
        is_numbered = dialect.number_word and any(
            dialect.number_word in text.upper() for thing, text in before.items() if thing[:2] == (table, "column")
        )
        yield _copied(table, stored, dialect)
        if is_numbered:
            yield from dialect.keep_numbers(table, f"{_KEPT}{table}")
        for child, condition in reversed(children):  # who refers to others first
            yield _copied(child, _stored(child, before, dialect), dialect)
            yield f"DELETE FROM {dialect.qualified(child)}\nWHERE {condition}"
        yield f"DROP TABLE {dialect.qualified(table)}"
        yield create_table(table, after, dialect)
        yield _returned(table, kept, dialect)
        if is_numbered:
            yield from dialect.restore_numbers(table, f"{_KEPT}{table}")
        for child, _ in children:
            yield _returned(child, _stored(child, before, dialect), dialect)
        for copy in (table, *(child for child, _ in children)):
            yield f"DROP TABLE {dialect.qualified(_KEPT + copy)}"
        for thing, definition in standing.items():
            if thing[0] == table and thing[1] == "index":
                yield definition
        for thing, definition in after.items():
            if thing[0] == table and thing[1] == "trigger":
                yield definition


def create_table(table: str, objects: Objects, dialect: Dialect, without: Sequence[str] = ()) -> str:
    """Return CREATE TABLE of a table, without the constraints of these names."""
    lines = [
        text
        for kind in ("column", "constraint")
        for thing, text in objects.items()
        if thing[0] == table and thing[1] == kind and thing[2] not in without
    ]
    behind = objects[table, "table", table]
    listed = ",\n  ".join(lines)
    return f"CREATE TABLE {dialect.qualified(table)} (\n  {listed}\n)" + (f"\n{behind}" if behind else "")


def _stored(table: str, objects: Objects, dialect: Dialect) -> list[str]:
    """Return the columns of a table that are written, in order: not those that are computed."""
    return [
        thing[2]
        for thing, text in objects.items()
        if thing[0] == table and thing[1] == "column" and not is_computed(text, dialect)
    ]


def _copied(table: str, columns: Sequence[str], dialect: Dialect) -> str:
    """Return the statement that makes the copy in which the rows of a table wait."""
    names = ", ".join(columns)
    return f"CREATE TABLE {dialect.qualified(_KEPT + table)} AS SELECT {names} FROM {dialect.qualified(table)}"


def _returned(table: str, columns: Sequence[str], dialect: Dialect) -> str:
    """Return the statement that brings the rows back."""
    names = ", ".join(columns)
    return f"INSERT INTO {dialect.qualified(table)} ({names})\nSELECT {names} FROM {dialect.qualified(_KEPT + table)}"


def _cascading(table: str, objects: Objects, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Yield each table whose rows would go with those of `table`, and the condition of such a row: parents first."""
    for (child, kind, _), definition in objects.items():
        words = [token.up for token in tokens(definition, dialect)] if kind == "constraint" else []
        if "REFERENCES" not in words or words[-3:] != ["ON", "DELETE", "CASCADE"] or child == table:
            continue
        every = tokens(definition, dialect)
        place = words.index("REFERENCES")
        named = name_at(every, place + 1)
        if named is None or named[0].name != table:
            continue
        own = every[words.index("(") + 1 : group_end(every, words.index("("))]
        theirs = every[named[1] + 1 : group_end(every, named[1])]
        pairs = zip(own[::2], theirs[::2], strict=True)
        same = " AND ".join(f"parent.{there.text} = {dialect.qualified(child)}.{here.text}" for here, there in pairs)
        yield child, f"EXISTS (SELECT 1 FROM {dialect.qualified(table)} parent WHERE {same})"
        yield from _cascading(child, objects, dialect)
