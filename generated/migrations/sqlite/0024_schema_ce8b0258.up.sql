-- Migration 0024: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

PRAGMA defer_foreign_keys = ON;

INSERT INTO routecomp_assert (what, ok) SELECT 'table routing_outcomes has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('routing_outcomes')) = 24) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('routing_outcomes') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('routing_outcomes') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('routing_outcomes') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('routing_outcomes'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_routing_outcomes AS SELECT day, outcome_id, begun_at, request_id, tenant, route, route_name, source, status, outcome, reasons, ruleset_hash, model, answered_by, experiment, variant, version, slot, latency_ms, first_token_ms, input_tokens, output_tokens, cost_pusd, error_class FROM routing_outcomes;

DROP TABLE routing_outcomes;

CREATE TABLE routing_outcomes (
  day TEXT NOT NULL,
  outcome_id TEXT NOT NULL,
  begun_at TEXT NOT NULL,
  request_id TEXT,
  tenant TEXT,
  route TEXT,
  route_name TEXT,
  source TEXT,
  status TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reasons TEXT NOT NULL DEFAULT '[]',
  ruleset_hash TEXT,
  model TEXT,
  answered_by TEXT,
  experiment TEXT,
  variant TEXT,
  version INTEGER,
  slot INTEGER,
  latency_ms INTEGER,
  first_token_ms INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cost_pusd INTEGER,
  error_class TEXT,
  CONSTRAINT routing_outcomes_pkey PRIMARY KEY (day, outcome_id),
  CONSTRAINT routing_outcomes_day_check CHECK (TYPEOF(day) = 'text'
  AND INSTR(day, CHAR(0)) = 0
  AND NOT day GLOB '*[^0-9-]*'
  AND day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
  AND LENGTH(day) <= 10
  AND SUBSTRING(day, 1, 4) <> '0000'
  AND SUBSTRING(day, 6, 2) >= '01'
  AND SUBSTRING(day, 6, 2) <= '12'
  AND SUBSTRING(day, 9, 2) >= '01'
  AND (
    SUBSTRING(day, 9, 2) <= '28'
    OR (
      SUBSTRING(day, 9, 2) <= '30' AND SUBSTRING(day, 6, 2) <> '02'
    )
    OR (
      SUBSTRING(day, 9, 2) = '31'
      AND SUBSTRING(day, 6, 2) IN ('01', '03', '05', '07', '08', '10', '12')
    )
    OR (
      SUBSTRING(day, 9, 2) = '29'
      AND (
        SUBSTRING(day, 3, 2) IN (
          '04',
          '08',
          '12',
          '16',
          '20',
          '24',
          '28',
          '32',
          '36',
          '40',
          '44',
          '48',
          '52',
          '56',
          '60',
          '64',
          '68',
          '72',
          '76',
          '80',
          '84',
          '88',
          '92',
          '96'
        )
        OR (
          SUBSTRING(day, 3, 2) = '00'
          AND SUBSTRING(day, 1, 2) IN (
            '00',
            '04',
            '08',
            '12',
            '16',
            '20',
            '24',
            '28',
            '32',
            '36',
            '40',
            '44',
            '48',
            '52',
            '56',
            '60',
            '64',
            '68',
            '72',
            '76',
            '80',
            '84',
            '88',
            '92',
            '96'
          )
        )
      )
    )
  )),
  CONSTRAINT routing_outcomes_outcome_id_check CHECK (TYPEOF(outcome_id) = 'text' AND INSTR(outcome_id, CHAR(0)) = 0),
  CONSTRAINT routing_outcomes_begun_at_check CHECK (TYPEOF(begun_at) = 'text'
  AND INSTR(begun_at, CHAR(0)) = 0
  AND begun_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'),
  CONSTRAINT routing_outcomes_request_id_check CHECK (request_id IS NULL
  OR (
    TYPEOF(request_id) = 'text' AND INSTR(request_id, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_tenant_check CHECK (tenant IS NULL OR (
    TYPEOF(tenant) = 'text' AND INSTR(tenant, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_route_check CHECK (route IS NULL
  OR (
    route IN ('feature', 'target', 'logical', 'experiment', 'direct')
  )),
  CONSTRAINT routing_outcomes_route_name_check CHECK (route_name IS NULL
  OR (
    TYPEOF(route_name) = 'text' AND INSTR(route_name, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_source_check CHECK (source IS NULL
  OR (
    source IN ('table', 'default_route', 'default_model', 'last_resort')
  )),
  CONSTRAINT routing_outcomes_status_check CHECK (status IN (
    'ok',
    'rejected_policy',
    'rejected_unavailable',
    'rejected_floor',
    'rejected_cost',
    'rejected_experiment',
    'unknown_model'
  )),
  CONSTRAINT routing_outcomes_outcome_check CHECK (outcome IN ('succeeded', 'fell_back', 'failed', 'rejected', 'cancelled')),
  CONSTRAINT routing_outcomes_reasons_check CHECK (TYPEOF(reasons) = 'text' AND INSTR(reasons, CHAR(0)) = 0),
  CONSTRAINT routing_outcomes_ruleset_hash_check CHECK (ruleset_hash IS NULL
  OR (
    TYPEOF(ruleset_hash) = 'text' AND INSTR(ruleset_hash, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_model_check CHECK (model IS NULL
  OR (
    TYPEOF(model) = 'text'
    AND INSTR(model, CHAR(0)) = 0
    AND NOT model GLOB '*[^a-z0-9._-]*'
    AND model GLOB '[a-z0-9]*'
    AND model GLOB '*[a-z0-9]'
    AND LENGTH(model) <= 63
  )),
  CONSTRAINT routing_outcomes_answered_by_check CHECK (answered_by IS NULL
  OR (
    TYPEOF(answered_by) = 'text'
    AND INSTR(answered_by, CHAR(0)) = 0
    AND NOT answered_by GLOB '*[^a-z0-9._-]*'
    AND answered_by GLOB '[a-z0-9]*'
    AND answered_by GLOB '*[a-z0-9]'
    AND LENGTH(answered_by) <= 63
  )),
  CONSTRAINT routing_outcomes_experiment_check CHECK (experiment IS NULL
  OR (
    TYPEOF(experiment) = 'text'
    AND INSTR(experiment, CHAR(0)) = 0
    AND NOT experiment GLOB '*[^a-z0-9._-]*'
    AND experiment GLOB '[a-z0-9]*'
    AND experiment GLOB '*[a-z0-9]'
    AND LENGTH(experiment) <= 63
  )),
  CONSTRAINT routing_outcomes_variant_check CHECK (variant IS NULL
  OR (
    TYPEOF(variant) = 'text'
    AND INSTR(variant, CHAR(0)) = 0
    AND NOT variant GLOB '*[^a-z0-9._-]*'
    AND variant GLOB '[a-z0-9]*'
    AND variant GLOB '*[a-z0-9]'
    AND LENGTH(variant) <= 63
  )),
  CONSTRAINT routing_outcomes_version_check CHECK (version IS NULL
  OR (
    TYPEOF(version) = 'integer' AND version >= 1 AND version <= 1000000000
  )),
  CONSTRAINT routing_outcomes_slot_check CHECK (slot IS NULL OR (
    TYPEOF(slot) = 'integer' AND slot >= 0 AND slot <= 9999
  )),
  CONSTRAINT routing_outcomes_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    TYPEOF(latency_ms) = 'integer' AND latency_ms >= 0 AND latency_ms <= 1000000000
  )),
  CONSTRAINT routing_outcomes_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    TYPEOF(first_token_ms) = 'integer'
    AND first_token_ms >= 0
    AND first_token_ms <= 1000000000
  )),
  CONSTRAINT routing_outcomes_input_tokens_check CHECK (input_tokens IS NULL
  OR (
    TYPEOF(input_tokens) = 'integer'
    AND input_tokens >= 0
    AND input_tokens <= 1000000000
  )),
  CONSTRAINT routing_outcomes_output_tokens_check CHECK (output_tokens IS NULL
  OR (
    TYPEOF(output_tokens) = 'integer'
    AND output_tokens >= 0
    AND output_tokens <= 1000000000
  )),
  CONSTRAINT routing_outcomes_cost_pusd_check CHECK (cost_pusd IS NULL
  OR (
    TYPEOF(cost_pusd) = 'integer'
    AND cost_pusd >= 0
    AND cost_pusd <= 9223372036854775807
  )),
  CONSTRAINT routing_outcomes_error_class_check CHECK (error_class IS NULL
  OR (
    TYPEOF(error_class) = 'text' AND INSTR(error_class, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_day_of_call CHECK (SUBSTRING(begun_at, 1, 10) = day),
  CONSTRAINT routing_outcomes_rejected CHECK (outcome = 'rejected'
  OR (
    status <> 'unknown_model' AND SUBSTRING(status, 1, 9) <> 'rejected_'
  )),
  CONSTRAINT routing_outcomes_rejected_unanswered CHECK (outcome <> 'rejected' OR answered_by IS NULL),
  CONSTRAINT routing_outcomes_reasons_list CHECK (SUBSTRING(reasons, 1, 1) = '[')
);

INSERT INTO routing_outcomes (day, outcome_id, begun_at, request_id, tenant, route, route_name, source, status, outcome, reasons, ruleset_hash, model, answered_by, experiment, variant, version, slot, latency_ms, first_token_ms, input_tokens, output_tokens, cost_pusd, error_class)
SELECT day, outcome_id, begun_at, request_id, tenant, route, route_name, source, status, outcome, reasons, ruleset_hash, model, answered_by, experiment, variant, version, slot, latency_ms, first_token_ms, input_tokens, output_tokens, cost_pusd, error_class FROM routecomp_kept_routing_outcomes;

DROP TABLE routecomp_kept_routing_outcomes;

CREATE INDEX routing_outcomes_by_time ON routing_outcomes (begun_at);

CREATE INDEX routing_outcomes_by_tenant ON routing_outcomes (tenant, begun_at);

CREATE INDEX routing_outcomes_by_variant ON routing_outcomes (experiment, variant) WHERE experiment IS NOT NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'table routing_attempts has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('routing_attempts')) = 7) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('routing_attempts') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('routing_attempts') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('routing_attempts') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('routing_attempts'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_routing_attempts AS SELECT day, outcome_id, number, model, outcome, latency_ms, error_class FROM routing_attempts;

DROP TABLE routing_attempts;

CREATE TABLE routing_attempts (
  day TEXT NOT NULL,
  outcome_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  latency_ms INTEGER,
  error_class TEXT,
  CONSTRAINT routing_attempts_pkey PRIMARY KEY (day, outcome_id, number),
  CONSTRAINT routing_attempts_day_check CHECK (TYPEOF(day) = 'text'
  AND INSTR(day, CHAR(0)) = 0
  AND NOT day GLOB '*[^0-9-]*'
  AND day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
  AND LENGTH(day) <= 10
  AND SUBSTRING(day, 1, 4) <> '0000'
  AND SUBSTRING(day, 6, 2) >= '01'
  AND SUBSTRING(day, 6, 2) <= '12'
  AND SUBSTRING(day, 9, 2) >= '01'
  AND (
    SUBSTRING(day, 9, 2) <= '28'
    OR (
      SUBSTRING(day, 9, 2) <= '30' AND SUBSTRING(day, 6, 2) <> '02'
    )
    OR (
      SUBSTRING(day, 9, 2) = '31'
      AND SUBSTRING(day, 6, 2) IN ('01', '03', '05', '07', '08', '10', '12')
    )
    OR (
      SUBSTRING(day, 9, 2) = '29'
      AND (
        SUBSTRING(day, 3, 2) IN (
          '04',
          '08',
          '12',
          '16',
          '20',
          '24',
          '28',
          '32',
          '36',
          '40',
          '44',
          '48',
          '52',
          '56',
          '60',
          '64',
          '68',
          '72',
          '76',
          '80',
          '84',
          '88',
          '92',
          '96'
        )
        OR (
          SUBSTRING(day, 3, 2) = '00'
          AND SUBSTRING(day, 1, 2) IN (
            '00',
            '04',
            '08',
            '12',
            '16',
            '20',
            '24',
            '28',
            '32',
            '36',
            '40',
            '44',
            '48',
            '52',
            '56',
            '60',
            '64',
            '68',
            '72',
            '76',
            '80',
            '84',
            '88',
            '92',
            '96'
          )
        )
      )
    )
  )),
  CONSTRAINT routing_attempts_outcome_id_check CHECK (TYPEOF(outcome_id) = 'text' AND INSTR(outcome_id, CHAR(0)) = 0),
  CONSTRAINT routing_attempts_number_check CHECK (TYPEOF(number) = 'integer' AND number >= 1 AND number <= 1000000000),
  CONSTRAINT routing_attempts_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT routing_attempts_outcome_check CHECK (outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')),
  CONSTRAINT routing_attempts_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    TYPEOF(latency_ms) = 'integer' AND latency_ms >= 0 AND latency_ms <= 1000000000
  )),
  CONSTRAINT routing_attempts_error_class_check CHECK (error_class IS NULL
  OR (
    TYPEOF(error_class) = 'text' AND INSTR(error_class, CHAR(0)) = 0
  ))
);

INSERT INTO routing_attempts (day, outcome_id, number, model, outcome, latency_ms, error_class)
SELECT day, outcome_id, number, model, outcome, latency_ms, error_class FROM routecomp_kept_routing_attempts;

DROP TABLE routecomp_kept_routing_attempts;

CREATE VIEW effective_policies (tenant, preset, banned_providers, banned_models, preferred_providers, stacks, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, budget_daily_cents, budget_monthly_cents) AS
SELECT p.tenant AS tenant,
  p.preset AS preset,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM tenant_banned_providers l WHERE l.tenant = p.tenant ORDER BY provider) listed) AS banned_providers,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT model AS name FROM tenant_banned_models l WHERE l.tenant = p.tenant ORDER BY model) listed) AS banned_models,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM tenant_preferred_providers l WHERE l.tenant = p.tenant ORDER BY provider) listed) AS preferred_providers,
  (SELECT '[' || group_concat('"' || name || '"', ',') || ']' FROM (SELECT stack AS name FROM tenant_stacks l WHERE l.tenant = p.tenant ORDER BY stack) listed) AS stacks,
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
FROM tenant_routing_policy p
UNION ALL
SELECT NULL AS tenant,
  p.preset AS preset,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM default_banned_providers l ORDER BY provider) listed) AS banned_providers,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT model AS name FROM default_banned_models l ORDER BY model) listed) AS banned_models,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM default_preferred_providers l ORDER BY provider) listed) AS preferred_providers,
  (SELECT '[' || group_concat('"' || name || '"', ',') || ']' FROM (SELECT stack AS name FROM default_stacks l ORDER BY stack) listed) AS stacks,
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
FROM routing_defaults p;

