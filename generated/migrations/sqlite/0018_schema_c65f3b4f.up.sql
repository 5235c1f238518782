-- Migration 0018: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
DROP TRIGGER providers_url_repeats_insert;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
DROP TRIGGER providers_url_repeats_update;

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

PRAGMA defer_foreign_keys = ON;

INSERT INTO routecomp_assert (what, ok) SELECT 'table providers has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('providers')) = 8) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('providers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('providers') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('providers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('providers'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_providers AS SELECT provider, adapter, base_url, chat_path, api_key_env, stack, description, owner FROM providers;

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

INSERT INTO providers (provider, adapter, base_url, chat_path, api_key_env, stack, description, owner)
SELECT provider, adapter, base_url, chat_path, api_key_env, stack, description, owner FROM routecomp_kept_providers;

DROP TABLE routecomp_kept_providers;

CREATE INDEX providers_by_stack ON providers (stack);

COMMIT;
