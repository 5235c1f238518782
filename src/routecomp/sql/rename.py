"""Write the statements that rename all that a project has in a database, with every row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from routecomp.sql.ddl import SCHEMA, create_schema, drop_schema
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.literals import literal
from routecomp.sql.read.objects import Thing, read_objects

_LEDGER = "routecomp_migrations"
KEPT = f"{_LEDGER}_before"
"""Where the rows of the ledger are from then on: `adopt` begins another one."""
_MADE_ANEW = (
    "CREATE FUNCTION ",
    "CREATE TRIGGER ",
    "CREATE CONSTRAINT TRIGGER ",
    "REVOKE ",
    "CREATE VIEW ",
    "COMMENT ON VIEW ",
)


def rename_statements(old: Dialect, new: Dialect, tenants: tuple[str, str] | None = None) -> list[str]:
    """Return the statements that turn the names of `old` into those of `new`, in one transaction.

    The database has the schema that this version of routecomp wants. `tenants` is the company's own table of tenants
    and its column. Tables are renamed where they can be changed in place; elsewhere they are made anew, and their rows
    are copied: the statements fail, before any changes something, where the company has added what would be lost.
    Where both names are the same to the database, which knows no schemas, the ledger alone is put aside.
    """
    known: Collection[Thing] = ()
    body: Iterable[str] = ()
    if old.table_name(_LEDGER) != new.table_name(_LEDGER):
        known, wanted = read_objects(create_schema(old, tenants), old), create_schema(new, tenants)
        body = _moved(old, new, wanted, tenants) if new.changes_in_place else _copied(old, new, wanted)
    aside = (*_guarded(old, known), *_put_aside(old))
    return [*new.opening, *new.session, *new.rename_opening, *aside, *body, "COMMIT"]


def _guarded(old: Dialect, known: Collection[Thing]) -> Iterator[str]:
    """Yield the statements that name what would be lost, as rows for whoever runs them, and fail where there is any."""
    for words, query in old.rename_guards(known):
        message = f"{literal(words, old)} || (SELECT {old.joining}(name, ', ') FROM ({query}) lost)"
        yield f"SELECT {message}\nWHERE EXISTS ({query})"
        yield from old.stops(message, f"NOT EXISTS ({query})")


def _put_aside(old: Dialect) -> Iterator[str]:
    """Yield the statements that move the ledger's rows behind those of earlier ledgers.

    That table has no key and no trigger, so a ledger that is made here later finds all its names free.
    """
    ledger, kept = old.table_name(_LEDGER), old.table_name(KEPT)
    yield f"CREATE TABLE IF NOT EXISTS {kept} AS\nSELECT * FROM {ledger} WHERE {old.boolean(False)}"
    yield f"INSERT INTO {kept}\nSELECT * FROM {ledger}"
    yield f"DROP TABLE {ledger}"
    if old.changes_in_place:
        yield old.drop_function(old.names.of(f"{_LEDGER}_kept"))


def _moved(old: Dialect, new: Dialect, wanted: Sequence[str], tenants: tuple[str, str] | None) -> Iterator[str]:
    """Yield the statements that move and rename tables, constraints and indexes, and make all others anew.

    Functions get other bodies and stay what they are: triggers of the company's own may call them.
    """
    before, after = read_objects(create_schema(old, tenants), old), read_objects(wanted, new)
    pairs = list(zip(before, after, strict=True))
    yield from (text for text in wanted if text.startswith("DO "))  # makes the schema
    yield from (old.drop_trigger(there[2], there[0]) for there, _ in pairs if there[1] == "trigger")
    yield from (f"DROP VIEW {old.qualified(there[2])}" for there, _ in reversed(pairs) if there[1] == "view")
    for table in SCHEMA.tables:
        if table.by_day:
            yield from old.move_partitions(table.name, new)
    for there, here in pairs:
        yield from _renamed(there, here, old, new)
    for text in wanted:
        if text.startswith(_MADE_ANEW) or " ENABLE ALWAYS TRIGGER " in " ".join(text.split()):
            yield text.replace("CREATE FUNCTION ", "CREATE OR REPLACE FUNCTION ", 1)


def _renamed(there: Thing, here: Thing, old: Dialect, new: Dialect) -> Iterator[str]:
    """Yield the statements that bring a table, constraint, index or function from its old name to its new one."""
    _, kind, name = there
    if kind in ("table", "function") and old.qualified(name) != new.qualified(name):
        yield f"ALTER {kind.upper()} {old.qualified(name)} SET SCHEMA {new.names.schema}"
    if name == here[2]:
        return
    if kind in ("table", "index", "function"):
        yield f"ALTER {kind.upper()} {new.qualified(name)} RENAME TO {here[2]}"
    elif kind == "constraint":
        yield f"ALTER TABLE {new.qualified(here[0])} RENAME CONSTRAINT {name} TO {here[2]}"


def _copied(old: Dialect, new: Dialect, wanted: Sequence[str]) -> Iterator[str]:
    """Yield the statements that make tables, copy their rows, drop the old tables, and make all others."""
    yield from (text for text in wanted if text.startswith("CREATE TABLE "))
    for table in SCHEMA.tables:
        columns = ", ".join(column.name for column in table.columns if not column.computed)
        there, here = old.table_name(table.name), new.table_name(table.name)
        yield f"INSERT INTO {here} ({columns})\nSELECT {columns} FROM {there}"
        if any(column.kind == "serial" for column in table.columns):
            yield from new.restore_numbers(here, there)
    yield from drop_schema(old)
    yield from (text for text in wanted if not text.startswith("CREATE TABLE "))
