"""RC834 floor-idle: every `min_quality` keeps a model out somewhere."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC834",
    "floor-idle",
    Scope.REACH,
    """
    A `min_quality` changes no decision: without it the same models clear the floor.

    The floor of a feature or a target is judged under every policy, that of a policy on every route of every caller
    that takes it from there; at each position of the dial, with the gate counted as open. A request that names a
    `min_quality` of its own reads neither. It is proven for every request: decisions depend on a floor only by who
    clears it.

    Why: whoever wrote the floor expects it to keep something out. The policy's floor may be higher everywhere, or no
    candidate is as weak as that any more.

    Fix: remove it, or write the floor that was meant. One that is kept for models to come is waived.
    """,
    Severity.WARNING,
    waivable=True,
)
