"""A database, its migrations and a program in, each place where they differ out, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from routecomp.database.catalog import (
    DISABLED,
    SERVER,
    Catalogue,
    Thing,
    catalogue,
    named_in,
    sql_constraints,
)
from routecomp.database.connection import Database
from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import Entry, breaks, promotions
from routecomp.database.plan import Plan, body
from routecomp.database.runner import expected_schema
from routecomp.sql.literals import named
from routecomp.sql.migrations import Migration
from routecomp.sql.replay import ReplayError, read_state, replayed
from routecomp.sql.schema import Value
from routecomp.sql.state import DatabaseState, Key, Row
from routecomp.sql.tables import BY_NAME, TABLES, state_key


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference: `message` says it in words. `kind` is migration, ledger, row or schema; `name` is a
    migration, a row's key or a constraint; `expected` and `found` are None where there is nothing."""

    kind: str
    message: str
    table: str = ""
    name: str = ""
    column: str = ""
    expected: Value = None
    found: Value = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the migrations lead to on a fresh database: rows and, on SQLite, the schema."""

    state: DatabaseState
    schema: Catalogue


def fresh(migrations: Sequence[Migration], tables: set[str]) -> Wanted:
    """Run migrations for SQLite in memory; `DatabaseError` where one does not run."""
    try:
        with replayed((one.id, one.up) for one in migrations) as database:
            rows = database.execute("SELECT tbl_name, type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
            schema = {(table, kind, name): said for table, kind, name, said in rows if table in tables}
            return Wanted(read_state(database), schema)
    except ReplayError as failure:
        raise DatabaseError(
            f"migration {failure.id} for SQLite, which says what the rows have to be, does not run on "
            f"those before it: {failure.reason}",
            "restore it from Git",
            "refused",
        ) from None


def live_state(database: Database, there: Mapping[Thing, str]) -> DatabaseState:
    """The rows of the policy tables; those of a table that lacks a column, or is not there, are left out."""
    tables: dict[str, dict[Key, Row]] = {}
    for table in TABLES:
        columns = table.declared
        rows: dict[Key, Row] = {}
        tables[table.name] = rows
        if (table.name, "table", table.name) not in there:
            continue
        if database.dialect == "postgres" and any((table.name, "column", one.name) not in there for one in columns):
            continue
        live = " WHERE NOT withdrawn" if table.live_only else ""
        names = [column.name for column in columns]
        for found in database.run(f"SELECT {', '.join(names)} FROM {named(table.name, database.dialect)}{live}"):
            row: Row = {
                column.name: _plain(cell, column.kind == "flag") for column, cell in zip(columns, found, strict=True)
            }
            rows[tuple(row[name] for name in state_key(table))] = row
    return DatabaseState(tables, {})


def _plain(cell: object, flag: bool) -> Value:
    """A cell as the state holds it; what no sound database holds (a fraction, NaN) as text."""
    if isinstance(cell, Decimal):
        return int(cell) if cell.is_finite() and cell == cell.to_integral_value() else str(cell)
    if flag and cell in (0, 1):
        return bool(cell)
    return cell if cell is None or isinstance(cell, str | int) else str(cell)


def migration_drift(plan: Plan) -> Iterator[Drift]:
    """How the ledger and the files differ."""
    for id in plan.edited:
        yield Drift("migration", f"migration {id} was edited after it was applied", name=id)
    for id in plan.missing:
        said = "and the database is ahead of this folder" if id in plan.ahead else "and its file is missing"
        yield Drift("migration", f"migration {id} is applied, {said}", name=id)
    for one in plan.pending:
        yield Drift("migration", f"migration {one.id} is not applied yet", name=one.id)


def chain_drift(database: Database, held: Sequence[Entry]) -> Iterator[Drift]:
    """Where the chain over the ledgers does not fit."""
    for one in breaks(list(held), promotions(database)):
        yield Drift("ledger", f"ledger: {one.message}", "routecomp_migrations", str(one.seq))


def row_drift(expected: DatabaseState, found: DatabaseState, there: Mapping[Thing, str]) -> Iterator[Drift]:
    """How the rows differ, table by table; of a table that is not `there` nothing is said."""
    for table in TABLES:
        if (table.name, "table", table.name) not in there:
            continue
        was, now = expected.tables[table.name], found.tables[table.name]
        if was == now:
            continue
        for key in sorted(was.keys() | now.keys(), key=repr):
            name = _name(table.name, key)
            wanted, held = was.get(key), now.get(key)
            if held is None:
                yield Drift("row", f"{table.name}: row {name} is missing", table.name, name)
            elif wanted is None:
                yield Drift("row", f"{table.name}: row {name} is there, and no migration made it", table.name, name)
            else:
                for column, value in wanted.items():
                    if not _same(value, held[column]):
                        yield Drift(
                            "row",
                            f"{table.name}: {column} of row {name} is {_shown(held[column])}, not {_shown(value)}",
                            table.name,
                            name,
                            column,
                            value,
                            held[column],
                        )


def _same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _name(table: str, key: Key) -> str:
    columns = state_key(BY_NAME[table])
    return "1" if columns == ("single",) else " ".join(str(value) for value in key)


def _shown(value: Value) -> str:
    return "empty" if value is None else f"`{value}`" if isinstance(value, str) else str(value)


def schema_drift(expected: Catalogue, found: Catalogue) -> Iterator[Drift]:
    """How the schema differs: what is missing, switched off, defined otherwise, or there besides."""
    gone = {table for table, kind, name in expected if kind == "table" and (table, kind, name) not in found}
    for thing in sorted((expected.keys() | found.keys()) - {SERVER}):
        table, kind, name = thing
        if table in gone and kind != "table":
            continue
        what = f"{kind} {name}" if kind in ("table", "function") else f"{kind} {name} of table {table}"
        was, now = expected.get(thing), found.get(thing)
        if was is None and now is not None:
            if kind == "index" and "UNIQUE" not in now:
                continue  # an index of the company's own for its queries
            yield Drift("schema", f"{what} is there, and no migration made it", table, name, found=now)
        elif was is not None and now is None:
            yield Drift("schema", f"{what} is missing", table, name, expected=was or None)
        elif now == DISABLED != was:
            yield Drift("schema", f"{what} is disabled", table, name, expected=was or None, found=now)
        elif was and was != now:
            assert now is not None
            lost = sorted(sql_constraints(was) - sql_constraints(now)) if kind == "table" else []
            for one in lost:
                yield Drift("schema", f"constraint {one} of table {table} is missing", table, one, expected=one)
            if not lost:
                yield Drift(
                    "schema", f"{what} is not defined as the migrations define it", table, name, expected=was, found=now
                )


def schema_wanted(
    database: Database, held: Sequence[Entry], applied: Sequence[Migration], tables: set[str]
) -> Catalogue:
    """What the schema has to be. On PostgreSQL the ledger says it; where it does not, the names in the files do,
    with empty definitions. `applied` are the migrations of the database's own dialect."""
    if database.dialect == "sqlite":
        return fresh(applied, tables).schema
    known = expected_schema(held)
    return known or dict.fromkeys(named_in(made(applied, database)), "")


