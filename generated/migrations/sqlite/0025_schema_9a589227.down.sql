-- Migration 0025: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column shared_as of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE shared_as IS NOT NULL)) IS NOT TRUE;

DROP VIEW model_shares;

PRAGMA defer_foreign_keys = ON;

INSERT INTO routecomp_assert (what, ok) SELECT 'table models has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('models')) = 29) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('models') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('models') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('models') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('models'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_models AS SELECT model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, compliance_bp, active, listed, description, owner, max_output_tokens, sunset, successor, share_bp, api_key_env, params, rpm, tpm, parallel, connect_ms, first_token_ms, total_ms, shared_as FROM models;

DROP TABLE models;

CREATE TABLE models (
  model TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_model_name TEXT NOT NULL,
  logical_slug TEXT,
  quality_bp INTEGER NOT NULL,
  input_pusd INTEGER NOT NULL,
  output_pusd INTEGER NOT NULL,
  output_ratio_bp INTEGER NOT NULL DEFAULT 5000,
  latency_ms INTEGER NOT NULL,
  context_window INTEGER NOT NULL,
  min_output_tokens INTEGER NOT NULL DEFAULT 0,
  compliance_bp INTEGER NOT NULL DEFAULT 10000,
  active INTEGER NOT NULL DEFAULT 1,
  listed INTEGER NOT NULL DEFAULT 1,
  description TEXT,
  owner TEXT,
  max_output_tokens INTEGER,
  sunset TEXT,
  successor TEXT,
  share_bp INTEGER,
  api_key_env TEXT,
  params TEXT,
  rpm INTEGER,
  tpm INTEGER,
  parallel INTEGER,
  connect_ms INTEGER,
  first_token_ms INTEGER,
  total_ms INTEGER,
  CONSTRAINT models_pkey PRIMARY KEY (model),
  CONSTRAINT models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT models_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT models_provider_model_name_check CHECK (TYPEOF(provider_model_name) = 'text'
  AND INSTR(provider_model_name, CHAR(0)) = 0
  AND NOT provider_model_name GLOB '*[^!-~]*'
  AND provider_model_name GLOB '?*'),
  CONSTRAINT models_logical_slug_check CHECK (logical_slug IS NULL
  OR (
    TYPEOF(logical_slug) = 'text'
    AND INSTR(logical_slug, CHAR(0)) = 0
    AND NOT logical_slug GLOB '*[^a-z0-9._-]*'
    AND logical_slug GLOB '[a-z0-9]*'
    AND logical_slug GLOB '*[a-z0-9]'
    AND LENGTH(logical_slug) <= 63
  )),
  CONSTRAINT models_quality_bp_check CHECK (TYPEOF(quality_bp) = 'integer' AND quality_bp BETWEEN 0 AND 10000),
  CONSTRAINT models_input_pusd_check CHECK (TYPEOF(input_pusd) = 'integer' AND input_pusd BETWEEN 0 AND 1000000000000),
  CONSTRAINT models_output_pusd_check CHECK (TYPEOF(output_pusd) = 'integer' AND output_pusd BETWEEN 0 AND 1000000000000),
  CONSTRAINT models_output_ratio_bp_check CHECK (TYPEOF(output_ratio_bp) = 'integer' AND output_ratio_bp BETWEEN 0 AND 10000000000),
  CONSTRAINT models_latency_ms_check CHECK (TYPEOF(latency_ms) = 'integer' AND latency_ms BETWEEN 0 AND 1000000000),
  CONSTRAINT models_context_window_check CHECK (TYPEOF(context_window) = 'integer' AND context_window BETWEEN 1 AND 1000000000),
  CONSTRAINT models_min_output_tokens_check CHECK (TYPEOF(min_output_tokens) = 'integer'
  AND min_output_tokens BETWEEN 0 AND 1000000000),
  CONSTRAINT models_compliance_bp_check CHECK (TYPEOF(compliance_bp) = 'integer' AND compliance_bp BETWEEN 0 AND 10000),
  CONSTRAINT models_active_check CHECK (TYPEOF(active) = 'integer' AND active IN (0, 1)),
  CONSTRAINT models_listed_check CHECK (TYPEOF(listed) = 'integer' AND listed IN (0, 1)),
  CONSTRAINT models_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT models_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT models_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  ),
  CONSTRAINT models_max_output_tokens_check CHECK (max_output_tokens IS NULL
  OR (
    TYPEOF(max_output_tokens) = 'integer'
    AND max_output_tokens >= 1
    AND max_output_tokens <= 1000000000
  )),
  CONSTRAINT models_output_bounds CHECK (max_output_tokens IS NULL OR min_output_tokens <= max_output_tokens),
  CONSTRAINT models_sunset_check CHECK (sunset IS NULL
  OR (
    TYPEOF(sunset) = 'text'
    AND INSTR(sunset, CHAR(0)) = 0
    AND NOT sunset GLOB '*[^0-9-]*'
    AND sunset GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    AND LENGTH(sunset) <= 10
    AND SUBSTRING(sunset, 1, 4) <> '0000'
    AND SUBSTRING(sunset, 6, 2) >= '01'
    AND SUBSTRING(sunset, 6, 2) <= '12'
    AND SUBSTRING(sunset, 9, 2) >= '01'
    AND (
      SUBSTRING(sunset, 9, 2) <= '28'
      OR (
        SUBSTRING(sunset, 9, 2) <= '30' AND SUBSTRING(sunset, 6, 2) <> '02'
      )
      OR (
        SUBSTRING(sunset, 9, 2) = '31'
        AND SUBSTRING(sunset, 6, 2) IN ('01', '03', '05', '07', '08', '10', '12')
      )
      OR (
        SUBSTRING(sunset, 9, 2) = '29'
        AND (
          SUBSTRING(sunset, 3, 2) IN (
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
            SUBSTRING(sunset, 3, 2) = '00'
            AND SUBSTRING(sunset, 1, 2) IN (
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
    )
  )),
  CONSTRAINT models_successor_check CHECK (successor IS NULL
  OR (
    TYPEOF(successor) = 'text'
    AND INSTR(successor, CHAR(0)) = 0
    AND NOT successor GLOB '*[^a-z0-9._-]*'
    AND successor GLOB '[a-z0-9]*'
    AND successor GLOB '*[a-z0-9]'
    AND LENGTH(successor) <= 63
  )),
  CONSTRAINT models_successor_fkey FOREIGN KEY (successor) REFERENCES models (
    model
  ) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT models_share_bp_check CHECK (share_bp IS NULL
  OR (
    TYPEOF(share_bp) = 'integer' AND share_bp >= 1 AND share_bp <= 10000
  )),
  CONSTRAINT models_share_of_logical CHECK (share_bp IS NULL OR NOT logical_slug IS NULL),
  CONSTRAINT models_api_key_env_check CHECK (api_key_env IS NULL
  OR (
    TYPEOF(api_key_env) = 'text'
    AND INSTR(api_key_env, CHAR(0)) = 0
    AND NOT api_key_env GLOB '*[^A-Za-z0-9_]*'
    AND api_key_env GLOB '[A-Za-z_]*'
  )),
  CONSTRAINT models_params_check CHECK (params IS NULL OR (
    TYPEOF(params) = 'text' AND INSTR(params, CHAR(0)) = 0
  )),
  CONSTRAINT models_rpm_check CHECK (rpm IS NULL OR (
    TYPEOF(rpm) = 'integer' AND rpm >= 1 AND rpm <= 1000000000
  )),
  CONSTRAINT models_tpm_check CHECK (tpm IS NULL OR (
    TYPEOF(tpm) = 'integer' AND tpm >= 1 AND tpm <= 1000000000
  )),
  CONSTRAINT models_parallel_check CHECK (parallel IS NULL
  OR (
    TYPEOF(parallel) = 'integer' AND parallel >= 1 AND parallel <= 1000000000
  )),
  CONSTRAINT models_connect_ms_check CHECK (connect_ms IS NULL
  OR (
    TYPEOF(connect_ms) = 'integer' AND connect_ms >= 1 AND connect_ms <= 1000000000
  )),
  CONSTRAINT models_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    TYPEOF(first_token_ms) = 'integer'
    AND first_token_ms >= 1
    AND first_token_ms <= 1000000000
  )),
  CONSTRAINT models_total_ms_check CHECK (total_ms IS NULL
  OR (
    TYPEOF(total_ms) = 'integer' AND total_ms >= 1 AND total_ms <= 1000000000
  ))
);

INSERT INTO models (model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, compliance_bp, active, listed, description, owner, max_output_tokens, sunset, successor, share_bp, api_key_env, params, rpm, tpm, parallel, connect_ms, first_token_ms, total_ms)
SELECT model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, compliance_bp, active, listed, description, owner, max_output_tokens, sunset, successor, share_bp, api_key_env, params, rpm, tpm, parallel, connect_ms, first_token_ms, total_ms FROM routecomp_kept_models;

DROP TABLE routecomp_kept_models;

CREATE INDEX models_by_logical_slug ON models (logical_slug);

COMMIT;
