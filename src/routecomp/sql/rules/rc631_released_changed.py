"""RC631 released-changed: a migration that is on the base branch never changes. Found by `lint.history`."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC631",
    "released-changed",
    Scope.HISTORY,
    """A migration that is on the base branch was edited or deleted.

    Databases that applied it will never run it again: what it says now happens nowhere, and its checksum is not the one
    they keep. After a `git revert` the database still holds what was reverted.

    Why: a fresh install would go another way than every database that is in use.

    Fix: run `routecomp compile`. It restores the file, and writes what you changed, or reverted, as one more.""",
    aliases=("H01",),
)
