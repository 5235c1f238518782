"""Read the schema that statements lead to: tables, columns, constraints, indexes, triggers, functions and views."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.read.lexer import Token
from routecomp.sql.read.lexer import tokens as split
from routecomp.sql.read.script import Statement, find
from routecomp.sql.read.statement import (
    Alter,
    Column,
    Tokens,
    added_column,
    added_constraint,
    alters,
    created_index,
    created_name,
    created_partition,
    created_table,
    dropped_column,
    dropped_objects,
    group_end,
    name_at,
    skip,
)

Thing = tuple[str, str, str]
"""Table (of a view its own name; empty for functions), kind and name."""
Objects = dict[Thing, str]
"""What there is, in the order in which it was made, and how it is defined.

A column is defined as CREATE TABLE writes it, a constraint from CONSTRAINT on, a table by what follows its columns
(PARTITION BY, mostly nothing); all others by their whole statement, without what only says how it is run (CONCURRENTLY,
OR REPLACE). Of partitions only the one of all other rows (DEFAULT) is there: people make and drop the others. The kinds
`always`, `comment` and `revoke` are statements about a table: ENABLE ALWAYS TRIGGER, COMMENT and REVOKE.
"""
OBJECTS = ("table", "partition", "column", "constraint", "index", "trigger", "function", "view")
"""The kinds of what a database has, and tells of itself."""
SCHEMA_STATEMENTS = ("CREATE ", "ALTER ", "DROP ", "COMMENT ", "REVOKE ")
"""How statements begin that change a schema, as `compile` writes them."""
_ATTRIBUTES = ("CONSTRAINT", "CHECK", "REFERENCES", "COLLATE", "GENERATED", "AS", "NOT", "NULL", "DEFAULT", "PRIMARY")
_NO_CONSTRAINT_OF_A_TABLE = ("NOT", "NULL", "DEFAULT", "GENERATED", "AS", "COLLATE")
"""What a column may name and no table declares: the name says nothing then."""


def read_objects(statements: Iterable[str], dialect: Dialect, begun: Objects | None = None) -> Objects:
    """Return what there is once these statements were run, in order, on top of what was `begun`.

    A statement that changes no schema makes nothing. What a function or a DO block does is not seen.
    """
    objects = dict(begun or {})
    for text in statements:
        if text.startswith(SCHEMA_STATEMENTS):
            _run(objects, text, dialect)
    return objects


def new_names(statements: Iterable[str], dialect: Dialect) -> set[str]:
    """Return the names that statements give to tables which are there (RENAME TO)."""
    return {
        alter.action[2].name or ""
        for text in statements
        if text.startswith("ALTER ")
        for alter in alters(read_statement(text, dialect))
        if alter.says("RENAME", "TO") and len(alter.action) > 2
    }


def unread_constraints(statements: Iterable[str], dialect: Dialect) -> set[Thing]:
    """Return the constraints that statements, run in order, add NOT VALID and do not validate."""
    unread: set[Thing] = set()
    for text in statements:
        for alter in alters(read_statement(text, dialect)) if text.startswith("ALTER ") else ():
            added = added_constraint(alter)
            if added is not None and len(added) > 2 and [token.up for token in added[-2:]] == ["NOT", "VALID"]:
                unread.add((alter.table.name, "constraint", added[1].name or ""))
            elif alter.says("VALIDATE", "CONSTRAINT") and len(alter.action) > 2:
                unread.discard((alter.table.name, "constraint", alter.action[2].name or ""))
    return unread


def _run(objects: Objects, text: str, dialect: Dialect) -> None:
    """Change `objects` as one statement does."""
    statement = read_statement(text, dialect)
    tokens = statement.tokens
    if (part := created_partition(statement)) is not None:
        if part.is_default:
            objects[part.table.name, "partition", part.name.name] = text
    elif (table := created_table(statement)) is not None:
        name = table.table.name
        objects[name, "table", name] = text[table.last.end :].strip()
        for column in table.columns:
            _add_column(objects, name, column, text)
        for constraint in table.constraints:
            _add_constraint(objects, name, constraint, text)
    elif (index := created_index(statement)) is not None and index.name is not None:
        definition = f"{text[: index.word.end]} {text[index.name.first.start :]}"
        objects[index.table.name, "index", index.name.name] = definition
    elif (trigger := created_name(statement, "TRIGGER")) is not None:
        on = name_at(tokens, find(tokens, "ON") + 1)
        objects["" if on is None else on[0].name, "trigger", trigger.name] = text
    elif (function := created_name(statement, "FUNCTION")) is not None:
        objects["", "function", function.name] = _made_anew(text, tokens)
    elif (view := created_name(statement, "VIEW")) is not None:
        objects[view.name, "view", view.name] = _made_anew(text, tokens)
    elif statement.starts("DROP"):
        _drop(objects, statement)
    elif statement.starts("COMMENT", "ON") and (commented := name_at(tokens, 3)) is not None:
        if tokens[2].up == "COLUMN":
            objects[commented[0].schema or "", "comment", commented[0].name] = text
        else:
            objects[commented[0].name, "comment", ""] = text
    elif statement.starts("REVOKE") and (revoked := name_at(tokens, find(tokens, "ON") + 1)) is not None:
        objects[revoked[0].name, "revoke", text] = text
    for alter in alters(statement):
        _alter(objects, alter, text, dialect)


@lru_cache(maxsize=512)  # what migrations made is mostly what is wanted, word for word
def read_statement(text: str, dialect: Dialect) -> Statement:
    """Read one statement, without its comments."""
    return Statement(tuple(token for token in split(text, dialect) if token.kind != "comment"))


def _made_anew(text: str, tokens: Tokens) -> str:
    """Return the text of a CREATE without OR REPLACE."""
    return text if tokens[1].up != "OR" else f"CREATE {text[tokens[3].start :]}"


def _drop(objects: Objects, statement: Statement) -> None:
    """Take away what a DROP drops; with a table all that is of it."""
    for kind, name in dropped_objects(statement, "TABLE", "INDEX", "FUNCTION", "VIEW", "TRIGGER"):
        for thing in list(objects):
            own = thing[0] == name.name or thing[1:] == ("partition", name.name)
            if own if kind in ("TABLE", "VIEW") else thing[1:] == (kind.lower(), name.name):
                del objects[thing]
    if statement.starts("DROP", "TRIGGER"):  # also `DROP TRIGGER name ON table`
        named = name_at(statement.tokens, skip(statement.tokens, 2, "IF", "EXISTS"))
        for thing in list(objects):
            if named is not None and thing[1:] in (("trigger", named[0].name), ("always", named[0].name)):
                del objects[thing]


def _alter(objects: Objects, alter: Alter, text: str, dialect: Dialect) -> None:
    """Change `objects` as one action of an ALTER TABLE does."""
    table, action = alter.table.name, alter.action
    if (added := added_column(alter)) is not None:
        _add_column(objects, table, added, text)
    elif (constraint := added_constraint(alter)) is not None:
        _add_constraint(objects, table, constraint, text)
    elif alter.says("DROP", "CONSTRAINT"):
        named = name_at(action, skip(action, 2, "IF", "EXISTS"))
        if named is not None:
            objects.pop((table, "constraint", named[0].name), None)
    elif alter.says("RENAME"):
        _rename(objects, table, action)
    elif alter.says("ENABLE", "ALWAYS", "TRIGGER") and len(action) > 3:
        objects[table, "always", action[3].name or ""] = text
    elif alter.says("ALTER"):
        named = name_at(action, skip(action, 1, "COLUMN"))
        thing = (table, "column", "" if named is None else named[0].name)
        if named is not None and thing in objects:
            objects[thing] = _altered(objects[thing], action[named[1] :], text, dialect)
    elif (dropped := dropped_column(alter)) is not None:
        objects.pop((table, "column", dropped.name), None)
        objects.pop((table, "comment", dropped.name), None)


def _rename(objects: Objects, table: str, action: Tokens) -> None:
    """Give a table or one of its constraints another name; that of a column stays what it was."""
    names = [token.name or "" for token in action]
    if [token.up for token in action[:2]] == ["RENAME", "TO"]:
        renamed = with_table_renamed(objects, table, names[2])
    elif [token.up for token in action[:2]] == ["RENAME", "CONSTRAINT"]:
        renamed = with_constraint_renamed(objects, table, names[2], names[4])
    else:
        return
    objects.clear()
    objects.update(renamed)


def with_table_renamed(objects: Objects, table: str, name: str) -> Objects:
    """Return what there is once a table is called otherwise: its indexes, triggers and constraints keep their names."""
    word = re.compile(rf"\b{re.escape(table)}\b")
    return {
        (name, kind, name if kind == "table" else own) if owner == table else (owner, kind, own): word.sub(name, text)
        if owner == table and kind not in ("column", "constraint")
        else text
        for (owner, kind, own), text in objects.items()
    }


def with_constraint_renamed(objects: Objects, table: str, name: str, other: str) -> Objects:
    """Return what there is once a constraint is called otherwise."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    return {
        (table, "constraint", other) if thing == (table, "constraint", name) else thing: word.sub(other, text, count=1)
        if thing == (table, "constraint", name)
        else text
        for thing, text in objects.items()
    }


