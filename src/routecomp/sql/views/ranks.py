"""Rank models in the database as docs/semantics.md does: exactly, with whole numbers alone.

A score is a sum of fractions that have the same denominator for all models (`table.rank`), so numerators are compared.
They have up to 38 digits. A database whose numbers have 64 bits gets them in limbs of eight digits.
"""

from __future__ import annotations

from routecomp.model.numbers import ONE
from routecomp.sql.schema import View

_LIMB = 10**8
"""What a limb is below. It is `ONE` times `ONE`: a scale of cost has as many units to a micro-dollar."""
_STEP = ONE // 100
"""Weights are whole multiples of it (`TABLE_weights_steps`)."""


def _arm(tenant: str, policies: str, preferred: str, same: str, divisor: int) -> str:
    """Return the query for each policy of a table with each model, of which `costs` has the figures.

    `outside` is 0 for models of providers that the policy prefers. Under `cheapest` all weights are 0.
    """
    by = f" / {divisor}" if divisor > 1 else ""
    weights = ",\n".join(
        f"    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_{name}_bp{by} END AS w{name[0]}"
        for name in ("quality", "latency", "cost")
    )
    return (
        f"  SELECT {tenant} AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,\n{weights},\n"
        f"    {ONE} + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled\n"
        f"  FROM {policies} p CROSS JOIN costs c LEFT JOIN {preferred} f ON {same}f.provider = c.provider"
    )


def _policies(divisor: int = 1) -> str:
    """Return the query for all policies: those of tenants, and the one of requests without a tenant."""
    tenants = _arm(
        "p.tenant", "{tenant_routing_policy}", "{tenant_preferred_providers}", "f.tenant = p.tenant AND ", divisor
    )
    return (
        tenants + "\n  UNION ALL\n" + _arm("NULL", "{routing_defaults}", "{default_preferred_providers}", "", divisor)
    )


_SPEED = """\
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM {models} m CROSS JOIN {routing_scoring} s"""
"""(1 - norm(latency)) times the width of its scale."""


def _saved(cost: str) -> str:
    """Return (1 - norm(cost)) times the width of its scale."""
    return f"CASE WHEN {cost} <= best THEN width WHEN {cost} >= worst THEN 0 ELSE worst - {cost} END"


_WHOLE = f"""\
WITH costs AS (
  SELECT m.model, m.provider, m.quality_bp, m.input_pusd * {ONE} + m.output_ratio_bp * m.output_pusd AS blended,
    s.cost_best_pusd * {_LIMB} AS best, s.cost_worst_pusd * {_LIMB} AS worst,
    (s.cost_worst_pusd - s.cost_best_pusd) * {_LIMB} AS width, s.latency_worst_ms - s.latency_best_ms AS duration,
{_SPEED}
), policies AS (
{_policies()}
), priced AS (
  SELECT policies.*, blended * {ONE} AS plain_cost, blended * penalty AS fallback_cost,
    width * (wq * quality_bp * duration + wl * {ONE} * speed) AS fixed
  FROM policies
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended, quality_bp,
    fixed + wc * {ONE} * duration * ({_saved("plain_cost")}) AS score,
    fixed + wc * {ONE} * duration * ({_saved("fallback_cost")}) AS penalised_score
  FROM priced
)"""

# Two limbs are two columns, the higher first: blended_1, blended_0. Products of an output price are split in halves,
# price = 10**6 * high + low, so that each is below 2**63 at the bounds of docs/semantics.md, section 2:
# blended = ratio * high * 10**6 + (ratio * low + input * 10**4). Then
# score = width * a + b * saved, with a and b below 10**16, width and saved = 10**8 * saved_1 + saved_0 up to 10**20.
_MILLION = 10**6


def _saved_limbs(order: str) -> str:
    """Return the columns of (1 - norm(cost)) times the width of its scale, in an order."""
    cost, name = f"{order}_cost", f"{order}_saved"
    return (
        f"CASE WHEN {cost}_1 < best THEN width WHEN {cost}_1 >= worst THEN 0\n"
        f"      ELSE worst - {cost}_1 - ({cost}_0 > 0) END AS {name}_1,\n"
        f"    CASE WHEN {cost}_1 < best OR {cost}_1 >= worst OR {cost}_0 = 0 THEN 0\n"
        f"      ELSE {_LIMB} - {cost}_0 END AS {name}_0"
    )


