-- Migration 0021: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('column params of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE params IS NOT NULL));

SELECT public.routecomp_assert('column rpm of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE rpm IS NOT NULL));

SELECT public.routecomp_assert('column tpm of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE tpm IS NOT NULL));

SELECT public.routecomp_assert('column parallel of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE parallel IS NOT NULL));

SELECT public.routecomp_assert('column connect_ms of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE connect_ms IS NOT NULL));

SELECT public.routecomp_assert('column first_token_ms of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE first_token_ms IS NOT NULL));

SELECT public.routecomp_assert('column total_ms of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE total_ms IS NOT NULL));

SELECT public.routecomp_assert('column api_key_env of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE api_key_env IS NOT NULL));

SELECT public.routecomp_assert('column params of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE params IS NOT NULL));

SELECT public.routecomp_assert('column rpm of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE rpm IS NOT NULL));

SELECT public.routecomp_assert('column tpm of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE tpm IS NOT NULL));

SELECT public.routecomp_assert('column parallel of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE parallel IS NOT NULL));

SELECT public.routecomp_assert('column connect_ms of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE connect_ms IS NOT NULL));

SELECT public.routecomp_assert('column first_token_ms of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE first_token_ms IS NOT NULL));

SELECT public.routecomp_assert('column total_ms of table models holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.models WHERE total_ms IS NOT NULL));

SELECT public.routecomp_assert('column retries of table routing_resilience holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.routing_resilience WHERE retries IS NOT NULL AND retries <> 0));

SELECT public.routecomp_assert('column budget_daily_cents of table tenant_routing_policy holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.tenant_routing_policy WHERE budget_daily_cents IS NOT NULL));

SELECT public.routecomp_assert('column budget_monthly_cents of table tenant_routing_policy holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.tenant_routing_policy WHERE budget_monthly_cents IS NOT NULL));

ALTER TABLE public.providers DROP CONSTRAINT providers_rpm_check;

ALTER TABLE public.providers DROP CONSTRAINT providers_tpm_check;

ALTER TABLE public.providers DROP CONSTRAINT providers_parallel_check;

ALTER TABLE public.providers DROP CONSTRAINT providers_connect_ms_check;

ALTER TABLE public.providers DROP CONSTRAINT providers_first_token_ms_check;

ALTER TABLE public.providers DROP CONSTRAINT providers_total_ms_check;

ALTER TABLE public.providers DROP COLUMN params;

ALTER TABLE public.providers DROP COLUMN rpm;

ALTER TABLE public.providers DROP COLUMN tpm;

ALTER TABLE public.providers DROP COLUMN parallel;

ALTER TABLE public.providers DROP COLUMN connect_ms;

ALTER TABLE public.providers DROP COLUMN first_token_ms;

ALTER TABLE public.providers DROP COLUMN total_ms;

ALTER TABLE public.models DROP CONSTRAINT models_api_key_env_check;

ALTER TABLE public.models DROP CONSTRAINT models_rpm_check;

ALTER TABLE public.models DROP CONSTRAINT models_tpm_check;

ALTER TABLE public.models DROP CONSTRAINT models_parallel_check;

ALTER TABLE public.models DROP CONSTRAINT models_connect_ms_check;

ALTER TABLE public.models DROP CONSTRAINT models_first_token_ms_check;

ALTER TABLE public.models DROP CONSTRAINT models_total_ms_check;

ALTER TABLE public.models DROP COLUMN api_key_env;

ALTER TABLE public.models DROP COLUMN params;

ALTER TABLE public.models DROP COLUMN rpm;

ALTER TABLE public.models DROP COLUMN tpm;

ALTER TABLE public.models DROP COLUMN parallel;

ALTER TABLE public.models DROP COLUMN connect_ms;

ALTER TABLE public.models DROP COLUMN first_token_ms;

ALTER TABLE public.models DROP COLUMN total_ms;

ALTER TABLE public.routing_resilience DROP CONSTRAINT routing_resilience_retries_check;

ALTER TABLE public.routing_resilience DROP COLUMN retries;

ALTER TABLE public.tenant_routing_policy DROP CONSTRAINT tenant_routing_policy_budget_daily_cents_check;

ALTER TABLE public.tenant_routing_policy DROP CONSTRAINT tenant_routing_policy_budget_monthly_cents_check;

ALTER TABLE public.tenant_routing_policy DROP COLUMN budget_daily_cents;

ALTER TABLE public.tenant_routing_policy DROP COLUMN budget_monthly_cents;

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMIT;
