"""RC823 moves-sampled: the comparison of all requests is a proof."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC823",
    "moves-sampled",
    Scope.MOVE,
    """
    Not all requests could be compared within the bound: some were drawn at random.

    What is left when `--proof-seconds` are over is sampled. The finding says how many views (policy × route) were not
    proven, how many requests of each were drawn, and from which seed. Nothing that is sampled is ever called proven.

    Why: requests that were not drawn may be answered otherwise than before.

    Fix: give more time (`--proof-seconds`), compare picks alone (`--moves picks`), or leave `--caps` and `--outages`
    out. `--require-proof` makes it a failure.
    """,
    Severity.WARNING,
)
