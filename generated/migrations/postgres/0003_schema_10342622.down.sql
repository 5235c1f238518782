-- Migration 0003: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('column max_output_tokens of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE max_output_tokens IS NOT NULL));

ALTER TABLE public.models DROP CONSTRAINT models_max_output_tokens_check;

ALTER TABLE public.models DROP CONSTRAINT models_output_bounds;

ALTER TABLE public.models DROP COLUMN max_output_tokens;

COMMENT ON TABLE public.providers IS 'Hosts of models.';

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON TABLE public.provider_health_checks IS 'What probes found. No foreign key: retired models keep their history.';

COMMENT ON COLUMN public.routing_outcomes.attempts IS 'How many models were tried.';

COMMIT;
