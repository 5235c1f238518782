"""Rank models under a policy with exact integers: no division, no floats.

A score is a sum of fractions with the same denominator for every model of a table (docs/semantics.md, section 4), so
scores are compared by their numerators. An order ranks *all* models: a model's score depends on no other model, so
the order of a route is this order restricted to the route's candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from routecomp.model.numbers import ONE
from routecomp.model.policy import EffectivePolicy
from routecomp.model.route import Model, Scoring


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one model that its score is made of, as integers.

    `quality` is in basis points. `blended` is the blended cost in 1/10,000 micro-dollars per million input tokens.
    `speed` is (1 - norm(latency)) times the width of the latency scale in milliseconds.
    """

    slug: str
    provider: str
    quality: int
    blended: int
    speed: int


def blended_cost(model: Model) -> int:
    """Return input price + output_ratio x output price, in 1/10,000 micro-dollars per million input tokens."""
    return model.price.input * ONE + model.output_ratio * model.price.output


def measure(slug: str, model: Model, scoring: Scoring) -> Measured:
    """Return the figures of a model that its score is made of."""
    width = scoring.latency_ms.worst - scoring.latency_ms.best
    excess = min(max(model.latency_ms - scoring.latency_ms.best, 0), width)
    return Measured(slug, model.provider, model.quality, blended_cost(model), width - excess)


def rank_models(models: Iterable[Measured], policy: EffectivePolicy, scoring: Scoring, *, penalised: bool) -> list[str]:
    """Return all slugs, best first, under a policy; `penalised` gives the order of fallbacks.

    Preferred providers first; then blended cost ascending (`cheapest`) or score descending (`weighted`);
    ties by blended cost ascending, quality descending, slug ascending (docs/semantics.md, section 4).
    """
    preferred = frozenset(policy.preferred_providers)
    if policy.objective == "cheapest":
        return [
            m.slug for m in sorted(models, key=lambda m: (m.provider not in preferred, m.blended, -m.quality, m.slug))
        ]
    score = _Scorer(policy, scoring, penalised=penalised)
    return [
        m.slug
        for m in sorted(models, key=lambda m: (m.provider not in preferred, -score(m), m.blended, -m.quality, m.slug))
    ]


def exact_score(model: Measured, policy: EffectivePolicy, scoring: Scoring, *, penalised: bool) -> Fraction:
    """Return a model's score, 0 to 1, as an exact fraction (docs/semantics.md, section 4), to show it to people.

    The objective and the preferred providers do not change it.
    """
    scorer = _Scorer(policy, scoring, penalised=penalised)
    latency_width = scoring.latency_ms.worst - scoring.latency_ms.best
    return Fraction(scorer(model), ONE * ONE * latency_width * scorer.width)


class _Scorer:
    """A function from a model to the numerator of its score; all models of a table share the denominator.

    score = wq*q/ONE**2 + wl*speed/(ONE*latency_width) + wc*saved/(ONE*cost_width); multiplied by
    ONE**2 * latency_width * cost_width it is a whole number.
    """

    __slots__ = ("best", "cost_factor", "penalty", "quality_factor", "speed_factor", "width")

    def __init__(self, policy: EffectivePolicy, scoring: Scoring, *, penalised: bool) -> None:
        quality, latency, cost = policy.weights
        # The cost scale in units of blended cost, times ONE once more because the penalty is in basis points.
        self.penalty = ONE + (policy.fallback_cost_penalty_pct if penalised else 0)
        self.best = scoring.cost.best * ONE * ONE
        self.width = (scoring.cost.worst - scoring.cost.best) * ONE * ONE
        latency_width = scoring.latency_ms.worst - scoring.latency_ms.best
        self.quality_factor = quality * latency_width * self.width
        self.speed_factor = latency * ONE * self.width
        self.cost_factor = cost * ONE * latency_width

    def __call__(self, model: Measured) -> int:
        cost = min(max(model.blended * self.penalty - self.best, 0), self.width)
        return (
            self.quality_factor * model.quality
            + self.speed_factor * model.speed
            + self.cost_factor * (self.width - cost)
        )
