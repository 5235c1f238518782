"""RC802 claim-sampled: every claim is proven within the bound that proofs have."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC802",
    "claim-sampled",
    Scope.CLAIM,
    """
    A claim could not be proven, and no request that was drawn breaks it.

    Proofs may visit so many regions of requests, the same number on every machine. Beyond it, and where a cap of cost
    could still bring a model to the front, requests at the boundaries of the table are drawn in place of a proof: the
    finding says how many, and the seed. Nothing that is sampled is ever called proven.

    Why: requests that were not drawn may break the claim.

    Fix: narrow the claim with `tenants` or `features`, or leave `by: pick` out of `never_reaches`: what a policy
    permits at all is always proven. `routecomp check --require-proof` makes an error of this warning.
    """,
    Severity.WARNING,
)
