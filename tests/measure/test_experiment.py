"""What is compared is what was drawn: the rest is counted apart, and what does not fit is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from routecomp.measure.experiment import Statistics, experiment_statistics
from routecomp.measure.outcome import Outcome
from tests.measure.simulated import experiment

CALL = Outcome(
    day="2026-11-02",
    outcome_id="c",
    begun_at="2026-11-02T09:30:00Z",
    outcome="succeeded",
    tenant="acme",
    answered_by="model-control",
    experiment="nimbus",
    variant="control",
    version=1,
    slot=0,
    latency_ms=900,
    input_tokens=1000,
    output_tokens=200,
    cost_pusd=5 * 10**9,
    reasons=(),
)


def calls(count: int = 200, **changes: Any) -> Iterator[Outcome]:
    """Yield calls of as many units, each with a slot of its own, drawn for the variant that owns it."""
    for number in range(count):
        slot = number * 10_000 // count
        drawn = {"slot": slot, "variant": "control" if slot < 5000 else "other", "outcome_id": f"c-{number}"}
        yield CALL._replace(**{**drawn, **changes})


def figures(statistics: Statistics) -> list[tuple[str, int, int]]:
    return [(each.variant, each.slots, each.calls) for each in statistics.variants]


def test_what_is_counted_and_compared() -> None:
    failed = [call._replace(outcome="failed", cost_pusd=None) for call in calls(200) if call.variant == "other"]
    statistics = experiment_statistics(experiment(), [*calls(200), *failed])
    control, other = statistics.variants
    assert figures(statistics) == [("control", 100, 100), ("other", 100, 200)]
    assert (control.failed, other.failed, other.cost_unknown) == (0, 100, 100)
    assert other.failures is not None
    assert other.failures.value == 0.5
    assert control.p50_ms is not None
    assert control.p50_ms.value == 900
    assert control.cost_usd is not None
    assert control.cost_usd.value == pytest.approx(0.005)
    assert [each.metric for each in statistics.comparisons if each.is_significant] == ["failures"]


@pytest.mark.parametrize("reason", ["no_unit", "paused_control", "variant_unavailable"])
def test_who_was_not_drawn_is_counted_apart(reason: str) -> None:
    """Its calls change no figure, no comparison and nothing of the assignment."""
    changes: dict[str, Any] = {"reasons": ("alias", reason), "variant": "control", "outcome": "failed"}
    if reason == "no_unit":
        changes["slot"] = None
    apart = [*calls(150, **changes)]
    without = experiment_statistics(experiment(), calls())
    statistics = experiment_statistics(experiment(), [*calls(), *apart])
    assert statistics.apart == {reason: 150}
    assert statistics.comparisons == without.comparisons
    assert figures(statistics) == figures(without)
    assert statistics.assignment.moved == 0
    assert not statistics.assignment.findings


@pytest.mark.parametrize("outcome", ["rejected", "cancelled"])
def test_calls_without_an_end_of_their_own_are_no_failures(outcome: str) -> None:
    more = [call._replace(outcome=outcome) for call in calls(200) if call.variant == "other"]
    statistics = experiment_statistics(experiment(), [*calls(), *more])
    assert statistics.apart == {outcome: 100}
    assert getattr(statistics.variants[1], outcome) == 100
    assert figures(statistics) == [("control", 100, 100), ("other", 100, 100)]


def test_few_slots_are_not_compared() -> None:
    """However many calls there are: a few users who call often tell nothing of others."""
    few = [*calls(60, outcome="failed", variant="control"), *calls(60)] * 50
    statistics = experiment_statistics(experiment(), [call for call in few if call.variant != "other" or call.slot])
    assert all(each.p is None for each in statistics.comparisons)
    assert all(each.failures is None or each.failures.low is None for each in statistics.variants)


def test_a_slot_that_changed_its_variant_is_in_no_comparison() -> None:
    """After a reweighting; where another variant still has it on the last day, that is told."""
    earlier = [*calls(200, day="2026-11-01", begun_at="2026-11-01T09:30:00Z", variant="control")]
    moved = experiment_statistics(experiment(), [*earlier, *calls(200)])
    assert (moved.assignment.moved, moved.assignment.strays) == (4951, 0)  # from the first such slot to the last
    assert figures(moved) == [("control", 100, 200), ("other", 0, 0)]
    assert not moved.assignment.findings
    still = experiment_statistics(experiment(), earlier)
    assert "another variant on 2026-11-01" in still.assignment.findings[-1]


def test_lost_calls_of_a_variant_are_told() -> None:
    """By slots where they are lost whole, by calls where each slot loses some."""
    slots = [call for number, call in enumerate(calls(1000)) if call.variant == "control" or number % 2]
    assert "slots" in experiment_statistics(experiment(), slots).assignment.findings[0]
    often = [call for call in calls(1000) for number in range(4) if call.variant == "control" or number < 2]
    assert "calls" in experiment_statistics(experiment(), often).assignment.findings[0]
    assert experiment_statistics(experiment(), calls(1000)).assignment.findings == []


def test_weights_are_those_of_the_yaml() -> None:
    ninth = [call._replace(variant="control" if (call.slot or 0) < 9000 else "other") for call in calls(1000)]
    assert experiment_statistics(experiment(9000), ninth).assignment.findings == []


def test_after_completion_the_winner_serves_everyone() -> None:
    """From that day on nobody is drawn, and nothing is compared."""
    later = [*calls(200, variant="other", day="2026-11-03", begun_at="2026-11-03T09:30:00Z", outcome="failed")]
    completed = experiment(status="completed", winner="other")
    statistics = experiment_statistics(completed, [*calls(), *later])
    assert statistics.apart == {"after_completion": 200}
    assert statistics.calls == 400
    assert figures(statistics) == [("control", 100, 100), ("other", 100, 100)]
    assert not statistics.assignment.findings


def test_versions_are_told_apart() -> None:
    later = [*calls(200, version=2, day="2026-11-03", begun_at="2026-11-03T09:30:00Z")]
    versions = experiment_statistics(experiment(), [*calls(), *later]).variants[0].versions
    assert [(each.version, each.model, each.calls, each.first) for each in versions] == [
        (1, "model-control", 100, "2026-11-02"),
        (2, None, 100, "2026-11-03"),
    ]


def test_rows_that_no_draw_explains() -> None:
    odd = [CALL._replace(variant=None, outcome="rejected"), CALL._replace(variant="gone")]
    statistics = experiment_statistics(experiment(), [*calls(), *odd])
    assert statistics.apart == {"unassigned": 1, "unknown_variant": 1}


def test_nothing_at_all() -> None:
    statistics = experiment_statistics(experiment(), [])
    assert (statistics.calls, statistics.first) == (0, "")
    assert all(each.p is None for each in statistics.comparisons)
