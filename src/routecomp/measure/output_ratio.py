"""Measure how many tokens models answer for each one that they are sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, sqrt
from typing import Final

from routecomp.measure.clusters import ratio
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
    """The calls of a model so far: sums over calls, and over tenants and days, since those of one tenant are alike.

    No call is kept: of the squares by which calls depart from the ratio three sums tell the total, exactly.
    """

    days: defaultdict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    calls: int = 0
    given: int = 0
    taken: int = 0
    given_squared: int = 0
    both: int = 0
    taken_squared: int = 0

    def add(self, given: int, taken: int) -> None:
        """Add a call."""
        self.calls += 1
        self.given += given
        self.taken += taken
        self.given_squared += given * given
        self.both += given * taken
        self.taken_squared += taken * taken


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
        sums.add(given, taken)
        day = sums.days[outcome.tenant or "", outcome.day]
        day[0] += given
        day[1] += taken
    return {slug: _ratio(models[slug]) for slug in sorted(models)}


def _ratio(sums: _Sums) -> OutputRatio:
    """Return the ratio of sums; the larger error counts, that of calls or that of tenants and days."""
    exact = Fraction(sums.taken, sums.given)
    rounded = floor(exact * ONE + Fraction(1, 2))
    low = high = None
    error = _error(sums, exact)
    by_days = ratio([(given, taken) for given, taken in sums.days.values()])
    if error is not None and by_days is not None:
        reach, value = _NORMAL * max(error, by_days.error), float(exact)
        low, high = max(0.0, value - reach), value + reach
    return OutputRatio(sums.calls, sums.given, sums.taken, rounded, low, high)


def _error(sums: _Sums, exact: Fraction) -> float | None:
    """Return the standard error of a ratio by calls, as `ratio` of clusters has it; None of a single call."""
    if sums.calls < 2:
        return None
    squares = sums.taken_squared - 2 * exact * sums.both + exact * exact * sums.given_squared
    return sqrt(squares * sums.calls / (sums.calls - 1)) / sums.given
