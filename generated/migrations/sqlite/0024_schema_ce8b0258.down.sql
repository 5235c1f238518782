-- Migration 0024: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

DROP VIEW effective_policies;

DROP VIEW model_ranks;

DROP VIEW feature_chains;

DROP VIEW experiment_slots;

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
  AND day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'
  AND day >= '0001-01-01'
  AND COALESCE(DATE(day), '') = day),
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
  AND day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'
  AND day >= '0001-01-01'
  AND COALESCE(DATE(day), '') = day),
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

COMMIT;