CREATE VIEW model_ranks (tenant, model, plain_rank, penalised_rank) AS
WITH halves AS (
  SELECT m.model, m.provider, m.quality_bp, m.output_ratio_bp * (m.output_pusd / 1000000) AS high,
    m.output_ratio_bp * (m.output_pusd % 1000000) + m.input_pusd * 10000 AS low,
    s.cost_best_pusd AS best, s.cost_worst_pusd AS worst, s.cost_worst_pusd - s.cost_best_pusd AS width,
    s.latency_worst_ms - s.latency_best_ms AS duration,
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM models m CROSS JOIN routing_scoring s
), costs AS (
  SELECT halves.*, high / 100 + low / 100000000 + (high % 100 * 1000000 + low % 100000000) / 100000000 AS blended_1,
    (high % 100 * 1000000 + low % 100000000) % 100000000 AS blended_0
  FROM halves
), policies AS (
  SELECT p.tenant AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp / 100 END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp / 100 END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp / 100 END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM tenant_routing_policy p CROSS JOIN costs c LEFT JOIN tenant_preferred_providers f ON f.tenant = p.tenant AND f.provider = c.provider
  UNION ALL
  SELECT NULL AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp / 100 END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp / 100 END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp / 100 END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM routing_defaults p CROSS JOIN costs c LEFT JOIN default_preferred_providers f ON f.provider = c.provider
), priced AS (
  SELECT policies.*, wq * quality_bp * duration + 10000 * wl * speed AS a, 10000 * wc * duration AS b,
    blended_1 * 10000 + blended_0 * 10000 / 100000000 AS plain_cost_1, blended_0 * 10000 % 100000000 AS plain_cost_0,
    blended_1 * penalty + blended_0 * penalty / 100000000 AS fallback_cost_1,
    blended_0 * penalty % 100000000 AS fallback_cost_0
  FROM policies
), saved AS (
  SELECT priced.*, CASE WHEN plain_cost_1 < best THEN width WHEN plain_cost_1 >= worst THEN 0
      ELSE worst - plain_cost_1 - (plain_cost_0 > 0) END AS plain_saved_1,
    CASE WHEN plain_cost_1 < best OR plain_cost_1 >= worst OR plain_cost_0 = 0 THEN 0
      ELSE 100000000 - plain_cost_0 END AS plain_saved_0,
    CASE WHEN fallback_cost_1 < best THEN width WHEN fallback_cost_1 >= worst THEN 0
      ELSE worst - fallback_cost_1 - (fallback_cost_0 > 0) END AS fallback_saved_1,
    CASE WHEN fallback_cost_1 < best OR fallback_cost_1 >= worst OR fallback_cost_0 = 0 THEN 0
      ELSE 100000000 - fallback_cost_0 END AS fallback_saved_0
  FROM priced
), products AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    (b % 100000000) * plain_saved_0 AS score_0,
    (b / 100000000) * plain_saved_0 + (a % 100000000) * (width % 100000000) + (b % 100000000) * (plain_saved_1 % 100000000) AS score_1,
    (a / 100000000) * (width % 100000000) + (a % 100000000) * (width / 100000000) + (b / 100000000) * (plain_saved_1 % 100000000) + (b % 100000000) * (plain_saved_1 / 100000000) AS score_2,
    (a / 100000000) * (width / 100000000) + (b / 100000000) * (plain_saved_1 / 100000000) AS score_3,
    (b % 100000000) * fallback_saved_0 AS penalised_0,
    (b / 100000000) * fallback_saved_0 + (a % 100000000) * (width % 100000000) + (b % 100000000) * (fallback_saved_1 % 100000000) AS penalised_1,
    (a / 100000000) * (width % 100000000) + (a % 100000000) * (width / 100000000) + (b / 100000000) * (fallback_saved_1 % 100000000) + (b % 100000000) * (fallback_saved_1 / 100000000) AS penalised_2,
    (a / 100000000) * (width / 100000000) + (b / 100000000) * (fallback_saved_1 / 100000000) AS penalised_3
  FROM saved
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    score_3 + (score_2 + (score_1 + score_0 / 100000000) / 100000000) / 100000000 AS score_high,
    (score_2 + (score_1 + score_0 / 100000000) / 100000000) % 100000000 * 100000000 + (score_1 + score_0 / 100000000) % 100000000 AS score_middle, score_0 % 100000000 AS score_low,
    penalised_3 + (penalised_2 + (penalised_1 + penalised_0 / 100000000) / 100000000) / 100000000 AS penalised_high,
    (penalised_2 + (penalised_1 + penalised_0 / 100000000) / 100000000) % 100000000 * 100000000 + (penalised_1 + penalised_0 / 100000000) % 100000000 AS penalised_middle, penalised_0 % 100000000 AS penalised_low
  FROM products
)
SELECT tenant, model, row_number() OVER (PARTITION BY tenant ORDER BY outside, score_high DESC, score_middle DESC, score_low DESC, blended_1, blended_0, quality_bp DESC, model) AS plain_rank,
  row_number() OVER (PARTITION BY tenant ORDER BY outside, penalised_high DESC, penalised_middle DESC, penalised_low DESC, blended_1, blended_0, quality_bp DESC, model) AS penalised_rank
