"""Requests cover the moves that both resolvers show for them, and no others."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from routecomp.review.analysis.compare import Comparison, compare_tables, decisions_of
from routecomp.review.analysis.coverage import coverage_of
from routecomp.review.analysis.space import Bounds, Space
from routecomp.review.diff.decisions.compiled_side import open_gates
from tests.properties.compare import Case
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.mutations import mutated
from tests.review.analysis.requests import Boundaries


def changed(seed: int, *, chains: bool) -> tuple[Comparison, Boundaries, random.Random]:
    """The moves of a random change to a random program, and requests at its boundaries."""
    dice = random.Random(seed)
    before = Case.of(program_files(Seeded(f"coverage-{seed}"))).table
    after = mutated(before, dice, 10)
    comparison = compare_tables(before, after, Bounds(chains), Space(cost=False))
    return comparison, Boundaries([json.loads(table) for table in (before, after)]), dice


def answers_of(comparison: Comparison, request: dict[str, Any]) -> list[tuple[object, ...]]:
    """What both resolvers answer, as far as the comparison goes."""
    with open_gates(*comparison.ways.sides):
        decisions = decisions_of(comparison.ways.sides, request)
    return [(d.status, d.model, d.chain if comparison.chains else None, {*d.reasons}) for d in decisions]


@pytest.mark.parametrize("chains", [True, False])
def test_a_request_covers_what_moves_for_it(chains: bool) -> None:
    """A request that is answered otherwise covers a region, and one that is answered alike none."""
    covering = alike = 0
    for seed in range(5):
        comparison, boundaries, dice = changed(seed, chains=chains)
        for number in range(50):
            request = boundaries.request(dice)
            if number % 8:
                request = {key: value for key, value in request.items() if key not in ("max_cost_usd", "unavailable")}
            covered = coverage_of(comparison, [request]).covered
            before, after = answers_of(comparison, request)
            if not comparison.space.has(request):
                assert not covered, request
            elif before[:3] != after[:3]:
                assert covered, request
                covering += 1
            elif before == after and not covered:
                alike += 1
    assert covering > 20
    assert alike > 50


def test_the_witnesses_of_all_moves_cover_all() -> None:
    """Each move is covered by the request that comes with it; without one of them, that one is left and is named."""
    regions = 0
    for seed in range(6):
        comparison, _, _ = changed(seed, chains=True)
        witnesses = [moved.request for moved in comparison.moved]
        coverage = coverage_of(comparison, witnesses)
        assert (coverage.covered, coverage.percent, coverage.left.rows) == (len(witnesses), 100, ())
        regions += coverage.regions
        nothing = coverage_of(comparison, [])
        assert nothing.covered == 0
        assert sum(row.views for row in nothing.left.rows) == nothing.regions
    assert regions > 100


def test_another_tenant_and_another_name_cover_nothing() -> None:
    """A request covers the regions of its own name and policy alone; a cap of cost that was not compared none."""
    for seed in range(6):
        comparison, _, dice = changed(seed, chains=False)
        for moved in dice.sample(comparison.moved, min(4, len(comparison.moved))):
            left = coverage_of(comparison, [moved.request]).left.comparison
            gone = [each for each in comparison.moved if each not in left.moved]
            assert {(each.called, each.tenants) for each in gone} == {(moved.called, moved.tenants)}
            assert coverage_of(comparison, [{**moved.request, "max_cost_usd": 1}]).covered == 0
