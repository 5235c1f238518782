"""Compare the variants of an experiment by the calls that services recorded, at any time and as often as one likes.

Units keep their slot, and slots are drawn for variants: so it is slots that are compared, and calls within a slot
count as alike as they are. Of all comparisons together, no more than `LEVEL` of experiments without any difference
ever show one, however often they are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

from routecomp.measure import mismatch
from routecomp.measure.cells import Cell, Cells, until_completed
from routecomp.measure.clusters import Cluster, difference_error, ratio
from routecomp.measure.outcome import Outcome
from routecomp.measure.sequential import p_value, radius
from routecomp.model.experiment import Experiment
from routecomp.rules.change.moved_units import slot_owners

LEVEL: Final = 0.05
"""How often at most, over all comparisons of one experiment and all looks, chance alone shows a difference."""
MISMATCH_LEVEL: Final = 0.01
"""The same for the checks of the assignment."""
LEAST_SLOTS: Final = 50
"""Below this many slots nothing is compared and no interval is given: the bounds hold for many."""
QUANTILES: Final = (0.5, 0.95)
DOLLAR: Final = 10**12

Metric = Literal["failures", "slower_than_p50", "slower_than_p95", "cost"]
METRICS: Final[tuple[Metric, ...]] = ("failures", "slower_than_p50", "slower_than_p95", "cost")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and the interval that holds it; None where there are too few slots, or nothing varied."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class VersionFigures:
    """What one version of a variant served, and when."""

    version: int
    model: str | None
    calls: int
    failed: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """The figures of a variant: of the calls of slots that it had to itself."""

    variant: str
    label: str | None
    weight_bp: int
    slots: int
    calls: int
    failed: int
    failures: Estimate | None
    p50_ms: Estimate | None
    p95_ms: Estimate | None
    cost_usd: Estimate | None
    cost_unknown: int
    rejected: int
    cancelled: int
    unavailable: int
    versions: tuple[VersionFigures, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A variant against the control in one figure per call.

    `threshold_ms` is, of slowness, the latency that both together have at this quantile. `p` is None where there are
    too few slots, or no call has the figure.
    """

    metric: Metric
    variant: str
    control_value: float | None
    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    threshold_ms: int | None = None

    @property
    def is_significant(self) -> bool:
        """Whether there is a difference, at the level that all comparisons share."""
        return self.p is not None and self.p <= LEVEL


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whether the units were assigned as the YAML says.

    `seen` counts slots by the variant that owns them. `p` is against their weights, `calls_p` against as many calls per
    slot. `moved` slots had another variant at some time, or lie between such slots: they are in no comparison.
    `strays` had it on the last day.
    """

    seen: Mapping[str, int]
    p: float
    calls: Mapping[str, int]
    calls_p: float | None
    moved: int
    moved_calls: int
    strays: int
    last_day: str

    @property
    def findings(self) -> list[str]:
        """Return what is wrong with the assignment, so that the comparisons say nothing; [] where it fits."""
        wrong = []
        if self.p <= MISMATCH_LEVEL:
            wrong.append(
                "the slots that were seen do not fit the weights: calls of one variant are lost, or never come"
            )
        if self.calls_p is not None and self.calls_p <= MISMATCH_LEVEL:
            wrong.append(
                "the calls do not fit the weights: rows of one variant are lost, or its users call more often or less"
            )
        if self.strays:
            wrong.append(
                f"{self.strays} slot{'s' * (self.strays != 1)} had another variant on {self.last_day} than the YAML "
                "says: a service runs on another table, or the weights changed then or later"
            )
        return wrong


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that is known of an experiment from its calls."""

    calls: int
    days: int
    first: str
    last: str
    variants: tuple[VariantFigures, ...]
    comparisons: tuple[Comparison, ...]
    assignment: Assignment
    apart: Mapping[str, int]


def experiment_statistics(body: Experiment, outcomes: Iterable[Outcome]) -> Statistics:
    """Return the statistics of an experiment from its outcomes, whatever name it had when they were written."""
    owners = slot_owners(body)
    assert owners is not None, "a checked project's slots are a partition"
    after = 0
    if body.status == "completed":
        outcomes, after = until_completed(outcomes, owners, body.winner)
    cells = Cells(owners, tuple(body.variants))
    for outcome in outcomes:
        cells.add(outcome)
    if after:
        cells.apart["after_completion"] = after
    return statistics_of(body, cells)