FROM scored;

CREATE VIEW feature_chains (tenant, feature, position, model, origin) AS
WITH halves AS (
  SELECT m.model, m.provider, m.quality_bp, m.output_ratio_bp * (m.output_pusd / 1000000) AS high,
    m.output_ratio_bp * (m.output_pusd % 1000000) + m.input_pusd * 10000 AS low,
    s.cost_best_pusd AS best, s.cost_worst_pusd AS worst, s.cost_worst_pusd - s.cost_best_pusd AS width,
    s.latency_worst_ms - s.latency_best_ms AS duration,
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM models m CROSS JOIN routing_scoring s
), costs AS (
  SELECT halves.*, high / 100 + low / 100000000 + (high % 100 * 1000000 + low % 100000000) / 100000000 AS blended_1,
    (high % 100 * 1000000 + low % 100000000) % 100000000 AS blended_0
  FROM halves
), policies AS (
  SELECT p.tenant AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp / 100 END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp / 100 END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp / 100 END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM tenant_routing_policy p CROSS JOIN costs c LEFT JOIN tenant_preferred_providers f ON f.tenant = p.tenant AND f.provider = c.provider
  UNION ALL
  SELECT NULL AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp / 100 END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp / 100 END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp / 100 END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM routing_defaults p CROSS JOIN costs c LEFT JOIN default_preferred_providers f ON f.provider = c.provider
), priced AS (
  SELECT policies.*, wq * quality_bp * duration + 10000 * wl * speed AS a, 10000 * wc * duration AS b,
    blended_1 * 10000 + blended_0 * 10000 / 100000000 AS plain_cost_1, blended_0 * 10000 % 100000000 AS plain_cost_0,
    blended_1 * penalty + blended_0 * penalty / 100000000 AS fallback_cost_1,
    blended_0 * penalty % 100000000 AS fallback_cost_0
  FROM policies
), saved AS (
  SELECT priced.*, CASE WHEN plain_cost_1 < best THEN width WHEN plain_cost_1 >= worst THEN 0
      ELSE worst - plain_cost_1 - (plain_cost_0 > 0) END AS plain_saved_1,
    CASE WHEN plain_cost_1 < best OR plain_cost_1 >= worst OR plain_cost_0 = 0 THEN 0
      ELSE 100000000 - plain_cost_0 END AS plain_saved_0,
    CASE WHEN fallback_cost_1 < best THEN width WHEN fallback_cost_1 >= worst THEN 0
      ELSE worst - fallback_cost_1 - (fallback_cost_0 > 0) END AS fallback_saved_1,
    CASE WHEN fallback_cost_1 < best OR fallback_cost_1 >= worst OR fallback_cost_0 = 0 THEN 0
      ELSE 100000000 - fallback_cost_0 END AS fallback_saved_0
  FROM priced
), products AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    (b % 100000000) * plain_saved_0 AS score_0,
    (b / 100000000) * plain_saved_0 + (a % 100000000) * (width % 100000000) + (b % 100000000) * (plain_saved_1 % 100000000) AS score_1,
    (a / 100000000) * (width % 100000000) + (a % 100000000) * (width / 100000000) + (b / 100000000) * (plain_saved_1 % 100000000) + (b % 100000000) * (plain_saved_1 / 100000000) AS score_2,
    (a / 100000000) * (width / 100000000) + (b / 100000000) * (plain_saved_1 / 100000000) AS score_3,
    (b % 100000000) * fallback_saved_0 AS penalised_0,
    (b / 100000000) * fallback_saved_0 + (a % 100000000) * (width % 100000000) + (b % 100000000) * (fallback_saved_1 % 100000000) AS penalised_1,
    (a / 100000000) * (width % 100000000) + (a % 100000000) * (width / 100000000) + (b / 100000000) * (fallback_saved_1 % 100000000) + (b % 100000000) * (fallback_saved_1 / 100000000) AS penalised_2,
    (a / 100000000) * (width / 100000000) + (b / 100000000) * (fallback_saved_1 / 100000000) AS penalised_3
  FROM saved
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    score_3 + (score_2 + (score_1 + score_0 / 100000000) / 100000000) / 100000000 AS score_high,
    (score_2 + (score_1 + score_0 / 100000000) / 100000000) % 100000000 * 100000000 + (score_1 + score_0 / 100000000) % 100000000 AS score_middle, score_0 % 100000000 AS score_low,
    penalised_3 + (penalised_2 + (penalised_1 + penalised_0 / 100000000) / 100000000) / 100000000 AS penalised_high,
    (penalised_2 + (penalised_1 + penalised_0 / 100000000) / 100000000) % 100000000 * 100000000 + (penalised_1 + penalised_0 / 100000000) % 100000000 AS penalised_middle, penalised_0 % 100000000 AS penalised_low
  FROM products
), policy_fallbacks AS (
  SELECT tenant, fallback_enabled FROM tenant_routing_policy
  UNION ALL
  SELECT NULL AS tenant, fallback_enabled FROM routing_defaults
), ranked AS (
  SELECT tenant, model, row_number() OVER (PARTITION BY tenant ORDER BY outside, penalised_high DESC, penalised_middle DESC, penalised_low DESC, blended_1, blended_0, quality_bp DESC, model) AS place FROM scored WHERE fallback_enabled
), declared AS (
  SELECT feature, 0 AS tier, 0 AS place, model FROM feature_models WHERE status = 'primary'
  UNION ALL
  SELECT f.feature, 1 AS tier, min(f.position) AS place, f.model FROM feature_fallbacks f
  WHERE NOT EXISTS (SELECT 1 FROM feature_models r
    WHERE r.feature = f.feature AND r.model = f.model AND r.status = 'primary')
  GROUP BY f.feature, f.model
), candidates AS (
  SELECT f.feature, m.model FROM features f JOIN targets t ON t.target = f.then_target
    JOIN models m ON m.active AND m.listed
    JOIN providers p ON p.provider = m.provider
  WHERE (t.candidates = 'all'
      OR (t.candidates = 'logical' AND m.logical_slug = t.logical_slug)
      OR (t.candidates = 'models' AND EXISTS (SELECT 1 FROM target_models c
        WHERE c.target = t.target AND c.model = m.model))
      OR (t.candidates = 'stacks' AND EXISTS (SELECT 1 FROM target_stacks c
        WHERE c.target = t.target AND c.stack = p.stack)))
    AND NOT EXISTS (SELECT 1 FROM feature_models r
      WHERE r.feature = f.feature AND r.model = m.model AND r.status IN ('primary', 'retired'))
    AND NOT EXISTS (SELECT 1 FROM feature_fallbacks r WHERE r.feature = f.feature AND r.model = m.model)
), links AS (
  SELECT t.tenant, d.feature, d.tier, d.place, d.model FROM policy_fallbacks t CROSS JOIN declared d
  WHERE t.fallback_enabled OR d.tier = 0
  UNION ALL
  SELECT r.tenant, c.feature, 2 AS tier, r.place, c.model FROM candidates c JOIN ranked r ON r.model = c.model
)
SELECT tenant, feature, row_number() OVER (PARTITION BY tenant, feature ORDER BY tier, place) AS position, model,
  CASE tier WHEN 0 THEN 'primary' WHEN 1 THEN 'fallback' ELSE 'then' END AS origin
