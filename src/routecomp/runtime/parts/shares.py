"""Read which models share the load of a logical model, and find the owner of a slot."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.experiment import slot_of
from routecomp.runtime.parts.kinds import _COUNT, _TEXT
from routecomp.runtime.parts.limits import _SLOTS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.refused import _Refused


class _Shares:
    """The models that share the load of a logical model, in the order of their slots."""

    __slots__ = ("logical", "mask", "models", "salt", "starts")

    def __init__(self, logical: str, slots: Any, catalogue: _Catalogue) -> None:
        self.logical = logical
        what = f"shares of {logical!r}"
        if type(slots) is not list or not slots:
            raise _Refused(f"{what} are not a list of [first slot, model]")
        for pair in slots:
            if not (type(pair) is list and len(pair) == 2 and _COUNT.test(pair[0]) and _TEXT.test(pair[1])):
                raise _Refused(f"{what} hold something else than [first slot, model]")
        self.salt = f"share:{logical}"
        self.starts: list[int] = [pair[0] for pair in slots]  # of ranges, each up to the start of the next
        if self.starts[0] != 0 or self.starts != sorted({*self.starts}) or self.starts[-1] >= _SLOTS:
            raise _Refused(f"{what} do not rise from slot 0 to at most 9999")
        hosts = catalogue.logical.get(logical, 0)
        self.models: list[_Model] = []
        self.mask = 0
        for _, slug in slots:
            place = catalogue.places.get(slug)
            if place is None or not hosts & ~self.mask & 1 << place:
                raise _Refused(f"{what} name {slug!r} twice, or it is no model of {logical!r} in the file")
            self.mask |= 1 << place
            self.models.append(catalogue[slug])

    def owner(self, unit: str) -> int:
        """Return the number of the model that owns the slot of a unit."""
        return bisect_right(self.starts, slot_of(self.salt, unit)) - 1

    def from_owner(self, owner: int) -> Iterator[_Model]:
        """Yield all models, the owner first and then the next ones in order, wrapping around."""
        yield from self.models[owner:]
        yield from self.models[:owner]
