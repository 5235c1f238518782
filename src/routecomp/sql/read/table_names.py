"""Find every name of a table, or of a function of one's own, in a statement."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.sql.read.row_edits import edits
from routecomp.sql.read.script import Statement, find
from routecomp.sql.read.statement import (
    Name,
    Tokens,
    alters,
    created_index,
    created_name,
    created_table,
    dropped_objects,
    group_end,
    name_at,
    skip,
)

_NOT_TABLES = ("LATERAL", "UNNEST", "GENERATE_SERIES", "ONLY", "VALUES", "ROWS")


def tables_named(statement: Statement) -> Iterator[Name]:
    """Yield every table that a statement names, and every function that it makes, drops or has a trigger call.

    Indexes, views and sequences that it drops are among them. A name may come several times.
    """
    tokens = statement.tokens
    if (table := created_table(statement)) is not None:
        yield table.table
    if (index := created_index(statement)) is not None:
        yield index.table
    if (function := created_name(statement, "FUNCTION")) is not None:
        yield function
    if created_name(statement, "TRIGGER") is not None:
        yield from _behind(tokens, find(tokens, "ON"))
        yield from _behind(tokens, max(find(tokens, "FUNCTION"), find(tokens, "PROCEDURE")))
    yield from (alter.table for alter in alters(statement)[:1])
    yield from (name for _, name in dropped_objects(statement, "TABLE", "FUNCTION", "INDEX", "VIEW", "SEQUENCE"))
    if statement.starts("DROP", "TRIGGER"):
        yield from _behind(tokens, find(tokens, "ON"))
    if statement.starts("TRUNCATE"):
        yield from _behind(tokens, skip(tokens, 1, "TABLE") - 1)
    if statement.starts("COMMENT", "ON", "TABLE"):
        yield from _behind(tokens, 2)
    if statement.starts("CREATE") or statement.starts("ALTER", "TABLE"):
        for place, token in enumerate(tokens):
            if token.up == "REFERENCES" and not statement.starts("CREATE", "TRIGGER"):
                yield from _behind(tokens, place)
    yield from (edit.table for edit in edits(statement))
    is_view = any(token.up == "VIEW" for token in tokens[:4])
    if is_view or tokens[0].up in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "EXPLAIN"):
        yield from _read(tokens, _named_here(tokens))


def _behind(tokens: Tokens, index: int) -> Iterator[Name]:
    """Yield the name behind the token at a place; nothing where none is, or the place is -1."""
    named = name_at(tokens, index + 1) if index != -1 else None
    if named is not None:
        yield named[0]


def _named_here(tokens: Tokens) -> set[str]:
    """Return the names that a WITH gives to its parts."""
    return {
        tokens[index].name or ""
        for index in range(len(tokens) - 2)
        if tokens[index].name is not None and tokens[index + 1].up == "AS" and tokens[index + 2].up == "("
    } | {
        tokens[index].name or ""
        for index in range(1, len(tokens) - 1)
        if tokens[index + 1].up == "(" and tokens[index - 1].up in ("WITH", "RECURSIVE")
    }


def _read(tokens: Tokens, own: set[str]) -> Iterator[Name]:
    """Yield the tables that FROM and JOIN name, without those of the statement's `own` WITH.

    A FROM counts within a query, not within substring(x FROM 1) or IS DISTINCT FROM y.
    """
    queries = [tokens[0].up != "DELETE"]  # DELETE's own FROM is the table it changes
    for index, token in enumerate(tokens):
        if token.up == "(":
            queries.append(tokens[index + 1 : index + 2] != () and tokens[index + 1].up in ("SELECT", "WITH"))
        elif token.up == ")" and len(queries) > 1:
            queries.pop()
        elif token.up == "JOIN" or (
            token.up == "FROM" and queries[-1] and tokens[index - 1].up not in ("DISTINCT", "DELETE")
        ):
            yield from _listed(tokens, index + 1, own)


def _listed(tokens: Tokens, index: int, own: set[str]) -> Iterator[Name]:
    """Yield the tables of a FROM, without functions and `own` names.

    It ends with the first thing other than a name, its alias and a comma.
    """
    while True:
        if index < len(tokens) and tokens[index].up == "(":
            index = group_end(tokens, index) + 1
        else:
            named = name_at(tokens, index)
            if named is None or named[0].first.up in _NOT_TABLES:
                return
            called = named[1] < len(tokens) and tokens[named[1]].up == "("
            if not called and named[0].name not in own:
                yield named[0]
            index = group_end(tokens, named[1]) + 1 if called else named[1]
        index = skip(tokens, index, "AS")
        if (
            index < len(tokens)
            and tokens[index].name is not None
            and tokens[index + 1 : index + 2] != ()
            and tokens[index + 1].up == ","
        ):
            index += 1
        if index >= len(tokens) or tokens[index].up != ",":
            return
        index += 1
