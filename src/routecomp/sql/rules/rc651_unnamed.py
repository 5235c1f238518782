"""RC651 unnamed: every constraint has a name, and names fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import added_column, added_constraint, alters, created_index, created_table
from routecomp.sql.rule import migration_rule

_SAID = {
    "PRIMARY": "primary key",
    "UNIQUE": "unique constraint",
    "CHECK": "check",
    "FOREIGN": "foreign key",
    "REFERENCES": "foreign key",
    "EXCLUDE": "exclusion",
}


@migration_rule("RC651", "unnamed", aliases=("R11",))
def unnamed(script: Script) -> Iterator[Diagnostic]:
    """A constraint has no name, or a name is longer than 63 bytes.

    Why: the database makes up a name, each version its own; what refuses a row is then called something else
    everywhere, and no later migration can name it. PostgreSQL cuts longer names off without an error, so that two
    may meet.

    Fix: CONSTRAINT table_column_check ..., at most 63 bytes.
    """
    help = "write CONSTRAINT and a name before it"
    for statement in script.statements:
        table = created_table(statement)
        items = [] if table is None else [*(column.rest for column in table.columns), *table.constraints]
        for alter in alters(statement):
            column = added_column(alter)
            items += [column.rest] if column is not None else [added_constraint(alter) or ()]
        for tokens in items:
            for token in _unnamed(tokens):
                yield error("RC651", f"this {_SAID[token.up]} has no name", script.span(token), help)
        index = created_index(statement)
        if index is not None and index.name is None:
            yield error("RC651", "this index has no name", script.span(index.word), "give it one")
        for token in statement.tokens:
            if token.name is not None and len(token.name.encode()) > 63:
                yield error(
                    "RC651",
                    f"this name has {len(token.name.encode())} bytes; 63 are kept",
                    script.span(token),
                    "shorten it",
                )


def _unnamed(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the words that begin a constraint which no CONSTRAINT names, outside of every parenthesis."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.up == "(") - (token.up == ")")
        if depth or token.up not in _SAID:
            continue
        if index >= 2 and tokens[index - 2].up == "CONSTRAINT":
            continue
        if token.up == "REFERENCES" and any(other.up == "FOREIGN" for other in tokens[:index]):
            continue
        yield token
