"""How many units a change of weights moves: counted slot by slot, and never more than needed where slots are ours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routecomp.model.experiment import Experiment, Variant
from routecomp.model.vocabulary import SLOTS
from routecomp.rules.change.moved_units import Moved, Ranges, least_moving, moved, slot_owners


def experiment(weights: dict[str, int], slots: dict[str, Ranges] | None = None) -> Experiment:
    """An experiment with these weights in basis points, and these slots if any."""
    return Experiment(
        variants={
            id: Variant(weight=weight, slots=None if slots is None else tuple(slots[id]))
            for id, weight in weights.items()
        }
    )


@st.composite
def weightings(draw: st.DrawFn) -> dict[str, int]:
    """One to five variants whose weights add up to 10,000 basis points."""
    ids = draw(st.lists(st.sampled_from("abcde"), unique=True, min_size=1, max_size=5))
    cuts = sorted(draw(st.lists(st.integers(1, SLOTS - 1), unique=True, min_size=len(ids) - 1, max_size=len(ids) - 1)))
    return {id: high - low for id, low, high in zip(ids, [0, *cuts], [*cuts, SLOTS], strict=True)}


@settings(deadline=None)
@given(weightings(), weightings(), weightings())
def test_least_moving_slots_move_the_least(
    first: dict[str, int], second: dict[str, int], third: dict[str, int]
) -> None:
    """Slots dealt by `least_moving`, from contiguous ranges or from its own, move exactly the sum of the gains."""
    before = experiment(first)
    for weights in (second, third):
        slots = least_moving(before, weights)
        assert slots is not None
        after = experiment(weights, slots)
        gains = sum(max(0, weight - dict(first).get(id, 0)) for id, weight in weights.items())
        assert moved(before, after) == Moved(gains, gains)
        owners = slot_owners(after)
        assert owners is not None
        assert {id: owners.count(id) for id in weights} == weights
        before, first = after, weights


@settings(deadline=None)
@given(weightings(), weightings())
def test_moved_counts_slots_that_change_hands(first: dict[str, int], second: dict[str, int]) -> None:
    """What moves is what a count slot by slot says, and never less than the least."""
    was = [id for id, weight in first.items() for _ in range(weight)]
    now = [id for id, weight in second.items() for _ in range(weight)]
    found = moved(experiment(first), experiment(second))
    assert found is not None
    assert found.slots == sum(one != other for one, other in zip(was, now, strict=True))
    assert found.slots >= found.least


def test_known_figures() -> None:
    """50/30/20 to 40/30/30 moves 20 % with contiguous ranges; 10 % would do."""
    change = moved(experiment({"a": 5000, "b": 3000, "c": 2000}), experiment({"a": 4000, "b": 3000, "c": 3000}))
    assert change == Moved(2000, 1000)


@pytest.mark.parametrize(
    "slots",
    [
        {"a": [(0, 4999)], "b": [(4999, 9998)]},
        {"a": [(0, 4999)], "b": [(5000, 9998)]},
        {"a": [(0, 5999)], "b": [(6000, 9999)]},
        {"a": [(4999, 0)], "b": [(5000, 9999)]},
        {"a": [(0, 4999)], "b": [(5000, 10_000)]},
    ],
)
def test_nothing_is_said_of_slots_that_are_no_partition(slots: dict[str, Ranges]) -> None:
    """Slots that overlap, leave a gap, miss the weights, or run backwards or out have no owners."""
    assert slot_owners(experiment({"a": 5000, "b": 5000}, slots)) is None