def _add_column(objects: Objects, table: str, column: Column, text: str) -> None:
    """Add a column, and the constraints with a name that stand within its declaration as constraints of the table."""
    every = [column.name, *column.type, *column.rest]
    kept: list[tuple[int, int]] = []
    start = index = 0
    while index < len(every):
        end = _column_constraint_end(every, index)
        if end is None:
            index += 1
            continue
        words = every[index + 2 : end]
        if words[0].up not in _NO_CONSTRAINT_OF_A_TABLE:
            whole = text[every[index].start : words[-1].end]
            written = (
                whole if words[0].up == "CHECK" else _of_the_table(column.name, every[index : index + 2], words, text)
            )
            objects[table, "constraint", every[index + 1].name or ""] = written
        kept.append((start, index))
        start = end if words[0].up not in _NO_CONSTRAINT_OF_A_TABLE else index + 2
        index = end
    kept.append((start, len(every)))
    pieces = [text[every[first].start : every[last - 1].end] for first, last in kept if last > first]
    objects[table, "column", column.name.name or ""] = " ".join(pieces)


def _column_constraint_end(every: Tokens, index: int) -> int | None:
    """Return the place behind the constraint with a name that begins at a place of a column; None where none does.

    A key that counts by itself (AUTOINCREMENT) is a property of the column alone.
    """
    if every[index].up != "CONSTRAINT" or index + 2 >= len(every):
        return None
    if every[index + 2].up == "CHECK":
        return group_end(every, index + 3) + 1
    end = index + 3
    while end < len(every):
        word, before = every[end].up, every[end - 1].up
        after = every[end + 1].up if end + 1 < len(every) else ""
        is_within = before == "SET" or (word == "NOT" and after in ("DEFERRABLE", "DISTINCT"))
        if word in (*_ATTRIBUTES, "UNIQUE") and not is_within:
            break
        end = group_end(every, end) + 1 if word == "(" else end + 1
    return None if any(token.up == "AUTOINCREMENT" for token in every[index:end]) else end


