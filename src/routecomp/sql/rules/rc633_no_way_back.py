"""RC633 no-way-back: a migration has a way back, and it leads back. Found by `lint.history`."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC633",
    "no-way-back",
    Scope.HISTORY,
    """A migration has no down file, or that file does not lead back.

    The migrations are run in memory: up, then down, must leave all tables and the schema as they were.
    The ledgers may grow: the way back of a promotion is a row of its own.

    Why: the way back is needed on the worst day, when nobody has time to find out what it forgot.

    Fix: write the down file, or compile anew: `routecomp compile` writes both.""",
    aliases=("H03",),
)
