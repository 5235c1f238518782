"""A database and the migrations of a folder in; each applied, or taken back, in one transaction with its ledger row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from routecomp.database.catalog import catalogue, changes_schema, moved, named_in, packed, unpacked
from routecomp.database.connection import Database, Say
from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import Direction, Entry, append, entries
from routecomp.database.plan import Plan, body, by_id, found_id, place, planned, sound
from routecomp.sql.migrations import Migration

LOCK_WAIT_S = 60.0
Steps = Callable[[str, int, int], None]
"""Told before each statement: the migration, which statement, of how many."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a command runs: how long it waits for the lock, whom it tells that it waits, and how far it is."""

    wait_s: float = LOCK_WAIT_S
    say: Say = lambda text: None
    steps: Steps = lambda what, done, total: None


def up(
    database: Database,
    migrations: Sequence[Migration],
    to: str | None = None,
    run: Run | None = None,
    done: Callable[[str], None] = lambda id: None,
) -> list[str]:
    """Apply what is pending, up to `to`, one transaction each; the names of those that were, told to `done` as well.

    Whatever others do meanwhile: what is pending is read anew under the lock, before each.
    """
    how = run or Run()
    last = None if to is None else place(found_id(to, by_id(migrations)))
    applied: list[str] = []
    while True:
        database.begin(how.wait_s, how.say)
        held = entries(database)
        plan = planned(held, migrations)
        sound(plan)
        waiting = [one for one in plan.pending if last is None or place(one.id) <= last]
        if not waiting:
            database.rollback()
            return applied
        refuse_foreign(database, plan)
        _apply(database, waiting[0].id, "up", waiting[0].up, held, how)
        applied.append(waiting[0].id)
        done(waiting[0].id)


def refuse_foreign(database: Database, plan: Plan) -> None:
    """Files that were run by hand left tables and no ledger: to run them again would only fail."""
    if not plan.applied and database.has("routecomp_assert"):
        raise DatabaseError(
            "the database has the tables of these migrations, and no ledger says which of them were "
            "applied: they were run by hand",
            "`routecomp migrate adopt --to ID`, ID the last one that was run: it compares, runs "
            "nothing, and begins the ledger",
            "refused",
        )


def down(
    database: Database,
    migrations: Sequence[Migration],
    to: str | None = None,
    run: Run | None = None,
    done: Callable[[str], None] = lambda id: None,
) -> list[str]:
    """Take back the last migration that was applied, or every one that was applied after `to`, the last one first."""
    how = run or Run()
    files = by_id(migrations)
    taken: list[str] = []
    while to is not None or not taken:
        database.begin(how.wait_s, how.say)
        held = entries(database)
        plan = planned(held, migrations)
        names = [entry.migration for entry in plan.applied]
        if to is not None and names[-1:] == [found_id(to, names)]:
            break
        if not names:
            raise DatabaseError("no migration is applied: there is nothing to take back", "")
        sound(plan)
        one = files[names[-1]]
        if one.down is None:
            raise DatabaseError(f"migration {one.id} has no file {one.id}.down.sql", "restore it from Git", "refused")
        _apply(database, one.id, "down", one.down, held, how)
        taken.append(one.id)
        done(one.id)
    database.rollback()
    return taken


def _apply(database: Database, id: str, direction: Direction, data: bytes, held: Sequence[Entry], how: Run) -> Entry:
    """Run one file, and write its row, within the transaction that has begun; then commit."""
    inner = body(id, data, database.dialect)
    doing = "while it was applied" if direction == "up" else "while it was taken back"
    statement = ""
    try:
        before = _schema(database, inner, held)
        for number, statement in enumerate(inner, 1):
            how.steps(id, number, len(inner))
            database.step(statement)
        statement = ""
        row = append(database, id, direction, data, _schema_after(database, inner, held, before))
        how.steps(id, len(inner), len(inner))
        statement = "COMMIT"
        database.run(statement)
    except DatabaseError:
        raise
    except Exception as failure:
        said = database.in_words(failure, doing, statement)
        if said is None:
            raise
        raise DatabaseError(_of(id, said), said.help, said.kind) from None
    return row


def _of(id: str, said: DatabaseError) -> str:
    """The message with the migration's name; one that begins with CONFLICT keeps its beginning, for scripts."""
    return f"{said.message} (migration {id})" if said.kind == "conflict" else f"migration {id}: {said.message}"


def tables_of(statements: Sequence[str], held: Sequence[Entry]) -> set[str]:
    """The tables that these statements make, or that earlier migrations made."""
    made = {table for table, kind, _ in named_in(statements) if kind == "table"}
    return made | {table for table, kind, _ in expected_schema(held) if kind == "table"}


def expected_schema(held: Sequence[Entry]) -> dict[tuple[str, str, str], str]:
    """What the ledger says the schema has to be (PostgreSQL): what was written down last."""
    text = next((entry.catalogue for entry in reversed(held) if entry.catalogue is not None), None)
    return {} if text is None else unpacked(text)


def _schema(database: Database, inner: Sequence[str], held: Sequence[Entry]) -> dict[tuple[str, str, str], str] | None:
    if database.dialect == "sqlite" or not changes_schema(inner):
        return None
    return catalogue(database, tables_of(inner, held))


def _schema_after(
    database: Database, inner: Sequence[str], held: Sequence[Entry], before: dict[tuple[str, str, str], str] | None
) -> str | None:
    if before is None:
        return None
    database.run("SET LOCAL search_path = pg_catalog")
    return packed(moved(expected_schema(held), before, catalogue(database, tables_of(inner, held))))
