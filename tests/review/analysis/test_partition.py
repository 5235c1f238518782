"""Each request lies in one region, and that region says what the resolver answers to it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from routecomp.review.analysis.side import load_sides
from routecomp.review.analysis.space import Space
from routecomp.review.diff.decisions.compiled_side import CompiledSide, open_gates
from tests.properties.compare import Case
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.predict import Partition, decided
from tests.review.analysis.requests import Boundaries

EXAMPLE = (Path(__file__).parents[3] / "generated" / "routing_table.json").read_bytes()


def ask(table: bytes, seed: int, count: int, caps: float = 1.0) -> None:
    """Ask for requests at random and at boundaries; each is answered as its region says.

    `caps` is the part of those with a cap of cost that keep it: what a cap may leave is found for each state anew.
    """
    dice = random.Random(seed)
    boundaries = Boundaries([json.loads(table)])
    with open_gates(CompiledSide(table)):
        (side,) = load_sides([table])
        partition = Partition(side, Space().with_outages([side]))
        for _ in range(count):
            request = boundaries.request(dice)
            if dice.random() > caps:
                request.pop("max_cost_usd", None)
            assert partition.predicts(request) == decided(side.router.resolve(**request)), request


def program(seed: int) -> bytes:
    return Case.of(program_files(Seeded(f"partition-{seed}"))).table


def test_requests_to_the_example() -> None:
    ask(EXAMPLE, 1, 150)


@pytest.mark.parametrize("seed", range(4))
def test_requests_to_random_programs(seed: int) -> None:
    ask(program(seed), seed, 300)


@pytest.mark.hard
@pytest.mark.parametrize("block", range(10))
def test_many_requests_to_the_example(block: int) -> None:
    """100,000 in each of ten blocks, every hundredth of those with a cap."""
    ask(EXAMPLE, 100 + block, 100_000, caps=0.01)


@pytest.mark.hard
@pytest.mark.parametrize("block", range(10))
def test_many_requests_to_many_programs(block: int) -> None:
    """100 programs, 10,000 requests each."""
    for seed in range(100 + 10 * block, 110 + 10 * block):
        ask(program(seed), seed, 10_000)
