-- Migration 0027: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

PRAGMA defer_foreign_keys = ON;

INSERT INTO routecomp_assert (what, ok) SELECT 'table provider_health_checks has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('provider_health_checks')) = 6) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('provider_health_checks') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('provider_health_checks') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('provider_health_checks') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('provider_health_checks'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_provider_health_checks AS SELECT id, provider, model, outcome, latency_ms, checked_at FROM provider_health_checks;

UPDATE sqlite_sequence SET name = 'routecomp_kept_provider_health_checks' WHERE name = 'provider_health_checks';

DROP TABLE provider_health_checks;

CREATE TABLE provider_health_checks (
  id INTEGER CONSTRAINT provider_health_checks_pkey PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  latency_ms INTEGER,
  checked_at TEXT NOT NULL DEFAULT (
    STRFTIME('%Y-%m-%dT%H:%M:%fZ', 'now')
  ),
  CONSTRAINT provider_health_checks_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT provider_health_checks_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT provider_health_checks_outcome_check CHECK (outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')),
  CONSTRAINT provider_health_checks_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    TYPEOF(latency_ms) = 'integer' AND latency_ms BETWEEN 0 AND 1000000000
  )),
  CONSTRAINT provider_health_checks_checked_at_check CHECK (TYPEOF(checked_at) = 'text'
  AND INSTR(checked_at, CHAR(0)) = 0
  AND checked_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z')
);

INSERT INTO provider_health_checks (id, provider, model, outcome, latency_ms, checked_at)
SELECT id, provider, model, outcome, latency_ms, checked_at FROM routecomp_kept_provider_health_checks;

DELETE FROM sqlite_sequence WHERE name = 'provider_health_checks';

UPDATE sqlite_sequence SET name = 'provider_health_checks' WHERE name = 'routecomp_kept_provider_health_checks';

DROP TABLE routecomp_kept_provider_health_checks;

CREATE INDEX provider_health_checks_newest ON provider_health_checks (provider, model, checked_at DESC);

