"""RC831 model-unreached: some request reaches every active model."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC831",
    "model-unreached",
    Scope.REACH,
    """
    No request reaches an active model, whoever calls, whatever is asked for and whatever is unavailable.

    Neither as the pick nor as a fallback, a shadow, a variant, a config route, or by its own name. It is proven for
    every request: what a policy permits on a route is reached where the rest is unavailable, so permission alone
    decides. Variants that hang on the model are shown as second places; aliases and logical models that lead to
    nothing but such models are answered for nobody.

    Why: somebody keeps its prices and figures, and believes that it serves. Often it was to stand in for another
    model, and a ban or a `listed: false` keeps it from doing so.

    Fix: let a policy permit it, name it where it should serve, or retire it. One that is kept for a feature to come is
    waived until the day that it does.
    """,
    Severity.WARNING,
    waivable=True,
)
