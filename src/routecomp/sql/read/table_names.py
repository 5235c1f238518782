"""A statement in, every name of a table or a function of one's own in it out."""

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
    dropped,
    group_end,
    name_at,
    skip,
)

_NOT_TABLES = ("LATERAL", "UNNEST", "GENERATE_SERIES", "ONLY", "VALUES", "ROWS")


def tables_named(statement: Statement) -> Iterator[Name]:
    """Every table a statement names, and every function it makes, drops or has a trigger call."""
    some = statement.tokens
    if (made := created_table(statement)) is not None:
        yield made.table
    if (index := created_index(statement)) is not None:
        yield index.table
    if (function := created_name(statement, "FUNCTION")) is not None:
        yield function
    if created_name(statement, "TRIGGER") is not None:
        yield from _behind(some, find(some, "ON"))
        yield from _behind(some, max(find(some, "FUNCTION"), find(some, "PROCEDURE")))
    yield from (alter.table for alter in alters(statement)[:1])
    yield from (name for _, name in dropped(statement, "TABLE", "FUNCTION", "INDEX", "VIEW", "SEQUENCE"))
    if statement.starts("DROP", "TRIGGER"):
        yield from _behind(some, find(some, "ON"))
    if statement.starts("TRUNCATE"):
        yield from _behind(some, skip(some, 1, "TABLE") - 1)
    if statement.starts("COMMENT", "ON", "TABLE"):
        yield from _behind(some, 2)
    if statement.starts("CREATE") or statement.starts("ALTER", "TABLE"):
        for at, token in enumerate(some):
            if token.up == "REFERENCES" and not statement.starts("CREATE", "TRIGGER"):
                yield from _behind(some, at)
    yield from (edit.table for edit in edits(statement))
    if some[0].up in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "EXPLAIN") or "VIEW" in (t.up for t in some[:4]):
        yield from _read(some, _named_here(some))


def _behind(some: Tokens, at: int) -> Iterator[Name]:
    found = name_at(some, at + 1) if at != -1 else None
    if found is not None:
        yield found[0]


def _named_here(some: Tokens) -> set[str]:
    """The names a WITH gives to its parts."""
    return {
        some[at].name or ""
        for at in range(len(some) - 2)
        if some[at].name is not None and some[at + 1].up == "AS" and some[at + 2].up == "("
    } | {
        some[at].name or ""
        for at in range(1, len(some) - 1)
        if some[at + 1].up == "(" and some[at - 1].up in ("WITH", "RECURSIVE")
    }


def _read(some: Tokens, own: set[str]) -> Iterator[Name]:
    """What FROM and JOIN name: FROM within a query alone, not within substring(x FROM 1) or IS DISTINCT FROM y."""
    queries = [some[0].up != "DELETE"]  # DELETE's own FROM is the table it changes
    for at, token in enumerate(some):
        if token.up == "(":
            queries.append(some[at + 1 : at + 2] != () and some[at + 1].up in ("SELECT", "WITH"))
        elif token.up == ")" and len(queries) > 1:
            queries.pop()
        elif token.up == "JOIN" or (
            token.up == "FROM" and queries[-1] and some[at - 1].up not in ("DISTINCT", "DELETE")
        ):
            yield from _listed(some, at + 1, own)


def _listed(some: Tokens, at: int, own: set[str]) -> Iterator[Name]:
    """The tables of a FROM: until something other than a name, its alias and a comma comes."""
    while True:
        if at < len(some) and some[at].up == "(":
            at = group_end(some, at) + 1
        else:
            found = name_at(some, at)
            if found is None or found[0].first.up in _NOT_TABLES:
                return
            called = found[1] < len(some) and some[found[1]].up == "("
            if not called and found[0].name not in own:
                yield found[0]
            at = group_end(some, found[1]) + 1 if called else found[1]
        at = skip(some, at, "AS")
        if at < len(some) and some[at].name is not None and some[at + 1 : at + 2] != () and some[at + 1].up == ",":
            at += 1
        if at >= len(some) or some[at].up != ",":
            return
        at += 1