def statistics_of(body: Experiment, cells: Cells) -> Statistics:
    """Return the statistics of the calls that have been gathered so far."""
    aside = cells.aside()
    compared = {id: cells.compared(id, aside) for id in body.variants}
    control, *others = body.variants
    level = LEVEL / (len(METRICS) * max(1, len(others)))
    return Statistics(
        cells.calls + cells.apart["after_completion"],
        len(cells.days),
        cells.first,
        cells.last,
        tuple(_figures(body, id, cells, compared[id]) for id in body.variants),
        tuple(_comparison(metric, id, compared[control], compared[id], level) for id in others for metric in METRICS),
        _assignment(body, cells, aside),
        dict(cells.apart),
    )


def _figures(body: Experiment, id: str, cells: Cells, compared: Mapping[int, Cell]) -> VariantFigures:
    variant = body.variants[id]
    own = list(compared.values())
    models = {version.version: version.model for version in variant.versions}
    known = sum(cell.costs for cell in own)
    versions = sorted((number, seen) for (owner, number), seen in cells.versions.items() if owner == id)
    return VariantFigures(
        id,
        variant.label,
        variant.weight,
        len(own),
        sum(cell.calls for cell in own),
        sum(cell.failed for cell in own),
        _estimate(_failures(own), _binary_scale(_failures(own)), highest=1.0),
        _quantile(own, 0.5),
        _quantile(own, 0.95),
        _estimate(_costs(own), _cost_scale(own)),
        sum(cell.calls for cell in own) - known,
        cells.by_variant[id, "rejected"],
        cells.by_variant[id, "cancelled"],
        cells.by_variant[id, "variant_unavailable"],
        tuple(
            VersionFigures(number, models.get(number), seen.calls, seen.failed, seen.first, seen.last)
            for number, seen in versions
        ),
    )


def _comparison(
    metric: Metric, id: str, control: Mapping[int, Cell], other: Mapping[int, Cell], level: float
) -> Comparison:
    """Compare a variant with the control; `level` is the part of LEVEL that one comparison has."""
    both = [*control.values(), *other.values()]
    threshold = None
    if metric == "failures":
        sides = [_failures(side.values()) for side in (control, other)]
        scale = _binary_scale([*sides[0], *sides[1]])
    elif metric == "cost":
        sides = [_costs(side.values()) for side in (control, other)]
        scale = _cost_scale(both)
    else:
        threshold = _value_at(_latencies(both), QUANTILES[metric == "slower_than_p95"])
        sides = [_slower(side.values(), threshold) for side in (control, other)]
        scale = _binary_scale([*sides[0], *sides[1]])
    ratios = [ratio(side) for side in sides]
    values = [None if side is None else side.value for side in ratios]
    if values[0] is None or values[1] is None:
        return Comparison(metric, id, values[0], values[1], None, None, None, None, threshold)
    difference = values[1] - values[0]
    if min(map(len, sides)) < LEAST_SLOTS:
        return Comparison(metric, id, values[0], values[1], difference, None, None, None, threshold)
    error = difference_error(*sides)
    if error == 0 or scale == 0:
        return Comparison(metric, id, values[0], values[1], difference, None, None, 1.0, threshold)
    reach = radius(error, scale, level)
    p = min(1.0, p_value(difference, error, scale, level) * LEVEL / level)
    return Comparison(
        metric, id, values[0], values[1], difference, difference - reach, difference + reach, p, threshold
    )


def _assignment(body: Experiment, cells: Cells, aside: Collection[int]) -> Assignment:
    weights = {id: variant.weight for id, variant in body.variants.items()}
    seen = dict.fromkeys(weights, 0)
    calls = dict.fromkeys(weights, 0)
    traffic = {id: _Traffic(weight) for id, weight in weights.items()}
    for slot in aside:
        traffic[cells.owners[slot]].slots -= 1
    for slot, count in cells.drawn.items():
        owner = cells.owners[slot]
        seen[owner] += 1
        calls[owner] += count
        if slot not in aside:
            traffic[owner].add(count)
    control, *others = weights
    ps = [_traffic_p(traffic[control], traffic[id], MISMATCH_LEVEL / len(others)) for id in others]
    known = [min(1.0, p * len(others)) for p in ps if p is not None]
    return Assignment(
        seen,
        mismatch.p_value(seen, weights),
        calls,
        min(known) if known else None,
        len(aside),
        sum(cell.calls for (slot, _), cell in cells.cells.items() if slot in aside),
        len(cells.strays),
        max(cells.days, default=""),
    )