INSERT INTO routecomp_assert (what, ok) SELECT 'table circuit_breakers has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('circuit_breakers')) = 11) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('circuit_breakers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('circuit_breakers') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('circuit_breakers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('circuit_breakers'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_circuit_breakers AS SELECT provider, model, state, consecutive_failures, trip_count, opened_at, half_open_at, closed_at, last_failure_at, last_success_at, open_until FROM circuit_breakers;

DROP TABLE circuit_breakers;

CREATE TABLE circuit_breakers (
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'closed',
  consecutive_failures INTEGER NOT NULL DEFAULT 0,
  trip_count INTEGER NOT NULL DEFAULT 0,
  opened_at TEXT,
  half_open_at TEXT,
  closed_at TEXT,
  last_failure_at TEXT,
  last_success_at TEXT,
  open_until TEXT,
  CONSTRAINT circuit_breakers_pkey PRIMARY KEY (provider, model),
  CONSTRAINT circuit_breakers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT circuit_breakers_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT circuit_breakers_state_check CHECK (state IN ('closed', 'open', 'half_open')),
  CONSTRAINT circuit_breakers_consecutive_failures_check CHECK (TYPEOF(consecutive_failures) = 'integer'
  AND consecutive_failures BETWEEN 0 AND 1000000000),
  CONSTRAINT circuit_breakers_trip_count_check CHECK (TYPEOF(trip_count) = 'integer' AND trip_count BETWEEN 0 AND 1000000000),
  CONSTRAINT circuit_breakers_opened_at_check CHECK (opened_at IS NULL
  OR (
    TYPEOF(opened_at) = 'text'
    AND INSTR(opened_at, CHAR(0)) = 0
    AND opened_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_half_open_at_check CHECK (half_open_at IS NULL
  OR (
    TYPEOF(half_open_at) = 'text'
    AND INSTR(half_open_at, CHAR(0)) = 0
    AND half_open_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_closed_at_check CHECK (closed_at IS NULL
  OR (
    TYPEOF(closed_at) = 'text'
    AND INSTR(closed_at, CHAR(0)) = 0
    AND closed_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_last_failure_at_check CHECK (last_failure_at IS NULL
  OR (
    TYPEOF(last_failure_at) = 'text'
    AND INSTR(last_failure_at, CHAR(0)) = 0
    AND last_failure_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_last_success_at_check CHECK (last_success_at IS NULL
  OR (
    TYPEOF(last_success_at) = 'text'
    AND INSTR(last_success_at, CHAR(0)) = 0
    AND last_success_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_open_until_check CHECK (open_until IS NULL
  OR (
    TYPEOF(open_until) = 'text'
    AND INSTR(open_until, CHAR(0)) = 0
    AND open_until GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  ))
);

INSERT INTO circuit_breakers (provider, model, state, consecutive_failures, trip_count, opened_at, half_open_at, closed_at, last_failure_at, last_success_at, open_until)
SELECT provider, model, state, consecutive_failures, trip_count, opened_at, half_open_at, closed_at, last_failure_at, last_success_at, open_until FROM routecomp_kept_circuit_breakers;

DROP TABLE routecomp_kept_circuit_breakers;

CREATE INDEX circuit_breakers_state ON circuit_breakers (state);

INSERT INTO routecomp_assert (what, ok) SELECT 'table providers has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('providers')) = 19) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('providers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('providers') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('providers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('providers'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_providers AS SELECT provider, adapter, base_url, chat_path, api_key_env, stack, description, owner, stream_path, auth, region, allow_http, params, rpm, tpm, parallel, connect_ms, first_token_ms, total_ms FROM providers;

DROP TABLE providers;

CREATE TABLE providers (
  provider TEXT NOT NULL,
  adapter TEXT NOT NULL,
  base_url TEXT NOT NULL,
  chat_path TEXT NOT NULL,
  api_key_env TEXT,
  stack TEXT NOT NULL,
  description TEXT,
  owner TEXT,
  stream_path TEXT,
  auth TEXT,
  region TEXT,
  allow_http INTEGER NOT NULL DEFAULT 0,
  params TEXT,
  rpm INTEGER,
  tpm INTEGER,
  parallel INTEGER,
  connect_ms INTEGER,
  first_token_ms INTEGER,
  total_ms INTEGER,
  CONSTRAINT providers_pkey PRIMARY KEY (provider),
  CONSTRAINT providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT providers_adapter_check CHECK (TYPEOF(adapter) = 'text'
  AND INSTR(adapter, CHAR(0)) = 0
  AND NOT adapter GLOB '*[^a-z0-9_-]*'
  AND adapter GLOB '[a-z]*'
  AND LENGTH(adapter) <= 63),
  CONSTRAINT providers_base_url_check CHECK (TYPEOF(base_url) = 'text'
  AND INSTR(base_url, CHAR(0)) = 0
  AND NOT base_url GLOB '*[^!-~]*'
  AND base_url GLOB '?*'
  AND REPLACE(REPLACE(REPLACE(base_url, '#', ''), '?', ''), '\', '') = base_url),
  CONSTRAINT providers_chat_path_check CHECK (TYPEOF(chat_path) = 'text'
  AND INSTR(chat_path, CHAR(0)) = 0
  AND NOT chat_path GLOB '*[^!-~]*'
  AND chat_path GLOB '?*'
  AND REPLACE(REPLACE(chat_path, '#', ''), '\', '') = chat_path),
  CONSTRAINT providers_api_key_env_check CHECK (api_key_env IS NULL
  OR (
    TYPEOF(api_key_env) = 'text'
    AND INSTR(api_key_env, CHAR(0)) = 0
    AND NOT api_key_env GLOB '*[^A-Za-z0-9_]*'
    AND api_key_env GLOB '[A-Za-z_]*'
  )),
  CONSTRAINT providers_stack_check CHECK (TYPEOF(stack) = 'text'
  AND INSTR(stack, CHAR(0)) = 0
  AND NOT stack GLOB '*[^a-z0-9._-]*'
  AND stack GLOB '[a-z0-9]*'
  AND stack GLOB '*[a-z0-9]'
  AND LENGTH(stack) <= 63),
  CONSTRAINT providers_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT providers_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT providers_stack_word CHECK (SUBSTRING(stack, 1, 6) <> 'avoid-'),
  CONSTRAINT providers_base_url_host CHECK (SUBSTRING(
    SUBSTRING(base_url, INSTR(base_url, '://') + 3),
    1,
    INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
  ) GLOB '[^@:]*'
  AND INSTR(
    SUBSTRING(
      SUBSTRING(base_url, INSTR(base_url, '://') + 3),
      1,
      INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
    ),
    '@'
  ) = 0),
  CONSTRAINT providers_chat_path_relative CHECK (INSTR(SUBSTRING(chat_path, 1, INSTR(chat_path || '?', '?') - 1), '://') = 0),
  CONSTRAINT providers_stream_path_check CHECK (stream_path IS NULL
  OR (
    TYPEOF(stream_path) = 'text'
    AND INSTR(stream_path, CHAR(0)) = 0
    AND NOT stream_path GLOB '*[^!-~]*'
    AND stream_path GLOB '?*'
    AND REPLACE(REPLACE(stream_path, '#', ''), '\', '') = stream_path
  )),
  CONSTRAINT providers_auth_check CHECK (auth IS NULL OR (
    TYPEOF(auth) = 'text' AND INSTR(auth, CHAR(0)) = 0
  )),
  CONSTRAINT providers_region_check CHECK (region IS NULL OR (
    TYPEOF(region) = 'text' AND INSTR(region, CHAR(0)) = 0
  )),
  CONSTRAINT providers_allow_http_check CHECK (TYPEOF(allow_http) = 'integer' AND allow_http IN (0, 1)),
  CONSTRAINT providers_over_https CHECK (SUBSTRING(LOWER(base_url), 1, 8) = 'https://'
  OR (
    SUBSTRING(LOWER(base_url), 1, 16) = 'http://localhost'
    AND SUBSTRING(SUBSTRING(LOWER(base_url), 17) || '/', 1, 1) IN (':', '/')
  )
  OR (
    SUBSTRING(LOWER(base_url), 1, 11) = 'http://127.'
    AND SUBSTRING(LTRIM(SUBSTRING(LOWER(base_url), 12), '0123456789.') || '/', 1, 1) IN (':', '/')
  )
  OR (
    SUBSTRING(LOWER(base_url), 1, 8) = 'http://['
    AND SUBSTRING(LTRIM(SUBSTRING(LOWER(base_url), 9), '0:'), 1, 2) = '1]'
    AND SUBSTRING(SUBSTRING(LTRIM(SUBSTRING(LOWER(base_url), 9), '0:'), 3) || '/', 1, 1) IN (':', '/')
  )
  OR (
    allow_http
    AND SUBSTRING(LOWER(base_url), 1, 7) = 'http://'
    AND NOT LOWER(
      SUBSTRING(
        SUBSTRING(
          SUBSTRING(base_url, INSTR(base_url, '://') + 3),
          1,
          INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
        ),
        1,
        INSTR(
          SUBSTRING(
            SUBSTRING(base_url, INSTR(base_url, '://') + 3),
            1,
            INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
          ) || ':',
          ':'
        ) - 1
      )
    ) IN (
      'metadata',
      'metadata.google.internal',
      'instance-data',
      'instance-data.ec2.internal'
    )
    AND (
      (
        SUBSTRING(
          LOWER(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            )
          ),
          1,
          3
        ) IN ('[fc', '[fd')
        AND SUBSTRING(
          LOWER(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            )
          ),
          6,
          1
        ) = ':'
        AND SUBSTRING(
          LOWER(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            )
          ),
          1,
          10
        ) <> '[fd00:ec2:'
      )
      OR (
        LTRIM(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          ),
          '0123456789.'
        ) = ''
        AND (
          SUBSTRING(
            LOWER(
              SUBSTRING(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ),
                1,
                INSTR(
                  SUBSTRING(
                    SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                    1,
                    INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                  ) || ':',
                  ':'
                ) - 1
              )
            ),
            1,
            3
          ) = '10.'
          OR SUBSTRING(
            LOWER(
              SUBSTRING(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ),
                1,
                INSTR(
                  SUBSTRING(
                    SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                    1,
                    INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                  ) || ':',
                  ':'
                ) - 1
              )
            ),
            1,
            8
          ) = '192.168.'
          OR SUBSTRING(
            LOWER(
              SUBSTRING(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ),
                1,
                INSTR(
                  SUBSTRING(
                    SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                    1,
                    INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                  ) || ':',
                  ':'
                ) - 1
              )
            ),
            1,
            7
          ) IN (
            '172.16.',
            '172.17.',
            '172.18.',
            '172.19.',
            '172.20.',
            '172.21.',
            '172.22.',
            '172.23.',
            '172.24.',
            '172.25.',
            '172.26.',
            '172.27.',
            '172.28.',
            '172.29.',
            '172.30.',
            '172.31.'
          )
        )
      )
      OR (
        REPLACE(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          ),
          '.',
          ''
        ) = LOWER(
          SUBSTRING(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            ),
            1,
            INSTR(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ) || ':',
              ':'
            ) - 1
          )
        )
        AND LTRIM(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          ),
          '0123456789.'
        ) <> ''
        AND SUBSTRING(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          ),
          1,
          2
        ) <> '0x'
        AND SUBSTRING(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          ),
          1,
          1
        ) <> '['
      )
      OR SUBSTRING(
        LOWER(
          SUBSTRING(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            ),
            1,
            INSTR(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ) || ':',
              ':'
            ) - 1
          )
        ),
        LENGTH(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          )
        ) - 5
      ) = '.local'
      OR SUBSTRING(
        LOWER(
          SUBSTRING(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            ),
            1,
            INSTR(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ) || ':',
              ':'
            ) - 1
          )
        ),
        LENGTH(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          )
        ) - 8
      ) = '.internal'
      OR SUBSTRING(
        LOWER(
          SUBSTRING(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            ),
            1,
            INSTR(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ) || ':',
              ':'
            ) - 1
          )
        ),
        LENGTH(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          )
        ) - 3
      ) = '.lan'
      OR SUBSTRING(
        LOWER(
          SUBSTRING(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            ),
            1,
            INSTR(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ) || ':',
              ':'
            ) - 1
          )
        ),
        LENGTH(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          )
        ) - 9
      ) = '.home.arpa'
      OR SUBSTRING(
        LOWER(
          SUBSTRING(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            ),
            1,
            INSTR(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ) || ':',
              ':'
            ) - 1
          )
        ),
        LENGTH(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          )
        ) - 3
      ) = '.svc'
      OR SUBSTRING(
        LOWER(
          SUBSTRING(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            ),
            1,
            INSTR(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ) || ':',
              ':'
            ) - 1
          )
        ),
        LENGTH(
          LOWER(
            SUBSTRING(
              SUBSTRING(
                SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                1,
                INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
              ),
              1,
              INSTR(
                SUBSTRING(
                  SUBSTRING(base_url, INSTR(base_url, '://') + 3),
                  1,
                  INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
                ) || ':',
                ':'
              ) - 1
            )
          )
        ) - 13
      ) = '.cluster.local'
    )
  )),
  CONSTRAINT providers_adapter_known CHECK (auth IS NULL
  OR adapter IN (
    'openai',
    'openai_compatible',
    'openai_responses',
    'azure_openai',
    'anthropic',
    'gemini',
    'vertex',
    'bedrock',
    'cohere',
    'custom'
  )),
  CONSTRAINT providers_auth_known CHECK (auth IS NULL
  OR auth IN ('bearer', 'x-api-key', 'api-key', 'x-goog-api-key', 'sigv4', 'oauth', 'none')
  OR SUBSTRING(auth, 1, 7) = 'header:'),
  CONSTRAINT providers_key_and_auth CHECK (auth IS NULL
  OR (
    api_key_env IS NULL
  ) = (
    auth IN ('sigv4', 'oauth', 'none')
  )),
  CONSTRAINT providers_region_signed CHECK (region IS NULL OR (
    NOT auth IS NULL AND auth = 'sigv4'
  )),
  CONSTRAINT providers_params_check CHECK (params IS NULL OR (
    TYPEOF(params) = 'text' AND INSTR(params, CHAR(0)) = 0
  )),
  CONSTRAINT providers_rpm_check CHECK (rpm IS NULL OR (
    TYPEOF(rpm) = 'integer' AND rpm >= 1 AND rpm <= 1000000000
  )),
  CONSTRAINT providers_tpm_check CHECK (tpm IS NULL OR (
    TYPEOF(tpm) = 'integer' AND tpm >= 1 AND tpm <= 1000000000
  )),
  CONSTRAINT providers_parallel_check CHECK (parallel IS NULL
  OR (
    TYPEOF(parallel) = 'integer' AND parallel >= 1 AND parallel <= 1000000000
  )),
  CONSTRAINT providers_connect_ms_check CHECK (connect_ms IS NULL
  OR (
    TYPEOF(connect_ms) = 'integer' AND connect_ms >= 1 AND connect_ms <= 1000000000
  )),
  CONSTRAINT providers_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    TYPEOF(first_token_ms) = 'integer'
    AND first_token_ms >= 1
    AND first_token_ms <= 1000000000
  )),
  CONSTRAINT providers_total_ms_check CHECK (total_ms IS NULL
  OR (
    TYPEOF(total_ms) = 'integer' AND total_ms >= 1 AND total_ms <= 1000000000
  ))
);

