"""Find where a database differs from its migrations, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from routecomp.database.catalog import (
    DISABLED,
    SERVER,
    UNREAD,
    Catalogue,
    folded,
    names_in,
    relations_in,
    validated,
)
from routecomp.database.driver import Database
from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import LEDGER, Entry, breaks, expected_schema, promotions
from routecomp.database.plan import Plan, body, edited_words
from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.line_ends import KEEP_OR_RESTORE, line_ends
from routecomp.sql.literals import table_name
from routecomp.sql.migration import Migration, covered
from routecomp.sql.names import Names
from routecomp.sql.read.normal_form import is_same
from routecomp.sql.read.objects import Thing, read_objects, unread_constraints
from routecomp.sql.reference import Reference
from routecomp.sql.replay import ReplayError, read_state, run_in_sandbox
from routecomp.sql.schema import Schema, Value
from routecomp.sql.state import DatabaseState, Key, Row
from routecomp.sql.steps.step import find_newer
from routecomp.sql.tables import BY_NAME, state_key


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference; `message` says it in words.

    `kind` is migration, ledger, row or schema. `name` is a migration's id, the number of a ledger's row, a row's key or
    the name of an object of the schema; `table` and `column` are empty where they do not apply. `expected` and `actual`
    are None where there is nothing, or where the message says it all.
    """

    kind: str
    message: str
    table: str = ""
    name: str = ""
    column: str = ""
    expected: Value = None
    actual: Value = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the migrations lead to on a fresh database: rows and schema."""

    state: DatabaseState
    schema: Catalogue


def replay_reference(reference: Reference, tables: set[str], schema: Schema = SCHEMA) -> Wanted:
    """Run migrations in a sandbox; return all rows, and the schema of `tables`.

    Raises `DatabaseError` where a migration does not run.
    """
    try:
        files = ((migration.id, migration.up) for migration in reference.migrations)
        with run_in_sandbox(reference.dialect, files) as sandbox:
            known = {folded(table) for table in tables}
            definitions = [definition for _, _, table, definition in sandbox.schema() if folded(table) in known]
            return Wanted(read_state(sandbox, schema), read_objects(definitions, reference.dialect))
    except ReplayError as failure:
        for migration in reference.migrations:
            how = line_ends(migration.up)
            if how:
                message = f"migration {migration.id} for {reference.dialect.title} cannot be read as it is written here"
                raise DatabaseError(f"{message}: {how}", KEEP_OR_RESTORE, "refused") from None
        raise DatabaseError(
            f"migration {failure.id} for {reference.dialect.title}, which says what the rows have to be, does not run "
            f"on those before it: {failure.reason}",
            "restore it from Git",
            "refused",
        ) from None


def live_state(database: Database, catalogue: Mapping[Thing, str], schema: Schema = SCHEMA) -> DatabaseState:
    """Return the rows of the policy tables, without withdrawn ones; a table that is missing has no rows here.

    What is missing is looked up in `catalogue`: a column that is, holds its default in every row; a table that lacks a
    column of its key has no rows either.
    """
    tables: dict[str, dict[Key, Row]] = {}
    for table in schema.policy:
        rows: dict[Key, Row] = {}
        tables[table.name] = rows
        whole = database.dialect.names.of(table.name)
        columns = [column for column in table.declared if (whole, "column", column.name) in catalogue]
        names = [column.name for column in columns]
        if not set(state_key(table)) <= set(names):
            continue
        later = {column.name: column.default for column in table.declared if column not in columns}
        live = " WHERE NOT withdrawn" if table.live_only else ""
        for cells in database.run(f"SELECT {', '.join(names)} FROM {table_name(table.name, database.dialect)}{live}"):
            row: Row = {
                column.name: _plain(cell, column.kind == "flag") for column, cell in zip(columns, cells, strict=True)
            }
            rows[tuple(row[name] for name in state_key(table))] = row | later
    return DatabaseState(tables, {})


def _plain(cell: object, flag: bool) -> Value:
    """Return a cell as the state holds it; what no sound database holds (a fraction, NaN) as text."""
    if isinstance(cell, Decimal):
        return int(cell) if cell.is_finite() and cell == cell.to_integral_value() else str(cell)
    if flag and cell in (0, 1):
        return bool(cell)
    return cell if cell is None or isinstance(cell, str | int) else str(cell)


def migration_drift(plan: Plan) -> Iterator[Drift]:
    """Yield a difference for each migration that was edited, has no file, or is pending, in this order."""
    for id, how in plan.edited.items():
        yield Drift("migration", edited_words(id, how), name=id)
    for id in plan.missing:
        remark = (
            "and the database is ahead of this folder"
            if id in plan.ahead
            else "and its file is missing: `routecomp compile` restores what is on the base branch"
        )
        yield Drift("migration", f"migration {id} is applied, {remark}", name=id)
    for migration in plan.pending:
        yield Drift("migration", f"migration {migration.id} is not applied yet", name=migration.id)


def chain_drift(database: Database, ledger: Sequence[Entry]) -> Iterator[Drift]:
    """Yield a difference for each place where the chain over the ledgers does not fit."""
    names = database.dialect.names
    for gap in breaks(list(ledger), promotions(database), names):
        yield Drift("ledger", f"ledger: {gap.message}", names.of(LEDGER), str(gap.seq))


def row_drift(
    expected: DatabaseState, actual: DatabaseState, catalogue: Mapping[Thing, str], names: Names
) -> Iterator[Drift]:
    """Yield each row that is missing or not expected, and each cell that differs, table by table.

    A column that is not in `catalogue` is left out, and so is a table that is not or lacks one of its key:
    `schema_drift` reports it. `names` are those of
    `catalogue`.
    """
    for table, wanted in expected.tables.items():
        whole, present = names.of(table), actual.tables[table]
        key_is_there = all((whole, "column", column) in catalogue for column in state_key(BY_NAME[table]))
        if (whole, "table", whole) not in catalogue or not key_is_there or wanted == present:
            continue
        for key in sorted(wanted.keys() | present.keys(), key=repr):
            name = " ".join(str(value) for value in key)
            was, now = wanted.get(key), present.get(key)
            if now is None:
                yield Drift("row", f"{whole}: row {name} is missing", whole, name)
            elif was is None:
                yield Drift("row", f"{whole}: row {name} is there, and no migration made it", whole, name)
            else:
                for column, value in was.items():
                    if (whole, "column", column) in catalogue and not is_equal(value, now[column]):
                        yield Drift(
                            "row",
                            f"{whole}: {column} of row {name} is {shown(now[column])}, not {shown(value)}",
                            whole,
                            name,
                            column,
                            value,
                            now[column],
                        )


def is_equal(value: Value, other: Value) -> bool:
    """Return whether two cells are equal, where True is not equal to 1."""
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def shown(value: Value) -> str:
    """Return a cell as messages show it."""
    return "empty" if value is None else f"`{value}`" if isinstance(value, str) else str(value)


def schema_drift(expected: Catalogue, actual: Catalogue, dialect: Dialect) -> Iterator[Drift]:
    """Yield each object that is missing, switched off, defined otherwise, or present without a migration that made it.

    Definitions are compared in their normal form, constraints as if they were validated (see `unread_drift`). An
    expected definition that is empty stands for any. Of a missing table only the table is reported. Indexes that are
    not unique may be present without a migration.
    """
    expected, actual = validated(expected), validated(actual)
    gone = {table for table, kind, name in expected if kind == "table" and (table, kind, name) not in actual}
    for thing in sorted((expected.keys() | actual.keys()) - {SERVER}):
        table, kind, name = thing
        if table in gone and kind != "table":
            continue
        what = f"{kind} {name}" if kind in ("table", "function", "view") else f"{kind} {name} of table {table}"
        was, now = expected.get(thing), actual.get(thing)
        if was is None and now is not None:
            if kind == "index" and "UNIQUE" not in now:
                continue  # an index of the company's own for its queries
            yield Drift("schema", f"{what} is there, and no migration made it", table, name, actual=now)
        elif was is not None and now is None:
            yield Drift("schema", f"{what} is missing", table, name, expected=was or None)
        elif now == DISABLED != was:
            yield Drift("schema", f"{what} is disabled", table, name, expected=was or None, actual=now)
        elif was and now and not is_same(was, now, dialect):
            message = f"{what} is not defined as the migrations define it"
            yield Drift("schema", message, table, name, expected=was, actual=now)


def unread_drift(
    database: Database, ledger: Sequence[Entry], applied: Sequence[Migration], actual: Catalogue
) -> Iterator[Drift]:
    """Yield each constraint that is NOT VALID in a database, and that the migrations validate.

    One that a way back left so, which the ledger tells, is no difference until a migration of `applied` that is not in
    the ledger validates it.
    """
    unread = sorted(thing for thing, text in actual.items() if thing[1] == "constraint" and text.endswith(UNREAD))
    if not unread:
        return
    ids = {entry.migration for entry in ledger}
    before, after = (
        unread_constraints(statements_of(migrations, database), database.dialect)
        for migrations in ([migration for migration in applied if migration.id in ids], applied)
    )
    left = {thing for thing, text in expected_schema(ledger).items() if text.endswith(UNREAD)}
    for thing in unread:
        if thing not in after | (left - before):
            table, _, name = thing
            message = f"constraint {name} of table {table} is NOT VALID, and the migrations validate it"
            definition = actual[thing]
            yield Drift("schema", message, table, name, "", definition.removesuffix(UNREAD), definition)


def schema_wanted(
    database: Database, ledger: Sequence[Entry], applied: Sequence[Migration], tables: set[str]
) -> Catalogue:
    """Return what the schema has to be.

    Where the database keeps statements, it is that of a sandbox; else what the ledger says. What the ledger does not
    say, since it keeps no schema or has no row of a migration, is a name in the files, with an empty definition.
    `applied` are the migrations of the database's own dialect. Raises `DatabaseError` where one of them does not run
    or is no file of ours.
    """
    if database.keeps_statements:
        return replay_reference(Reference(database.dialect, applied), tables).schema
    known = expected_schema(ledger)
    every = _names(applied, database)
    if not known:
        return dict.fromkeys(every, "")
    ids = {entry.migration for entry in ledger}
    recorded = [migration for migration in applied if migration.id in ids]
    if len(recorded) == len(applied):
        return known
    before = read_objects(statements_of(recorded, database), database.dialect)
    after = read_objects(statements_of(applied, database), database.dialect)
    gone = before.keys() - after.keys()
    changed = {thing for thing in every if before.get(thing) != after[thing]}
    return {thing: text for thing, text in known.items() if thing not in gone} | dict.fromkeys(changed, "")


def _names(applied: Sequence[Migration], database: Database) -> set[Thing]:
    """Return what the up files of these migrations lead to, by name."""
    return names_in(statements_of(applied, database), database.dialect)


def _reworded(expected: Catalogue, actual: Catalogue, dialect: Dialect) -> list[Thing]:
    """Return the objects whose definitions differ, where another major version made the schema; else none."""
    if expected.get(SERVER, "") in ("", actual.get(SERVER)):
        return []
    both = sorted((expected.keys() & actual.keys()) - {SERVER})
    expected, actual = validated(expected), validated(actual)
    return [
        thing for thing in both if actual[thing] != DISABLED and not is_same(expected[thing], actual[thing], dialect)
    ]


def statements_of(migrations: Sequence[Migration], database: Database) -> list[str]:
    """Return every statement of the up files of these migrations, without BEGIN and COMMIT; raises as `body`."""
    return [statement for migration in migrations for statement in body(migration.id, migration.up, database.dialect)]


def our_tables(applied: Sequence[Migration], database: Database) -> set[str]:
    """Return the tables and views that the up files of these migrations make; raises as `body`."""
    return relations_in(statements_of(applied, database), database.dialect)


@dataclass(frozen=True, slots=True)
class Compared:
    """The result of `verify`.

    `skipped` says why rows were not compared, and is empty where they were; `note` is what else one should know, or
    empty.
    """

    drifts: tuple[Drift, ...]
    skipped: str = ""
    note: str = ""


def verify(
    database: Database,
    ledger: Sequence[Entry],
    plan: Plan,
    own: Sequence[Migration],
    reference: Reference,
    schema: Schema = SCHEMA,
) -> Compared:
    """Compare a database with what its migrations lead to. INVARIANT: within a transaction that only reads.

    `own` are the migrations of its dialect; those of `reference` say what the rows have to be. The database may be
    behind the `schema` that is wanted, or ahead of it: then what is ahead is told. The files, the chain,
    the schema and the rows are compared in this order; schema and rows are not where applied files were edited or are
    missing, or the reference lacks one. Raises `DatabaseError` where a migration does not run in a sandbox.
    """
    drifts = [*migration_drift(plan), *chain_drift(database, ledger)]
    ids = {entry.migration for entry in plan.applied}
    if plan.edited or plan.missing:
        return Compared(tuple(drifts), "rows and schema were not compared: the files are not those that were applied")
    applied = [migration for migration in own if migration.id in ids]
    done = covered(applied)
    if not reference.knows(applied):
        return Compared(
            tuple(drifts),
            f"rows were not compared: the migrations for {reference.dialect.title}, which say what they have to be, "
            "are not all there",
        )
    newer = find_newer(applied, database.dialect, schema)
    if newer is not None:
        drifts.append(Drift("migration", f"this database has {newer}: {newer.help}", name=newer.id))
    tables = our_tables(applied, database)
    catalogue = database.catalogue(tables)
    wanted_schema, note = schema_wanted(database, ledger, applied, tables), ""
    reworded = _reworded(wanted_schema, catalogue, database.dialect)
    if reworded:
        note = (
            f"the schema was made by {database.dialect.title} {wanted_schema[SERVER]}, and this is "
            f"{catalogue[SERVER]}, which may word definitions otherwise: of {len(reworded)} that differ, "
            f"{reworded[0][2]} the first, names were compared, definitions were not"
        )
        wanted_schema |= dict.fromkeys(reworded, "")
    drifts += schema_drift(wanted_schema, catalogue, database.dialect)
    drifts += unread_drift(database, ledger, applied, catalogue)
    wanted = replay_reference(reference.only(done), tables, schema)
    drifts += row_drift(wanted.state, live_state(database, catalogue, schema), catalogue, database.dialect.names)
    return Compared(tuple(drifts), note=note)
