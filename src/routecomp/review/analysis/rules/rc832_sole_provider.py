"""RC832 sole-provider: every feature is answered while one provider is down."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC832",
    "sole-provider",
    Scope.REACH,
    """
    An outage of one provider leaves calls without hints unanswered, which are answered while it is up.

    The finding says of how many features, and for whom. It is proven: the resolver was asked for each feature and each
    policy, with the provider of the pick unavailable. A feature that has only a config route keeps its model whatever
    is down. Tenants whose policy says `fallback_enabled: false` are left out: that is what they chose.

    Why: providers fail. A chain with three models at one provider looks safe, and is gone in the same minute; and the
    bans of one tenant may leave it a single provider where all others have four.

    Fix: add a fallback at another provider, or let the tenant's policy permit one. To promise it for good, write a
    claim with `at_least: {providers: 2}`. Where it is meant so, waive the warning above the provider's name.
    """,
    Severity.WARNING,
    waivable=True,
)
