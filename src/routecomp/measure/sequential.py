"""Judge a difference that is looked at again and again while it grows: bounds and p-values that hold at every look.

The bound is Robbins' normal mixture: a confidence sequence that is asymptotic in the number of clusters. It was
published for A/B tests as the mixture sequential probability ratio test (Johari, Koomen, Pekelis and Walsh, Always
Valid Inference, Operations Research 70, 2022), and for estimators such as those of this room by Waudby-Smith, Arbour,
Sinha, Kennedy and Ramdas (Time-uniform central limit theory and asymptotic confidence sequences, Annals of Statistics
52, 2024). Time is the information that an estimate holds (Scharfstein, Tsiatis and Robins, JASA 92, 1997), counted
in calls: how many independent ones would tell as much.
"""

from __future__ import annotations

from math import exp, log, log1p, sqrt
from typing import Final

SOURCE: Final = (
    "normal-mixture confidence sequences: Johari et al., Always Valid Inference, Operations Research 70 (2022); "
    "Waudby-Smith et al., Asymptotic confidence sequences, Annals of Statistics 52 (2024)"
)
TUNED_FOR: Final = 300.0
"""The information, in calls, at which the bound is tightest. At any other it holds too: at a hundred times as much
it is an eighth wider than it could be."""


def radius(error: float, scale: float, level: float) -> float:
    """Return how far from an estimate the truth may be: at no look, with a probability of 1 - level, is it farther.

    `error` is the estimate's standard error, `scale` the standard deviation of one call. Both are above 0.
    """
    spread = _spread(level) * (scale / error) ** 2
    return error * sqrt(2 * (1 + 1 / spread) * (log(1 / level) + log1p(spread) / 2))


def p_value(estimate: float, error: float, scale: float, level: float) -> float:
    """Return the p-value of an estimate against 0; it may be looked at at any time, and stays at most 1.

    It is below `level` exactly where `radius` is less than the estimate is from 0.
    """
    spread = _spread(level) * (scale / error) ** 2
    exponent = log1p(spread) / 2 - spread / (1 + spread) * (estimate / error) ** 2 / 2
    return exp(min(0.0, max(exponent, -700.0)))


def _spread(level: float) -> float:
    """Return the variance of the mixture, in the unit of 1 / information, that is best at `TUNED_FOR`."""
    return (-2 * log(level) + log(1 - 2 * log(level))) / TUNED_FOR
