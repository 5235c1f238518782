-- Migration 0024: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

CREATE FUNCTION public.routecomp_routing_outcomes_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.day >= '0001-01-01' AND NEW.day <= '9999-12-31') THEN 'routing_outcomes_day_check'
    WHEN NOT (NEW.route IS NULL OR (NEW.route IN ('feature', 'target', 'logical', 'experiment', 'direct'))) THEN 'routing_outcomes_route_check'
    WHEN NOT (NEW.source IS NULL OR (NEW.source IN ('table', 'default_route', 'default_model', 'last_resort'))) THEN 'routing_outcomes_source_check'
    WHEN NOT (NEW.status IN ('ok', 'rejected_policy', 'rejected_unavailable', 'rejected_floor', 'rejected_cost', 'rejected_experiment', 'unknown_model')) THEN 'routing_outcomes_status_check'
    WHEN NOT (NEW.outcome IN ('succeeded', 'fell_back', 'failed', 'rejected', 'cancelled')) THEN 'routing_outcomes_outcome_check'
    WHEN NOT (NEW.model IS NULL OR (NEW.model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_model_check'
    WHEN NOT (NEW.answered_by IS NULL OR (NEW.answered_by COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_answered_by_check'
    WHEN NOT (NEW.experiment IS NULL OR (NEW.experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_experiment_check'
    WHEN NOT (NEW.variant IS NULL OR (NEW.variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_variant_check'
    WHEN NOT (NEW.version IS NULL OR (NEW.version >= 1 AND NEW.version <= 1000000000 AND NEW.version = trunc(NEW.version))) THEN 'routing_outcomes_version_check'
    WHEN NOT (NEW.slot IS NULL OR (NEW.slot >= 0 AND NEW.slot <= 9999 AND NEW.slot = trunc(NEW.slot))) THEN 'routing_outcomes_slot_check'
    WHEN NOT (NEW.latency_ms IS NULL OR (NEW.latency_ms >= 0 AND NEW.latency_ms <= 1000000000 AND NEW.latency_ms = trunc(NEW.latency_ms))) THEN 'routing_outcomes_latency_ms_check'
    WHEN NOT (NEW.first_token_ms IS NULL OR (NEW.first_token_ms >= 0 AND NEW.first_token_ms <= 1000000000 AND NEW.first_token_ms = trunc(NEW.first_token_ms))) THEN 'routing_outcomes_first_token_ms_check'
    WHEN NOT (NEW.input_tokens IS NULL OR (NEW.input_tokens >= 0 AND NEW.input_tokens <= 1000000000 AND NEW.input_tokens = trunc(NEW.input_tokens))) THEN 'routing_outcomes_input_tokens_check'
    WHEN NOT (NEW.output_tokens IS NULL OR (NEW.output_tokens >= 0 AND NEW.output_tokens <= 1000000000 AND NEW.output_tokens = trunc(NEW.output_tokens))) THEN 'routing_outcomes_output_tokens_check'
    WHEN NOT (NEW.cost_pusd IS NULL OR (NEW.cost_pusd >= 0 AND NEW.cost_pusd <= 9223372036854775807 AND NEW.cost_pusd = trunc(NEW.cost_pusd))) THEN 'routing_outcomes_cost_pusd_check'
    WHEN NOT (CAST(NEW.begun_at AT TIME ZONE 'UTC' AS DATE) = NEW.day) THEN 'routing_outcomes_day_of_call'
    WHEN NOT (NEW.outcome = 'rejected' OR (NEW.status <> 'unknown_model' AND substr(NEW.status, 1, 9) <> 'rejected_')) THEN 'routing_outcomes_rejected'
    WHEN NOT (NEW.outcome <> 'rejected' OR NEW.answered_by IS NULL) THEN 'routing_outcomes_rejected_unanswered'
    WHEN NOT (substr(NEW.reasons, 1, 1) = '[') THEN 'routing_outcomes_reasons_list'
    END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'a row of routing_outcomes violates %', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'routing_outcomes';
  END IF;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_routing_attempts_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.day >= '0001-01-01' AND NEW.day <= '9999-12-31') THEN 'routing_attempts_day_check'
    WHEN NOT (NEW.number >= 1 AND NEW.number <= 1000000000 AND NEW.number = trunc(NEW.number)) THEN 'routing_attempts_number_check'
    WHEN NOT (NEW.model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$') THEN 'routing_attempts_model_check'
    WHEN NOT (NEW.outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')) THEN 'routing_attempts_outcome_check'
    WHEN NOT (NEW.latency_ms IS NULL OR (NEW.latency_ms >= 0 AND NEW.latency_ms <= 1000000000 AND NEW.latency_ms = trunc(NEW.latency_ms))) THEN 'routing_attempts_latency_ms_check'
    END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'a row of routing_attempts violates %', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'routing_attempts';
  END IF;
  RETURN NULL;
END
$body$;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_day_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_route_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_source_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_status_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_outcome_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_model_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_answered_by_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_experiment_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_variant_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_version_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_slot_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_latency_ms_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_first_token_ms_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_input_tokens_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_output_tokens_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_cost_pusd_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_day_of_call;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_rejected;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_rejected_unanswered;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_outcomes DROP CONSTRAINT routing_outcomes_reasons_list;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_attempts DROP CONSTRAINT routing_attempts_day_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_attempts DROP CONSTRAINT routing_attempts_number_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_attempts DROP CONSTRAINT routing_attempts_model_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_attempts DROP CONSTRAINT routing_attempts_outcome_check;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.routing_attempts DROP CONSTRAINT routing_attempts_latency_ms_check;

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON TABLE public.routing_presets IS 'The five presets; a tenant''s row already holds what its preset says.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

CREATE TRIGGER routing_outcomes_holds AFTER INSERT OR UPDATE ON public.routing_outcomes
FOR EACH ROW EXECUTE FUNCTION public.routecomp_routing_outcomes_holds();

CREATE TRIGGER routing_attempts_holds AFTER INSERT OR UPDATE ON public.routing_attempts
FOR EACH ROW EXECUTE FUNCTION public.routecomp_routing_attempts_holds();

CREATE VIEW public.effective_policies (tenant, preset, banned_providers, banned_models, preferred_providers, stacks, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, budget_daily_cents, budget_monthly_cents) AS
SELECT p.tenant AS tenant,
  p.preset AS preset,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM public.tenant_banned_providers l WHERE l.tenant = p.tenant ORDER BY provider COLLATE "C") listed) AS banned_providers,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT model AS name FROM public.tenant_banned_models l WHERE l.tenant = p.tenant ORDER BY model COLLATE "C") listed) AS banned_models,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM public.tenant_preferred_providers l WHERE l.tenant = p.tenant ORDER BY provider COLLATE "C") listed) AS preferred_providers,
  (SELECT '[' || string_agg('"' || name || '"', ',') || ']' FROM (SELECT stack AS name FROM public.tenant_stacks l WHERE l.tenant = p.tenant ORDER BY stack COLLATE "C") listed) AS stacks,
  p.objective AS objective,
  p.weight_quality_bp AS weight_quality_bp,
  p.weight_latency_bp AS weight_latency_bp,
  p.weight_cost_bp AS weight_cost_bp,
  p.min_quality_bp AS min_quality_bp,
  p.fallback_enabled AS fallback_enabled,
  p.fallback_cost_penalty_bp AS fallback_cost_penalty_bp,
  p.compliance_veto_threshold_bp AS compliance_veto_threshold_bp,
  p.max_quality_loss_bp AS max_quality_loss_bp,
  p.budget_daily_cents AS budget_daily_cents,
  p.budget_monthly_cents AS budget_monthly_cents
FROM public.tenant_routing_policy p
UNION ALL
SELECT NULL AS tenant,
  p.preset AS preset,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM public.default_banned_providers l ORDER BY provider COLLATE "C") listed) AS banned_providers,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT model AS name FROM public.default_banned_models l ORDER BY model COLLATE "C") listed) AS banned_models,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM public.default_preferred_providers l ORDER BY provider COLLATE "C") listed) AS preferred_providers,
  (SELECT '[' || string_agg('"' || name || '"', ',') || ']' FROM (SELECT stack AS name FROM public.default_stacks l ORDER BY stack COLLATE "C") listed) AS stacks,
  p.objective AS objective,
  p.weight_quality_bp AS weight_quality_bp,
  p.weight_latency_bp AS weight_latency_bp,
  p.weight_cost_bp AS weight_cost_bp,
  p.min_quality_bp AS min_quality_bp,
  p.fallback_enabled AS fallback_enabled,
  p.fallback_cost_penalty_bp AS fallback_cost_penalty_bp,
  p.compliance_veto_threshold_bp AS compliance_veto_threshold_bp,
  p.max_quality_loss_bp AS max_quality_loss_bp,
  NULL AS budget_daily_cents,
  NULL AS budget_monthly_cents