FROM links;

CREATE VIEW experiment_slots (public_model_id, first_slot, last_slot, experiment, status, variant, version, model) AS
WITH answering AS (
  SELECT e.experiment, e.public_model_id, e.status, e.on_pause, e.winner FROM model_experiment e
  WHERE NOT e.archived AND (e.status IN ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM model_experiment o WHERE o.public_model_id = e.public_model_id AND NOT o.archived
      AND o.status IN ('active', 'paused'))))
), serving AS (
  SELECT v.experiment, v.variant, v.version, v.model FROM model_experiment_variant_version v
  WHERE NOT v.withdrawn AND NOT EXISTS (SELECT 1 FROM model_experiment_variant_version n
    WHERE n.experiment = v.experiment AND n.variant = v.variant AND NOT n.withdrawn AND n.version > v.version)
), owned AS (
  SELECT experiment, variant, first_slot, last_slot FROM model_experiment_variant_slot
  UNION ALL
  SELECT w.experiment, w.variant, w.until - w.weight_bp AS first_slot, w.until - 1 AS last_slot FROM (
    SELECT v.experiment, v.variant, v.weight_bp,
      sum(v.weight_bp) OVER (PARTITION BY v.experiment ORDER BY v.position) AS until
    FROM model_experiment_variant v) w
  WHERE NOT EXISTS (SELECT 1 FROM model_experiment_variant_slot s WHERE s.experiment = w.experiment)
), assigned AS (
  SELECT a.public_model_id, o.first_slot, o.last_slot, a.experiment, a.status, o.variant
  FROM answering a JOIN owned o ON o.experiment = a.experiment WHERE a.status = 'active'
  UNION ALL
  SELECT a.public_model_id, 0 AS first_slot, 9999 AS last_slot, a.experiment, a.status,
    CASE WHEN a.status = 'completed' THEN a.winner WHEN a.on_pause = 'control' THEN (
      SELECT v.variant FROM model_experiment_variant v
      WHERE v.experiment = a.experiment AND v.position = 0) END AS variant
  FROM answering a WHERE a.status <> 'active'
)
SELECT a.public_model_id, a.first_slot, a.last_slot, a.experiment, a.status, a.variant, s.version, s.model
FROM assigned a LEFT JOIN serving s ON s.experiment = a.experiment AND s.variant = a.variant;

COMMIT;
