"""Every request of a whole grid: small tables, all values of all arguments at once, and nothing left to chance."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from routecomp.review.analysis.compare import Asked, Comparison, compare_tables
from routecomp.review.analysis.side import UNDECLARED
from routecomp.review.analysis.space import Bounds, Space
from routecomp.review.diff.decisions.compiled_side import open_gates
from routecomp.runtime.resolver import Router
from tests.properties.compare import Case
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.mutations import mutated
from tests.review.analysis.predict import Partition, decided
from tests.review.analysis.test_moves import kind_of

CONTEXTS, LATENCIES, QUALITIES = (2, 5), (2,), (4_000, 8_000)
"""The figures that models of a small table have: few, so that every value around them can be asked for."""


def small_table(seed: int, dice: random.Random) -> bytes:
    """A random table whose figures have few values; routes, policies, experiments and dial are as they were drawn."""
    while True:
        body: dict[str, Any] = json.loads(Case.of(program_files(Seeded(f"grid-{seed}-{dice.random()}"))).table)
        for model in body["models"].values():
            model["context_window"] = dice.choice(CONTEXTS)
            model["min_output_tokens"], model["max_output_tokens"] = dice.choice((0, 0, 1)), dice.choice((None, 1))
            model["latency_ms"], model["quality_bp"] = dice.choice(LATENCIES), dice.choice(QUALITIES)
            model["capabilities"] = sorted(word for word in ("streaming", "tools") if dice.random() < 0.7)
            model["input_pusd"], model["output_pusd"] = dice.choice((1_000, 3_000)), dice.choice((2_000, 9_000))
            model["output_ratio_bp"] = dice.choice((5_000, 20_000))
        table = json.dumps(body).encode()
        if Router.from_bytes(table).status()["last_rejection"] is None:
            return table


def grid(tables: list[dict[str, Any]], units: list[str | None], *, caps: bool) -> Iterator[dict[str, Any]]:
    """Yield every request for one name and one tenant: each value with each value of every other argument."""
    stacks = sorted({provider["stack"] for table in tables for provider in table["providers"].values()})
    providers = sorted({name for table in tables for name in table["providers"]})
    floors: list[dict[str, Any]] = [{}, *({"preference": word} for word in ("quality", "balanced", "cost"))]
    floors += [{"min_quality": Decimal(bp) / 10_000} for quality in QUALITIES for bp in (quality, quality + 1)]
    floors.append({"min_quality": Decimal(-1) / 10_000})
    tokens: list[dict[str, Any]] = [
        {"input_tokens": given} | ({} if taken is None else {"max_output_tokens": taken})
        for given in range(max(CONTEXTS) + 2)
        for taken in (None, 0, 1, 2)
    ]
    axes: list[list[dict[str, Any]]] = [
        [{}, *({"stack": word} for word in (*stacks, f"avoid-{stacks[0]}", "nowhere"))],
        [{}, {"stream": True}, {"stream": True, "capabilities": ["tools"]}],
        [{}, *({"latency_budget_ms": budget} for budget in (1, *LATENCIES))],
        [{}, {"unavailable": providers[:1]}],
        floors,
        tokens,
        [{} if unit is None else {"unit": unit} for unit in units],
    ]
    if caps:  # beside what each price costs, for so many tokens
        axes[0], axes[1], axes[2], axes[3] = axes[0][:2], axes[1][:2], axes[2][:1], axes[3][:1]
    for parts in product(*axes):
        request = {key: value for part in parts for key, value in part.items()}
        yield request
        for cost in costs_of(request) if caps else ():
            yield request | {"max_cost_usd": cost}


def costs_of(request: dict[str, Any]) -> list[Decimal]:
    """What models of a small table cost for a request, and a pico-dollar less."""
    given, taken = request["input_tokens"], request.get("max_output_tokens")
    costs = set()
    for of_input, of_output, ratio in product((1_000, 3_000), (2_000, 9_000), (5_000, 20_000)):
        expected = given * ratio if taken is None else min(given * ratio, taken * 10_000)
        costs.add(-(-(given * of_input * 10_000 + expected * of_output) // 10_000))
    return [Decimal(cost - less).scaleb(-12) for cost in sorted(costs)[:4] for less in (0, 1)] + [
        Decimal(-1).scaleb(-12)
    ]


def compared(
    before: bytes, after: bytes, dice: random.Random, *, caps: bool
) -> tuple[Comparison, str, str, str | None]:
    """The comparison of one name and one tenant, preferably one that moves; its argument, name and tenant."""
    space = Space(cost=caps, outages=tuple(json.loads(before)["providers"]))
    whole = compare_tables(before, after, Bounds(chains=False, seconds=20), Space(cost=False))
    views = [(each.called, tenant) for each in whole.moved for tenant in each.tenants]
    called, tenant = dice.choice(views or [(way, None) for way in whole.ways.all])
    tenant = "stranger" if tenant == UNDECLARED else tenant
    comparison = compare_tables(before, after, Bounds(), space, Asked(called.argument, called.name, tenant))
    return comparison, called.argument, called.name, tenant


def whole_grid(seed: int, every: int = 1) -> Counter[str]:
    """Ask for the whole grid of one name and tenant; return what was asked, what moved and of which kind.

    Each answer is the one of its region; each request that moves is among the moves told; each move is met.
    """
    dice, caps = random.Random(seed), seed % 5 == 0
    before = small_table(seed, dice)
    after = mutated(before, dice, dice.choice((1, 2, 4)))
    comparison, argument, name, tenant = compared(before, after, dice, caps=caps)
    if not comparison.is_proven:
        return Counter({"over the bound": 1})
    told = {moved.move[:3] for moved in comparison.moved}
    given = sorted({str(moved.request["unit"]) for moved in comparison.moved if "unit" in moved.request})
    units = [None, *given[:2]]
    asked, met, counted = {argument: name} | ({} if tenant is None else {"tenant": tenant}), set(), Counter[str]()
    sides = comparison.ways.sides
    with open_gates(*sides):
        partitions = [Partition(side, comparison.space) for side in sides]
        for number, hints in enumerate(grid([json.loads(before), json.loads(after)], units, caps=caps)):
            if number % every:
                continue
            request = asked | hints
            decisions = [side.router.resolve(**request) for side in sides]
            for partition, decision in zip(partitions, decisions, strict=True):
                assert partition.predicts(request) == decided(decision), (seed, request)
            kind = kind_of(decisions[0]._replace(ruleset_hash=None), decisions[1]._replace(ruleset_hash=None))
            counted["requests"] += 1
            counted[decisions[0].status] += 1
            if kind is not None:
                if kind[0] == "said" and decided(decisions[0]) == decided(decisions[1]):  # told once for all answers
                    kind = next(each for each in told if each[0] == "said")
                assert kind in told, (seed, request, kind, told)
                met.add(kind)
                counted[kind[0]] += 1
    if every == 1:  # a witness names what the grid leaves out where nothing else shows the move
        names = {"stack", "unavailable", "capabilities", "tools", "unit"}
        plain = {moved.move[:3] for moved in comparison.moved if names.isdisjoint(moved.request)}
        assert plain <= met, (seed, plain - met)
    counted["tables"] += 1
    counted["moving"] += bool(told)
    return counted


SHOWING = (0, 2, 5, 8, 10, 12, 27, 34, 57, 61, 2124)
"""Seeds whose changes show every kind of move; the last one's flags were once not told."""


def test_a_part_of_the_grid() -> None:
    """Every 17th request of some tables; the whole grid of a thousand is behind `make hard`."""
    counted = Counter[str]()
    for seed in SHOWING:
        counted += whole_grid(seed, every=17)
    assert counted["tables"] == len(SHOWING)
    kinds = ("pick", "chain", "endpoint", "answered", "rejected", "refusal", "mirrors", "said")
    assert {kind: counted[kind] for kind in kinds if not counted[kind]} == {}
    assert counted["requests"] > 5_000


@pytest.mark.hard
@pytest.mark.parametrize("block", range(20))
def test_the_whole_grid_of_a_thousand_tables(block: int) -> None:
    """50 tables in each of twenty blocks, each kind of move and of rejection among them."""
    counted = Counter[str]()
    for seed in range(1_000 + 50 * block, 1_050 + 50 * block):
        counted += whole_grid(seed)
    print(block, dict(counted))
    assert counted["tables"] >= 45
    assert counted["requests"] > 200_000
    assert counted["pick"] > 0
    assert counted["ok"] > 0
