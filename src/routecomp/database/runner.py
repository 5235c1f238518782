"""Apply the migrations of a folder, or take them back: each in one transaction with its row in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from routecomp.database.catalog import Catalogue, advance, changes_schema, names_in, pack, relations_in
from routecomp.database.driver import READ_WAIT_S, Database, Say
from routecomp.database.failure import AlreadyThereError, DatabaseError
from routecomp.database.ledger import Entry, append, entries, expected_schema
from routecomp.database.losses import Consent, Loss, find_losses, require_consent, require_known
from routecomp.database.plan import Plan, body, by_id, is_apart, make_plan, place, require_sound, resolve_id
from routecomp.database.settled import what_is_left
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.file_names import BASELINE
from routecomp.sql.migration import Migration
from routecomp.sql.read.objects import new_names, read_objects, read_statement
from routecomp.sql.read.script import Way
from routecomp.sql.read.statement import dropped_objects
from routecomp.sql.reference import Reference

LOCK_WAIT_S = 60.0
_UNCHANGED = "nothing was changed"
Steps = Callable[[str, int, int], None]
"""Told before each statement: the migration, which statement, of how many."""
Done = Callable[[str, str], None]
"""Told of each migration that is done: its id, and why it was recorded alone; empty where it was run."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a command runs: the seconds it waits for the lock, and whom it tells that it waits, and how far it is.

    `lock_s` are the seconds that each statement waits for a lock, whatever the file says; None: what the file says.
    """

    wait_s: float = LOCK_WAIT_S
    lock_s: float | None = None
    say: Say = lambda text: None
    steps: Steps = lambda what, done, total: None


def up(
    database: Database,
    migrations: Sequence[Migration],
    to: str | None = None,
    run: Run | None = None,
    done: Done = lambda id, recorded: None,
    reference: Reference | None = None,
) -> list[str]:
    """Apply what is pending, up to `to` (an id or number), one transaction each; return the ids, in order.

    `done` is called after the commit of each. Whatever others do meanwhile, what is pending is read anew under the
    lock, before each. With a `reference`, a migration that meets a conflict is recorded as applied if all rows hold
    what it leads to. Raises `DatabaseError` for an unknown `to`, a folder that does not fit the ledger, and a migration
    that fails; those before it stay applied.
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
        try:
            recorded = _advance(database, waiting[0], "up", migrations, plan, ledger, reference, how, applied)
        except DatabaseError as failure:
            failure.migration, failure.waiting = waiting[0].id, tuple(migration.id for migration in waiting[1:])
            raise
        if recorded is not None:
            applied.append(waiting[0].id)
            done(waiting[0].id, recorded)


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
    done: Done = lambda id, recorded: None,
    reference: Reference | None = None,
    consent: Consent | None = None,
) -> list[str]:
    """Take back the last migration applied, or all after `to` (an id or number), the last first; return the ids.

    `done` is called after the commit of each. `to` itself stays. `reference` is as for `up`. Raises `DatabaseError`
    where no migration is applied, `to` is not applied, the folder does not fit the ledger, a migration has no down file
    or fails, and where what would be taken back, or lost with it, is not in the `consent`.
    """
    how, may = run or Run(), consent or Consent()
    database.begin_reading(READ_WAIT_S if how.lock_s is None else how.lock_s)
    way = way_back(database, migrations, to, reference)
    database.rollback()
    require_known(may, way.chosen, database.dialect)
    require_consent(way.losses, way.chosen, may)
    taken: list[str] = []
    while to is not None or not taken:
        database.begin(how.wait_s, how.say)
        ledger = entries(database)
        plan = make_plan(ledger, migrations)
        chosen = chosen_back(plan, migrations, to)
        if not chosen:
            break
        if may.only not in (None, chosen[0].id):
            raise DatabaseError(
                f"somebody else has migrated meanwhile: the last migration is {chosen[0].id}, not {may.only}",
                f"{_UNCHANGED}; run it again",
                "again",
            )
        names = [entry.migration for entry in plan.applied]
        losses = find_losses(database, chosen[:1], migrations, names, reference, locked=True)
        require_consent(losses, chosen[:1], may, _unchanged("down", taken))
        recorded = _advance(database, chosen[0], "down", migrations, plan, ledger, reference, how, taken)
        if recorded is not None:
            taken.append(chosen[0].id)
            done(chosen[0].id, recorded)
    database.rollback()
    return taken


