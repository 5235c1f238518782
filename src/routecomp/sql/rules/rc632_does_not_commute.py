"""RC632 does-not-commute: two migrations of one number commute. Found by `emit.sql.migrations.refused_drafts`."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC632",
    "does-not-commute",
    Scope.HISTORY,
    """A migration of this branch has the number of one that is on the base branch, and does not commute with it.

    Two of one number are fine when each leads to the same rows before and after the other: two tenants, two features.
    (`compile --check` says it too.)

    Why: some databases would run them in the one order and some in the other, and would end with different rows, or
    one of the two would fail on some of them.

    Fix: run `routecomp compile`, which writes yours anew, to be run behind the other.""",
    aliases=("H02",),
)