def _products(name: str, saved: str) -> str:
    """Return the columns of the score's products by their power of a limb, without carrying."""
    a, b, width, cost = (
        [f"({value} % {_LIMB})", f"({value} / {_LIMB})"] for value in ("a", "b", "width", f"{saved}_1")
    )
    return (
        f"{b[0]} * {saved}_0 AS {name}_0,\n"
        f"    {b[1]} * {saved}_0 + {a[0]} * {width[0]} + {b[0]} * {cost[0]} AS {name}_1,\n"
        f"    {a[1]} * {width[0]} + {a[0]} * {width[1]} + {b[1]} * {cost[0]} + {b[0]} * {cost[1]} AS {name}_2,\n"
        f"    {a[1]} * {width[1]} + {b[1]} * {cost[1]} AS {name}_3"
    )


def _carried(name: str) -> str:
    """Return the columns of a score that are compared one after the other: its first limbs, two limbs, and the last."""
    first = f"({name}_1 + {name}_0 / {_LIMB})"
    second = f"({name}_2 + {first} / {_LIMB})"
    return (
        f"{name}_3 + {second} / {_LIMB} AS {name}_high,\n"
        f"    {second} % {_LIMB} * {_LIMB} + {first} % {_LIMB} AS {name}_middle, {name}_0 % {_LIMB} AS {name}_low"
    )


_LIMBS = f"""\
WITH halves AS (
  SELECT m.model, m.provider, m.quality_bp, m.output_ratio_bp * (m.output_pusd / {_MILLION}) AS high,
    m.output_ratio_bp * (m.output_pusd % {_MILLION}) + m.input_pusd * {ONE} AS low,
    s.cost_best_pusd AS best, s.cost_worst_pusd AS worst, s.cost_worst_pusd - s.cost_best_pusd AS width,
    s.latency_worst_ms - s.latency_best_ms AS duration,
{_SPEED}
), costs AS (
  SELECT halves.*, high / 100 + low / {_LIMB} + (high % 100 * {_MILLION} + low % {_LIMB}) / {_LIMB} AS blended_1,
    (high % 100 * {_MILLION} + low % {_LIMB}) % {_LIMB} AS blended_0
  FROM halves
), policies AS (
{_policies(_STEP)}
), priced AS (
  SELECT policies.*, wq * quality_bp * duration + {ONE} * wl * speed AS a, {ONE} * wc * duration AS b,
    blended_1 * {ONE} + blended_0 * {ONE} / {_LIMB} AS plain_cost_1, blended_0 * {ONE} % {_LIMB} AS plain_cost_0,
    blended_1 * penalty + blended_0 * penalty / {_LIMB} AS fallback_cost_1,
    blended_0 * penalty % {_LIMB} AS fallback_cost_0
  FROM policies
), saved AS (
  SELECT priced.*, {_saved_limbs("plain")},
    {_saved_limbs("fallback")}
  FROM priced
), products AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    {_products("score", "plain_saved")},
    {_products("penalised", "fallback_saved")}
  FROM saved
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    {_carried("score")},
    {_carried("penalised")}
  FROM products
)"""


def _place(score: str, blended: str) -> str:
    """Return the place in an order, from 1: its score, then ties (docs/semantics.md, section 4)."""
    order = f"outside, {score}, {blended}, quality_bp DESC, model{{by_bytes}}"
    return f"row_number() OVER (PARTITION BY tenant ORDER BY {order})"


PENALISED_WHOLE = _WHOLE, _place("penalised_score DESC", "blended")
PENALISED_LIMBS = (
    _LIMBS,
    _place("penalised_high DESC, penalised_middle DESC, penalised_low DESC", "blended_1, blended_0"),
)
"""What is scored, as queries for WITH, and the place of a row of `scored` in the penalised order."""


def _ranks(scored: str, plain: str, penalised: str) -> str:
    return f"{scored}\nSELECT tenant, model, {plain} AS plain_rank,\n  {penalised} AS penalised_rank\nFROM scored"


MODEL_RANKS = View(
    "model_ranks",
    "The place of each model in the plain and the penalised order of each tenant's policy, from 1; where the tenant is "
    "NULL, of requests without one.",
    ("tenant", "model", "plain_rank", "penalised_rank"),
    _ranks(_WHOLE, _place("score DESC", "blended"), PENALISED_WHOLE[1]),
    _ranks(
        _LIMBS, _place("score_high DESC, score_middle DESC, score_low DESC", "blended_1, blended_0"), PENALISED_LIMBS[1]
    ),
)
