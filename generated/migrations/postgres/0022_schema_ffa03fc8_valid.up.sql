-- Migration 0022: what the schema of routecomp 0.2 added holds for every row.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_rpm_check;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_tpm_check;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_parallel_check;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_connect_ms_check;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_first_token_ms_check;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_total_ms_check;

ALTER TABLE public.models VALIDATE CONSTRAINT models_api_key_env_check;

ALTER TABLE public.models VALIDATE CONSTRAINT models_rpm_check;

ALTER TABLE public.models VALIDATE CONSTRAINT models_tpm_check;

ALTER TABLE public.models VALIDATE CONSTRAINT models_parallel_check;

ALTER TABLE public.models VALIDATE CONSTRAINT models_connect_ms_check;

ALTER TABLE public.models VALIDATE CONSTRAINT models_first_token_ms_check;

ALTER TABLE public.models VALIDATE CONSTRAINT models_total_ms_check;

ALTER TABLE public.routing_resilience VALIDATE CONSTRAINT routing_resilience_retries_check;

ALTER TABLE public.tenant_routing_policy VALIDATE CONSTRAINT tenant_routing_policy_budget_daily_cents_check;

ALTER TABLE public.tenant_routing_policy VALIDATE CONSTRAINT tenant_routing_policy_budget_monthly_cents_check;

COMMIT;