def _of_the_table(column: Token, begin: Tokens, words: Tokens, text: str) -> str:
    """Return a column's constraint (`begin`: CONSTRAINT and its name) as the table would declare it."""
    head = text[begin[0].start : begin[-1].end]
    if words[0].up == "REFERENCES":
        return f"{head} FOREIGN KEY ({column.text}) {text[words[0].start : words[-1].end]}"
    start = 2 if words[0].up == "PRIMARY" else 4 if [token.up for token in words[1:2]] == ["NULLS"] else 1
    start -= len(words) > 2 and [token.up for token in words[1:3]] == ["NULLS", "DISTINCT"]
    rest = f" {text[words[start].start : words[-1].end]}" if start < len(words) else ""
    return f"{head} {text[words[0].start : words[start - 1].end]} ({column.text}){rest}"


def _add_constraint(objects: Objects, table: str, constraint: Tokens, text: str) -> None:
    """Add a constraint that has a name; one that is NOT VALID is no other."""
    if constraint[0].up == "CONSTRAINT" and len(constraint) > 2:
        unread = [token.up for token in constraint[-2:]] == ["NOT", "VALID"]
        last = constraint[-3 if unread else -1]
        objects[table, "constraint", constraint[1].name or ""] = text[constraint[0].start : last.end]


