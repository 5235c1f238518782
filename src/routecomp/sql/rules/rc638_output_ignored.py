"""RC638 output-ignored: Git keeps the migrations."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC638",
    "output-ignored",
    Scope.HISTORY,
    """
    Git ignores the migrations of this project, as a line `generated/` in a `.gitignore` makes it do.

    What is released is read from the base branch. Migrations that are not committed are never there, so each `compile`
    begins anew with a baseline, and writes another one where a database has run the first. Where older ones were
    committed all the same, the next one stays out of the commit.

    Why: `migrate up` refuses a file that was edited after it was applied, and there is no copy of the one that was.

    Fix: take the line out of that file and commit the output folder. A project that uses no database writes
    `dialects: []` in its settings.
    """,
    Severity.WARNING,
)
