"""Apply the migrations of a folder, or take them back: each in one transaction with its row in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from routecomp.database.catalog import Catalogue, advance, changes_schema, names_in, pack, relations_in, unpack
from routecomp.database.driver import Database, Say
from routecomp.database.failure import AlreadyThereError, DatabaseError
from routecomp.database.ledger import Direction, Entry, append, entries
from routecomp.database.plan import Plan, body, by_id, is_apart, make_plan, place, require_sound, resolve_id
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.file_names import BASELINE
from routecomp.sql.migration import Migration
from routecomp.sql.read.objects import read_objects

LOCK_WAIT_S = 60.0
_UNCHANGED = "nothing was changed"
Steps = Callable[[str, int, int], None]
"""Told before each statement: the migration, which statement, of how many."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a command runs: the seconds it waits for the lock, and whom it tells that it waits, and how far it is."""

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
    """Apply what is pending, up to `to` (an id or number), one transaction each; return the ids, in order.

    `done` is called with each id after its commit. Whatever others do meanwhile, what is pending is read anew under the
    lock, before each. Raises `DatabaseError` for an unknown `to`, a folder that does not fit the ledger, and a
    migration that fails; those before it stay applied.
    """
    how = run or Run()
    last = None if to is None else place(resolve_id(to, by_id(migrations)))
    applied: list[str] = []
    while True:
        database.begin(how.wait_s, how.say)
        ledger = entries(database)
        plan = make_plan(ledger, migrations)
        require_sound(plan)
        waiting = [migration for migration in plan.pending if last is None or place(migration.id) <= last]
        if not waiting:
            database.rollback()
            return applied
        refuse_foreign(database, plan)
        _apply(database, waiting[0].id, "up", waiting[0].up, ledger, how, applied)
        applied.append(waiting[0].id)
        done(waiting[0].id)


def refuse_foreign(database: Database, plan: Plan) -> None:
    """Raise `DatabaseError` where files were run by hand: their tables are there, and no migration is recorded."""
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
    """Take back the last migration applied, or all after `to` (an id or number), the last first; return the ids.

    `done` is called with each id after its commit. `to` itself stays. Raises `DatabaseError` where no migration is
    applied, `to` is not applied, the folder does not fit the ledger, or a migration has no down file or fails.
    """
    how = run or Run()
    files = by_id(migrations)
    taken: list[str] = []
    while to is not None or not taken:
        database.begin(how.wait_s, how.say)
        ledger = entries(database)
        plan = make_plan(ledger, migrations)
        names = [entry.migration for entry in plan.applied]
        if to is not None and names[-1:] == [resolve_id(to, names)]:
            break
        if not names:
            raise DatabaseError("no migration is applied: there is nothing to take back", "")
        require_sound(plan)
        last = files[names[-1]]
        if last.down is None:
            raise DatabaseError(f"migration {last.id} has no file {last.id}.down.sql", "restore it from Git", "refused")
        _apply(database, last.id, "down", last.down, ledger, how, taken)
        taken.append(last.id)
        done(last.id)
    database.rollback()
    return taken


def _apply(
    database: Database,
    id: str,
    direction: Direction,
    data: bytes,
    ledger: Sequence[Entry],
    how: Run,
    earlier: Sequence[str],
) -> Entry:
    """Run one file and write its row within the transaction that has begun, then commit; return the row.

    A file that runs outside of a transaction ends that one, and its row is written in another behind it, under the same
    lock: if that is lost, the file is run again, and does what is left to do. Raises a `DatabaseError` that names the
    migration for a failure of the driver, and the last of the `earlier` ones, which stay. The caller rolls back.
    """
    inner = body(id, data, database.dialect)
    doing = "while it was applied" if direction == "up" else "while it was taken back"
    apart = is_apart(data, database.dialect)
    statement = ""
    try:
        before = _schema(database, inner, ledger)
        others = _of_others(database, inner)
        if apart:
            database.begin_apart()
            before = _without(before, inner, database)  # an earlier attempt may have left it
        for number, statement in enumerate(inner, 1):
            how.steps(id, number, len(inner))
            (database.step_apart if apart else database.step)(statement)
        for statement in others:
            database.step(statement)
        statement = ""
        if apart:
            database.begin(how.wait_s, how.say)
        row = append(database, id, direction, data, _schema_after(database, inner, ledger, before))
        how.steps(id, len(inner), len(inner))
        statement = "COMMIT"
        database.run(statement)
    except DatabaseError:
        raise
    except Exception as failure:
        worded = database.in_words(failure, doing, statement)
        if worded is None:
            raise
        if isinstance(worded, AlreadyThereError) and direction == "up" and id != BASELINE:
            raise _made_by_hand(id, worded, _unchanged(direction, earlier)) from None
        help = worded.help.replace(_UNCHANGED, _unchanged(direction, earlier))
        raise DatabaseError(_named(id, worded), help, worded.kind) from None
    finally:
        if apart:
            database.end_apart()
    return row


