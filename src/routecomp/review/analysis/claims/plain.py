"""Prove what calls without hints get: an answer, and a chain of some length."""

from __future__ import annotations

from routecomp.model.claim import Claim
from routecomp.review.analysis.claims.table import PROVEN, Breaks, Counterexample, Proof, Request, Table


def prove_answered(table: Table, claim: Claim) -> Proof:
    """Prove that no call without hints is rejected, by making each of them once for each policy."""

    def breaks(request: Request) -> str | None:
        decision = table.decide(request)
        return None if decision.status == "ok" else f"is answered {decision.status}"

    return _each_call(table, claim, breaks)


def prove_at_least(table: Table, claim: Claim) -> Proof:
    """Prove that the chain of each call without hints has so many models, at so many providers."""
    least = claim.at_least
    assert least is not None

    def breaks(request: Request) -> str | None:
        decision = table.decide(request)
        chain = decision.chain
        providers = {table.side.models[table.side.places[slug]].provider for slug in chain}
        if len(providers) >= (least.providers or 0) and len(chain) >= (least.models or 0):
            return None
        if decision.status != "ok":
            return f"is answered {decision.status}"
        number = len(providers), len(chain)
        return f"has {_count(number[1], 'model')} at {_count(number[0], 'provider')}: {', '.join(chain)}"

    return _each_call(table, claim, breaks)


def _count(number: int, word: str) -> str:
    """Write a number with its noun."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def _each_call(table: Table, claim: Claim, breaks: Breaks) -> Proof:
    """Make the call without hints of each view, those of undeclared tenants apart."""
    for view in table.views(claim, every_name=False, undeclared=False):
        request = table.request(view)
        if (words := breaks(request)) is not None:
            return Proof(Counterexample((request,), words))
    return PROVEN