FROM public.routing_defaults p;

CREATE VIEW public.model_ranks (tenant, model, plain_rank, penalised_rank) AS
WITH costs AS (
  SELECT m.model, m.provider, m.quality_bp, m.input_pusd * 10000 + m.output_ratio_bp * m.output_pusd AS blended,
    s.cost_best_pusd * 100000000 AS best, s.cost_worst_pusd * 100000000 AS worst,
    (s.cost_worst_pusd - s.cost_best_pusd) * 100000000 AS width, s.latency_worst_ms - s.latency_best_ms AS duration,
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM public.models m CROSS JOIN public.routing_scoring s
), policies AS (
  SELECT p.tenant AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM public.tenant_routing_policy p CROSS JOIN costs c LEFT JOIN public.tenant_preferred_providers f ON f.tenant = p.tenant AND f.provider = c.provider
  UNION ALL
  SELECT NULL AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM public.routing_defaults p CROSS JOIN costs c LEFT JOIN public.default_preferred_providers f ON f.provider = c.provider
), priced AS (
  SELECT policies.*, blended * 10000 AS plain_cost, blended * penalty AS fallback_cost,
    width * (wq * quality_bp * duration + wl * 10000 * speed) AS fixed
  FROM policies
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended, quality_bp,
    fixed + wc * 10000 * duration * (CASE WHEN plain_cost <= best THEN width WHEN plain_cost >= worst THEN 0 ELSE worst - plain_cost END) AS score,
    fixed + wc * 10000 * duration * (CASE WHEN fallback_cost <= best THEN width WHEN fallback_cost >= worst THEN 0 ELSE worst - fallback_cost END) AS penalised_score
  FROM priced
)
SELECT tenant, model, row_number() OVER (PARTITION BY tenant ORDER BY outside, score DESC, blended, quality_bp DESC, model COLLATE "C") AS plain_rank,
  row_number() OVER (PARTITION BY tenant ORDER BY outside, penalised_score DESC, blended, quality_bp DESC, model COLLATE "C") AS penalised_rank
