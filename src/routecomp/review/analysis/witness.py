"""Make a request of a region: one that a reader can paste, with as few arguments as will do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import count
from random import Random
from typing import Any

from routecomp.model.numbers import ONE
from routecomp.review.analysis.axes import Axis, Filters, OutputAxis
from routecomp.review.analysis.cases import Slots
from routecomp.review.analysis.cost_axis import CostAxis
from routecomp.review.analysis.explore import OverBudgetError, Region, Walk
from routecomp.review.analysis.space import Atom, feasible, tokens_of
from routecomp.runtime.resolver import slot_of

_MOST_UNITS = 1_000_000
"""Units that are tried: one that has two given slots under two salts is among a hundred million."""
_ARGUMENTS_OF_CAPABILITIES = {"streaming": "stream", "tools": "tools"}


def request_of(walk: Walk, region: Region) -> dict[str, Any]:
    """Return the arguments of a request that leads to a region, route and tenant apart."""
    request: dict[str, Any] = {}
    if not any(region.path[:-1]) and not region.path[-1]:
        return request
    numbers = dict(zip(walk.axes, region.path, strict=False))
    plain = [(axis.name, axis.atoms[number]) for axis, number in numbers.items() if axis.name != "cost"]
    request |= _plain(plain)
    request |= _tokens(walk, numbers)
    cost = next((axis for axis in walk.axes if isinstance(axis, CostAxis)), None)
    if cost is not None and (capped := cost.witnesses[numbers[cost]]) is not None:
        request["input_tokens"] = capped.input_tokens
        if capped.max_output_tokens is not None:
            request["max_output_tokens"] = capped.max_output_tokens
        request["max_cost_usd"] = Decimal(capped.cap).scaleb(-12)
    budget, slots = region.path[len(walk.axes)], region.path[len(walk.axes) + 1]
    if (low := walk.filters.budgets[budget].low) is not None:
        request["latency_budget_ms"] = low
    if any(each.first is not None for each in slots):
        request["unit"] = unit_of(tuple(slots))
    return request


def drawn_request(filters: Filters, dice: Random) -> dict[str, Any]:
    """Return the arguments of a random request: an atom of each argument, mostly the one that leaves it out."""

    def draw(atoms: Sequence[Atom]) -> int:
        return dice.randrange(len(atoms)) if dice.random() < 0.4 else 0

    request = _plain([(filter_.name, filter_.atoms[draw(filter_.atoms)]) for filter_ in filters.plain])
    request |= _plain([("floor", filters.floors[draw(filters.floors)])])
    output, total = filters.output.atoms, filters.total.atoms
    pairs = ((output[draw(output)], total[draw(total)]) for _ in count())
    request |= tokens_of(*next(pair for pair in pairs if feasible(*pair, filters.space)))
    if (low := filters.budgets[draw(filters.budgets)].low) is not None:
        request["latency_budget_ms"] = low
    if filters.space.units and dice.random() < 0.5:
        request["unit"] = f"user-{dice.randrange(10**6)}"
    return request


def _plain(atoms: Iterable[tuple[str, Atom]]) -> dict[str, Any]:
    """Return the arguments that the atoms of filters give, tokens apart."""
    request: dict[str, Any] = {}
    for name, atom in atoms:
        if name == "floor" and atom.low is not None:
            request["min_quality"] = Decimal(atom.low) / ONE
        elif atom.word is None:
            continue
        elif name == "stack":
            request["stack"] = atom.word
        elif name == "unavailable":
            request["unavailable"] = [atom.word]
        elif name == "floor":
            request["preference"] = atom.word
        elif (argument := _ARGUMENTS_OF_CAPABILITIES.get(atom.word)) is not None:
            request[argument] = True
        else:
            request.setdefault("capabilities", []).append(atom.word)
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
    """Return a unit whose slot under each salt lies in its range; raise OverBudgetError where it is too rare."""
    for number in range(_MOST_UNITS):
        unit = f"user-{number}"
        if all(each.first is None or each.first <= slot_of(each.salt, unit) <= each.last for each in slots):
            return unit
    raise OverBudgetError
