-- Migration 0021: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

ALTER TABLE providers ADD COLUMN params TEXT CONSTRAINT providers_params_check CHECK (params IS NULL OR (
    TYPEOF(params) = 'text' AND INSTR(params, CHAR(0)) = 0
  ));

ALTER TABLE providers ADD COLUMN rpm INTEGER CONSTRAINT providers_rpm_check CHECK (rpm IS NULL OR (
    TYPEOF(rpm) = 'integer' AND rpm >= 1 AND rpm <= 1000000000
  ));

ALTER TABLE providers ADD COLUMN tpm INTEGER CONSTRAINT providers_tpm_check CHECK (tpm IS NULL OR (
    TYPEOF(tpm) = 'integer' AND tpm >= 1 AND tpm <= 1000000000
  ));

ALTER TABLE providers ADD COLUMN parallel INTEGER CONSTRAINT providers_parallel_check CHECK (parallel IS NULL
  OR (
    TYPEOF(parallel) = 'integer' AND parallel >= 1 AND parallel <= 1000000000
  ));

ALTER TABLE providers ADD COLUMN connect_ms INTEGER CONSTRAINT providers_connect_ms_check CHECK (connect_ms IS NULL
  OR (
    TYPEOF(connect_ms) = 'integer' AND connect_ms >= 1 AND connect_ms <= 1000000000
  ));

ALTER TABLE providers ADD COLUMN first_token_ms INTEGER CONSTRAINT providers_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    TYPEOF(first_token_ms) = 'integer'
    AND first_token_ms >= 1
    AND first_token_ms <= 1000000000
  ));

ALTER TABLE providers ADD COLUMN total_ms INTEGER CONSTRAINT providers_total_ms_check CHECK (total_ms IS NULL
  OR (
    TYPEOF(total_ms) = 'integer' AND total_ms >= 1 AND total_ms <= 1000000000
  ));

ALTER TABLE models ADD COLUMN api_key_env TEXT CONSTRAINT models_api_key_env_check CHECK (api_key_env IS NULL
  OR (
    TYPEOF(api_key_env) = 'text'
    AND INSTR(api_key_env, CHAR(0)) = 0
    AND NOT api_key_env GLOB '*[^A-Za-z0-9_]*'
    AND api_key_env GLOB '[A-Za-z_]*'
  ));

ALTER TABLE models ADD COLUMN params TEXT CONSTRAINT models_params_check CHECK (params IS NULL OR (
    TYPEOF(params) = 'text' AND INSTR(params, CHAR(0)) = 0
  ));

ALTER TABLE models ADD COLUMN rpm INTEGER CONSTRAINT models_rpm_check CHECK (rpm IS NULL OR (
    TYPEOF(rpm) = 'integer' AND rpm >= 1 AND rpm <= 1000000000
  ));

ALTER TABLE models ADD COLUMN tpm INTEGER CONSTRAINT models_tpm_check CHECK (tpm IS NULL OR (
    TYPEOF(tpm) = 'integer' AND tpm >= 1 AND tpm <= 1000000000
  ));

ALTER TABLE models ADD COLUMN parallel INTEGER CONSTRAINT models_parallel_check CHECK (parallel IS NULL
  OR (
    TYPEOF(parallel) = 'integer' AND parallel >= 1 AND parallel <= 1000000000
  ));

ALTER TABLE models ADD COLUMN connect_ms INTEGER CONSTRAINT models_connect_ms_check CHECK (connect_ms IS NULL
  OR (
    TYPEOF(connect_ms) = 'integer' AND connect_ms >= 1 AND connect_ms <= 1000000000
  ));

ALTER TABLE models ADD COLUMN first_token_ms INTEGER CONSTRAINT models_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    TYPEOF(first_token_ms) = 'integer'
    AND first_token_ms >= 1
    AND first_token_ms <= 1000000000
  ));

ALTER TABLE models ADD COLUMN total_ms INTEGER CONSTRAINT models_total_ms_check CHECK (total_ms IS NULL
  OR (
    TYPEOF(total_ms) = 'integer' AND total_ms >= 1 AND total_ms <= 1000000000
  ));

ALTER TABLE routing_resilience ADD COLUMN retries INTEGER NOT NULL DEFAULT 0 CONSTRAINT routing_resilience_retries_check CHECK (TYPEOF(retries) = 'integer' AND retries >= 0 AND retries <= 1000000000);

ALTER TABLE tenant_routing_policy ADD COLUMN budget_daily_cents INTEGER CONSTRAINT tenant_routing_policy_budget_daily_cents_check CHECK (budget_daily_cents IS NULL
  OR (
    TYPEOF(budget_daily_cents) = 'integer'
    AND budget_daily_cents >= 0
    AND budget_daily_cents <= 100000000000
  ));

ALTER TABLE tenant_routing_policy ADD COLUMN budget_monthly_cents INTEGER CONSTRAINT tenant_routing_policy_budget_monthly_cents_check CHECK (budget_monthly_cents IS NULL
  OR (
    TYPEOF(budget_monthly_cents) = 'integer'
    AND budget_monthly_cents >= 0
    AND budget_monthly_cents <= 100000000000
  ));

COMMIT;