FROM scored;

CREATE VIEW public.feature_chains (tenant, feature, position, model, origin) AS
WITH costs AS (
  SELECT m.model, m.provider, m.quality_bp, m.input_pusd * 10000 + m.output_ratio_bp * m.output_pusd AS blended,
    s.cost_best_pusd * 100000000 AS best, s.cost_worst_pusd * 100000000 AS worst,
    (s.cost_worst_pusd - s.cost_best_pusd) * 100000000 AS width, s.latency_worst_ms - s.latency_best_ms AS duration,
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM public.models m CROSS JOIN public.routing_scoring s
), policies AS (
  SELECT p.tenant AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM public.tenant_routing_policy p CROSS JOIN costs c LEFT JOIN public.tenant_preferred_providers f ON f.tenant = p.tenant AND f.provider = c.provider
  UNION ALL
  SELECT NULL AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM public.routing_defaults p CROSS JOIN costs c LEFT JOIN public.default_preferred_providers f ON f.provider = c.provider
), priced AS (
  SELECT policies.*, blended * 10000 AS plain_cost, blended * penalty AS fallback_cost,
    width * (wq * quality_bp * duration + wl * 10000 * speed) AS fixed
  FROM policies
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended, quality_bp,
    fixed + wc * 10000 * duration * (CASE WHEN plain_cost <= best THEN width WHEN plain_cost >= worst THEN 0 ELSE worst - plain_cost END) AS score,
    fixed + wc * 10000 * duration * (CASE WHEN fallback_cost <= best THEN width WHEN fallback_cost >= worst THEN 0 ELSE worst - fallback_cost END) AS penalised_score
  FROM priced
), policy_fallbacks AS (
  SELECT tenant, fallback_enabled FROM public.tenant_routing_policy
  UNION ALL
  SELECT NULL AS tenant, fallback_enabled FROM public.routing_defaults
), ranked AS (
  SELECT tenant, model, row_number() OVER (PARTITION BY tenant ORDER BY outside, penalised_score DESC, blended, quality_bp DESC, model COLLATE "C") AS place FROM scored WHERE fallback_enabled
), declared AS (
  SELECT feature, 0 AS tier, 0 AS place, model FROM public.feature_models WHERE status = 'primary'
  UNION ALL
  SELECT f.feature, 1 AS tier, min(f.position) AS place, f.model FROM public.feature_fallbacks f
  WHERE NOT EXISTS (SELECT 1 FROM public.feature_models r
    WHERE r.feature = f.feature AND r.model = f.model AND r.status = 'primary')
  GROUP BY f.feature, f.model
), candidates AS (
  SELECT f.feature, m.model FROM public.features f JOIN public.targets t ON t.target = f.then_target
    JOIN public.models m ON m.active AND m.listed
    JOIN public.providers p ON p.provider = m.provider
  WHERE (t.candidates = 'all'
      OR (t.candidates = 'logical' AND m.logical_slug = t.logical_slug)
      OR (t.candidates = 'models' AND EXISTS (SELECT 1 FROM public.target_models c
        WHERE c.target = t.target AND c.model = m.model))
      OR (t.candidates = 'stacks' AND EXISTS (SELECT 1 FROM public.target_stacks c
        WHERE c.target = t.target AND c.stack = p.stack)))
    AND NOT EXISTS (SELECT 1 FROM public.feature_models r
      WHERE r.feature = f.feature AND r.model = m.model AND r.status IN ('primary', 'retired'))
    AND NOT EXISTS (SELECT 1 FROM public.feature_fallbacks r WHERE r.feature = f.feature AND r.model = m.model)
), links AS (
  SELECT t.tenant, d.feature, d.tier, d.place, d.model FROM policy_fallbacks t CROSS JOIN declared d
  WHERE t.fallback_enabled OR d.tier = 0
  UNION ALL
  SELECT r.tenant, c.feature, 2 AS tier, r.place, c.model FROM candidates c JOIN ranked r ON r.model = c.model
)
SELECT tenant, feature, row_number() OVER (PARTITION BY tenant, feature ORDER BY tier, place) AS position, model,
  CASE tier WHEN 0 THEN 'primary' WHEN 1 THEN 'fallback' ELSE 'then' END AS origin
