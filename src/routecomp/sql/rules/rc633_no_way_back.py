"""RC633 no-way-back: a migration has a way back, and it leads back."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.history import History
from routecomp.sql.rule import history_rule


@history_rule("RC633", "no-way-back", aliases=("H03",))
def no_way_back(history: History) -> Iterator[Diagnostic]:
    """A migration has no down file, or that file does not lead back.

    The migrations are run in memory: up, then down, must leave all tables and the schema as they were.
    The ledgers may grow: the way back of a promotion is a row of its own.

    Why: the way back is needed on the worst day, when nobody has time to find out what it forgot.

    Fix: write the down file, or compile anew: `routecomp compile` writes both.
    """
    for script in history.scripts:
        is_judged = script.way == "up" and script.source.path in history.judged
        if is_judged and (script.dialect.name, script.id) not in history.ways_back:
            yield error(
                "RC633",
                f"migration {script.id} has no way back",
                script.start,
                f"write {script.id}.down.sql beside it, which undoes it without touching the ledgers",
            )
    for way_back in history.replay.ways_back:
        script, stop = way_back.script, way_back.stop
        if stop is not None:
            yield error(
                "RC633",
                f"the way back of migration {script.id} does not run: {stop.reason}",
                stop.span,
                "let it undo what its migration does, in the opposite order",
            )
        elif way_back.changed:
            yield error(
                "RC633",
                f"the way back of migration {script.id} does not lead back: `{way_back.changed[0]}` is not what it was",
                script.start,
                "let it undo what its migration does; rows of the ledgers stay",
            )
