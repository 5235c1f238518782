"""List in the database which variant, and which model, answers each slot of a public model id."""

from __future__ import annotations

from routecomp.model.vocabulary import SLOTS
from routecomp.sql.schema import View

EXPERIMENT_SLOTS = View(
    "experiment_slots",
    "The variant and the model that serve each range of slots of a public model id today: one whole range where one "
    "variant serves everyone, without a variant where the experiment is paused and rejects.",
    ("public_model_id", "first_slot", "last_slot", "experiment", "status", "variant", "version", "model"),
    f"""\
WITH answering AS (
  SELECT e.experiment, e.public_model_id, e.status, e.on_pause, e.winner FROM {{model_experiment}} e
  WHERE NOT e.archived AND (e.status IN ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM {{model_experiment}} o WHERE o.public_model_id = e.public_model_id AND NOT o.archived
      AND o.status IN ('active', 'paused'))))
), serving AS (
  SELECT v.experiment, v.variant, v.version, v.model FROM {{model_experiment_variant_version}} v
  WHERE NOT v.withdrawn AND NOT EXISTS (SELECT 1 FROM {{model_experiment_variant_version}} n
    WHERE n.experiment = v.experiment AND n.variant = v.variant AND NOT n.withdrawn AND n.version > v.version)
), owned AS (
  SELECT experiment, variant, first_slot, last_slot FROM {{model_experiment_variant_slot}}
  UNION ALL
  SELECT w.experiment, w.variant, w.until - w.weight_bp AS first_slot, w.until - 1 AS last_slot FROM (
    SELECT v.experiment, v.variant, v.weight_bp,
      sum(v.weight_bp) OVER (PARTITION BY v.experiment ORDER BY v.position) AS until
    FROM {{model_experiment_variant}} v) w
  WHERE NOT EXISTS (SELECT 1 FROM {{model_experiment_variant_slot}} s WHERE s.experiment = w.experiment)
), assigned AS (
  SELECT a.public_model_id, o.first_slot, o.last_slot, a.experiment, a.status, o.variant
  FROM answering a JOIN owned o ON o.experiment = a.experiment WHERE a.status = 'active'
  UNION ALL
  SELECT a.public_model_id, 0 AS first_slot, {SLOTS - 1} AS last_slot, a.experiment, a.status,
    CASE WHEN a.status = 'completed' THEN a.winner WHEN a.on_pause = 'control' THEN (
      SELECT v.variant FROM {{model_experiment_variant}} v
      WHERE v.experiment = a.experiment AND v.position = 0) END AS variant
  FROM answering a WHERE a.status <> 'active'
)
SELECT a.public_model_id, a.first_slot, a.last_slot, a.experiment, a.status, a.variant, s.version, s.model
FROM assigned a LEFT JOIN serving s ON s.experiment = a.experiment AND s.variant = a.variant""",
)
