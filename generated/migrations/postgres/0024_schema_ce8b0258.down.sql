-- Migration 0024: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

DROP VIEW public.effective_policies;

DROP VIEW public.model_ranks;

DROP VIEW public.feature_chains;

DROP VIEW public.experiment_slots;

DROP TRIGGER routing_outcomes_holds ON public.routing_outcomes;

DROP TRIGGER routing_attempts_holds ON public.routing_attempts;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_day_check CHECK (day >= '0001-01-01' AND day <= '9999-12-31') NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_route_check CHECK (route IS NULL
  OR (
    route IN ('feature', 'target', 'logical', 'experiment', 'direct')
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_source_check CHECK (source IS NULL
  OR (
    source IN ('table', 'default_route', 'default_model', 'last_resort')
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_status_check CHECK (status IN (
    'ok',
    'rejected_policy',
    'rejected_unavailable',
    'rejected_floor',
    'rejected_cost',
    'rejected_experiment',
    'unknown_model'
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_outcome_check CHECK (outcome IN ('succeeded', 'fell_back', 'failed', 'rejected', 'cancelled')) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_model_check CHECK (model IS NULL
  OR (
    model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_answered_by_check CHECK (answered_by IS NULL
  OR (
    answered_by COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_experiment_check CHECK (experiment IS NULL
  OR (
    experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_variant_check CHECK (variant IS NULL
  OR (
    variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_version_check CHECK (version IS NULL
  OR (
    version >= 1 AND version <= 1000000000 AND version = TRUNC(version)
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_slot_check CHECK (slot IS NULL OR (
    slot >= 0 AND slot <= 9999 AND slot = TRUNC(slot)
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    latency_ms >= 0 AND latency_ms <= 1000000000 AND latency_ms = TRUNC(latency_ms)
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    first_token_ms >= 0
    AND first_token_ms <= 1000000000
    AND first_token_ms = TRUNC(first_token_ms)
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_input_tokens_check CHECK (input_tokens IS NULL
  OR (
    input_tokens >= 0
    AND input_tokens <= 1000000000
    AND input_tokens = TRUNC(input_tokens)
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_output_tokens_check CHECK (output_tokens IS NULL
  OR (
    output_tokens >= 0
    AND output_tokens <= 1000000000
    AND output_tokens = TRUNC(output_tokens)
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_cost_pusd_check CHECK (cost_pusd IS NULL
  OR (
    cost_pusd >= 0
    AND cost_pusd <= 9223372036854775807
    AND cost_pusd = TRUNC(cost_pusd)
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_day_of_call CHECK (CAST(begun_at AT TIME ZONE 'UTC' AS DATE) = day) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_rejected CHECK (outcome = 'rejected'
  OR (
    status <> 'unknown_model' AND SUBSTRING(status FROM 1 FOR 9) <> 'rejected_'
  )) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_rejected_unanswered CHECK (outcome <> 'rejected' OR answered_by IS NULL) NOT VALID;

ALTER TABLE public.routing_outcomes ADD CONSTRAINT routing_outcomes_reasons_list CHECK (SUBSTRING(reasons FROM 1 FOR 1) = '[') NOT VALID;

ALTER TABLE public.routing_attempts ADD CONSTRAINT routing_attempts_day_check CHECK (day >= '0001-01-01' AND day <= '9999-12-31') NOT VALID;

ALTER TABLE public.routing_attempts ADD CONSTRAINT routing_attempts_number_check CHECK (number >= 1 AND number <= 1000000000 AND number = TRUNC(number)) NOT VALID;

ALTER TABLE public.routing_attempts ADD CONSTRAINT routing_attempts_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$') NOT VALID;

ALTER TABLE public.routing_attempts ADD CONSTRAINT routing_attempts_outcome_check CHECK (outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')) NOT VALID;

ALTER TABLE public.routing_attempts ADD CONSTRAINT routing_attempts_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    latency_ms >= 0 AND latency_ms <= 1000000000 AND latency_ms = TRUNC(latency_ms)
  )) NOT VALID;

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON TABLE public.routing_presets IS 'The five presets; a tenant''s row already holds what its preset says.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

DROP FUNCTION public.routecomp_routing_outcomes_holds;

DROP FUNCTION public.routecomp_routing_attempts_holds;

COMMIT;
