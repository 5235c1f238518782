-- Migration 0003: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

ALTER TABLE public.models ADD COLUMN max_output_tokens DECIMAL;

ALTER TABLE public.models ADD CONSTRAINT models_max_output_tokens_check CHECK (max_output_tokens IS NULL
  OR (
    max_output_tokens >= 1
    AND max_output_tokens <= 1000000000
    AND max_output_tokens = TRUNC(max_output_tokens)
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_output_bounds CHECK (max_output_tokens IS NULL OR min_output_tokens <= max_output_tokens) NOT VALID;

COMMENT ON TABLE public.providers IS 'Hosts of models.';

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON TABLE public.provider_health_checks IS 'What probes found. No foreign key: retired models keep their history.';

COMMENT ON COLUMN public.routing_outcomes.attempts IS 'How many models were tried.';

COMMENT ON COLUMN public.models.max_output_tokens IS 'Most output tokens it answers with: a caller who asks for more is not served by it, and its expected output is no longer than that. Default none.';

COMMIT;
