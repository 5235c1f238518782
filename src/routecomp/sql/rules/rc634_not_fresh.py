"""RC634 not-fresh: the migrations run, and lead where a fresh install leads."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.history import History, Replay
from routecomp.sql.migrations import migration_files
from routecomp.sql.read.normal_form import is_same
from routecomp.sql.rule import history_rule
from routecomp.sql.state import DatabaseState


@history_rule("RC634", "not-fresh", aliases=("H04",))
def not_fresh(history: History) -> Iterator[Diagnostic]:
    """The migrations do not lead to what a fresh install of the YAML holds, or one does not run after those before it.

    They are run in memory, and compared with a fresh baseline: every row of the policy, every object of the
    schema. (`routecomp lint-migrations` looks at this; `check` does not compile.)

    Why: two databases that were set up on different days would answer differently, for ever.

    Fix: run `routecomp compile`, which writes what is missing; take out what was written by hand against the YAML.
    """
    stop = history.replay.stop
    if stop is not None:
        yield error(
            "RC634",
            f"migration {stop.script.id} does not run after those before it: {stop.reason}",
            stop.span,
            "compile it anew on top of the base branch, or correct it",
        )
    # A draft that does not commute is written anew anyway, and is said to be wrong already.
    elif history.target is not None and history.ways_there and not history.clashes:
        fresh = _fresh_install(history, history.target)
        yield from _other_rows(history, fresh)
        yield from _other_schema(history, fresh)


def _fresh_install(history: History, target: DatabaseState) -> Replay:
    """Run the one migration of a fresh install in memory, as `compile` would write it."""
    last = history.ways_there[-1]
    files = migration_files({}, target, (last.dialect.name,), history.tenants, names=last.dialect.names)
    ups = {path: data for path, data in files.items() if path.endswith(".up.sql")}
    fresh = History(ups, judged=ups.keys()).replay
    assert fresh.stop is None, fresh.stop
    return fresh


def _other_rows(history: History, fresh: Replay) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each table whose rows are not those of a fresh install."""
    state = history.replay.state
    assert state is not None
    assert fresh.state is not None
    names = history.ways_there[-1].dialect.names
    for table, wanted in sorted(fresh.state.tables.items()):
        rows = state.tables[table]
        keys = sorted((key for key in rows.keys() | wanted.keys() if rows.get(key) != wanted.get(key)), key=repr)
        if keys:
            first = " ".join(map(str, keys[0]))
            more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
            yield error(
                "RC634",
                f"after the last migration table `{names.of(table)}` holds otherwise than the YAML says: {first}{more}",
                history.ways_there[-1].start,
                "run `routecomp compile`, and leave to it what the YAML says",
            )


def _other_schema(history: History, fresh: Replay) -> Iterator[Diagnostic]:
    """Yield a diagnostic for objects that are missing, and one for objects that are not those of a fresh install."""
    dialect = history.ways_there[-1].dialect
    schema = {(kind, name): definition for kind, name, _, definition in history.replay.schema}
    missing = sorted((kind, name) for kind, name, _, _ in fresh.schema if (kind, name) not in schema)
    other = sorted(
        name
        for kind, name, _, definition in fresh.schema
        if (kind, name) in schema and not is_same(definition, schema[kind, name], dialect)
    )
    for what, names in (("is missing", [name for _, name in missing]), ("is not what a fresh install has", other)):
        if names:
            more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
            yield error(
                "RC634",
                f"after the last migration `{names[0]}`{more} {what}",
                history.ways_there[-1].start,
                "the schema is that of an earlier release of routecomp: write the migration that brings it here",
            )
