"""Ask whether slots were seen in proportion to the declared weights: the sample-ratio mismatch test.

It may be looked at at any time (Lindon and Malek, Anytime-Valid Inference for Multinomial Count Data, NeurIPS 2022):
the Bayes factor of the counts under weights that are near the declared ones, against the declared ones themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, lgamma, log
from typing import Final

SOURCE: Final = "Lindon and Malek, Anytime-Valid Inference for Multinomial Count Data, NeurIPS 2022"
_PRIOR: Final = 100.0
"""How near: as near as the shares of a hundred slots are."""


def p_value(counts: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """Return the p-value of counts by variant against weights by variant; it may be looked at at any time."""
    whole, seen = sum(weights.values()), sum(counts.values())
    factor = lgamma(_PRIOR) - lgamma(_PRIOR + seen)
    for variant, weight in weights.items():
        share = weight / whole
        count = counts.get(variant, 0)
        factor += lgamma(_PRIOR * share + count) - lgamma(_PRIOR * share) - count * log(share)
    return exp(min(0.0, max(-factor, -700.0)))
