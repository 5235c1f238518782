"""Read which slugs a statement renames: it copies the row that declares one, under its new name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.names import Names
from routecomp.sql.read.objects import read_statement
from routecomp.sql.read.row_edits import edits, equal_to, text_of
from routecomp.sql.read.script import Statement, find
from routecomp.sql.read.statement import group_end, name_at, parts
from routecomp.sql.renames import PARENTS

Renamed = tuple[str, str, str]
"""A kind, the old slug and the new one."""
_KINDS = {table: kind for kind, table in PARENTS.items()}
_COPY = re.compile(r"INSERT\s+INTO\s+[^()]+\([^()]*\)\s*SELECT\s", re.IGNORECASE)


def renamed_slugs(texts: Iterable[str], dialect: Dialect) -> tuple[Renamed, ...]:
    """Return what statements rename, in order."""
    copies = (read_statement(text, dialect) for text in texts if _COPY.match(text))
    return tuple(filter(None, (renamed_slug(statement, dialect.names) for statement in copies)))


def renamed_slug(statement: Statement, names: Names) -> Renamed | None:
    """Return what a statement renames; None for one that does not copy a row that declares a slug under another one."""
    own = edits(statement)
    if len(own) != 1 or own[0].verb != "INSERT":
        return None
    tokens, after = own[0].tokens, own[0].after
    table = names.bare(own[0].table.name)
    kind = _KINDS.get(table or "")
    end = group_end(tokens, after)
    if kind is None or [token.up for token in (*tokens[after : after + 1], *tokens[end + 1 : end + 2])] != [
        "(",
        "SELECT",
    ]:
        return None
    source = find(tokens, "FROM", end + 1)
    there = name_at(tokens, source + 1)
    if source == -1 or there is None or names.bare(there[0].name) != table:
        return None
    columns = [part[0].name or "" for part in parts(tokens[after + 1 : end])]
    cells = dict(zip(columns, parts(tokens[end + 2 : source]), strict=False))
    old, new = equal_to(own[0].condition, kind), text_of(cells.get(kind))
    return None if old is None or new is None or old == new else (kind, old, new)
