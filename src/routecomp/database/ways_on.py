"""Write the statements by which whoever looks after a database gets a migration past rows that are not as expected."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from routecomp.database.drift import is_equal
from routecomp.database.driver import Database
from routecomp.sql.ddl import TENANTS
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.diff import change
from routecomp.sql.literals import table_name
from routecomp.sql.migration import Migration
from routecomp.sql.names import Names
from routecomp.sql.schema import Value
from routecomp.sql.state import DatabaseState, Key, Row
from routecomp.sql.statements import change_statements
from routecomp.sql.steps.step import tenants_of
from routecomp.sql.tables import BY_NAME


def called(names: Names, row: tuple[str, Key]) -> str:
    """Return how messages call a row, by its table and key."""
    return " ".join([names.of(row[0]), *(str(value) for value in row[1])])


def tenant_of(table: str, key: Key) -> Value:
    """Return the tenant whose row it is; None for a row of no tenant."""
    return key[0] if table.startswith("tenant_") else None


def put_back(
    was: DatabaseState,
    live: DatabaseState,
    gone: Collection[tuple[str, Key]],
    own: Sequence[Migration],
    database: Database,
) -> str:
    """Say who may have taken the rows that are gone, and both ways on, with the statements that put them back."""
    tenants = sorted({str(tenant_of(table, key)) for table, key in gone if tenant_of(table, key) is not None})
    rows = {
        name: {
            key: row
            for key, row in rows.items()
            if key in live.tables[name] or (name, key) in gone or str(tenant_of(name, key)) in tenants
        }
        for name, rows in was.tables.items()
    }
    whole = DatabaseState({name: {**present, **live.tables[name]} for name, present in rows.items()}, {})
    company = tenants_of(own, database.dialect) if tenants else None
    cascade = f"a tenant that is deleted in {company[0]} takes its rows along; " if company else ""
    before = f"put {', '.join(tenants)} back into {company[0]} ({company[1]}), then the rows" if company else "put back"
    return (
        f"{cascade}where they are to stay away, take them out of the YAML, compile and merge, then `routecomp migrate "
        f"up`, which records both; else {before}: {_edits(live, whole, database.dialect)}"
    )


def under_its_new_name(was: DatabaseState, live: DatabaseState, own: Sequence[Migration], database: Database) -> str:
    """Say who may have taken the rows of tenants that a rename lacks; empty where it lacks none, or no other table can.

    The tenants have to be in the company's own table before their rows are.
    """
    is_gone = bool(was.tables[TENANTS].keys() - live.tables[TENANTS].keys())
    company = tenants_of(own, database.dialect) if is_gone else None
    if company is None:
        return ""
    table, column = company
    return (
        f"a tenant that is deleted in {table} takes its rows along, so a renamed one leaves it after the migration; "
        f"see that the new name is in {table} ({column}), "
    )


def statements_for_the_rest(was: DatabaseState, now: DatabaseState, live: DatabaseState, dialect: Dialect) -> str:
    """Return the statements that do what is left of a change; empty where a row holds neither its old nor new values.

    A row that the change makes or deletes is among them only where it is not there, or is.
    """
    target = {name: dict(rows) for name, rows in live.tables.items()}
    for table, before in was.tables.items():
        after, present = now.tables[table], live.tables[table]
        for key in before.keys() | after.keys():
            old, new, row = before.get(key), after.get(key), present.get(key)
            if old == new:
                continue
            if old is None or new is None or row is None:
                if old is None and new is not None and row is not None and _holds(row, new):
                    continue
                if (old is None and row is not None) or (new is not None and row is None and old is not None):
                    return ""
                target[table].pop(key, None)
                if new is not None:
                    target[table][key] = new
                continue
            for column, value in new.items():
                if old[column] != value and not is_equal(row[column], value):
                    if not is_equal(row[column], old[column]):
                        return ""
                    target[table][key] = {**target[table][key], column: value}
    return _edits(live, DatabaseState(target, {}), dialect)


def _holds(row: Row, wanted: Row) -> bool:
    """Return whether a row that is there holds what it should."""
    return all(is_equal(row[column], value) for column, value in wanted.items())


def _edits(live: DatabaseState, wanted: DatabaseState, dialect: Dialect) -> str:
    """Return the statements that lead from what is there to what is wanted, without those that lock or assert."""
    words = ("INSERT INTO ", "UPDATE ", "DELETE FROM ")
    tables = tuple(f"{word}{table_name(table, dialect)} " for word in words for table in BY_NAME)
    edits = [text for text in change_statements(change(live, wanted), "", dialect) if text.startswith(tables)]
    return "".join(text.replace("\n", " ").rstrip(";") + "; " for text in edits).rstrip()