@dataclass(frozen=True, slots=True)
class WayBack:
    """What would be taken back, the last first: the migrations, their rows in the ledger, and the rows lost with it."""

    chosen: tuple[Migration, ...]
    entries: tuple[Entry, ...]
    losses: tuple[Loss, ...]


def way_back(
    database: Database, migrations: Sequence[Migration], to: str | None, reference: Reference | None
) -> WayBack:
    """Return what `down` would take back; raise as it does. INVARIANT: within a transaction."""
    plan = make_plan(entries(database), migrations)
    chosen = chosen_back(plan, migrations, to)
    names = [entry.migration for entry in plan.applied]
    losses = find_losses(database, chosen, migrations, names, reference)
    return WayBack(tuple(chosen), plan.applied[: -len(chosen) - 1 : -1], tuple(losses))


def chosen_back(plan: Plan, migrations: Sequence[Migration], to: str | None) -> list[Migration]:
    """Return the migrations that are applied after `to`, the last first; without `to` the last alone.

    Raises `DatabaseError` where none is applied, `to` is not, or one of them cannot be taken back.
    """
    names = [entry.migration for entry in plan.applied]
    files = by_id(migrations)
    if not names:
        raise DatabaseError("no migration is applied: there is nothing to take back", "see `routecomp migrate status`")
    if to is None:
        names = names[-1:]
    else:
        id = resolve_id(to, {*names, *files})
        if id not in names:
            raise DatabaseError(
                f"migration {id} is not applied, so nothing was applied after it",
                f"name one that is: the last is {names[-1]}",
            )
        names = names[names.index(id) + 1 :]
    if names:
        require_sound(plan)
    chosen = [files[name] for name in reversed(names)]
    for migration in chosen:
        if migration.down is None:
            raise DatabaseError(
                f"migration {migration.id} has no file {migration.id}.down.sql", "restore it from Git", "refused"
            )
    return chosen


def _advance(
    database: Database,
    migration: Migration,
    direction: Way,
    own: Sequence[Migration],
    plan: Plan,
    ledger: Sequence[Entry],
    reference: Reference | None,
    how: Run,
    earlier: Sequence[str],
) -> str | None:
    """Run one migration within the transaction that has begun, or record it if all its rows are there already.

    Returns why it was recorded alone, which is empty where it was run; None where somebody else migrated meanwhile, and
    all is to be read anew.
    """
    data = migration.up if direction == "up" else migration.down or b""
    try:
        _apply(database, migration.id, direction, data, ledger, how, earlier)
    except DatabaseError as failure:
        if failure.kind != "conflict" or reference is None:
            raise
        conflict = failure
    else:
        return ""
    database.rollback()
    database.begin(how.wait_s, how.say)
    if entries(database) != ledger:
        database.rollback()
        return None
    left = what_is_left(database, migration, direction, own, [entry.migration for entry in plan.applied], reference)
    if left.statements is None:
        message = f"{left.fact} (migration {migration.id})" if left.fact else conflict.message
        raise DatabaseError(message, left.help or conflict.help, "conflict")
    with _named_failures(database, migration.id, direction, earlier) as running:
        for running.statement in left.statements:
            database.step(running.statement)
        running.statement = ""
        append(database, migration.id, "adopt" if direction == "up" else "down", data, None)
        running.statement = "COMMIT"
        database.run("COMMIT")
    return left.why


