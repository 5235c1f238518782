"""Hold one route as one policy sees it, and rank its candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routecomp.runtime.parts.catalogue import _Space
from routecomp.runtime.parts.limits import _MOST_NEAR, _NEAR
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.request import _Request

if TYPE_CHECKING:
    from routecomp.runtime.parts.feature import _Shadow
    from routecomp.runtime.parts.order import _Order
    from routecomp.runtime.parts.policy import _Policy
    from routecomp.runtime.parts.table import _Table


class _View:
    """One route as one policy sees it: its candidates, those that may ever serve, and how they rank."""

    __slots__ = ("attempts", "base", "base_from", "candidates", "chain", "head", "kind", "listed", "max_loss", "name",
                 "near", "open", "pick", "policy", "shadows")

    def __init__(self, table: _Table, policy: _Policy, kind: str, name: str) -> None:
        catalogue = table.catalogue
        self.kind, self.name, self.policy, self.max_loss = kind, name, policy, policy.max_loss
        self.listed = kind != "feature"  # a feature reaches unlisted models it names
        self.head: list[_Model] = []  # a feature's primary and fallbacks come first, whatever their rank
        self.pick, self.chain = policy.plain, policy.penalised
        self.attempts = table.max_attempts if policy.fallback else 1
        shadows: list[_Shadow] = []
        floor = None
        if kind == "target":
            self.candidates, floor = table.targets[name]
        elif kind == "logical":
            self.candidates = catalogue.logical[name]
        else:
            feature = table.features[name]
            floor, shadows, self.pick = feature.floor, feature.shadows, policy.penalised
            self.head = feature.head if policy.fallback else feature.head[:1]
            self.candidates = catalogue.slugs(model.slug for model in self.head)
            if policy.fallback and feature.then is not None:
                then = table.targets[feature.then][0] & catalogue.active & catalogue.listed
                self.candidates |= then & ~feature.retired
        declared = [(bp, who) for bp, who in ((policy.floor, "policy"), (floor, kind)) if bp is not None]
        self.base, self.base_from = max(declared, key=lambda pair: pair[0], default=table.good)
        permitted = 0 if policy.rejects else catalogue.active
        for mask in policy.masks(catalogue):
            permitted &= mask
        self.shadows = [shadow for shadow in shadows if permitted >> shadow.model.index & 1]
        self.open = self.candidates & permitted & (catalogue.listed if self.listed else catalogue.all)
        # The candidates looked at first: at place n for floors that at most the best 2 to the power of n models reach.
        self.near: list[_Near | None] = [None] * (max(len(catalogue.models).bit_length(), _NEAR.bit_length()) + 1)

    def nearest(self, size: int) -> _Near:
        """The candidates looked at first among the best 2 to the power of `size` models, found when first asked for."""
        home = self.policy.home
        if len(home.near) >= _MOST_NEAR:
            full, home.near = home.near, []
            for view, place in full:
                view.near[place] = None
        home.near.append((self, size))
        near = self.near[size] = _Near(self, self.open & (1 << (1 << size)) - 1)
        return near

    def best(self, mask: int, maybe: int, request: _Request) -> _Model | None:
        """The first of a mask; one of `maybe` only if the request affords it."""
        found = self.first(mask, 1, self.pick, maybe, request)
        return found[0] if found else None

    def first(self, mask: int, count: int, order: _Order, maybe: int = 0,
              request: _Request | None = None) -> list[_Model]:
        """The first `count` models of a mask, as this route ranks them with an order; those of `maybe` only if
        the request affords them."""
        found: list[_Model] = []
        for model in self.head:
            bit = 1 << model.index
            if mask & bit and len(found) < count:
                mask ^= bit
                if not maybe & bit or request is None or request.affords(model):
                    found.append(model)
        models = self.policy.home.models
        upper, lower = order.planes() if mask and len(found) < count else ([], [])
        while mask and len(found) < count:
            best = mask
            for plane in upper:
                if better := best & plane:
                    best = better
            if best & (best - 1):  # mostly the upper digits leave one alone
                for plane in lower:
                    if better := best & plane:
                        best = better
            mask ^= best
            model = models[best.bit_length() - 1]
            if not maybe & best or request is None or request.affords(model):
                found.append(model)
        return found


class _Near(_Space):
    """The first candidates of some: the nearest in the pick's order, then the nearest in the chain's."""

    __slots__ = ("chained", "further", "pickable")

    def __init__(self, view: _View, candidates: int) -> None:
        picks = view.first(candidates, _NEAR, view.pick)
        chain = picks if view.chain is view.pick else view.first(candidates, _NEAR, view.chain)
        super().__init__(list(dict.fromkeys(picks + chain)), view.policy.home.words)
        self.pickable = (1 << len(picks)) - 1
        self.chained = [(1 << self.places[model.slug], model) for model in chain]
        self.further = candidates.bit_count() > _NEAR

    def first(self, mask: int, maybe: int, request: _Request) -> _Model | None:
        """The first of a mask in the pick's order; one of `maybe` only if the request affords it."""
        mask &= self.pickable
        while mask:
            lowest = mask & -mask
            model = self.models[lowest.bit_length() - 1]
            if not lowest & maybe or request.affords(model):
                return model
            mask ^= lowest
        return None
