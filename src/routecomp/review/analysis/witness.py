"""Make a request of a region: one that a reader can paste, with as few arguments as will do."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any

from routecomp.model.numbers import ONE
from routecomp.review.analysis.axes import Axis, OutputAxis
from routecomp.review.analysis.cases import Slots
from routecomp.review.analysis.explore import Region, Walk
from routecomp.review.analysis.space import feasible, tokens_of
from routecomp.runtime.resolver import slot_of

_ARGUMENTS_OF_CAPABILITIES = {"streaming": "stream", "tools": "tools"}


def request_of(walk: Walk, region: Region) -> dict[str, Any]:
    """Return the arguments of a request that leads to a region, route and tenant apart."""
    request: dict[str, Any] = {}
    if not any(region.path[:-1]) and not region.path[-1]:
        return request
    numbers = dict(zip(walk.axes, region.path, strict=False))
    capabilities = []
    for axis, number in numbers.items():
        atom = axis.atoms[number]
        if axis.name == "stack" and atom.word is not None:
            request["stack"] = atom.word
        elif axis.name == "unavailable" and atom.word is not None:
            request["unavailable"] = [atom.word]
        elif axis.name in ("capability", "streaming") and atom.word is not None:
            capabilities.append(atom.word)
        elif axis.name == "floor" and atom.word is not None:
            request["preference"] = atom.word
        elif axis.name == "floor" and atom.low is not None:
            request["min_quality"] = Decimal(atom.low) / ONE
    for word in capabilities:
        argument = _ARGUMENTS_OF_CAPABILITIES.get(word)
        if argument is not None:
            request[argument] = True
        else:
            request.setdefault("capabilities", []).append(word)
    request |= _tokens(walk, numbers)
    budget, slots = region.path[len(walk.axes)], region.path[len(walk.axes) + 1]
    if (low := walk.filters.budgets[budget].low) is not None:
        request["latency_budget_ms"] = low
    if any(each.first is not None for each in slots):
        request["unit"] = unit_of(tuple(slots))
    return request


def _tokens(walk: Walk, numbers: dict[Any, int]) -> dict[str, int]:
    """Return tokens in both atoms: the first output of its class that goes with the total."""
    output = next(axis for axis in walk.axes if isinstance(axis, OutputAxis))
    total = next(axis for axis in walk.axes if isinstance(axis, Axis) and axis.name == "total")
    wanted = total.atoms[numbers[total]]
    for number in (numbers[output], *output.members(numbers[output])):
        if feasible(output.atoms[number], wanted, walk.filters.space):
            return dict(tokens_of(output.atoms[number], wanted))
    raise AssertionError("no output goes with a total that was walked")


@lru_cache(maxsize=4096)
def unit_of(slots: Sequence[Slots]) -> str:
    """Return a unit whose slot under each salt lies in its range."""
    for number in count():
        unit = f"user-{number}"
        if all(each.first is None or each.first <= slot_of(each.salt, unit) <= each.last for each in slots):
            return unit
    raise AssertionError("counting ended")
