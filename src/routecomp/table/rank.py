"""Rank models under a policy with exact integers: no division, no floats.

A score is a sum of fractions with the same denominator for every model of a table (docs/semantics.md, section 4), so
scores are compared by their numerators. An order ranks *all* models: a model's score depends on no other model, so
the order of a route is this order restricted to the route's candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from routecomp.model.numbers import ONE
from routecomp.model.policy import EffectivePolicy
from routecomp.model.route import Model, Scoring, blended_cost


class Measured(NamedTuple):
    """The figures of one model that its score is made of, as integers.

    `quality` is in basis points. `blended` is the blended cost in 1/10,000 micro-dollars per million input tokens.
    `speed` is (1 - norm(latency)) times the width of the latency scale in milliseconds.
    """

    slug: str
    provider: str
    quality: int
    blended: int
    speed: int


def measure(slug: str, model: Model, scoring: Scoring) -> Measured:
    """Return the figures of a model that its score is made of."""
    width = scoring.latency_ms.worst - scoring.latency_ms.best
    excess = min(max(model.latency_ms - scoring.latency_ms.best, 0), width)
    return Measured(slug, model.provider, model.quality, blended_cost(model), width - excess)


class Ranker:
    """The models of a table, ready to be ranked under many policies."""

    def __init__(self, models: Iterable[Measured], scoring: Scoring) -> None:
        self._scoring = scoring
        # In the order of ties: sorting is stable, so that a policy only has to compare what comes before ties.
        self._models = sorted(models, key=lambda m: (m.blended, -m.quality, m.slug))
        self._saved: dict[int, list[int]] = {}

    def rank(self, policy: EffectivePolicy, *, penalised: bool) -> list[str]:
        """Return all slugs, best first, under a policy; `penalised` gives the order of fallbacks.

        Preferred providers first; then blended cost ascending (`cheapest`) or score descending (`weighted`);
        ties by blended cost ascending, quality descending, slug ascending (docs/semantics.md, section 4).
        """
        order = self._models
        if policy.objective != "cheapest":
            penalty = _penalty(policy, penalised=penalised)
            saved = self._saved.get(penalty)
            if saved is None:
                saved = self._saved[penalty] = _saved_cost(order, self._scoring, penalty)
            scores = _scores(order, saved, policy, self._scoring)
            order = [order[index] for index in sorted(range(len(order)), key=scores.__getitem__, reverse=True)]
        if policy.preferred_providers:
            preferred = frozenset(policy.preferred_providers)
            order = sorted(order, key=lambda m: m.provider not in preferred)
        return [m.slug for m in order]


def exact_score(model: Measured, policy: EffectivePolicy, scoring: Scoring, *, penalised: bool) -> Fraction:
    """Return a model's score, 0 to 1, as an exact fraction (docs/semantics.md, section 4), to show it to people.

    The objective and the preferred providers do not change it.
    """
    saved = _saved_cost([model], scoring, _penalty(policy, penalised=penalised))
    latency_width, cost_width = _widths(scoring)
    return Fraction(_scores([model], saved, policy, scoring)[0], ONE * ONE * latency_width * cost_width)


# score = wq*q/ONE**2 + wl*speed/(ONE*latency_width) + wc*saved/(ONE*cost_width); multiplied by
# ONE**2 * latency_width * cost_width it is a whole number. All models of a table share the denominator.


def _scores(models: list[Measured], saved: list[int], policy: EffectivePolicy, scoring: Scoring) -> list[int]:
    """Return the numerators of the models' scores; `saved` is from `_saved_cost`."""
    quality, latency, cost = policy.weights
    latency_width, cost_width = _widths(scoring)
    quality_factor = quality * latency_width * cost_width
    speed_factor = latency * ONE * cost_width
    cost_factor = cost * ONE * latency_width
    return [
        quality_factor * m.quality + speed_factor * m.speed + cost_factor * rest
        for m, rest in zip(models, saved, strict=True)
    ]


def _saved_cost(models: Iterable[Measured], scoring: Scoring, penalty: int) -> list[int]:
    """Return (1 - norm(cost)) of each model times the width of the cost scale, under a penalty."""
    best, width = scoring.cost.best * ONE * ONE, _widths(scoring)[1]
    return [width - min(max(m.blended * penalty - best, 0), width) for m in models]


def _penalty(policy: EffectivePolicy, *, penalised: bool) -> int:
    """Return the factor of cost, in basis points."""
    return ONE + (policy.fallback_cost_penalty_pct if penalised else 0)


def _widths(scoring: Scoring) -> tuple[int, int]:
    """Return the widths of the scales of latency and of cost.

    That of cost is in units of blended cost times ONE, because the penalty is in basis points.
    """
    return scoring.latency_ms.worst - scoring.latency_ms.best, (scoring.cost.worst - scoring.cost.best) * ONE * ONE
