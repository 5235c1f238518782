"""A column in, its type, its default and the condition that holds it to its form out, for each dialect.

Both databases accept and refuse the same values: PostgreSQL's `integer` would round 0.4 to 0 before a CHECK sees
it, and SQLite would store any text, so the one gets `numeric` without a scale and the other `typeof`.
"""

from __future__ import annotations

from routecomp.sql.literals import literal
from routecomp.sql.schema import Column, Dialect

_TYPES = {
    "postgres": {"whole": "NUMERIC", "flag": "BOOLEAN", "moment": "TIMESTAMPTZ", "serial": "BIGINT"},
    "sqlite": {"whole": "INTEGER", "flag": "INTEGER", "serial": "INTEGER"},
}
_REGEX = {
    "slug": "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$",
    "name": "^[a-z0-9]([a-z0-9._/-]{0,61}[a-z0-9])?$",
    "upstream": "^[!-~]+$",
    "variable": "^[A-Za-z_][A-Za-z0-9_]*$",
    "adapter": "^[a-z][a-z0-9_-]{0,62}$",
    "url": "^[!-~]+$",
    "path": "^[!-~]+$",
}
_GLOBS = {
    "slug": ("a-z0-9._-", "[a-z0-9]*", "*[a-z0-9]", 63),
    "name": ("a-z0-9._/-", "[a-z0-9]*", "*[a-z0-9]", 63),
    "upstream": ("!-~", "?*", "", 0),
    "variable": ("A-Za-z0-9_", "[A-Za-z_]*", "", 0),
    "adapter": ("a-z0-9_-", "[a-z]*", "", 63),
    "url": ("!-~", "?*", "", 0),
    "path": ("!-~", "?*", "", 0),
}
_MOMENT = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z"
SQLITE_NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"


def type_of(column: Column, dialect: Dialect) -> str:
    """The column's type."""
    return _TYPES[dialect].get(column.kind, "TEXT")


def default_of(column: Column, dialect: Dialect) -> str | None:
    """The column's default as SQL, or None without one."""
    if column.default is None:
        return None
    if column.kind == "moment":
        return "now()" if dialect == "postgres" else f"({SQLITE_NOW})"
    if column.default == "actor":
        return "session_user" if dialect == "postgres" else "'unknown'"
    return literal(column.default, dialect)


def form(column: Column, dialect: Dialect) -> str:
    """The condition that a value has the column's form and bounds; empty where the type says it all."""
    held = _postgres(column) if dialect == "postgres" else _sqlite(column)
    return f"{column.name} IS NULL OR ({held})" if column.nullable and held else held


def _postgres(column: Column) -> str:
    name = column.name
    if column.kind == "whole":
        # BETWEEN refuses NaN, which sorts above every number; trunc refuses what is not whole.
        return f"{name} BETWEEN {column.low} AND {column.high} AND {name} = trunc({name})"
    if column.kind == "word":
        return _in(column)
    if column.kind in _REGEX:
        return _and(f"{name} COLLATE \"C\" ~ '{_REGEX[column.kind]}'", _beyond(column))
    return _beyond(column)


def _sqlite(column: Column) -> str:
    name = column.name
    if column.kind == "serial":
        return ""
    if column.kind == "whole":
        return f"typeof({name}) = 'integer' AND {name} BETWEEN {column.low} AND {column.high}"
    if column.kind == "flag":
        return f"typeof({name}) = 'integer' AND {name} IN (0, 1)"
    if column.kind == "word":
        return _in(column)
    # Texts with NUL, which PostgreSQL does not know, would end early for every function but this one.
    text = f"typeof({name}) = 'text' AND instr({name}, char(0)) = 0"
    if column.kind == "moment":
        return f"{text} AND {name} GLOB '{_MOMENT}'"
    if column.kind not in _GLOBS:
        return _and(text, _beyond(column))
    letters, begin, end, most = _GLOBS[column.kind]
    parts = [text, f"NOT {name} GLOB '*[^{letters}]*'", f"{name} GLOB '{begin}'"]
    parts += [f"{name} GLOB '{end}'"] * bool(end) + [f"length({name}) <= {most}"] * bool(most)
    return _and(*parts, _beyond(column))


def _in(column: Column) -> str:
    return f"{column.name} IN ({', '.join(literal(word, 'sqlite') for word in column.words)})"


def _and(*parts: str) -> str:
    return " AND ".join(part for part in parts if part)


def _beyond(column: Column) -> str:
    """What both databases say in the same words."""
    name = column.name
    if column.kind == "salt":
        return f"replace({name}, ':', '') = {name}"
    if column.kind == "path":
        return f"replace(replace({name}, '#', ''), '\\', '') = {name}"
    if column.kind == "url":
        low = f"lower({name})"
        after = "substr({} || '/', 1, 1) IN (':', '/')"
        return (
            f"replace(replace(replace({name}, '#', ''), '?', ''), '\\', '') = {name} AND ("
            f"substr({low}, 1, 8) = 'https://'"
            f" OR (substr({low}, 1, 16) = 'http://localhost' AND {after.format(f'substr({low}, 17)')})"
            f" OR (substr({low}, 1, 11) = 'http://127.' AND "
            f"{after.format(f'''ltrim(substr({low}, 12), '0123456789.')''')})"
            f" OR (substr({low}, 1, 8) = 'http://[' AND substr(ltrim(substr({low}, 9), '0:'), 1, 2) = '1]'"
            f" AND {after.format(f'''substr(ltrim(substr({low}, 9), '0:'), 3)''')}))"
        )
    return ""
