"""Choose the pick, the chain and the shadows of a route whose candidates are ranked."""

from __future__ import annotations

from routecomp.runtime.parts.experiment import slot_of
from routecomp.runtime.parts.feature import _Shadow
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.request import _Request
from routecomp.runtime.parts.view import _View


def _choose(view: _View, request: _Request, floor: int) -> tuple[_Model | None, list[str]]:
    """Return the pick and the slugs of the chain, the pick's first; None and no slugs if no model survives.

    Add a flag to the request if no survivor is within its latency budget: then the pick stays as it was. A pick that
    states a share may give way to another model that does.

    The models are sought among the nearest candidates, and among all of the route's only for what is not found there.
    """
    catalogue, attempts = view.policy.home, view.attempts
    size = catalogue.sizes.get(floor)
    if size is None:
        size = catalogue.size(floor)
    near = view.near[size] or view.nearest(size)
    left, unsure = near.survivors(near.quality.at_most(-floor), request)
    everything: tuple[int, int] | None = None  # the survivors among all candidates of the route
    pick = near.first(left, unsure, request)
    if pick is None and near.incomplete:
        everything = catalogue.survivors(view.open & catalogue.quality.at_most(-floor), request)
        pick = view.best(*everything, request)
    if pick is None:
        return None, []
    if request.latency is not None and pick.latency > request.latency:
        least = view.max_loss - pick.quality  # negated, as qualities are in a scale
        quick = left & near.latency.at_most(request.latency) & near.quality.at_most(least)
        quicker = near.first(quick, unsure, request)
        if quicker is None and near.incomplete:
            quick = view.open & catalogue.quality.at_most(-floor) if everything is None else everything[0]
            quick &= catalogue.quality.at_most(least) & catalogue.latency.at_most(request.latency)
            if quick:
                everything = everything or catalogue.survivors(view.open & catalogue.quality.at_most(-floor), request)
                quicker = view.best(quick & everything[0], everything[1], request)
        if quicker is not None:
            pick = quicker
        else:
            request.flags.append("latency_budget_missed")
    if view.shares and pick.slug in view.shares:
        pick = _spread(view, request, floor, pick)
    chain = [pick.slug]
    if attempts > 1 and (left.bit_count() >= attempts or not near.incomplete):
        for bit, model in near.chained:
            if left & bit and model is not pick and (not unsure & bit or request.affords(model)):
                chain.append(model.slug)
                if len(chain) == attempts:
                    return pick, chain
    if attempts == 1 or not near.incomplete:
        return pick, chain
    left, unsure = everything or catalogue.survivors(view.open & catalogue.quality.at_most(-floor), request)
    others = view.first(left & ~(1 << pick.index), attempts - 1, view.chain, unsure, request)
    return pick, [pick.slug, *[model.slug for model in others]]


def _spread(view: _View, request: _Request, floor: int, pick: _Model) -> _Model:
    """Return the model that serves in place of a pick that states a share: the owner of the request's slot, if it may.

    Else it is the next model in order of the slots that may. Those that survive may, and if the pick is within a
    latency budget, only those within it. Without an id the pick stays, and a flag is added.
    """
    unit = request.unit if request.request_id is None else request.request_id
    if unit is None:
        request.flags.append("no_unit")
        return pick
    shares = view.shares[pick.slug]
    members = _sharing(view, request, floor, pick)
    return next(model for model in shares.from_owner(shares.owner(unit)) if members >> model.index & 1)


def _sharing(view: _View, request: _Request, floor: int, pick: _Model) -> int:
    """Return the mask of the models that may serve in place of a pick that states a share; it is one of them."""
    catalogue = view.policy.home
    mask = view.shares[pick.slug].mask & view.open & catalogue.quality.at_most(-floor)
    if request.latency is not None and pick.latency <= request.latency:
        mask &= catalogue.latency.at_most(request.latency)
    return catalogue.affordable(catalogue.able(mask, request), request)


def _mirrors(view: _View, pick: str, unit: str | None, request: _Request) -> tuple[str, ...]:
    """Return the slugs of the shadows that a unit is mirrored to, in declared order; none without a unit."""
    if unit is None:
        return ()
    shadows = _mirrorable(view, pick, request)
    return tuple([model.slug for model, sample, salt, _ in shadows if slot_of(salt, unit) < sample])


def _mirrorable(view: _View, pick: str, request: _Request) -> list[_Shadow]:
    """Return the shadows that a request may be mirrored to, in declared order; the pick is never among them."""
    able = view.policy.home.able
    return [entry for entry in view.shadows if entry.model.slug != pick and able(1 << entry.model.index, request)]
