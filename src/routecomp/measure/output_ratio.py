"""Measure how many tokens models answer for each one that they are sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Final

from routecomp.measure.clusters import Cluster, ratio
from routecomp.measure.outcome import Outcome
from routecomp.model.numbers import ONE

_NORMAL: Final = 1.96
"""Standard errors to both sides of an estimate: 95 %, looked at once."""


@dataclass(frozen=True, slots=True)
class OutputRatio:
    """What a model answered: output tokens by input tokens, over all its calls together.

    `ratio_bp` is the exact quotient, rounded half up to a basis point. `low` and `high` hold it with 95 %; they are
    None where there are too few calls to tell.
    """

    calls: int
    input_tokens: int
    output_tokens: int
    ratio_bp: int
    low: float | None
    high: float | None

    def holds(self, value_bp: int) -> bool:
        """Return whether the interval holds a ratio."""
        return self.low is not None and self.high is not None and self.low <= value_bp / ONE <= self.high


@dataclass
class _Sums:
    """The calls of a model so far, one by one and by tenant and day: those of one tenant on one day are alike."""

    calls: list[Cluster] = field(default_factory=list)
    days: defaultdict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    given: int = 0
    taken: int = 0


def output_ratios(outcomes: Iterable[Outcome], slugs: Mapping[str, str]) -> dict[str, OutputRatio]:
    """Return the ratio of each model that answered a call of which both counts are known.

    `slugs` leads from each name that a row may have to the model's own, so that one that was renamed is one.
    """
    models: defaultdict[str, _Sums] = defaultdict(_Sums)
    for outcome in outcomes:
        given, taken = outcome.input_tokens, outcome.output_tokens
        slug = slugs.get(outcome.answered_by or "")
        if not outcome.is_answered or slug is None or not given or taken is None:
            continue
        sums = models[slug]
        sums.given += given
        sums.taken += taken
        sums.calls.append((given, taken))
        day = sums.days[outcome.tenant or "", outcome.day]
        day[0] += given
        day[1] += taken
    return {slug: _ratio(models[slug]) for slug in sorted(models)}


def _ratio(sums: _Sums) -> OutputRatio:
    """Return the ratio of sums; the larger error counts, that of calls or that of tenants and days."""
    exact = Fraction(sums.taken, sums.given)
    rounded = floor(exact * ONE + Fraction(1, 2))
    by_calls, by_days = ratio(sums.calls), ratio([(given, taken) for given, taken in sums.days.values()])
    low = high = None
    if by_calls is not None and by_days is not None and by_calls.clusters > 1:
        reach = _NORMAL * max(by_calls.error, by_days.error)
        low, high = max(0.0, by_calls.value - reach), by_calls.value + reach
    return OutputRatio(len(sums.calls), sums.given, sums.taken, rounded, low, high)