def made(applied: Sequence[Migration], database: Database) -> list[str]:
    """Every statement of these migrations."""
    return [statement for one in applied for statement in body(one.id, one.up, database.dialect)]


def our_tables(applied: Sequence[Migration], database: Database) -> set[str]:
    """The tables that these migrations make."""
    return {table for table, kind, _ in named_in(made(applied, database)) if kind == "table"}


@dataclass(frozen=True, slots=True)
class Compared:
    """What `verified` found; `skipped` says why rows were not compared, where they were not; `note` what else one
    should know."""

    drifts: tuple[Drift, ...]
    skipped: str = ""
    note: str = ""


def verified(
    database: Database, held: Sequence[Entry], plan: Plan, own: Sequence[Migration], lite: Sequence[Migration]
) -> Compared:
    """Compare a database with what its migrations lead to. `own` are those of its dialect, `lite` those for SQLite.

    Within a transaction that only reads. The chain, the files, the schema and the rows, in this order.
    """
    found = [*migration_drift(plan), *chain_drift(database, held)]
    names = {entry.migration for entry in plan.applied}
    if plan.edited or plan.missing:
        return Compared(tuple(found), "rows and schema were not compared: the files are not those that were applied")
    if names - {one.id for one in lite}:
        return Compared(
            tuple(found),
            "rows were not compared: the migrations for SQLite, which say what they have to be, are not all there",
        )
    applied = [one for one in own if one.id in names]
    tables = our_tables(applied, database)
    there = catalogue(database, tables)
    wanted_schema, note = schema_wanted(database, held, applied, tables), ""
    if SERVER in wanted_schema and wanted_schema[SERVER] != there[SERVER]:
        note = (
            f"the schema was made by PostgreSQL {wanted_schema[SERVER]}, and this is {there[SERVER]}, which may "
            "word definitions otherwise: names were compared, definitions were not"
        )
        wanted_schema = dict.fromkeys(wanted_schema, "")
    found += schema_drift(wanted_schema, there)
    wanted = fresh([one for one in lite if one.id in names], tables)
    found += row_drift(wanted.state, live_state(database, there), there)
    return Compared(tuple(found), note=note)
