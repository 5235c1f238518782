-- Migration 0021: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column params of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE params IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column rpm of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE rpm IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column tpm of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE tpm IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column parallel of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE parallel IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column connect_ms of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE connect_ms IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column first_token_ms of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE first_token_ms IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column total_ms of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE total_ms IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column api_key_env of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE api_key_env IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column params of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE params IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column rpm of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE rpm IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column tpm of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE tpm IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column parallel of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE parallel IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column connect_ms of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE connect_ms IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column first_token_ms of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE first_token_ms IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column total_ms of table models holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM models WHERE total_ms IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column retries of table routing_resilience holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM routing_resilience WHERE retries IS NOT NULL AND retries <> 0)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column budget_daily_cents of table tenant_routing_policy holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM tenant_routing_policy WHERE budget_daily_cents IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column budget_monthly_cents of table tenant_routing_policy holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM tenant_routing_policy WHERE budget_monthly_cents IS NOT NULL)) IS NOT TRUE;

PRAGMA defer_foreign_keys = ON;

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
  ))
);

INSERT INTO providers (provider, adapter, base_url, chat_path, api_key_env, stack, description, owner, stream_path, auth, region, allow_http)
SELECT provider, adapter, base_url, chat_path, api_key_env, stack, description, owner, stream_path, auth, region, allow_http FROM routecomp_kept_providers;

DROP TABLE routecomp_kept_providers;

CREATE INDEX providers_by_stack ON providers (stack);

INSERT INTO routecomp_assert (what, ok) SELECT 'table models has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('models')) = 28) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('models') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('models') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('models') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('models'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_models AS SELECT model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, compliance_bp, active, listed, description, owner, max_output_tokens, sunset, successor, share_bp, api_key_env, params, rpm, tpm, parallel, connect_ms, first_token_ms, total_ms FROM models;

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
  CONSTRAINT models_share_of_logical CHECK (share_bp IS NULL OR NOT logical_slug IS NULL)
);

INSERT INTO models (model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, compliance_bp, active, listed, description, owner, max_output_tokens, sunset, successor, share_bp)
SELECT model, provider, provider_model_name, logical_slug, quality_bp, input_pusd, output_pusd, output_ratio_bp, latency_ms, context_window, min_output_tokens, compliance_bp, active, listed, description, owner, max_output_tokens, sunset, successor, share_bp FROM routecomp_kept_models;

DROP TABLE routecomp_kept_models;

CREATE INDEX models_by_logical_slug ON models (logical_slug);

INSERT INTO routecomp_assert (what, ok) SELECT 'table routing_resilience has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('routing_resilience')) = 8) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('routing_resilience') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('routing_resilience') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('routing_resilience') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('routing_resilience'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_routing_resilience AS SELECT single, failures, window_s, cooloff_s, max_attempts, description, owner, retries FROM routing_resilience;

DROP TABLE routing_resilience;

CREATE TABLE routing_resilience (
  single INTEGER NOT NULL DEFAULT 1,
  failures INTEGER NOT NULL DEFAULT 5,
  window_s INTEGER NOT NULL DEFAULT 60,
  cooloff_s INTEGER NOT NULL DEFAULT 60,
  max_attempts INTEGER NOT NULL DEFAULT 5,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_resilience_pkey PRIMARY KEY (single),
  CONSTRAINT routing_resilience_single_check CHECK (TYPEOF(single) = 'integer' AND single BETWEEN 1 AND 1),
  CONSTRAINT routing_resilience_failures_check CHECK (TYPEOF(failures) = 'integer' AND failures BETWEEN 1 AND 1000000000),
  CONSTRAINT routing_resilience_window_s_check CHECK (TYPEOF(window_s) = 'integer' AND window_s BETWEEN 1 AND 1000000000),
  CONSTRAINT routing_resilience_cooloff_s_check CHECK (TYPEOF(cooloff_s) = 'integer' AND cooloff_s BETWEEN 1 AND 1000000000),
  CONSTRAINT routing_resilience_max_attempts_check CHECK (TYPEOF(max_attempts) = 'integer' AND max_attempts BETWEEN 1 AND 1000000000),
  CONSTRAINT routing_resilience_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_resilience_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  ))
);

INSERT INTO routing_resilience (single, failures, window_s, cooloff_s, max_attempts, description, owner)
SELECT single, failures, window_s, cooloff_s, max_attempts, description, owner FROM routecomp_kept_routing_resilience;

DROP TABLE routecomp_kept_routing_resilience;

CREATE TRIGGER routing_resilience_stays BEFORE DELETE ON routing_resilience
BEGIN
  SELECT RAISE(ABORT, 'routing_resilience_stays: the table keeps its one row');
END;

INSERT INTO routecomp_assert (what, ok) SELECT 'table tenant_routing_policy has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('tenant_routing_policy')) = 15) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('tenant_routing_policy', 'tenant_banned_providers', 'tenant_banned_models', 'tenant_preferred_providers', 'tenant_stacks') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('tenant_routing_policy', 'tenant_banned_providers', 'tenant_banned_models', 'tenant_preferred_providers', 'tenant_stacks') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('tenant_routing_policy', 'tenant_banned_providers', 'tenant_banned_models', 'tenant_preferred_providers', 'tenant_stacks') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('tenant_routing_policy', 'tenant_banned_providers', 'tenant_banned_models', 'tenant_preferred_providers', 'tenant_stacks'))) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'trigger ' || m.name || ' of table ' || m.tbl_name || ', which no migration made, may run for rows that are deleted and inserted again here: drop it first, and create it again afterwards' FROM sqlite_master m WHERE m.type = 'trigger' AND lower(m.tbl_name) IN ('tenant_banned_providers', 'tenant_banned_models', 'tenant_preferred_providers', 'tenant_stacks') AND m.name NOT IN () LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m WHERE m.type = 'trigger' AND lower(m.tbl_name) IN ('tenant_banned_providers', 'tenant_banned_models', 'tenant_preferred_providers', 'tenant_stacks') AND m.name NOT IN ())) IS NOT TRUE;

