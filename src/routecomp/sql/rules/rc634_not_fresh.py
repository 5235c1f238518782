"""RC634 not-fresh: the migrations run, and lead where a fresh install leads."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.history import History
from routecomp.sql.rule import history_rule
from routecomp.sql.state import DatabaseState


@history_rule("RC634", "not-fresh", aliases=("H04",))
def not_fresh(history: History) -> Iterator[Diagnostic]:
    """The migrations do not lead to what a fresh install of the YAML holds, or one does not run after those before it.

    They are run in memory, and every row of the policy is compared with what a fresh baseline would hold; the schema is
    RC636. (`routecomp lint-migrations` looks at this; `check` does not compile.)

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
        yield from _other_rows(history, history.target)


def _other_rows(history: History, target: DatabaseState) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each table whose rows are not those of a fresh install."""
    state = history.replay.state
    assert state is not None
    names = history.ways_there[-1].dialect.names
    for table, wanted in sorted(target.tables.items()):
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
