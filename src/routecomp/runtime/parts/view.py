"""Hold a route as one policy sees it: its candidates, which of them may ever serve, and how they rank."""

from __future__ import annotations

from typing import Literal

from routecomp.runtime.parts.feature import _Shadow
from routecomp.runtime.parts.filters import _permitted
from routecomp.runtime.parts.limits import _MAX_NEAR, _MAX_VIEWS, _NEAREST
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.near import _Near
from routecomp.runtime.parts.order import _Order
from routecomp.runtime.parts.policy import _Policy
from routecomp.runtime.parts.request import _Request
from routecomp.runtime.parts.shares import _Shares
from routecomp.runtime.parts.table import _Table

_RankedKind = Literal["feature", "target", "logical"]


class _View:
    """A feature, a target or a logical model as one policy sees it."""

    __slots__ = (
        "_stored",
        "attempts",
        "base",
        "base_from",
        "candidates",
        "chain",
        "head",
        "kind",
        "listed",
        "max_loss",
        "name",
        "near",
        "open",
        "pick",
        "policy",
        "shadows",
        "shares",
    )

    def __init__(self, views: _Views, policy: _Policy, kind: _RankedKind, name: str) -> None:
        self._stored, table = views.near, views.table
        catalogue = table.catalogue
        self.kind, self.name, self.policy, self.max_loss = kind, name, policy, policy.max_loss
        self.listed = kind != "feature"  # a feature reaches the unlisted models that it names
        self.head: list[_Model] = []  # a feature's primary and fallbacks come first, whatever their rank
        self.pick, self.chain = policy.plain, policy.penalised
        self.attempts = table.max_attempts if policy.fallback else 1
        shadows: list[_Shadow] = []
        # How loads are dealt, by the models that share them. Of a feature without fallbacks only the primary is tried.
        self.shares: dict[str, _Shares] = table.shares if policy.fallback or kind != "feature" else {}
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
        # The floor before the dial, and who declares it.
        self.base, self.base_from = max(declared, key=lambda pair: pair[0], default=table.good)
        permitted = _permitted(catalogue, policy, listed=False)
        self.shadows = [shadow for shadow in shadows if permitted >> shadow.model.index & 1]
        self.open = self.candidates & _permitted(catalogue, policy, listed=self.listed)
        # At place n the nearest candidates for floors that at most the best 2 to the power of n models reach.
        self.near: list[_Near | None] = [None] * (max(len(catalogue.models).bit_length(), _NEAREST.bit_length()) + 1)

    def nearest(self, size: int) -> _Near:
        """Return the nearest candidates among the 2 to the power of `size` best models, and store them in `near`.

        When too many are stored, those of all views are dropped before.
        """
        stored = self._stored
        if len(stored.places) >= _MAX_NEAR:
            full, stored.places = stored.places, []
            for near_of_view, place in full:
                near_of_view[place] = None
        stored.places.append((self.near, size))
        candidates = self.open & (1 << (1 << size)) - 1
        picks = self.first(candidates, _NEAREST, self.pick)
        chain = picks if self.chain is self.pick else self.first(candidates, _NEAREST, self.chain)
        incomplete = candidates.bit_count() > _NEAREST
        near = self.near[size] = _Near(picks, chain, self.policy.home.vocabulary, incomplete=incomplete)
        return near

    def best(self, mask: int, unsure: int, request: _Request) -> _Model | None:
        """Return the first model of a mask by pick order, None if there is none.

        A model of `unsure` is returned only if the request affords it.
        """
        models = self.first(mask, 1, self.pick, unsure, request)
        return models[0] if models else None

    def first(
        self, mask: int, count: int, order: _Order, unsure: int = 0, request: _Request | None = None
    ) -> list[_Model]:
        """Return the first `count` models of a mask: those of the route's head, then the others by an order.

        A model of `unsure` is returned only if the request affords it.
        """
        first: list[_Model] = []
        for model in self.head:
            bit = 1 << model.index
            if mask & bit and len(first) < count:
                mask ^= bit
                if not unsure & bit or request is None or request.affords(model):
                    first.append(model)
        models = self.policy.home.models
        upper, lower = order.planes() if mask and len(first) < count else ([], [])
        while mask and len(first) < count:
            best = mask
            for plane in upper:
                if better := best & plane:
                    best = better
            if best & (best - 1):  # mostly the upper digits leave one model alone
                for plane in lower:
                    if better := best & plane:
                        best = better
            mask ^= best
            model = models[best.bit_length() - 1]
            if not unsure & best or request is None or request.affords(model):
                first.append(model)
        return first


class _Stored:
    """Where views hold nearest candidates. INVARIANT: it knows no view, so that a table is in no circle of objects."""

    __slots__ = ("places",)

    def __init__(self) -> None:
        self.places: list[tuple[list[_Near | None], int]] = []


class _Views:
    """The routes of a table as its policies see them, each made when it is first asked for."""

    def __init__(self, table: _Table) -> None:
        self.table = table
        self.views: dict[tuple[_Policy, str, str], _View] = {}
        self.near = _Stored()

    def view(self, policy: _Policy, kind: _RankedKind, name: str) -> _View:
        """Return a route of the table as a policy sees it, and remember it; a full store is cleared before."""
        view = self.views.get((policy, kind, name))
        if view is None:
            if len(self.views) >= _MAX_VIEWS:
                self.views = {}
            view = self.views[policy, kind, name] = _View(self, policy, kind, name)
        return view