@dataclass
class _Traffic:
    """The calls of the slots that a variant owns, seen or not: how many slots, calls, and squares of a slot's calls."""

    slots: int
    seen: int = 0
    calls: int = 0
    squares: int = 0

    def add(self, calls: int) -> None:
        """Count the calls of a slot."""
        self.seen += 1
        self.calls += calls
        self.squares += calls * calls

    def spread(self, mean: float) -> float:
        """Return the sum over slots of the squares by which their calls depart from a mean."""
        return self.squares - 2 * mean * self.calls + self.slots * mean * mean


def _traffic_p(control: _Traffic, other: _Traffic, level: float) -> float | None:
    """Return the p-value of unequal numbers of calls per slot, seen or not; None where few slots were seen.

    The error is the larger of each side's own and that of both as one, as in `difference_error`.
    """
    sides = (control, other)
    if min(side.slots for side in sides) < LEAST_SLOTS or sum(side.seen for side in sides) < 2 * LEAST_SLOTS:
        return None
    slots = control.slots + other.slots
    mean = (control.calls + other.calls) / slots
    means = [side.calls / side.slots for side in sides]
    own = sum(side.spread(each) / (side.slots * (side.slots - 1)) for side, each in zip(sides, means, strict=True))
    joint = sum(side.spread(mean) for side in sides) / (slots - 2) * sum(1 / side.slots for side in sides)
    error = sqrt(max(own, joint)) / mean
    return p_value((means[1] - means[0]) / mean, error, 1.0, level) if error > 0 else 1.0


def _estimate(clusters: Sequence[Cluster], scale: float, highest: float | None = None) -> Estimate | None:
    """Return a figure per call with its interval, from 0 to `highest`; None where no call has it."""
    figure = ratio(clusters)
    if figure is None:
        return None
    value, error, count = figure
    if count < LEAST_SLOTS or error == 0 or scale == 0:
        return Estimate(value)
    reach = radius(error, scale, LEVEL)
    high = value + reach
    return Estimate(value, max(0.0, value - reach), high if highest is None else min(highest, high))


def _quantile(cells: Sequence[Cell], part: float) -> Estimate | None:
    """Return a quantile of the latencies, with its interval.

    That is Woodruff's (JASA 47, 1952): the quantiles at both ends of the interval of the share of calls that are not
    slower. An end beyond all calls is None.
    """
    latencies = _latencies(cells)
    value = _value_at(latencies, part)
    if value is None:
        return None
    share = ratio(_slower(cells, value))
    if share is None or share.clusters < LEAST_SLOTS or share.error == 0:
        return Estimate(value)
    reach = radius(share.error, sqrt(part * (1 - part)), LEVEL)
    low = _value_at(latencies, part - reach) if part > reach else None
    high = _value_at(latencies, part + reach) if part + reach < 1 else None
    return Estimate(value, low, high)


def _latencies(cells: Iterable[Cell]) -> list[int]:
    """Return the latencies of the calls that were answered, sorted."""
    return sorted(latency for cell in cells for latency in cell.latencies)


def _value_at(latencies: Sequence[int], part: float) -> int | None:
    """Return the least of the sorted latencies that a part of them does not exceed; None where there are none."""
    return latencies[max(0, min(len(latencies), -int(-part * len(latencies) // 1)) - 1)] if latencies else None


def _slower(cells: Iterable[Cell], threshold: int | None) -> list[Cluster]:
    """Return by slot how many calls were answered, and how many of them were slower."""
    return [
        (len(cell.latencies), sum(latency > threshold for latency in cell.latencies))
        for cell in cells
        if cell.latencies and threshold is not None
    ]


def _failures(cells: Iterable[Cell]) -> list[Cluster]:
    return [(cell.calls, cell.failed) for cell in cells]


def _costs(cells: Iterable[Cell]) -> list[Cluster]:
    return [(cell.costs, cell.cost / DOLLAR) for cell in cells if cell.costs]


def _binary_scale(clusters: Sequence[Cluster]) -> float:
    """Return the standard deviation of whether a call has something, over all calls."""
    share = ratio(clusters)
    return 0.0 if share is None else sqrt(share.value * (1 - share.value))


def _cost_scale(cells: Sequence[Cell]) -> float:
    """Return the standard deviation of what a call costs, in dollars."""
    count = sum(cell.costs for cell in cells)
    if not count:
        return 0.0
    mean = sum(cell.cost for cell in cells) / count
    return sqrt(max(0.0, sum(cell.squares for cell in cells) / count - mean**2)) / DOLLAR
