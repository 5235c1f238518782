-- Migration 0009: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

ALTER TABLE public.routing_outcomes RENAME TO routing_outcomes_before;

ALTER TABLE public.routing_outcomes_before RENAME CONSTRAINT routing_outcomes_pkey TO routing_outcomes_before_pkey;

CREATE TABLE public.routing_outcomes (
  day DATE NOT NULL,
  outcome_id TEXT NOT NULL,
  begun_at TIMESTAMPTZ NOT NULL,
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
  version DECIMAL,
  slot DECIMAL,
  latency_ms DECIMAL,
  first_token_ms DECIMAL,
  input_tokens DECIMAL,
  output_tokens DECIMAL,
  cost_pusd DECIMAL,
  error_class TEXT,
  CONSTRAINT routing_outcomes_pkey PRIMARY KEY (day, outcome_id),
  CONSTRAINT routing_outcomes_day_check CHECK (day >= '0001-01-01' AND day <= '9999-12-31'),
  CONSTRAINT routing_outcomes_route_check CHECK (route IS NULL
  OR (
    route IN ('feature', 'target', 'logical', 'experiment', 'direct')
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
  CONSTRAINT routing_outcomes_model_check CHECK (model IS NULL
  OR (
    model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT routing_outcomes_answered_by_check CHECK (answered_by IS NULL
  OR (
    answered_by COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT routing_outcomes_experiment_check CHECK (experiment IS NULL
  OR (
    experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT routing_outcomes_variant_check CHECK (variant IS NULL
  OR (
    variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT routing_outcomes_version_check CHECK (version IS NULL
  OR (
    version >= 1 AND version <= 1000000000 AND version = TRUNC(version)
  )),
  CONSTRAINT routing_outcomes_slot_check CHECK (slot IS NULL OR (
    slot >= 0 AND slot <= 9999 AND slot = TRUNC(slot)
  )),
  CONSTRAINT routing_outcomes_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    latency_ms >= 0 AND latency_ms <= 1000000000 AND latency_ms = TRUNC(latency_ms)
  )),
  CONSTRAINT routing_outcomes_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    first_token_ms >= 0
    AND first_token_ms <= 1000000000
    AND first_token_ms = TRUNC(first_token_ms)
  )),
  CONSTRAINT routing_outcomes_input_tokens_check CHECK (input_tokens IS NULL
  OR (
    input_tokens >= 0
    AND input_tokens <= 1000000000
    AND input_tokens = TRUNC(input_tokens)
  )),
  CONSTRAINT routing_outcomes_output_tokens_check CHECK (output_tokens IS NULL
  OR (
    output_tokens >= 0
    AND output_tokens <= 1000000000
    AND output_tokens = TRUNC(output_tokens)
  )),
  CONSTRAINT routing_outcomes_cost_pusd_check CHECK (cost_pusd IS NULL
  OR (
    cost_pusd >= 0
    AND cost_pusd <= 9223372036854775807
    AND cost_pusd = TRUNC(cost_pusd)
  )),
  CONSTRAINT routing_outcomes_day_of_call CHECK (CAST(begun_at AT TIME ZONE 'UTC' AS DATE) = day),
  CONSTRAINT routing_outcomes_rejected CHECK (outcome = 'rejected'
  OR (
    status <> 'unknown_model' AND SUBSTRING(status FROM 1 FOR 9) <> 'rejected_'
  )),
  CONSTRAINT routing_outcomes_rejected_unanswered CHECK (outcome <> 'rejected' OR answered_by IS NULL),
  CONSTRAINT routing_outcomes_reasons_list CHECK (SUBSTRING(reasons FROM 1 FOR 1) = '[')
)
PARTITION BY RANGE (day);

CREATE TABLE public.routing_attempts (
  day DATE NOT NULL,
  outcome_id TEXT NOT NULL,
  number DECIMAL NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  latency_ms DECIMAL,
  error_class TEXT,
  CONSTRAINT routing_attempts_pkey PRIMARY KEY (day, outcome_id, number),
  CONSTRAINT routing_attempts_day_check CHECK (day >= '0001-01-01' AND day <= '9999-12-31'),
  CONSTRAINT routing_attempts_number_check CHECK (number >= 1 AND number <= 1000000000 AND number = TRUNC(number)),
  CONSTRAINT routing_attempts_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT routing_attempts_outcome_check CHECK (outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')),
  CONSTRAINT routing_attempts_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    latency_ms >= 0 AND latency_ms <= 1000000000 AND latency_ms = TRUNC(latency_ms)
  ))
)
PARTITION BY RANGE (day);

CREATE TABLE public.routing_outcomes_default PARTITION OF public.routing_outcomes DEFAULT;

CREATE TABLE public.routing_attempts_default PARTITION OF public.routing_attempts DEFAULT;

ALTER TABLE public.circuit_breakers ADD COLUMN open_until TIMESTAMPTZ;

COMMENT ON TABLE public.providers IS 'Hosts of models.';

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.routing_resilience.failures IS 'Failures within the window that open a model''s circuit. Default 5.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON COLUMN public.tenant_routing_policy.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.tenant_routing_policy.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMENT ON COLUMN public.circuit_breakers.open_until IS 'Until when it stays open, in UTC; of two the later holds.';

COMMENT ON TABLE public.routing_outcomes IS 'One row for each call that asked the router.';

COMMENT ON COLUMN public.routing_outcomes.day IS 'The day on which the call began, in UTC.';

COMMENT ON COLUMN public.routing_outcomes.outcome_id IS 'What the service calls it from when it begins, so that writing twice is writing once.';

COMMENT ON COLUMN public.routing_outcomes.begun_at IS 'When the call began, on its `day`.';

COMMENT ON COLUMN public.routing_outcomes.request_id IS 'The caller''s id of the request.';

COMMENT ON COLUMN public.routing_outcomes.tenant IS 'The tenant of the request.';

COMMENT ON COLUMN public.routing_outcomes.route IS 'The kind of route.';

COMMENT ON COLUMN public.routing_outcomes.route_name IS 'The name of the route, as the decision has it.';

COMMENT ON COLUMN public.routing_outcomes.source IS 'The table, or the rung of the ladder that answered; none where no rung did.';

COMMENT ON COLUMN public.routing_outcomes.status IS 'The decision''s status.';

COMMENT ON COLUMN public.routing_outcomes.outcome IS 'What came of the call. fell_back: another model than the first one tried answered; rejected: no model was asked.';

COMMENT ON COLUMN public.routing_outcomes.reasons IS 'The decision''s flags, as a JSON list of texts.';

COMMENT ON COLUMN public.routing_outcomes.ruleset_hash IS 'The hash of the table that decided; none without a table.';

COMMENT ON COLUMN public.routing_outcomes.model IS 'The model that was picked.';

COMMENT ON COLUMN public.routing_outcomes.answered_by IS 'The model that answered.';

COMMENT ON COLUMN public.routing_outcomes.experiment IS 'The experiment.';

COMMENT ON COLUMN public.routing_outcomes.variant IS 'The variant that was assigned.';

COMMENT ON COLUMN public.routing_outcomes.version IS 'The version of the variant.';

COMMENT ON COLUMN public.routing_outcomes.slot IS 'The slot of the unit.';

COMMENT ON COLUMN public.routing_outcomes.latency_ms IS 'How long the call took, in milliseconds.';

COMMENT ON COLUMN public.routing_outcomes.first_token_ms IS 'How long its first token took, in milliseconds.';

COMMENT ON COLUMN public.routing_outcomes.input_tokens IS 'Tokens that were sent.';

COMMENT ON COLUMN public.routing_outcomes.output_tokens IS 'Tokens that came back.';

COMMENT ON COLUMN public.routing_outcomes.cost_pusd IS 'What it cost, in pico-dollars.';

COMMENT ON COLUMN public.routing_outcomes.error_class IS 'The kind of the error that ended it.';

COMMENT ON TABLE public.routing_attempts IS 'One row for each try of a model within a call.';

COMMENT ON COLUMN public.routing_attempts.day IS 'The day on which the call began, in UTC.';

COMMENT ON COLUMN public.routing_attempts.outcome_id IS 'What the service calls it from when it begins, so that writing twice is writing once.';

COMMENT ON COLUMN public.routing_attempts.number IS 'The number of the try within the call, from 1.';

COMMENT ON COLUMN public.routing_attempts.model IS 'The model that was asked.';

COMMENT ON COLUMN public.routing_attempts.outcome IS 'What came of the try.';

COMMENT ON COLUMN public.routing_attempts.latency_ms IS 'How long it took, in milliseconds.';

COMMENT ON COLUMN public.routing_attempts.error_class IS 'The kind of its error.';

CREATE INDEX routing_outcomes_by_time ON public.routing_outcomes (begun_at);

CREATE INDEX routing_outcomes_by_tenant ON public.routing_outcomes (tenant, begun_at);

CREATE INDEX routing_outcomes_by_variant ON public.routing_outcomes (experiment, variant) WHERE experiment IS NOT NULL;

COMMIT;
