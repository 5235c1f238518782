"""Hold what a schema is: tables, columns, constraints, indexes, triggers and functions by name, with definitions.

Where a server tells definitions in its own words, the runner writes down what a fresh install has when it installs;
where the database keeps the statements, a fresh install is made in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

Thing = tuple[str, str, str]
"""Table (empty for functions), kind and name."""
Catalogue = dict[Thing, str]
"""What there is, and how it is defined."""
DISABLED = "disabled"
SERVER: Thing = ("", "server", "major version")
"""Whose words the definitions are: another major version may say the same in others."""
_TABLE = re.compile(r"CREATE TABLE (?:public\.)?(\w+) \(")
_NAMES = (
    (re.compile(r"CREATE (?:UNIQUE )?INDEX (?P<name>\w+) ON (?:public\.)?(?P<table>\w+)"), "index"),
    (
        re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (?P<name>\w+)\s.*?\sON (?:public\.)?(?P<table>\w+)", re.DOTALL),
        "trigger",
    ),
    (re.compile(r"ALTER TABLE (?:public\.)?(?P<table>\w+) ADD CONSTRAINT (?P<name>\w+)"), "constraint"),
    (re.compile(r"CREATE FUNCTION public\.(?P<name>\w+)(?P<table>)"), "function"),
)
_CONSTRAINT = re.compile(r"CONSTRAINT (\w+) (?:CHECK|PRIMARY|FOREIGN|UNIQUE)")
_COLUMN = re.compile(r"^  ([a-z_][a-z0-9_]*) ", re.MULTILINE)


def objects_in(statements: Collection[str]) -> set[Thing]:
    """Return what the statements of migrations create, by (table, kind, name), whether or not they drop it again.

    Only statements as the compiler writes them are recognized.
    """
    things: set[Thing] = set()
    for statement in statements:
        table = _TABLE.match(statement)
        if table is not None:
            things.add((table[1], "table", table[1]))
            things |= {(table[1], "constraint", name) for name in _CONSTRAINT.findall(statement)}
            things |= {(table[1], "column", name) for name in _COLUMN.findall(statement)}
            continue
        for pattern, kind in _NAMES:
            match = pattern.match(statement)
            if match is not None:
                things.add((match["table"], kind, match["name"]))
    return things


def changes_schema(statements: Collection[str]) -> bool:
    """Return whether any of the statements begins with CREATE, ALTER, DROP, COMMENT or REVOKE, in capitals."""
    return any(statement.startswith(("CREATE ", "ALTER ", "DROP ", "COMMENT ", "REVOKE ")) for statement in statements)


def advance(expected: Mapping[Thing, str], before: Mapping[Thing, str], after: Mapping[Thing, str]) -> Catalogue:
    """Return what is expected after a migration: `expected`, with what differs between `before` and `after`.

    So drift that was there before the migration, and that it does not touch, does not become expected.
    """
    kept = {thing: text for thing, text in expected.items() if not (thing in before and thing not in after)}
    return kept | {thing: text for thing, text in after.items() if thing == SERVER or before.get(thing) != text}


def pack(catalogue: Mapping[Thing, str]) -> str:
    """Return a catalogue as one text of JSON, sorted, for the ledger."""
    return json.dumps(sorted([*thing, text] for thing, text in catalogue.items()), separators=(",", ":"))


def unpack(text: str) -> Catalogue:
    """Return the catalogue that `pack` wrote."""
    return {(table, kind, name): definition for table, kind, name, definition in json.loads(text)}


def sql_constraints(text: str) -> set[str]:
    """Return the names of the named constraints in the text of a CREATE TABLE."""
    return set(_CONSTRAINT.findall(text))
