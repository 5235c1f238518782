-- Migration 0016: the way back, 1 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: model_experiment assistant-plus-2 is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM model_experiment WHERE experiment = 'assistant-plus-2' AND on_unavailable = 'control')) IS NOT TRUE;

UPDATE model_experiment SET on_unavailable = 'reject'
WHERE experiment = 'assistant-plus-2' AND on_unavailable = 'control';

INSERT INTO routecomp_assert (what, ok) SELECT 'experiments_weights_sum: experiment assistant-plus-2 has variant weights that do not add up to 1', 0
WHERE (NOT ((SELECT coalesce(sum(v.weight_bp), 10000) FROM model_experiment_variant v WHERE v.experiment = 'assistant-plus-2') <> 10000)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'experiments_have_variants: experiment assistant-plus-2 runs with fewer than two variants', 0
WHERE (NOT (EXISTS (SELECT 1 FROM model_experiment e WHERE e.experiment = 'assistant-plus-2' AND e.status IN ('active', 'paused')) AND (SELECT count(*) FROM model_experiment_variant v WHERE v.experiment = 'assistant-plus-2') < 2)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'experiments_have_versions: experiment assistant-plus-2 has a variant without a version', 0
WHERE (NOT (EXISTS (SELECT 1 FROM model_experiment e WHERE e.experiment = 'assistant-plus-2' AND (e.status IN ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL))) AND EXISTS (SELECT 1 FROM model_experiment_variant v WHERE v.experiment = 'assistant-plus-2' AND NOT EXISTS (SELECT 1 FROM model_experiment_variant_version x WHERE x.experiment = 'assistant-plus-2' AND NOT x.withdrawn AND x.variant = v.variant)))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'experiments_versions_in_order: experiment assistant-plus-2 has versions that are not 1, 2, 3 … in order', 0
WHERE (NOT (EXISTS (SELECT 1 FROM model_experiment_variant_version x WHERE x.experiment = 'assistant-plus-2' AND NOT x.withdrawn GROUP BY x.variant HAVING max(x.version) <> count(*)))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'experiments_slots_owned: experiment assistant-plus-2 has slots that do not match its variants'' weights', 0
WHERE (NOT (EXISTS (SELECT 1 FROM model_experiment_variant_slot s WHERE s.experiment = 'assistant-plus-2') AND EXISTS (SELECT 1 FROM model_experiment_variant v WHERE v.experiment = 'assistant-plus-2' AND v.weight_bp <> (SELECT coalesce(sum(s.last_slot - s.first_slot + 1), 0) FROM model_experiment_variant_slot s WHERE s.experiment = 'assistant-plus-2' AND s.variant = v.variant)))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'experiments_slots_apart: experiment assistant-plus-2 has a slot that two ranges own', 0
WHERE (NOT (EXISTS (SELECT 1 FROM model_experiment_variant_slot a JOIN model_experiment_variant_slot b ON a.experiment = b.experiment AND a.first_slot < b.first_slot AND a.last_slot >= b.first_slot WHERE a.experiment = 'assistant-plus-2'))) IS NOT TRUE;

COMMIT;
