"""RC822 move-not-allowed: nothing moves but what may move."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC822",
    "move-not-allowed",
    Scope.MOVE,
    """
    A change moves a decision that it may not move, or breaks another guard of changes.

    What may move is said by the options `--only` and `--no-decision-change` of `routecomp diff`, by the setting
    `guards` as it stands on the side that is compared with, and by the intent that the change declares in `intent.yaml`
    or in the text of its pull request. A guard is broken too where the comparison was sampled, not proven.

    Why: a change for one tenant that moves another one is legal, compiles, and is seen by nobody but that tenant.

    Fix: take back what moves the others, or declare it, where it is meant: then a reviewer agrees to it in words. A
    guard of the base is changed by a change of its own, which is merged first.
    """,
)
