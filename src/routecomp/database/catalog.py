"""Hold what a schema is: tables, columns, constraints, indexes, triggers, functions and views, with definitions.

Where a server tells definitions in its own words, the runner writes down what a fresh install has when it installs;
where the database keeps the statements, a fresh install is made in memory.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.read.objects import OBJECTS, SCHEMA_STATEMENTS, Thing, read_objects

Catalogue = dict[Thing, str]
"""What there is, and how it is defined."""
DISABLED = "disabled"
UNREAD = " NOT VALID"
"""How the definition of a constraint ends that the rows which were there before it may not fulfil."""
SERVER: Thing = ("", "server", "major version")
"""Whose words the definitions are: another major version may say the same in others."""


def names_in(statements: Collection[str], dialect: Dialect) -> set[Thing]:
    """Return what there is once these statements of migrations were run, by (table, kind, name)."""
    return {thing for thing in read_objects(statements, dialect) if thing[1] in OBJECTS}


def relations_in(statements: Collection[str], dialect: Dialect) -> set[str]:
    """Return the names of the tables and views that there are once these statements of migrations were run."""
    return {table for table, kind, _ in names_in(statements, dialect) if kind in ("table", "view")}


def folded(name: str) -> str:
    """Return a name as SQLite compares names, which keeps their letters as they were written."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def changes_schema(statements: Collection[str]) -> bool:
    """Return whether any of the statements begins with CREATE, ALTER, DROP, COMMENT or REVOKE, in capitals."""
    return any(statement.startswith(SCHEMA_STATEMENTS) for statement in statements)


def validated(catalogue: Mapping[Thing, str]) -> Catalogue:
    """Return a catalogue in which every constraint is defined as if it had been validated."""
    return {thing: text.removesuffix(UNREAD) if thing[1] == "constraint" else text for thing, text in catalogue.items()}


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