CREATE TABLE routecomp_kept_tenant_routing_policy AS SELECT tenant, preset, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, description, owner, budget_daily_cents, budget_monthly_cents FROM tenant_routing_policy;

CREATE TABLE routecomp_kept_tenant_stacks AS SELECT tenant, stack FROM tenant_stacks;

DELETE FROM tenant_stacks
WHERE EXISTS (SELECT 1 FROM tenant_routing_policy parent WHERE parent.tenant = tenant_stacks.tenant);

CREATE TABLE routecomp_kept_tenant_preferred_providers AS SELECT tenant, provider FROM tenant_preferred_providers;

DELETE FROM tenant_preferred_providers
WHERE EXISTS (SELECT 1 FROM tenant_routing_policy parent WHERE parent.tenant = tenant_preferred_providers.tenant);

CREATE TABLE routecomp_kept_tenant_banned_models AS SELECT tenant, model FROM tenant_banned_models;

DELETE FROM tenant_banned_models
WHERE EXISTS (SELECT 1 FROM tenant_routing_policy parent WHERE parent.tenant = tenant_banned_models.tenant);

CREATE TABLE routecomp_kept_tenant_banned_providers AS SELECT tenant, provider FROM tenant_banned_providers;

DELETE FROM tenant_banned_providers
WHERE EXISTS (SELECT 1 FROM tenant_routing_policy parent WHERE parent.tenant = tenant_banned_providers.tenant);

DROP TABLE tenant_routing_policy;

CREATE TABLE tenant_routing_policy (
  tenant TEXT NOT NULL,
  preset TEXT NOT NULL DEFAULT 'balanced',
  objective TEXT NOT NULL DEFAULT 'weighted',
  weight_quality_bp INTEGER NOT NULL DEFAULT 4000,
  weight_latency_bp INTEGER NOT NULL DEFAULT 3000,
  weight_cost_bp INTEGER NOT NULL DEFAULT 3000,
  min_quality_bp INTEGER,
  fallback_enabled INTEGER NOT NULL DEFAULT 1,
  fallback_cost_penalty_bp INTEGER NOT NULL DEFAULT 500,
  compliance_veto_threshold_bp INTEGER NOT NULL DEFAULT 5000,
  max_quality_loss_bp INTEGER NOT NULL DEFAULT 1000,
  description TEXT,
  owner TEXT,
  CONSTRAINT tenant_routing_policy_pkey PRIMARY KEY (tenant),
  CONSTRAINT tenant_routing_policy_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_routing_policy_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT tenant_routing_policy_objective_check CHECK (objective IN ('weighted', 'cheapest')),
  CONSTRAINT tenant_routing_policy_weight_quality_bp_check CHECK (TYPEOF(weight_quality_bp) = 'integer' AND weight_quality_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_weight_latency_bp_check CHECK (TYPEOF(weight_latency_bp) = 'integer' AND weight_latency_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_weight_cost_bp_check CHECK (TYPEOF(weight_cost_bp) = 'integer' AND weight_cost_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer' AND min_quality_bp BETWEEN 0 AND 10000
  )),
  CONSTRAINT tenant_routing_policy_fallback_enabled_check CHECK (TYPEOF(fallback_enabled) = 'integer' AND fallback_enabled IN (0, 1)),
  CONSTRAINT tenant_routing_policy_fallback_cost_penalty_bp_check CHECK (TYPEOF(fallback_cost_penalty_bp) = 'integer'
  AND fallback_cost_penalty_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_compliance_veto_threshold_bp_check CHECK (TYPEOF(compliance_veto_threshold_bp) = 'integer'
  AND compliance_veto_threshold_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_max_quality_loss_bp_check CHECK (TYPEOF(max_quality_loss_bp) = 'integer'
  AND max_quality_loss_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT tenant_routing_policy_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT tenant_routing_policy_weights_sum CHECK (weight_quality_bp + weight_latency_bp + weight_cost_bp = 10000),
  CONSTRAINT tenant_routing_policy_weights_steps CHECK (weight_quality_bp % 100 = 0
  AND weight_latency_bp % 100 = 0
  AND weight_cost_bp % 100 = 0),
  CONSTRAINT tenant_routing_policy_preset_fkey FOREIGN KEY (preset) REFERENCES routing_presets (
    preset
  )
);

INSERT INTO tenant_routing_policy (tenant, preset, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, description, owner)
SELECT tenant, preset, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, description, owner FROM routecomp_kept_tenant_routing_policy;

INSERT INTO tenant_banned_providers (tenant, provider)
SELECT tenant, provider FROM routecomp_kept_tenant_banned_providers;

INSERT INTO tenant_banned_models (tenant, model)
SELECT tenant, model FROM routecomp_kept_tenant_banned_models;

INSERT INTO tenant_preferred_providers (tenant, provider)
SELECT tenant, provider FROM routecomp_kept_tenant_preferred_providers;

INSERT INTO tenant_stacks (tenant, stack)
SELECT tenant, stack FROM routecomp_kept_tenant_stacks;

DROP TABLE routecomp_kept_tenant_routing_policy;

DROP TABLE routecomp_kept_tenant_banned_providers;

DROP TABLE routecomp_kept_tenant_banned_models;

DROP TABLE routecomp_kept_tenant_preferred_providers;

DROP TABLE routecomp_kept_tenant_stacks;

COMMIT;