INSERT INTO providers (provider, adapter, base_url, chat_path, api_key_env, stack, description, owner, stream_path, auth, region, allow_http, params, rpm, tpm, parallel, connect_ms, first_token_ms, total_ms)
SELECT provider, adapter, base_url, chat_path, api_key_env, stack, description, owner, stream_path, auth, region, allow_http, params, rpm, tpm, parallel, connect_ms, first_token_ms, total_ms FROM routecomp_kept_providers;

DROP TABLE routecomp_kept_providers;

CREATE INDEX providers_by_stack ON providers (stack);

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
  AND NOT day GLOB '*[^0-9-]*'
  AND day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
  AND LENGTH(day) <= 10
  AND SUBSTRING(day, 1, 4) <> '0000'
  AND SUBSTRING(day, 6, 2) >= '01'
  AND SUBSTRING(day, 6, 2) <= '12'
  AND SUBSTRING(day, 9, 2) >= '01'
  AND (
    SUBSTRING(day, 9, 2) <= '28'
    OR (
      SUBSTRING(day, 9, 2) <= '30' AND SUBSTRING(day, 6, 2) <> '02'
    )
    OR (
      SUBSTRING(day, 9, 2) = '31'
      AND SUBSTRING(day, 6, 2) IN ('01', '03', '05', '07', '08', '10', '12')
    )
    OR (
      SUBSTRING(day, 9, 2) = '29'
      AND (
        SUBSTRING(day, 3, 2) IN (
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
          SUBSTRING(day, 3, 2) = '00'
          AND SUBSTRING(day, 1, 2) IN (
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
  )),
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
  AND NOT day GLOB '*[^0-9-]*'
  AND day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
  AND LENGTH(day) <= 10
  AND SUBSTRING(day, 1, 4) <> '0000'
  AND SUBSTRING(day, 6, 2) >= '01'
  AND SUBSTRING(day, 6, 2) <= '12'
  AND SUBSTRING(day, 9, 2) >= '01'
  AND (
    SUBSTRING(day, 9, 2) <= '28'
    OR (
      SUBSTRING(day, 9, 2) <= '30' AND SUBSTRING(day, 6, 2) <> '02'
    )
    OR (
      SUBSTRING(day, 9, 2) = '31'
      AND SUBSTRING(day, 6, 2) IN ('01', '03', '05', '07', '08', '10', '12')
    )
    OR (
      SUBSTRING(day, 9, 2) = '29'
      AND (
        SUBSTRING(day, 3, 2) IN (
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
          SUBSTRING(day, 3, 2) = '00'
          AND SUBSTRING(day, 1, 2) IN (
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
  )),
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

INSERT INTO routecomp_assert (what, ok) SELECT 'table provider_query has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('provider_query')) = 4) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('provider_query') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('provider_query') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('provider_query') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('provider_query'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_provider_query AS SELECT provider, name, position, value FROM provider_query;

DROP TABLE provider_query;

CREATE TABLE provider_query (
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT provider_query_pkey PRIMARY KEY (provider, name),
  CONSTRAINT provider_query_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT provider_query_name_check CHECK (TYPEOF(name) = 'text'
  AND INSTR(name, CHAR(0)) = 0
  AND NOT name GLOB '*[^ -~]*'
  AND name GLOB '*'),
  CONSTRAINT provider_query_position_check CHECK (TYPEOF(position) = 'integer' AND position >= 0 AND position <= 1000000000),
  CONSTRAINT provider_query_value_check CHECK (TYPEOF(value) = 'text'
  AND INSTR(value, CHAR(0)) = 0
  AND NOT value GLOB '*[^ -~]*'
  AND value GLOB '*'),
  CONSTRAINT provider_query_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);

INSERT INTO provider_query (provider, name, position, value)
SELECT provider, name, position, value FROM routecomp_kept_provider_query;

DROP TABLE routecomp_kept_provider_query;

INSERT INTO routecomp_assert (what, ok) SELECT 'table provider_headers has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('provider_headers')) = 3) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('provider_headers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('provider_headers') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('provider_headers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('provider_headers'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_provider_headers AS SELECT provider, header, value FROM provider_headers;

DROP TABLE provider_headers;

CREATE TABLE provider_headers (
  provider TEXT NOT NULL,
  header TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT provider_headers_pkey PRIMARY KEY (provider, header),
  CONSTRAINT provider_headers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT provider_headers_header_check CHECK (TYPEOF(header) = 'text'
  AND INSTR(header, CHAR(0)) = 0
  AND NOT header GLOB '*[^!#$%&''*+.^_`|~0-9a-z-]*'
  AND header GLOB '?*'),
  CONSTRAINT provider_headers_value_check CHECK (TYPEOF(value) = 'text'
  AND INSTR(value, CHAR(0)) = 0
  AND NOT value GLOB '*[^ -~]*'
  AND value GLOB '*'),
  CONSTRAINT provider_headers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);

INSERT INTO provider_headers (provider, header, value)
SELECT provider, header, value FROM routecomp_kept_provider_headers;

DROP TABLE routecomp_kept_provider_headers;

INSERT INTO routecomp_assert (what, ok) SELECT 'table provider_secret_headers has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('provider_secret_headers')) = 3) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('provider_secret_headers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('provider_secret_headers') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('provider_secret_headers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('provider_secret_headers'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_provider_secret_headers AS SELECT provider, header, variable FROM provider_secret_headers;

DROP TABLE provider_secret_headers;

CREATE TABLE provider_secret_headers (
  provider TEXT NOT NULL,
  header TEXT NOT NULL,
  variable TEXT NOT NULL,
  CONSTRAINT provider_secret_headers_pkey PRIMARY KEY (provider, header),
  CONSTRAINT provider_secret_headers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT provider_secret_headers_header_check CHECK (TYPEOF(header) = 'text'
  AND INSTR(header, CHAR(0)) = 0
  AND NOT header GLOB '*[^!#$%&''*+.^_`|~0-9a-z-]*'
  AND header GLOB '?*'),
  CONSTRAINT provider_secret_headers_variable_check CHECK (TYPEOF(variable) = 'text'
  AND INSTR(variable, CHAR(0)) = 0
  AND NOT variable GLOB '*[^A-Za-z0-9_]*'
  AND variable GLOB '[A-Za-z_]*'),
  CONSTRAINT provider_secret_headers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);

INSERT INTO provider_secret_headers (provider, header, variable)
SELECT provider, header, variable FROM routecomp_kept_provider_secret_headers;

DROP TABLE routecomp_kept_provider_secret_headers;

COMMIT;
