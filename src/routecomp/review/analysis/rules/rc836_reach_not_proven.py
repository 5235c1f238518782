"""RC836 reach-not-proven: what requests reach is proven within the bound that proofs have."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC836",
    "reach-not-proven",
    Scope.REACH,
    """
    A project has more views (policy × route) than `check --reach` looks at, so that nothing is proven.

    The bound is the same on every machine. Nothing is sampled in place of a proof, and none of RC831 to RC835 is
    reported.

    Why: a report without warnings would look as if there were none.

    Fix: leave `--reach` out. `routecomp check --require-proof --reach` makes an error of this warning.
    """,
    Severity.WARNING,
)
