"""List each feature's chain under each policy in the database, before any filter."""

from __future__ import annotations

from routecomp.sql.schema import View
from routecomp.sql.views.ranks import PENALISED_LIMBS, PENALISED_WHOLE

_CHAIN = """\
, policy_fallbacks AS (
  SELECT tenant, fallback_enabled FROM {{tenant_routing_policy}}
  UNION ALL
  SELECT NULL AS tenant, fallback_enabled FROM {{routing_defaults}}
), ranked AS (
  SELECT tenant, model, {place} AS place FROM scored WHERE fallback_enabled
), declared AS (
  SELECT feature, 0 AS tier, 0 AS place, model FROM {{feature_models}} WHERE status = 'primary'
  UNION ALL
  SELECT f.feature, 1 AS tier, min(f.position) AS place, f.model FROM {{feature_fallbacks}} f
  WHERE NOT EXISTS (SELECT 1 FROM {{feature_models}} r
    WHERE r.feature = f.feature AND r.model = f.model AND r.status = 'primary')
  GROUP BY f.feature, f.model
), candidates AS (
  SELECT f.feature, m.model FROM {{features}} f JOIN {{targets}} t ON t.target = f.then_target
    JOIN {{models}} m ON m.active AND m.listed
    JOIN {{providers}} p ON p.provider = m.provider
  WHERE (t.candidates = 'all'
      OR (t.candidates = 'logical' AND m.logical_slug = t.logical_slug)
      OR (t.candidates = 'models' AND EXISTS (SELECT 1 FROM {{target_models}} c
        WHERE c.target = t.target AND c.model = m.model))
      OR (t.candidates = 'stacks' AND EXISTS (SELECT 1 FROM {{target_stacks}} c
        WHERE c.target = t.target AND c.stack = p.stack)))
    AND NOT EXISTS (SELECT 1 FROM {{feature_models}} r
      WHERE r.feature = f.feature AND r.model = m.model AND r.status IN ('primary', 'retired'))
    AND NOT EXISTS (SELECT 1 FROM {{feature_fallbacks}} r WHERE r.feature = f.feature AND r.model = m.model)
), links AS (
  SELECT t.tenant, d.feature, d.tier, d.place, d.model FROM policy_fallbacks t CROSS JOIN declared d
  WHERE t.fallback_enabled OR d.tier = 0
  UNION ALL
  SELECT r.tenant, c.feature, 2 AS tier, r.place, c.model FROM candidates c JOIN ranked r ON r.model = c.model
)
SELECT tenant, feature, row_number() OVER (PARTITION BY tenant, feature ORDER BY tier, place) AS position, model,
  CASE tier WHEN 0 THEN 'primary' WHEN 1 THEN 'fallback' ELSE 'then' END AS origin
FROM links"""

FEATURE_CHAINS = View(
    "feature_chains",
    "The models that a feature tries for each tenant, in order, from 1, before any filter and any share; where the "
    "tenant is NULL, for requests without one.",
    ("tenant", "feature", "position", "model", "origin"),
    *(scored + _CHAIN.format(place=place) for scored, place in (PENALISED_WHOLE, PENALISED_LIMBS)),
)
