"""Prove what calls are estimated to cost at most, by the candidates that may be picked and the tokens they take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.model.claim import Claim, CostsAtMost
from routecomp.model.numbers import ONE, format_decimal
from routecomp.review.analysis.claims.table import PROVEN, Proof, Request, Table, View
from routecomp.review.analysis.lens import RankedLens
from routecomp.review.analysis.side import MOST

Tokens = tuple[int, int | None]
"""Input tokens and `max_output_tokens` of a request."""


def prove_costs_at_most(table: Table, claim: Claim) -> Proof:
    """Prove that no call of a feature is estimated to cost more.

    Any candidate that a policy permits is picked where the others are unavailable, if its window and its ceilings hold
    the tokens; so each is asked for the most that it may cost. A cap of cost of the caller makes no pick dearer.
    """
    most = claim.costs_at_most
    assert most is not None

    def breaks(request: Request) -> str | None:
        decision = table.decide(request)
        cost = decision.estimated_cost_pusd
        if cost is None or cost <= most.usd or not _within(request, most):
            return None
        return f"picks `{decision.model}`, which is estimated at {format_decimal(cost, 12)} USD: it is no bill"

    for view in table.views(claim, every_name=False):
        request = _dearest(table, view, most)
        if request is not None:
            return Proof(table.smallest(request, breaks))
    return PROVEN


def _within(request: Request, most: CostsAtMost) -> bool:
    """Return whether a claim is about a request with so many tokens."""
    if request.get("input_tokens", MOST + 1) > most.input_tokens:
        return False
    return most.max_output_tokens is None or request.get("max_output_tokens", MOST + 1) <= most.max_output_tokens


def _dearest(table: Table, view: View, most: CostsAtMost) -> Request | None:
    """Return a request of a view that costs more than it may, if there is any; the first gives no hints but tokens."""
    outputs = {} if most.max_output_tokens is None else {"max_output_tokens": most.max_output_tokens}
    full = table.request(view, input_tokens=most.input_tokens, **outputs)
    if (table.decide(full).estimated_cost_pusd or 0) > most.usd:
        return full
    for model, others, takes_all in _pickable(table, view):
        for input_tokens, output in _most_tokens(model, most, takes_all=takes_all):
            if model.cost(input_tokens, output) > most.usd:
                outputs = {} if output is None else {"max_output_tokens": output}
                hints: dict[str, Any] = {"min_quality": 0} | ({"unavailable": others} if others else {})
                return table.request(view, input_tokens=input_tokens, **outputs, **hints)
    return None


def _pickable(table: Table, view: View) -> Iterator[tuple[Any, list[str], bool]]:
    """Yield each model that may be picked, what is unavailable then, and whether it serves whatever its window is."""
    lens = table.lens(view)
    side = table.side
    if isinstance(lens, RankedLens):
        for place in lens.picks:
            yield side.models[place], table.only(lens, place), False
        return
    rungs = [side.places[model.slug] for _, _, model in side.decider.rungs(view.way.name)]
    permitted = [place for place in dict.fromkeys(rungs) if lens.opened >> place & 1]
    for place in permitted:
        yield side.models[place], sorted(side.slugs[other] for other in permitted if other != place), False
    for place in permitted[:1]:  # where none can serve, the first that is permitted answers all the same
        yield side.models[place], sorted(side.slugs[other] for other in permitted), True


def _most_tokens(model: Any, most: CostsAtMost, *, takes_all: bool) -> Iterator[Tokens]:
    """Yield the tokens at which a model may cost most: an estimate rises with both, up to the context window."""
    window = 2 * MOST if takes_all else model.context
    if most.max_output_tokens is None:
        yield min(most.input_tokens, window), None
        return
    least = 0 if takes_all else model.min_output
    top = most.max_output_tokens
    if not takes_all and model.ceiling is not None:
        top = min(top, model.ceiling)
    first, last = max(least, window - most.input_tokens), min(top, window)
    if least <= last < first:
        yield most.input_tokens, last
        return
    # On the edge of the window input gives way to output: the dearest place is an end, or where the ratio is met.
    met = window * model.ratio // (ONE + model.ratio)
    for output in (first, last, *(min(max(first, near), last) for near in (met, met + 1))):
        if least <= output <= last:
            yield min(most.input_tokens, window - output), output
