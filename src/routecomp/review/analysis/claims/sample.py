"""Draw requests at the boundaries of a table, for what could not be proven within its bound."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from routecomp.review.analysis.cases import Slots
from routecomp.review.analysis.claims.table import Breaks, Proof, Table, View
from routecomp.review.analysis.explore import Region, Walk
from routecomp.review.analysis.lens import RankedLens
from routecomp.review.analysis.space import feasible
from routecomp.review.analysis.witness import request_of

SEED: Final = 15
DRAWN: Final = 4000
"""How many requests are drawn for a claim."""
_PICO: Final = Decimal(10) ** -12


def drawn_requests(table: Table, views: Sequence[tuple[View, Walk]], breaks: Breaks) -> Proof:
    """Return a counterexample among requests that are drawn from some views, or how many were drawn without any."""
    dice = random.Random(SEED)
    for _ in range(DRAWN):
        view, walk = dice.choice(views)
        request = table.request(view) | _arguments(walk, dice)
        if breaks(request) is not None:
            return Proof(table.smallest(request, breaks))
    return Proof(drawn=DRAWN)


def _arguments(walk: Walk, dice: random.Random) -> dict[str, Any]:
    """Return arguments that lie in an atom of each axis, most of them not given, and at times a cap of cost."""
    space = walk.filters.space
    while True:
        path = [dice.randrange(len(axis.atoms)) if dice.random() < 0.4 else 0 for axis in walk.axes]
        atoms = {axis.name: axis.atoms[number] for axis, number in zip(walk.axes, path, strict=True)}
        if feasible(atoms["output"], atoms["total"], space):
            break
    budget = dice.randrange(len(walk.filters.budgets)) if dice.random() < 0.4 else 0
    slots = (Slots("", None),)
    arguments = request_of(walk, Region(0, (*path, budget, slots), ()))
    if dice.random() < 0.3:
        arguments["unit"] = f"user-{dice.randrange(10_000)}"
    lens = walk.lenses[0]
    if isinstance(lens, RankedLens) and lens.picks and dice.random() < 0.5:
        arguments.setdefault("input_tokens", dice.choice((1, 1000, 10_000)))
        model = lens.side.models[dice.choice(lens.picks)]
        arguments["max_cost_usd"] = model.cost(arguments["input_tokens"], arguments.get("max_output_tokens")) * _PICO
    return arguments
