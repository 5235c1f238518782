"""RC801 claim-broken: every claim holds for every request."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC801",
    "claim-broken",
    Scope.CLAIM,
    """
    A claim does not hold: there is a request that breaks it.

    Claims are proven on the compiled table for every request that the resolver may be given: every tenant, route, hint
    and unit, and whatever is unavailable. The finding names the smallest request for which the claim does not hold, as
    a command to paste; where two answers are compared, as two. The resolver itself was asked.

    Why: a claim is a promise, to a customer or an auditor. A policy that is legal may break it all the same: a model is
    added at another provider, a ban is dropped, and nobody thinks of the tenant who was told otherwise.

    Fix: see with the command how the request is decided, and bar what must not happen with `stacks`,
    `banned_providers`, `banned_models` or a floor. If the promise itself has changed, change the claim. It cannot be
    waived.
    """,
)
