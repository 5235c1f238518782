"""Hold the candidates of a route that are looked at first, because most requests are answered by one of them."""

from __future__ import annotations

from routecomp.runtime.parts.catalogue import _ModelSet
from routecomp.runtime.parts.masks import _Vocabulary
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.request import _Request


class _Near(_ModelSet):
    """Up to 30 best candidates by pick order, then up to 30 by chain order; bit i stands for the i-th of them."""

    __slots__ = ("chained", "incomplete", "pickable")

    def __init__(self, picks: list[_Model], chain: list[_Model], vocabulary: _Vocabulary, *, incomplete: bool) -> None:
        super().__init__(list(dict.fromkeys(picks + chain)), vocabulary)
        self.pickable = (1 << len(picks)) - 1
        self.chained = [(1 << self.places[model.slug], model) for model in chain]
        self.incomplete = incomplete  # the route has more candidates

    def first(self, mask: int, unsure: int, request: _Request) -> _Model | None:
        """Return the first model of a mask by pick order, None if there is none.

        A model of `unsure` is returned only if the request affords it; models of the chain alone are not looked at.
        """
        mask &= self.pickable
        while mask:
            lowest = mask & -mask
            model = self.models[lowest.bit_length() - 1]
            if not lowest & unsure or request.affords(model):
                return model
            mask ^= lowest
        return None
