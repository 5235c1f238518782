-- Migration 0021: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

ALTER TABLE public.providers ADD COLUMN params TEXT;

ALTER TABLE public.providers ADD COLUMN rpm DECIMAL;

ALTER TABLE public.providers ADD COLUMN tpm DECIMAL;

ALTER TABLE public.providers ADD COLUMN parallel DECIMAL;

ALTER TABLE public.providers ADD COLUMN connect_ms DECIMAL;

ALTER TABLE public.providers ADD COLUMN first_token_ms DECIMAL;

ALTER TABLE public.providers ADD COLUMN total_ms DECIMAL;

ALTER TABLE public.providers ADD CONSTRAINT providers_rpm_check CHECK (rpm IS NULL OR (
    rpm >= 1 AND rpm <= 1000000000 AND rpm = TRUNC(rpm)
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_tpm_check CHECK (tpm IS NULL OR (
    tpm >= 1 AND tpm <= 1000000000 AND tpm = TRUNC(tpm)
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_parallel_check CHECK (parallel IS NULL
  OR (
    parallel >= 1 AND parallel <= 1000000000 AND parallel = TRUNC(parallel)
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_connect_ms_check CHECK (connect_ms IS NULL
  OR (
    connect_ms >= 1 AND connect_ms <= 1000000000 AND connect_ms = TRUNC(connect_ms)
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    first_token_ms >= 1
    AND first_token_ms <= 1000000000
    AND first_token_ms = TRUNC(first_token_ms)
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_total_ms_check CHECK (total_ms IS NULL
  OR (
    total_ms >= 1 AND total_ms <= 1000000000 AND total_ms = TRUNC(total_ms)
  )) NOT VALID;

ALTER TABLE public.models ADD COLUMN api_key_env TEXT;

ALTER TABLE public.models ADD COLUMN params TEXT;

ALTER TABLE public.models ADD COLUMN rpm DECIMAL;

ALTER TABLE public.models ADD COLUMN tpm DECIMAL;

ALTER TABLE public.models ADD COLUMN parallel DECIMAL;

ALTER TABLE public.models ADD COLUMN connect_ms DECIMAL;

ALTER TABLE public.models ADD COLUMN first_token_ms DECIMAL;

ALTER TABLE public.models ADD COLUMN total_ms DECIMAL;

ALTER TABLE public.models ADD CONSTRAINT models_api_key_env_check CHECK (api_key_env IS NULL OR (
    api_key_env COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_rpm_check CHECK (rpm IS NULL OR (
    rpm >= 1 AND rpm <= 1000000000 AND rpm = TRUNC(rpm)
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_tpm_check CHECK (tpm IS NULL OR (
    tpm >= 1 AND tpm <= 1000000000 AND tpm = TRUNC(tpm)
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_parallel_check CHECK (parallel IS NULL
  OR (
    parallel >= 1 AND parallel <= 1000000000 AND parallel = TRUNC(parallel)
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_connect_ms_check CHECK (connect_ms IS NULL
  OR (
    connect_ms >= 1 AND connect_ms <= 1000000000 AND connect_ms = TRUNC(connect_ms)
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    first_token_ms >= 1
    AND first_token_ms <= 1000000000
    AND first_token_ms = TRUNC(first_token_ms)
  )) NOT VALID;

ALTER TABLE public.models ADD CONSTRAINT models_total_ms_check CHECK (total_ms IS NULL
  OR (
    total_ms >= 1 AND total_ms <= 1000000000 AND total_ms = TRUNC(total_ms)
  )) NOT VALID;

ALTER TABLE public.routing_resilience ADD COLUMN retries DECIMAL NOT NULL DEFAULT 0;

ALTER TABLE public.routing_resilience ADD CONSTRAINT routing_resilience_retries_check CHECK (retries >= 0 AND retries <= 1000000000 AND retries = TRUNC(retries)) NOT VALID;

ALTER TABLE public.tenant_routing_policy ADD COLUMN budget_daily_cents DECIMAL;

ALTER TABLE public.tenant_routing_policy ADD COLUMN budget_monthly_cents DECIMAL;

ALTER TABLE public.tenant_routing_policy ADD CONSTRAINT tenant_routing_policy_budget_daily_cents_check CHECK (budget_daily_cents IS NULL
  OR (
    budget_daily_cents >= 0
    AND budget_daily_cents <= 100000000000
    AND budget_daily_cents = TRUNC(budget_daily_cents)
  )) NOT VALID;

ALTER TABLE public.tenant_routing_policy ADD CONSTRAINT tenant_routing_policy_budget_monthly_cents_check CHECK (budget_monthly_cents IS NULL
  OR (
    budget_monthly_cents >= 0
    AND budget_monthly_cents <= 100000000000
    AND budget_monthly_cents = TRUNC(budget_monthly_cents)
  )) NOT VALID;

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMENT ON COLUMN public.providers.params IS 'Any JSON but null that goes upstream in the body of every request; never model, messages or stream, and no credential. A model''s own replace these, key by key at the top. Default none.';

COMMENT ON COLUMN public.providers.rpm IS 'Most requests a minute. Default none.';

COMMENT ON COLUMN public.providers.tpm IS 'Most tokens a minute. Default none.';

COMMENT ON COLUMN public.providers.parallel IS 'Most requests at once. Default none.';

COMMENT ON COLUMN public.providers.connect_ms IS 'Longest wait for a connection, in milliseconds. Default none.';

COMMENT ON COLUMN public.providers.first_token_ms IS 'Longest wait for the first token, in milliseconds. Default none.';

COMMENT ON COLUMN public.providers.total_ms IS 'Longest wait for the whole answer, in milliseconds. Default none.';

COMMENT ON COLUMN public.models.api_key_env IS 'Name of the environment variable that holds its key. Default: the provider''s.';

COMMENT ON COLUMN public.models.params IS 'Any JSON but null that goes upstream in the body of every request; never model, messages or stream, and no credential. They replace the provider''s, key by key at the top. Default none.';

COMMENT ON COLUMN public.models.rpm IS 'Most requests a minute. Default none.';

COMMENT ON COLUMN public.models.tpm IS 'Most tokens a minute. Default none.';

COMMENT ON COLUMN public.models.parallel IS 'Most requests at once. Default none.';

COMMENT ON COLUMN public.models.connect_ms IS 'Longest wait for a connection, in milliseconds. Default none.';

COMMENT ON COLUMN public.models.first_token_ms IS 'Longest wait for the first token, in milliseconds. Default none.';

COMMENT ON COLUMN public.models.total_ms IS 'Longest wait for the whole answer, in milliseconds. Default none.';

COMMENT ON COLUMN public.routing_resilience.retries IS 'How often your service tries one model again before the next. Default 0.';

COMMENT ON COLUMN public.tenant_routing_policy.budget_daily_cents IS 'Most US dollars a day (UTC), at most two decimals. Default none. In cents.';

COMMENT ON COLUMN public.tenant_routing_policy.budget_monthly_cents IS 'Most US dollars a month (UTC), at most two decimals. Default none. In cents.';

COMMIT;