FROM links;

CREATE VIEW public.experiment_slots (public_model_id, first_slot, last_slot, experiment, status, variant, version, model) AS
WITH answering AS (
  SELECT e.experiment, e.public_model_id, e.status, e.on_pause, e.winner FROM public.model_experiment e
  WHERE NOT e.archived AND (e.status IN ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM public.model_experiment o WHERE o.public_model_id = e.public_model_id AND NOT o.archived
      AND o.status IN ('active', 'paused'))))
), serving AS (
  SELECT v.experiment, v.variant, v.version, v.model FROM public.model_experiment_variant_version v
  WHERE NOT v.withdrawn AND NOT EXISTS (SELECT 1 FROM public.model_experiment_variant_version n
    WHERE n.experiment = v.experiment AND n.variant = v.variant AND NOT n.withdrawn AND n.version > v.version)
), owned AS (
  SELECT experiment, variant, first_slot, last_slot FROM public.model_experiment_variant_slot
  UNION ALL
  SELECT w.experiment, w.variant, w.until - w.weight_bp AS first_slot, w.until - 1 AS last_slot FROM (
    SELECT v.experiment, v.variant, v.weight_bp,
      sum(v.weight_bp) OVER (PARTITION BY v.experiment ORDER BY v.position) AS until
    FROM public.model_experiment_variant v) w
  WHERE NOT EXISTS (SELECT 1 FROM public.model_experiment_variant_slot s WHERE s.experiment = w.experiment)
), assigned AS (
  SELECT a.public_model_id, o.first_slot, o.last_slot, a.experiment, a.status, o.variant
  FROM answering a JOIN owned o ON o.experiment = a.experiment WHERE a.status = 'active'
  UNION ALL
  SELECT a.public_model_id, 0 AS first_slot, 9999 AS last_slot, a.experiment, a.status,
    CASE WHEN a.status = 'completed' THEN a.winner WHEN a.on_pause = 'control' THEN (
      SELECT v.variant FROM public.model_experiment_variant v
      WHERE v.experiment = a.experiment AND v.position = 0) END AS variant
  FROM answering a WHERE a.status <> 'active'
)
SELECT a.public_model_id, a.first_slot, a.last_slot, a.experiment, a.status, a.variant, s.version, s.model
FROM assigned a LEFT JOIN serving s ON s.experiment = a.experiment AND s.variant = a.variant;

COMMENT ON VIEW public.effective_policies IS 'Every field of each tenant''s policy, completed by its preset and the defaults; where the tenant is NULL, that of requests without one. Lists are JSON; `stacks` is NULL where all are allowed.';

COMMENT ON VIEW public.model_ranks IS 'The place of each model in the plain and the penalised order of each tenant''s policy, from 1; where the tenant is NULL, of requests without one.';

COMMENT ON VIEW public.feature_chains IS 'The models that a feature tries for each tenant, in order, from 1, before any filter and any share; where the tenant is NULL, for requests without one.';

COMMENT ON VIEW public.experiment_slots IS 'The variant and the model that serve each range of slots of a public model id today: one whole range where one variant serves everyone, without a variant where the experiment is paused and rejects.';

COMMIT;