def _of_others(database: Database, inner: Sequence[str]) -> list[str]:
    """Return the statements of the company's own indexes and triggers on tables that a migration makes anew.

    They go with the old table, and the file, which cannot know them, does not bring them back.
    """
    if not database.keeps_statements:
        return []
    made = names_in(inner, database.dialect)
    there = database.catalogue({table for table, kind, _ in made if kind == "table"})
    changes = [statement for statement in inner if not statement.startswith("DROP TABLE ")]
    left = read_objects(changes, database.dialect, there)  # without what the file drops by its name
    return [text for thing, text in left.items() if thing[1] in ("index", "trigger") and thing not in made]


def _without(before: Catalogue | None, inner: Sequence[str], database: Database) -> Catalogue | None:
    """Return a schema without what statements make."""
    made = names_in(inner, database.dialect)
    return None if before is None else {thing: text for thing, text in before.items() if thing not in made}


def _unchanged(direction: Direction, earlier: Sequence[str]) -> str:
    """Say that nothing was changed, or what was changed by the migrations before the one that failed."""
    if not earlier:
        return _UNCHANGED
    verb = "applied" if direction == "up" else "taken back"
    stay = f" and {len(earlier) - 1} more stay" if len(earlier) > 1 else " stays"
    return f"{earlier[-1]}{stay} {verb}, and nothing else was changed"


def _made_by_hand(id: str, failure: AlreadyThereError, unchanged: str) -> DatabaseError:
    """Make the error of a migration that makes what is there already: somebody may have run it, or a part of it."""
    return DatabaseError(
        f"migration {id}: {failure.words}, before it was applied",
        f"if it was run by hand, `routecomp migrate adopt --to {id}` compares the database with it and records it; "
        f"if a part of it was, run the rest by hand first, or take that part back; {unchanged}",
        "refused",
    )


def _named(id: str, failure: DatabaseError) -> str:
    """Return the message with the migration's id; one that begins with CONFLICT keeps its beginning, for scripts."""
    return f"{failure.message} (migration {id})" if failure.kind == "conflict" else f"migration {id}: {failure.message}"


def tables_of(statements: Sequence[str], ledger: Sequence[Entry], dialect: Dialect) -> set[str]:
    """Return the tables and views that these statements make, and those in the schema that the ledger expects."""
    expected = {table for table, kind, _ in expected_schema(ledger) if kind in ("table", "view")}
    return relations_in(statements, dialect) | expected


def expected_schema(ledger: Sequence[Entry]) -> Catalogue:
    """Return the last schema that the ledger keeps; empty where it keeps none."""
    text = next((entry.catalogue for entry in reversed(ledger) if entry.catalogue is not None), None)
    return {} if text is None else unpack(text)


def _schema(database: Database, inner: Sequence[str], ledger: Sequence[Entry]) -> Catalogue | None:
    """Return the schema before a migration; None where the ledger keeps none, or the statements do not change it."""
    if database.keeps_statements or not changes_schema(inner):
        return None
    return database.catalogue(tables_of(inner, ledger, database.dialect))


def _schema_after(
    database: Database, inner: Sequence[str], ledger: Sequence[Entry], before: Catalogue | None
) -> str | None:
    """Return the schema that is expected after a migration, packed; None where there is none `before`."""
    if before is None:
        return None
    return pack(
        advance(expected_schema(ledger), before, database.catalogue(tables_of(inner, ledger, database.dialect)))
    )