def _apply(
    database: Database,
    id: str,
    direction: Way,
    data: bytes,
    ledger: Sequence[Entry],
    how: Run,
    earlier: Sequence[str],
) -> None:
    """Run one file and write its row within the transaction that has begun, then commit.

    A file that runs outside of a transaction ends that one, and its row is written in another behind it, under the same
    lock: if that is lost, the file is run again, and does what is left to do. Raises a `DatabaseError` that names the
    migration for a failure of the driver, and the last of the `earlier` ones, which stay. The caller rolls back.
    """
    inner = body(id, data, database.dialect)
    apart = database.apart if is_apart(data, database.dialect) else None
    run_statement = database.step if apart is None else apart.step_apart
    try:
        with _named_failures(database, id, direction, earlier) as running:
            before = _schema(database, inner, ledger)
            others = _of_others(database, inner)
            if apart is not None:
                apart.begin_apart()
                before = _without(before, inner, database)  # an earlier attempt may have left it
            for number, running.statement in enumerate(inner, 1):
                how.steps(id, number, len(inner))
                run_statement(running.statement)
                if how.lock_s is not None:
                    database.insist(running.statement, how.lock_s)
            for running.statement in others:
                database.step(running.statement)
            running.statement = ""
            if apart is not None:
                database.begin(how.wait_s, how.say)
            append(database, id, direction, data, _schema_after(database, inner, ledger, before))
            how.steps(id, len(inner), len(inner))
            running.statement = "COMMIT"
            database.run("COMMIT")
    finally:
        if apart is not None:
            apart.end_apart()


@dataclass(slots=True)
class _Running:
    """The statement that is being run; empty where it is none of the file's."""

    statement: str = ""


@contextmanager
def _named_failures(database: Database, id: str, direction: Way, earlier: Sequence[str]) -> Iterator[_Running]:
    """Raise a failure of the driver as a `DatabaseError` that names the migration and those that stay."""
    running = _Running()
    try:
        yield running
    except DatabaseError:
        raise
    except Exception as failure:
        doing = "while it was applied" if direction == "up" else "while it was taken back"
        worded = database.in_words(failure, doing, running.statement)
        if worded is None:
            raise
        if isinstance(worded, AlreadyThereError) and direction == "up" and id != BASELINE:
            raise _made_by_hand(id, worded, _unchanged(direction, earlier)) from None
        help = worded.help.replace(_UNCHANGED, _unchanged(direction, earlier))
        raise DatabaseError(_named(id, worded), help, worded.kind) from None


def _of_others(database: Database, inner: Sequence[str]) -> list[str]:
    """Return the statements of the company's own indexes and triggers on tables that a migration makes anew.

    They go with the old table, and the file, which cannot know them, does not bring them back.
    """
    if not database.keeps_statements:
        return []
    made = names_in(inner, database.dialect)
    gone = {name.name for text in inner for _, name in dropped_objects(read_statement(text, database.dialect), "TABLE")}
    there = database.catalogue({table for table, kind, _ in made if kind == "table" and table in gone})
    changes = [statement for statement in inner if not statement.startswith("DROP TABLE ")]
    left = read_objects(changes, database.dialect, there)  # without what the file drops by its name
    return [text for thing, text in left.items() if thing[1] in ("index", "trigger") and thing not in made]


def _without(before: Catalogue | None, inner: Sequence[str], database: Database) -> Catalogue | None:
    """Return a schema without what statements make."""
    made = names_in(inner, database.dialect)
    return None if before is None else {thing: text for thing, text in before.items() if thing not in made}


def _unchanged(direction: Way, earlier: Sequence[str]) -> str:
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
    """Return the tables and views that these statements make or rename, and those that the ledger expects."""
    expected = {table for table, kind, _ in expected_schema(ledger) if kind in ("table", "view")}
    return relations_in(statements, dialect) | new_names(statements, dialect) | expected


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
