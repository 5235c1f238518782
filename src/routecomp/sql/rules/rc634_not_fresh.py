"""RC634 not-fresh: the migrations lead where a fresh install leads. Found by `lint.history`."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC634",
    "not-fresh",
    Scope.HISTORY,
    """The migrations do not lead to what a fresh install of the YAML holds, or one does not run after those before it.

    They are run in memory, and compared with a fresh baseline: every row of the policy, every object of the
    schema. (`routecomp lint-migrations` looks at this; `check` does not compile.)

    Why: two databases that were set up on different days would answer differently, for ever.

    Fix: run `routecomp compile`, which writes what is missing; take out what was written by hand against the YAML.""",
    aliases=("H04",),
)
