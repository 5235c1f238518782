"""Looked at every day, experiments without a difference show none, and a difference is found."""

from __future__ import annotations

import os
from math import sqrt
from random import Random

import pytest

from routecomp.measure import mismatch
from routecomp.measure.cells import Cells
from routecomp.measure.experiment import LEVEL, Statistics, statistics_of
from routecomp.measure.sequential import p_value, radius
from routecomp.rules.change.moved_units import slot_owners
from tests.measure.simulated import World, experiment

LONG_RUN = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")
QUICK = World(users=150, days=5, calls_a_day=0.6)
LONG = (
    World(),
    World(users=700, control=9000),
    World(failures=0.004),
    World(users=150, days=28, calls_a_day=2),
)
"""Alike halves; a tenth against the rest; hardly a failure; few users who stay for long."""


def looks(world: World, seed: int) -> list[Statistics]:
    """Return what the page says at the end of each day."""
    body = experiment(world.control)
    owners = slot_owners(body)
    assert owners is not None
    cells = Cells(owners, tuple(body.variants))
    pages = []
    for calls in world.run(seed):
        for call in calls:
            cells.add(call)
        pages.append(statistics_of(body, cells))
    return pages


def ever(pages: list[Statistics]) -> set[str]:
    """Return which figures differed on any day, and `assignment` if it did not fit on any."""
    differ = {each.metric for page in pages for each in page.comparisons if each.is_significant}
    return differ | {"assignment" for page in pages if page.assignment.findings}


def test_nothing_is_seen_where_nothing_is() -> None:
    """Of sixty tests of A against A, looked at daily, at most one ever shows something.

    A plain test in place of the bound, as calls in place of slots, shows three and more by these seeds.
    """
    assert sum(bool(ever(looks(QUICK, seed))) for seed in range(60)) <= 1


@pytest.mark.hard
@LONG_RUN
@pytest.mark.parametrize("world", LONG, ids=("halves", "tenth", "rare", "few"))
def test_nothing_is_seen_in_a_thousand(world: World) -> None:
    """All four together are a thousand tests: at most one in twenty of each ever shows something."""
    seen = sum(bool(ever(looks(world, seed))) for seed in range(250))
    print(f"{seen} of 250 tests of A against A ever showed a difference")
    assert seen <= 250 * LEVEL


@pytest.mark.parametrize(
    ("world", "metric"),
    [
        (World(days=10, more_failures=0.06), "failures"),
        (World(days=10, slower=1.6), "slower_than_p50"),
        (World(days=10, dearer=3.0), "cost"),
    ],
    ids=("failures", "latency", "cost"),
)
def test_a_difference_is_found(world: World, metric: str) -> None:
    pages = looks(world, 1)
    last = next(each for each in pages[-1].comparisons if each.metric == metric)
    assert metric in ever(pages)
    assert last.is_significant
    assert last.low is not None
    assert last.low > 0
    assert not pages[-1].assignment.findings


def test_a_plain_test_would_see_what_is_not_there() -> None:
    """A plain z test, looked at daily, is what the bound is for: it sees too much, where the bound does not."""
    plain, sequential = 0, 0
    for seed in range(200):
        random, total, calls = Random(seed), 0.0, 0
        hits = [False, False]
        for _ in range(40):
            total += random.gauss(0, sqrt(50))
            calls += 50
            error = 1 / sqrt(calls)
            hits[0] |= abs(total / calls) > 1.96 * error
            hits[1] |= p_value(total / calls, error, 1.0, LEVEL) <= LEVEL
        plain += hits[0]
        sequential += hits[1]
    assert plain > 200 * 4 * LEVEL
    assert sequential <= 200 * LEVEL


def test_bound_and_p_value_agree() -> None:
    """An estimate has the p-value of the level exactly where its interval ends at 0."""
    for error in (0.001, 0.02, 0.3):
        for level in (0.05, 0.0125):
            reach = radius(error, 0.5, level)
            assert p_value(reach, error, 0.5, level) == pytest.approx(level)
            assert p_value(0.9 * reach, error, 0.5, level) > level
            assert p_value(1.1 * reach, error, 0.5, level) < level
            assert p_value(0.0, error, 0.5, level) == 1.0


def test_slots_that_do_not_fit_the_weights() -> None:
    weights = {"control": 6000, "other": 4000}
    assert mismatch.p_value({"control": 615, "other": 385}, weights) > 0.05
    assert mismatch.p_value({"control": 500, "other": 500}, weights) < 0.001
    assert mismatch.p_value({"control": 6000, "other": 4000}, weights) == 1.0
    assert mismatch.p_value({"control": 0, "other": 0}, weights) == 1.0