@dataclass(frozen=True, slots=True)
class ColumnParts:
    """A column's definition in parts that can be changed by themselves.

    `head` is its name and its type; `rest` is what follows NOT NULL and the default. `default` is None without one.
    """

    head: str
    required: bool
    default: str | None
    rest: str

    @property
    def text(self) -> str:
        """The definition."""
        parts = (self.head, "NOT NULL" * self.required, f"DEFAULT {self.default}" if self.default else "", self.rest)
        return " ".join(part for part in parts if part)


def column_parts(definition: str, dialect: Dialect) -> ColumnParts:
    """Return a column's definition in its parts."""
    every = split(definition, dialect)
    places = [index for index, token in enumerate(every) if token.up in _ATTRIBUTES and not _depth(every, index)]
    head_end = places[0] if places else len(every)
    parts = ColumnParts(definition[: every[head_end - 1].end], False, None, "")
    for first, after in pairwise([*places, len(every)]):
        piece = definition[every[first].start : every[after - 1].end]
        word = every[first].up
        if word == "NOT" and after < len(every) and every[after].up == "NULL":
            parts = replace(parts, required=True)
        elif word == "NULL":
            pass
        elif word == "DEFAULT":
            parts = replace(parts, default=definition[every[first + 1].start : every[after - 1].end])
        else:
            parts = replace(parts, rest=f"{parts.rest} {piece}".strip())
    return parts


def view_columns(definition: str, dialect: Dialect) -> list[str]:
    """Return the columns that a CREATE VIEW lists behind its name; none where it lists none."""
    every = split(definition, dialect)
    first = next((index for index, token in enumerate(every) if token.up in ("(", "AS")), len(every))
    if first == len(every) or every[first].up == "AS":
        return []
    return [token.name or "" for token in every[first + 1 : group_end(every, first)] if token.up != ","]


def is_computed(definition: str, dialect: Dialect) -> bool:
    """Return whether a column is computed: with AS and an expression, which may leave out GENERATED ALWAYS."""
    return any(word.up == "AS" and after.up == "(" for word, after in pairwise(split(definition, dialect)))


def _depth(every: Tokens, index: int) -> int:
    """Return how many parentheses are open at a place."""
    return sum((token.up == "(") - (token.up == ")") for token in every[:index])


def _altered(definition: str, change: Tokens, text: str, dialect: Dialect) -> str:
    """Return a column's definition after SET or DROP of its DEFAULT or of NOT NULL; the same after another change."""
    words = [token.up for token in change]
    parts = column_parts(definition, dialect)
    if words[:2] == ["SET", "DEFAULT"]:
        return replace(parts, default=text[change[2].start : change[-1].end]).text
    if words == ["DROP", "DEFAULT"]:
        return replace(parts, default=None).text
    if words[1:] == ["NOT", "NULL"]:
        return replace(parts, required=words[0] == "SET").text
    return definition
