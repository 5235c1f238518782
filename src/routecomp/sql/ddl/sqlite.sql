CREATE TABLE routecomp_assert (
  what TEXT NOT NULL,
  ok INTEGER NOT NULL,
  CONSTRAINT routecomp_assert_holds CHECK (ok = 1)
);

CREATE TABLE providers (
  provider TEXT NOT NULL,
  adapter TEXT NOT NULL,
  base_url TEXT NOT NULL,
  chat_path TEXT NOT NULL,
  stream_path TEXT,
  auth TEXT,
  region TEXT,
  allow_http INTEGER NOT NULL DEFAULT 0,
  api_key_env TEXT,
  stack TEXT NOT NULL,
  params TEXT,
  rpm INTEGER,
  tpm INTEGER,
  parallel INTEGER,
  connect_ms INTEGER,
  first_token_ms INTEGER,
  total_ms INTEGER,
  description TEXT,
  owner TEXT,
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
  )),
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
  CONSTRAINT providers_chat_path_relative CHECK ((
    INSTR(chat_path, '://') < 2
    OR NOT chat_path GLOB '[A-Za-z]*'
    OR SUBSTRING(chat_path, 1, INSTR(chat_path, '://') - 1) GLOB '*[^A-Za-z0-9+.-]*'
  )
  AND (
    stream_path IS NULL
    OR (
      INSTR(stream_path, '://') < 2
      OR NOT stream_path GLOB '[A-Za-z]*'
      OR SUBSTRING(stream_path, 1, INSTR(stream_path, '://') - 1) GLOB '*[^A-Za-z0-9+.-]*'
    )
  )),
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
        AND SUBSTRING(
          LOWER(
            SUBSTRING(
              SUBSTRING(base_url, INSTR(base_url, '://') + 3),
              1,
              INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
            )
          ),
          1,
          11
        ) <> '[fd00:0ec2:'
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
  OR (
    SUBSTRING(auth, 1, 7) = 'header:'
    AND SUBSTRING(auth, 8) <> ''
    AND LTRIM(
      SUBSTRING(auth, 8),
      '!#$%&''*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
    ) = ''
    AND NOT LOWER(SUBSTRING(auth, 8)) IN (
      'content-type',
      'content-length',
      'host',
      'connection',
      'transfer-encoding',
      'te',
      'upgrade',
      'expect',
      'trailer',
      'cookie',
      'forwarded'
    )
    AND SUBSTRING(LOWER(SUBSTRING(auth, 8)), 1, 6) <> 'proxy-'
    AND SUBSTRING(LOWER(SUBSTRING(auth, 8)), 1, 12) <> 'x-forwarded-'
  )),
  CONSTRAINT providers_paths_sound CHECK (auth IS NULL
  OR (
    REPLACE(REPLACE(REPLACE(chat_path, '{model}', ''), '{', ''), '}', '') = REPLACE(chat_path, '{model}', '')
    AND LENGTH(chat_path) - LENGTH(REPLACE(chat_path, '{model}', '')) <= 7
    AND LENGTH(chat_path) - LENGTH(REPLACE(chat_path, '?', '')) <= 1
    AND SUBSTRING(chat_path, LENGTH(chat_path)) <> '?'
    AND (
      stream_path IS NULL
      OR (
        REPLACE(REPLACE(REPLACE(stream_path, '{model}', ''), '{', ''), '}', '') = REPLACE(stream_path, '{model}', '')
        AND LENGTH(stream_path) - LENGTH(REPLACE(stream_path, '{model}', '')) <= 7
        AND LENGTH(stream_path) - LENGTH(REPLACE(stream_path, '?', '')) <= 1
        AND SUBSTRING(stream_path, LENGTH(stream_path)) <> '?'
      )
    )
  )),
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
  CONSTRAINT provider_query_named CHECK (name <> ''),
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
  CONSTRAINT provider_headers_allowed CHECK (NOT header IN (
    'content-type',
    'content-length',
    'host',
    'connection',
    'transfer-encoding',
    'te',
    'upgrade',
    'expect',
    'trailer',
    'cookie',
    'forwarded'
  )
  AND SUBSTRING(header, 1, 6) <> 'proxy-'
  AND SUBSTRING(header, 1, 12) <> 'x-forwarded-'),
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
  CONSTRAINT provider_secret_headers_allowed CHECK (NOT header IN (
    'content-type',
    'content-length',
    'host',
    'connection',
    'transfer-encoding',
    'te',
    'upgrade',
    'expect',
    'trailer',
    'cookie',
    'forwarded'
  )
  AND SUBSTRING(header, 1, 6) <> 'proxy-'
  AND SUBSTRING(header, 1, 12) <> 'x-forwarded-'),
  CONSTRAINT provider_secret_headers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);

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
  max_output_tokens INTEGER,
  compliance_bp INTEGER NOT NULL DEFAULT 10000,
  share_bp INTEGER,
  api_key_env TEXT,
  params TEXT,
  rpm INTEGER,
  tpm INTEGER,
  parallel INTEGER,
  connect_ms INTEGER,
  first_token_ms INTEGER,
  total_ms INTEGER,
  sunset TEXT,
  successor TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  listed INTEGER NOT NULL DEFAULT 1,
  description TEXT,
  owner TEXT,
  shared_as TEXT,
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
  CONSTRAINT models_quality_bp_check CHECK (TYPEOF(quality_bp) = 'integer' AND quality_bp >= 0 AND quality_bp <= 10000),
  CONSTRAINT models_input_pusd_check CHECK (TYPEOF(input_pusd) = 'integer' AND input_pusd >= 0 AND input_pusd <= 1000000000000),
  CONSTRAINT models_output_pusd_check CHECK (TYPEOF(output_pusd) = 'integer'
  AND output_pusd >= 0
  AND output_pusd <= 1000000000000),
  CONSTRAINT models_output_ratio_bp_check CHECK (TYPEOF(output_ratio_bp) = 'integer'
  AND output_ratio_bp >= 0
  AND output_ratio_bp <= 10000000000),
  CONSTRAINT models_latency_ms_check CHECK (TYPEOF(latency_ms) = 'integer' AND latency_ms >= 0 AND latency_ms <= 1000000000),
  CONSTRAINT models_context_window_check CHECK (TYPEOF(context_window) = 'integer'
  AND context_window >= 1
  AND context_window <= 1000000000),
  CONSTRAINT models_min_output_tokens_check CHECK (TYPEOF(min_output_tokens) = 'integer'
  AND min_output_tokens >= 0
  AND min_output_tokens <= 1000000000),
  CONSTRAINT models_max_output_tokens_check CHECK (max_output_tokens IS NULL
  OR (
    TYPEOF(max_output_tokens) = 'integer'
    AND max_output_tokens >= 1
    AND max_output_tokens <= 1000000000
  )),
  CONSTRAINT models_compliance_bp_check CHECK (TYPEOF(compliance_bp) = 'integer'
  AND compliance_bp >= 0
  AND compliance_bp <= 10000),
  CONSTRAINT models_share_bp_check CHECK (share_bp IS NULL
  OR (
    TYPEOF(share_bp) = 'integer' AND share_bp >= 1 AND share_bp <= 10000
  )),
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
  )),
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
  CONSTRAINT models_active_check CHECK (TYPEOF(active) = 'integer' AND active IN (0, 1)),
  CONSTRAINT models_listed_check CHECK (TYPEOF(listed) = 'integer' AND listed IN (0, 1)),
  CONSTRAINT models_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT models_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT models_shared_as_check CHECK (shared_as IS NULL
  OR (
    TYPEOF(shared_as) = 'text'
    AND INSTR(shared_as, CHAR(0)) = 0
    AND NOT shared_as GLOB '*[^a-z0-9._-]*'
    AND shared_as GLOB '[a-z0-9]*'
    AND shared_as GLOB '*[a-z0-9]'
    AND LENGTH(shared_as) <= 63
  )),
  CONSTRAINT models_output_bounds CHECK (max_output_tokens IS NULL OR min_output_tokens <= max_output_tokens),
  CONSTRAINT models_share_of_logical CHECK (share_bp IS NULL OR NOT logical_slug IS NULL),
  CONSTRAINT models_shared_as_share CHECK (shared_as IS NULL OR NOT share_bp IS NULL),
  CONSTRAINT models_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  ),
  CONSTRAINT models_successor_fkey FOREIGN KEY (successor) REFERENCES models (
    model
  ) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE model_aliases (
  alias TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT model_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT model_aliases_alias_check CHECK (TYPEOF(alias) = 'text'
  AND INSTR(alias, CHAR(0)) = 0
  AND NOT alias GLOB '*[^ !-)+-~]*'
  AND alias GLOB '[^ ]*'
  AND INSTR(alias, '  ') = 0
  AND alias GLOB '*[^ ]'
  AND LENGTH(alias) <= 255),
  CONSTRAINT model_aliases_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT model_aliases_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);

CREATE TABLE model_capabilities (
  model TEXT NOT NULL,
  capability TEXT NOT NULL,
  CONSTRAINT model_capabilities_pkey PRIMARY KEY (model, capability),
  CONSTRAINT model_capabilities_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT model_capabilities_capability_check CHECK (TYPEOF(capability) = 'text'
  AND INSTR(capability, CHAR(0)) = 0
  AND NOT capability GLOB '*[^a-z0-9._-]*'
  AND capability GLOB '[a-z0-9]*'
  AND capability GLOB '*[a-z0-9]'
  AND LENGTH(capability) <= 63),
  CONSTRAINT model_capabilities_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);

CREATE TABLE targets (
  target TEXT NOT NULL,
  candidates TEXT NOT NULL,
  logical_slug TEXT,
  min_quality_bp INTEGER,
  description TEXT,
  owner TEXT,
  CONSTRAINT targets_pkey PRIMARY KEY (target),
  CONSTRAINT targets_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT targets_candidates_check CHECK (candidates IN ('all', 'models', 'stacks', 'logical')),
  CONSTRAINT targets_logical_slug_check CHECK (logical_slug IS NULL
  OR (
    TYPEOF(logical_slug) = 'text'
    AND INSTR(logical_slug, CHAR(0)) = 0
    AND NOT logical_slug GLOB '*[^a-z0-9._-]*'
    AND logical_slug GLOB '[a-z0-9]*'
    AND logical_slug GLOB '*[a-z0-9]'
    AND LENGTH(logical_slug) <= 63
  )),
  CONSTRAINT targets_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer'
    AND min_quality_bp >= 0
    AND min_quality_bp <= 10000
  )),
  CONSTRAINT targets_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT targets_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT targets_logical CHECK ((
    candidates = 'logical'
  ) = (
    NOT logical_slug IS NULL
  ))
);

CREATE TABLE target_aliases (
  alias TEXT NOT NULL,
  target TEXT NOT NULL,
  CONSTRAINT target_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT target_aliases_alias_check CHECK (TYPEOF(alias) = 'text'
  AND INSTR(alias, CHAR(0)) = 0
  AND NOT alias GLOB '*[^ -~]*'
  AND alias GLOB '[^ ]*'
  AND INSTR(alias, '  ') = 0
  AND NOT alias GLOB '*[*]?*'
  AND alias GLOB '*[^ ]'
  AND LENGTH(alias) <= 255),
  CONSTRAINT target_aliases_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT target_aliases_target_fkey FOREIGN KEY (target) REFERENCES targets (
    target
  )
);

CREATE TABLE target_models (
  target TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT target_models_pkey PRIMARY KEY (target, model),
  CONSTRAINT target_models_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT target_models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT target_models_target_fkey FOREIGN KEY (target) REFERENCES targets (
    target
  ),
  CONSTRAINT target_models_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);

CREATE TABLE target_stacks (
  target TEXT NOT NULL,
  stack TEXT NOT NULL,
  CONSTRAINT target_stacks_pkey PRIMARY KEY (target, stack),
  CONSTRAINT target_stacks_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT target_stacks_stack_check CHECK (TYPEOF(stack) = 'text'
  AND INSTR(stack, CHAR(0)) = 0
  AND NOT stack GLOB '*[^a-z0-9._-]*'
  AND stack GLOB '[a-z0-9]*'
  AND stack GLOB '*[a-z0-9]'
  AND LENGTH(stack) <= 63),
  CONSTRAINT target_stacks_target_fkey FOREIGN KEY (target) REFERENCES targets (
    target
  )
);

CREATE TABLE features (
  feature TEXT NOT NULL,
  then_target TEXT,
  min_quality_bp INTEGER,
  description TEXT,
  owner TEXT,
  CONSTRAINT features_pkey PRIMARY KEY (feature),
  CONSTRAINT features_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT features_then_target_check CHECK (then_target IS NULL
  OR (
    TYPEOF(then_target) = 'text'
    AND INSTR(then_target, CHAR(0)) = 0
    AND NOT then_target GLOB '*[^a-z0-9._-]*'
    AND then_target GLOB '[a-z0-9]*'
    AND then_target GLOB '*[a-z0-9]'
    AND LENGTH(then_target) <= 63
  )),
  CONSTRAINT features_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer'
    AND min_quality_bp >= 0
    AND min_quality_bp <= 10000
  )),
  CONSTRAINT features_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT features_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT features_then_target_fkey FOREIGN KEY (then_target) REFERENCES targets (
    target
  )
);

CREATE TABLE feature_aliases (
  alias TEXT NOT NULL,
  feature TEXT NOT NULL,
  CONSTRAINT feature_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT feature_aliases_alias_check CHECK (TYPEOF(alias) = 'text'
  AND INSTR(alias, CHAR(0)) = 0
  AND NOT alias GLOB '*[^ !-)+-~]*'
  AND alias GLOB '[^ ]*'
  AND INSTR(alias, '  ') = 0
  AND alias GLOB '*[^ ]'
  AND LENGTH(alias) <= 255),
  CONSTRAINT feature_aliases_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT feature_aliases_feature_fkey FOREIGN KEY (feature) REFERENCES features (
    feature
  )
);

CREATE TABLE feature_models (
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  status TEXT NOT NULL,
  position INTEGER NOT NULL,
  sample_bp INTEGER,
  max_daily_cents INTEGER,
  CONSTRAINT feature_models_pkey PRIMARY KEY (feature, model),
  CONSTRAINT feature_models_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT feature_models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT feature_models_status_check CHECK (status IN ('primary', 'shadow', 'retired')),
  CONSTRAINT feature_models_position_check CHECK (TYPEOF(position) = 'integer' AND position >= 0 AND position <= 1000000000),
  CONSTRAINT feature_models_sample_bp_check CHECK (sample_bp IS NULL
  OR (
    TYPEOF(sample_bp) = 'integer' AND sample_bp >= 1 AND sample_bp <= 10000
  )),
  CONSTRAINT feature_models_max_daily_cents_check CHECK (max_daily_cents IS NULL
  OR (
    TYPEOF(max_daily_cents) = 'integer'
    AND max_daily_cents >= 0
    AND max_daily_cents <= 100000000000
  )),
  CONSTRAINT feature_models_sample_on_shadow CHECK (sample_bp IS NULL OR status = 'shadow'),
  CONSTRAINT feature_models_cap_needs_sample CHECK (max_daily_cents IS NULL OR NOT sample_bp IS NULL),
  CONSTRAINT feature_models_feature_fkey FOREIGN KEY (feature) REFERENCES features (
    feature
  ),
  CONSTRAINT feature_models_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);

CREATE TABLE feature_fallbacks (
  feature TEXT NOT NULL,
  position INTEGER NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT feature_fallbacks_pkey PRIMARY KEY (feature, position),
  CONSTRAINT feature_fallbacks_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT feature_fallbacks_position_check CHECK (TYPEOF(position) = 'integer' AND position >= 0 AND position <= 1000000000),
  CONSTRAINT feature_fallbacks_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT feature_fallbacks_feature_fkey FOREIGN KEY (feature) REFERENCES features (
    feature
  ),
  CONSTRAINT feature_fallbacks_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);

CREATE TABLE routing_defaults (
  single INTEGER NOT NULL DEFAULT 1,
  model TEXT NOT NULL,
  unknown_tenant TEXT NOT NULL DEFAULT 'default',
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
  CONSTRAINT routing_defaults_pkey PRIMARY KEY (single),
  CONSTRAINT routing_defaults_single_check CHECK (TYPEOF(single) = 'integer' AND single >= 1 AND single <= 1),
  CONSTRAINT routing_defaults_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT routing_defaults_unknown_tenant_check CHECK (unknown_tenant IN ('default', 'reject')),
  CONSTRAINT routing_defaults_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT routing_defaults_objective_check CHECK (objective IN ('weighted', 'cheapest')),
  CONSTRAINT routing_defaults_weight_quality_bp_check CHECK (TYPEOF(weight_quality_bp) = 'integer'
  AND weight_quality_bp >= 0
  AND weight_quality_bp <= 10000),
  CONSTRAINT routing_defaults_weight_latency_bp_check CHECK (TYPEOF(weight_latency_bp) = 'integer'
  AND weight_latency_bp >= 0
  AND weight_latency_bp <= 10000),
  CONSTRAINT routing_defaults_weight_cost_bp_check CHECK (TYPEOF(weight_cost_bp) = 'integer'
  AND weight_cost_bp >= 0
  AND weight_cost_bp <= 10000),
  CONSTRAINT routing_defaults_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer'
    AND min_quality_bp >= 0
    AND min_quality_bp <= 10000
  )),
  CONSTRAINT routing_defaults_fallback_enabled_check CHECK (TYPEOF(fallback_enabled) = 'integer' AND fallback_enabled IN (0, 1)),
  CONSTRAINT routing_defaults_fallback_cost_penalty_bp_check CHECK (TYPEOF(fallback_cost_penalty_bp) = 'integer'
  AND fallback_cost_penalty_bp >= 0
  AND fallback_cost_penalty_bp <= 10000),
  CONSTRAINT routing_defaults_compliance_veto_threshold_bp_check CHECK (TYPEOF(compliance_veto_threshold_bp) = 'integer'
  AND compliance_veto_threshold_bp >= 0
  AND compliance_veto_threshold_bp <= 10000),
  CONSTRAINT routing_defaults_max_quality_loss_bp_check CHECK (TYPEOF(max_quality_loss_bp) = 'integer'
  AND max_quality_loss_bp >= 0
  AND max_quality_loss_bp <= 10000),
  CONSTRAINT routing_defaults_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_defaults_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT routing_defaults_weights_sum CHECK (weight_quality_bp + weight_latency_bp + weight_cost_bp = 10000),
  CONSTRAINT routing_defaults_weights_steps CHECK (weight_quality_bp % 100 = 0
  AND weight_latency_bp % 100 = 0
  AND weight_cost_bp % 100 = 0),
  CONSTRAINT routing_defaults_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);

CREATE TABLE default_banned_providers (
  provider TEXT NOT NULL,
  CONSTRAINT default_banned_providers_pkey PRIMARY KEY (provider),
  CONSTRAINT default_banned_providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT default_banned_providers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);

CREATE TABLE default_banned_models (
  model TEXT NOT NULL,
  CONSTRAINT default_banned_models_pkey PRIMARY KEY (model),
  CONSTRAINT default_banned_models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63)
);

CREATE TABLE default_preferred_providers (
  provider TEXT NOT NULL,
  CONSTRAINT default_preferred_providers_pkey PRIMARY KEY (provider),
  CONSTRAINT default_preferred_providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT default_preferred_providers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);

CREATE TABLE default_stacks (
  stack TEXT NOT NULL,
  CONSTRAINT default_stacks_pkey PRIMARY KEY (stack),
  CONSTRAINT default_stacks_stack_check CHECK (TYPEOF(stack) = 'text'
  AND INSTR(stack, CHAR(0)) = 0
  AND NOT stack GLOB '*[^a-z0-9._-]*'
  AND stack GLOB '[a-z0-9]*'
  AND stack GLOB '*[a-z0-9]'
  AND LENGTH(stack) <= 63)
);

CREATE TABLE default_routes (
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT default_routes_pkey PRIMARY KEY (feature),
  CONSTRAINT default_routes_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT default_routes_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT default_routes_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);

CREATE TABLE routing_scoring (
  single INTEGER NOT NULL DEFAULT 1,
  cost_best_pusd INTEGER NOT NULL,
  cost_worst_pusd INTEGER NOT NULL,
  latency_best_ms INTEGER NOT NULL,
  latency_worst_ms INTEGER NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_scoring_pkey PRIMARY KEY (single),
  CONSTRAINT routing_scoring_single_check CHECK (TYPEOF(single) = 'integer' AND single >= 1 AND single <= 1),
  CONSTRAINT routing_scoring_cost_best_pusd_check CHECK (TYPEOF(cost_best_pusd) = 'integer'
  AND cost_best_pusd >= 0
  AND cost_best_pusd <= 1000000000000),
  CONSTRAINT routing_scoring_cost_worst_pusd_check CHECK (TYPEOF(cost_worst_pusd) = 'integer'
  AND cost_worst_pusd >= 0
  AND cost_worst_pusd <= 1000000000000),
  CONSTRAINT routing_scoring_latency_best_ms_check CHECK (TYPEOF(latency_best_ms) = 'integer'
  AND latency_best_ms >= 0
  AND latency_best_ms <= 1000000000),
  CONSTRAINT routing_scoring_latency_worst_ms_check CHECK (TYPEOF(latency_worst_ms) = 'integer'
  AND latency_worst_ms >= 0
  AND latency_worst_ms <= 1000000000),
  CONSTRAINT routing_scoring_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_scoring_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT routing_scoring_cost_order CHECK (cost_best_pusd < cost_worst_pusd),
  CONSTRAINT routing_scoring_latency_order CHECK (latency_best_ms < latency_worst_ms)
);

CREATE TABLE routing_resilience (
  single INTEGER NOT NULL DEFAULT 1,
  failures INTEGER NOT NULL DEFAULT 5,
  window_s INTEGER NOT NULL DEFAULT 60,
  cooloff_s INTEGER NOT NULL DEFAULT 60,
  max_attempts INTEGER NOT NULL DEFAULT 5,
  retries INTEGER NOT NULL DEFAULT 0,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_resilience_pkey PRIMARY KEY (single),
  CONSTRAINT routing_resilience_single_check CHECK (TYPEOF(single) = 'integer' AND single >= 1 AND single <= 1),
  CONSTRAINT routing_resilience_failures_check CHECK (TYPEOF(failures) = 'integer' AND failures >= 1 AND failures <= 1000000000),
  CONSTRAINT routing_resilience_window_s_check CHECK (TYPEOF(window_s) = 'integer' AND window_s >= 1 AND window_s <= 1000000000),
  CONSTRAINT routing_resilience_cooloff_s_check CHECK (TYPEOF(cooloff_s) = 'integer' AND cooloff_s >= 1 AND cooloff_s <= 1000000000),
  CONSTRAINT routing_resilience_max_attempts_check CHECK (TYPEOF(max_attempts) = 'integer'
  AND max_attempts >= 1
  AND max_attempts <= 1000000000),
  CONSTRAINT routing_resilience_retries_check CHECK (TYPEOF(retries) = 'integer' AND retries >= 0 AND retries <= 1000000000),
  CONSTRAINT routing_resilience_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_resilience_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  ))
);

CREATE TABLE routing_presets (
  preset TEXT NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_presets_pkey PRIMARY KEY (preset),
  CONSTRAINT routing_presets_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT routing_presets_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_presets_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  ))
);

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
  budget_daily_cents INTEGER,
  budget_monthly_cents INTEGER,
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
  CONSTRAINT tenant_routing_policy_weight_quality_bp_check CHECK (TYPEOF(weight_quality_bp) = 'integer'
  AND weight_quality_bp >= 0
  AND weight_quality_bp <= 10000),
  CONSTRAINT tenant_routing_policy_weight_latency_bp_check CHECK (TYPEOF(weight_latency_bp) = 'integer'
  AND weight_latency_bp >= 0
  AND weight_latency_bp <= 10000),
  CONSTRAINT tenant_routing_policy_weight_cost_bp_check CHECK (TYPEOF(weight_cost_bp) = 'integer'
  AND weight_cost_bp >= 0
  AND weight_cost_bp <= 10000),
  CONSTRAINT tenant_routing_policy_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer'
    AND min_quality_bp >= 0
    AND min_quality_bp <= 10000
  )),
  CONSTRAINT tenant_routing_policy_fallback_enabled_check CHECK (TYPEOF(fallback_enabled) = 'integer' AND fallback_enabled IN (0, 1)),
  CONSTRAINT tenant_routing_policy_fallback_cost_penalty_bp_check CHECK (TYPEOF(fallback_cost_penalty_bp) = 'integer'
  AND fallback_cost_penalty_bp >= 0
  AND fallback_cost_penalty_bp <= 10000),
  CONSTRAINT tenant_routing_policy_compliance_veto_threshold_bp_check CHECK (TYPEOF(compliance_veto_threshold_bp) = 'integer'
  AND compliance_veto_threshold_bp >= 0
  AND compliance_veto_threshold_bp <= 10000),
  CONSTRAINT tenant_routing_policy_max_quality_loss_bp_check CHECK (TYPEOF(max_quality_loss_bp) = 'integer'
  AND max_quality_loss_bp >= 0
  AND max_quality_loss_bp <= 10000),
  CONSTRAINT tenant_routing_policy_budget_daily_cents_check CHECK (budget_daily_cents IS NULL
  OR (
    TYPEOF(budget_daily_cents) = 'integer'
    AND budget_daily_cents >= 0
    AND budget_daily_cents <= 100000000000
  )),
  CONSTRAINT tenant_routing_policy_budget_monthly_cents_check CHECK (budget_monthly_cents IS NULL
  OR (
    TYPEOF(budget_monthly_cents) = 'integer'
    AND budget_monthly_cents >= 0
    AND budget_monthly_cents <= 100000000000
  )),
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

CREATE TABLE tenant_banned_providers (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  CONSTRAINT tenant_banned_providers_pkey PRIMARY KEY (tenant, provider),
  CONSTRAINT tenant_banned_providers_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_banned_providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT tenant_banned_providers_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE,
  CONSTRAINT tenant_banned_providers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);

CREATE TABLE tenant_banned_models (
  tenant TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT tenant_banned_models_pkey PRIMARY KEY (tenant, model),
  CONSTRAINT tenant_banned_models_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_banned_models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT tenant_banned_models_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE
);

CREATE TABLE tenant_preferred_providers (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  CONSTRAINT tenant_preferred_providers_pkey PRIMARY KEY (tenant, provider),
  CONSTRAINT tenant_preferred_providers_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_preferred_providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT tenant_preferred_providers_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE,
  CONSTRAINT tenant_preferred_providers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);

CREATE TABLE tenant_stacks (
  tenant TEXT NOT NULL,
  stack TEXT NOT NULL,
  CONSTRAINT tenant_stacks_pkey PRIMARY KEY (tenant, stack),
  CONSTRAINT tenant_stacks_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_stacks_stack_check CHECK (TYPEOF(stack) = 'text'
  AND INSTR(stack, CHAR(0)) = 0
  AND NOT stack GLOB '*[^a-z0-9._-]*'
  AND stack GLOB '[a-z0-9]*'
  AND stack GLOB '*[a-z0-9]'
  AND LENGTH(stack) <= 63),
  CONSTRAINT tenant_stacks_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE
);

CREATE TABLE preference_floors (
  floor TEXT NOT NULL,
  quality_bp INTEGER NOT NULL,
  CONSTRAINT preference_floors_pkey PRIMARY KEY (floor),
  CONSTRAINT preference_floors_floor_check CHECK (TYPEOF(floor) = 'text'
  AND INSTR(floor, CHAR(0)) = 0
  AND NOT floor GLOB '*[^a-z0-9._-]*'
  AND floor GLOB '[a-z0-9]*'
  AND floor GLOB '*[a-z0-9]'
  AND LENGTH(floor) <= 63),
  CONSTRAINT preference_floors_quality_bp_check CHECK (TYPEOF(quality_bp) = 'integer' AND quality_bp >= 0 AND quality_bp <= 10000)
);

CREATE TABLE routing_preferences (
  single INTEGER NOT NULL DEFAULT 1,
  default_preference TEXT NOT NULL,
  dial_quality_bp INTEGER NOT NULL,
  dial_balanced_bp INTEGER NOT NULL,
  dial_cost_bp INTEGER NOT NULL,
  clamp_low TEXT NOT NULL,
  clamp_high TEXT NOT NULL,
  gate_env TEXT,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_preferences_pkey PRIMARY KEY (single),
  CONSTRAINT routing_preferences_single_check CHECK (TYPEOF(single) = 'integer' AND single >= 1 AND single <= 1),
  CONSTRAINT routing_preferences_default_preference_check CHECK (default_preference IN ('quality', 'balanced', 'cost')),
  CONSTRAINT routing_preferences_dial_quality_bp_check CHECK (TYPEOF(dial_quality_bp) = 'integer'
  AND dial_quality_bp >= -10000
  AND dial_quality_bp <= 10000),
  CONSTRAINT routing_preferences_dial_balanced_bp_check CHECK (TYPEOF(dial_balanced_bp) = 'integer'
  AND dial_balanced_bp >= -10000
  AND dial_balanced_bp <= 10000),
  CONSTRAINT routing_preferences_dial_cost_bp_check CHECK (TYPEOF(dial_cost_bp) = 'integer'
  AND dial_cost_bp >= -10000
  AND dial_cost_bp <= 10000),
  CONSTRAINT routing_preferences_clamp_low_check CHECK (TYPEOF(clamp_low) = 'text'
  AND INSTR(clamp_low, CHAR(0)) = 0
  AND NOT clamp_low GLOB '*[^a-z0-9._-]*'
  AND clamp_low GLOB '[a-z0-9]*'
  AND clamp_low GLOB '*[a-z0-9]'
  AND LENGTH(clamp_low) <= 63),
  CONSTRAINT routing_preferences_clamp_high_check CHECK (TYPEOF(clamp_high) = 'text'
  AND INSTR(clamp_high, CHAR(0)) = 0
  AND NOT clamp_high GLOB '*[^a-z0-9._-]*'
  AND clamp_high GLOB '[a-z0-9]*'
  AND clamp_high GLOB '*[a-z0-9]'
  AND LENGTH(clamp_high) <= 63),
  CONSTRAINT routing_preferences_gate_env_check CHECK (gate_env IS NULL
  OR (
    TYPEOF(gate_env) = 'text'
    AND INSTR(gate_env, CHAR(0)) = 0
    AND NOT gate_env GLOB '*[^A-Za-z0-9_]*'
    AND gate_env GLOB '[A-Za-z_]*'
  )),
  CONSTRAINT routing_preferences_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_preferences_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT routing_preferences_default_delta CHECK ((
    default_preference <> 'quality' OR dial_quality_bp = 0
  )
  AND (
    default_preference <> 'balanced' OR dial_balanced_bp = 0
  )
  AND (
    default_preference <> 'cost' OR dial_cost_bp = 0
  )),
  CONSTRAINT routing_preferences_monotone CHECK (dial_quality_bp >= 0 AND dial_cost_bp <= 0),
  CONSTRAINT routing_preferences_clamp_low_fkey FOREIGN KEY (clamp_low) REFERENCES preference_floors (
    floor
  ),
  CONSTRAINT routing_preferences_clamp_high_fkey FOREIGN KEY (clamp_high) REFERENCES preference_floors (
    floor
  )
);

CREATE TABLE model_experiment (
  experiment TEXT NOT NULL,
  public_model_id TEXT NOT NULL,
  status TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0,
  salt TEXT NOT NULL,
  on_pause TEXT NOT NULL DEFAULT 'reject',
  on_unavailable TEXT NOT NULL DEFAULT 'reject',
  winner TEXT,
  started_at TEXT,
  description TEXT,
  owner TEXT,
  CONSTRAINT model_experiment_pkey PRIMARY KEY (experiment),
  CONSTRAINT model_experiment_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_public_model_id_check CHECK (TYPEOF(public_model_id) = 'text'
  AND INSTR(public_model_id, CHAR(0)) = 0
  AND NOT public_model_id GLOB '*[^ !-)+-~]*'
  AND public_model_id GLOB '[^ ]*'
  AND INSTR(public_model_id, '  ') = 0
  AND public_model_id GLOB '*[^ ]'
  AND LENGTH(public_model_id) <= 255),
  CONSTRAINT model_experiment_status_check CHECK (status IN ('draft', 'active', 'paused', 'completed')),
  CONSTRAINT model_experiment_archived_check CHECK (TYPEOF(archived) = 'integer' AND archived IN (0, 1)),
  CONSTRAINT model_experiment_salt_check CHECK (TYPEOF(salt) = 'text'
  AND INSTR(salt, CHAR(0)) = 0
  AND REPLACE(salt, ':', '') = salt),
  CONSTRAINT model_experiment_on_pause_check CHECK (on_pause IN ('reject', 'control')),
  CONSTRAINT model_experiment_on_unavailable_check CHECK (on_unavailable IN ('reject', 'control')),
  CONSTRAINT model_experiment_winner_check CHECK (winner IS NULL
  OR (
    TYPEOF(winner) = 'text'
    AND INSTR(winner, CHAR(0)) = 0
    AND NOT winner GLOB '*[^a-z0-9._-]*'
    AND winner GLOB '[a-z0-9]*'
    AND winner GLOB '*[a-z0-9]'
    AND LENGTH(winner) <= 63
  )),
  CONSTRAINT model_experiment_started_at_check CHECK (started_at IS NULL
  OR (
    TYPEOF(started_at) = 'text'
    AND INSTR(started_at, CHAR(0)) = 0
    AND started_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT model_experiment_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT model_experiment_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT model_experiment_archived_not_active CHECK (NOT (
    archived AND status = 'active'
  )),
  CONSTRAINT model_experiment_winner_completed CHECK (winner IS NULL OR status = 'completed'),
  CONSTRAINT model_experiment_experiment_winner_fkey FOREIGN KEY (experiment, winner) REFERENCES model_experiment_variant (
    experiment,
    variant
  ) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE model_experiment_variant (
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  position INTEGER NOT NULL,
  label TEXT,
  weight_bp INTEGER NOT NULL,
  CONSTRAINT model_experiment_variant_pkey PRIMARY KEY (experiment, variant),
  CONSTRAINT model_experiment_variant_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_variant_variant_check CHECK (TYPEOF(variant) = 'text'
  AND INSTR(variant, CHAR(0)) = 0
  AND NOT variant GLOB '*[^a-z0-9._-]*'
  AND variant GLOB '[a-z0-9]*'
  AND variant GLOB '*[a-z0-9]'
  AND LENGTH(variant) <= 63),
  CONSTRAINT model_experiment_variant_position_check CHECK (TYPEOF(position) = 'integer' AND position >= 0 AND position <= 1000000000),
  CONSTRAINT model_experiment_variant_label_check CHECK (label IS NULL OR (
    TYPEOF(label) = 'text' AND INSTR(label, CHAR(0)) = 0
  )),
  CONSTRAINT model_experiment_variant_weight_bp_check CHECK (TYPEOF(weight_bp) = 'integer' AND weight_bp >= 1 AND weight_bp <= 10000),
  CONSTRAINT model_experiment_variant_experiment_fkey FOREIGN KEY (experiment) REFERENCES model_experiment (
    experiment
  )
);

CREATE TABLE model_experiment_variant_slot (
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  first_slot INTEGER NOT NULL,
  last_slot INTEGER NOT NULL,
  CONSTRAINT model_experiment_variant_slot_pkey PRIMARY KEY (experiment, first_slot),
  CONSTRAINT model_experiment_variant_slot_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_variant_slot_variant_check CHECK (TYPEOF(variant) = 'text'
  AND INSTR(variant, CHAR(0)) = 0
  AND NOT variant GLOB '*[^a-z0-9._-]*'
  AND variant GLOB '[a-z0-9]*'
  AND variant GLOB '*[a-z0-9]'
  AND LENGTH(variant) <= 63),
  CONSTRAINT model_experiment_variant_slot_first_slot_check CHECK (TYPEOF(first_slot) = 'integer' AND first_slot >= 0 AND first_slot <= 9999),
  CONSTRAINT model_experiment_variant_slot_last_slot_check CHECK (TYPEOF(last_slot) = 'integer' AND last_slot >= 0 AND last_slot <= 9999),
  CONSTRAINT model_experiment_variant_slot_order CHECK (first_slot <= last_slot),
  CONSTRAINT model_experiment_variant_slot_experiment_variant_fkey FOREIGN KEY (experiment, variant) REFERENCES model_experiment_variant (
    experiment,
    variant
  )
);

CREATE TABLE model_experiment_variant_version (
  id INTEGER CONSTRAINT model_experiment_variant_version_pkey PRIMARY KEY AUTOINCREMENT,
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  version INTEGER NOT NULL,
  model TEXT NOT NULL,
  api_key_env TEXT,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  serving_model TEXT AS (CASE WHEN withdrawn THEN NULL ELSE model END) STORED,
  CONSTRAINT model_experiment_variant_version_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_variant_version_variant_check CHECK (TYPEOF(variant) = 'text'
  AND INSTR(variant, CHAR(0)) = 0
  AND NOT variant GLOB '*[^a-z0-9._-]*'
  AND variant GLOB '[a-z0-9]*'
  AND variant GLOB '*[a-z0-9]'
  AND LENGTH(variant) <= 63),
  CONSTRAINT model_experiment_variant_version_version_check CHECK (TYPEOF(version) = 'integer' AND version >= 1 AND version <= 1000000000),
  CONSTRAINT model_experiment_variant_version_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT model_experiment_variant_version_api_key_env_check CHECK (api_key_env IS NULL
  OR (
    TYPEOF(api_key_env) = 'text'
    AND INSTR(api_key_env, CHAR(0)) = 0
    AND NOT api_key_env GLOB '*[^A-Za-z0-9_]*'
    AND api_key_env GLOB '[A-Za-z_]*'
  )),
  CONSTRAINT model_experiment_variant_version_withdrawn_check CHECK (TYPEOF(withdrawn) = 'integer' AND withdrawn IN (0, 1)),
  CONSTRAINT model_experiment_variant_version_experiment_variant_fkey FOREIGN KEY (experiment, variant) REFERENCES model_experiment_variant (
    experiment,
    variant
  ),
  CONSTRAINT model_experiment_variant_version_serving_model_fkey FOREIGN KEY (serving_model) REFERENCES models (
    model
  )
);

CREATE TABLE model_promotions (
  id INTEGER CONSTRAINT model_promotions_pkey PRIMARY KEY AUTOINCREMENT,
  feature TEXT NOT NULL,
  from_model TEXT,
  to_model TEXT,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT 'unknown',
  happened_at TEXT NOT NULL DEFAULT (
    STRFTIME('%Y-%m-%dT%H:%M:%fZ', 'now')
  ),
  migration TEXT NOT NULL,
  CONSTRAINT model_promotions_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT model_promotions_from_model_check CHECK (from_model IS NULL
  OR (
    TYPEOF(from_model) = 'text'
    AND INSTR(from_model, CHAR(0)) = 0
    AND NOT from_model GLOB '*[^a-z0-9._-]*'
    AND from_model GLOB '[a-z0-9]*'
    AND from_model GLOB '*[a-z0-9]'
    AND LENGTH(from_model) <= 63
  )),
  CONSTRAINT model_promotions_to_model_check CHECK (to_model IS NULL
  OR (
    TYPEOF(to_model) = 'text'
    AND INSTR(to_model, CHAR(0)) = 0
    AND NOT to_model GLOB '*[^a-z0-9._-]*'
    AND to_model GLOB '[a-z0-9]*'
    AND to_model GLOB '*[a-z0-9]'
    AND LENGTH(to_model) <= 63
  )),
  CONSTRAINT model_promotions_kind_check CHECK (kind IN ('initial', 'promotion', 'rollback', 'swap', 'removed')),
  CONSTRAINT model_promotions_actor_check CHECK (TYPEOF(actor) = 'text' AND INSTR(actor, CHAR(0)) = 0),
  CONSTRAINT model_promotions_happened_at_check CHECK (TYPEOF(happened_at) = 'text'
  AND INSTR(happened_at, CHAR(0)) = 0
  AND happened_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'),
  CONSTRAINT model_promotions_migration_check CHECK (TYPEOF(migration) = 'text' AND INSTR(migration, CHAR(0)) = 0),
  CONSTRAINT model_promotions_from CHECK ((
    kind = 'initial'
  ) = (
    from_model IS NULL
  )),
  CONSTRAINT model_promotions_to CHECK ((
    kind = 'removed'
  ) = (
    to_model IS NULL
  )),
  CONSTRAINT model_promotions_two_models CHECK (from_model IS NULL OR to_model IS NULL OR from_model <> to_model)
);

CREATE TABLE provider_health_checks (
  id INTEGER CONSTRAINT provider_health_checks_pkey PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  latency_ms INTEGER,
  checked_at TEXT NOT NULL DEFAULT (
    STRFTIME('%Y-%m-%dT%H:%M:%fZ', 'now')
  ),
  CONSTRAINT provider_health_checks_provider_check CHECK (TYPEOF(provider) = 'text' AND INSTR(provider, CHAR(0)) = 0),
  CONSTRAINT provider_health_checks_model_check CHECK (TYPEOF(model) = 'text' AND INSTR(model, CHAR(0)) = 0),
  CONSTRAINT provider_health_checks_outcome_check CHECK (outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')),
  CONSTRAINT provider_health_checks_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    TYPEOF(latency_ms) = 'integer' AND latency_ms >= 0 AND latency_ms <= 1000000000
  )),
  CONSTRAINT provider_health_checks_checked_at_check CHECK (TYPEOF(checked_at) = 'text'
  AND INSTR(checked_at, CHAR(0)) = 0
  AND checked_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z')
);

CREATE TABLE circuit_breakers (
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'closed',
  consecutive_failures INTEGER NOT NULL DEFAULT 0,
  trip_count INTEGER NOT NULL DEFAULT 0,
  open_until TEXT,
  opened_at TEXT,
  half_open_at TEXT,
  closed_at TEXT,
  last_failure_at TEXT,
  last_success_at TEXT,
  CONSTRAINT circuit_breakers_pkey PRIMARY KEY (provider, model),
  CONSTRAINT circuit_breakers_provider_check CHECK (TYPEOF(provider) = 'text' AND INSTR(provider, CHAR(0)) = 0),
  CONSTRAINT circuit_breakers_model_check CHECK (TYPEOF(model) = 'text' AND INSTR(model, CHAR(0)) = 0),
  CONSTRAINT circuit_breakers_state_check CHECK (state IN ('closed', 'open', 'half_open')),
  CONSTRAINT circuit_breakers_consecutive_failures_check CHECK (TYPEOF(consecutive_failures) = 'integer'
  AND consecutive_failures >= 0
  AND consecutive_failures <= 1000000000),
  CONSTRAINT circuit_breakers_trip_count_check CHECK (TYPEOF(trip_count) = 'integer' AND trip_count >= 0 AND trip_count <= 1000000000),
  CONSTRAINT circuit_breakers_open_until_check CHECK (open_until IS NULL
  OR (
    TYPEOF(open_until) = 'text'
    AND INSTR(open_until, CHAR(0)) = 0
    AND open_until GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
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
  ))
);

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
  CONSTRAINT routing_outcomes_model_check CHECK (model IS NULL OR (
    TYPEOF(model) = 'text' AND INSTR(model, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_answered_by_check CHECK (answered_by IS NULL
  OR (
    TYPEOF(answered_by) = 'text' AND INSTR(answered_by, CHAR(0)) = 0
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
  CONSTRAINT routing_attempts_model_check CHECK (TYPEOF(model) = 'text' AND INSTR(model, CHAR(0)) = 0),
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

CREATE INDEX providers_by_stack ON providers (stack);

CREATE INDEX models_by_logical_slug ON models (logical_slug);

CREATE INDEX targets_by_logical_slug ON targets (logical_slug);

CREATE INDEX target_stacks_by_stack ON target_stacks (stack);

CREATE UNIQUE INDEX feature_models_one_primary ON feature_models (feature) WHERE status = 'primary';

CREATE INDEX tenant_banned_models_by_model ON tenant_banned_models (model);

CREATE INDEX tenant_stacks_by_stack ON tenant_stacks (stack);

CREATE UNIQUE INDEX model_experiment_one_running ON model_experiment (public_model_id) WHERE status IN ('active', 'paused');

CREATE UNIQUE INDEX model_experiment_one_winner ON model_experiment (public_model_id) WHERE status = 'completed' AND winner IS NOT NULL AND NOT archived;

CREATE UNIQUE INDEX model_experiment_salt ON model_experiment (salt);

CREATE INDEX model_experiment_by_public_model_id ON model_experiment (public_model_id);

CREATE UNIQUE INDEX model_experiment_variant_version_live ON model_experiment_variant_version (experiment, variant, version) WHERE NOT withdrawn;

CREATE INDEX model_promotions_by_feature ON model_promotions (feature, id DESC);

CREATE INDEX provider_health_checks_newest ON provider_health_checks (provider, model, checked_at DESC);

CREATE INDEX circuit_breakers_state ON circuit_breakers (state);

CREATE INDEX routing_outcomes_by_time ON routing_outcomes (begun_at);

CREATE INDEX routing_outcomes_by_tenant ON routing_outcomes (tenant, begun_at);

CREATE INDEX routing_outcomes_by_variant ON routing_outcomes (experiment, variant) WHERE experiment IS NOT NULL;

CREATE TRIGGER routing_defaults_stays BEFORE DELETE ON routing_defaults
BEGIN
  SELECT RAISE(ABORT, 'routing_defaults_stays: the table keeps its one row');
END;

CREATE TRIGGER routing_resilience_stays BEFORE DELETE ON routing_resilience
BEGIN
  SELECT RAISE(ABORT, 'routing_resilience_stays: the table keeps its one row');
END;

CREATE TRIGGER routing_scoring_stays BEFORE DELETE ON routing_scoring
BEGIN
  SELECT RAISE(ABORT, 'routing_scoring_stays: the table keeps its one row');
END;

CREATE TRIGGER model_promotions_no_update BEFORE UPDATE ON model_promotions
BEGIN
  SELECT RAISE(ABORT, 'model_promotions_no_update: the ledger is append-only');
END;

CREATE TRIGGER model_promotions_no_delete BEFORE DELETE ON model_promotions
BEGIN
  SELECT RAISE(ABORT, 'model_promotions_no_delete: the ledger is append-only');
END;

CREATE TRIGGER model_promotions_no_replace BEFORE INSERT ON model_promotions
WHEN EXISTS (SELECT 1 FROM model_promotions WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'model_promotions_no_replace: the ledger is append-only');
END;

CREATE TRIGGER model_experiment_variant_version_no_update BEFORE UPDATE ON model_experiment_variant_version
WHEN NOT (NEW.id IS OLD.id AND NEW.experiment IS OLD.experiment AND NEW.variant IS OLD.variant
  AND NEW.version IS OLD.version AND NEW.model IS OLD.model AND NEW.api_key_env IS OLD.api_key_env
  AND (NEW.withdrawn OR NOT OLD.withdrawn))
BEGIN
  SELECT RAISE(ABORT, 'model_experiment_variant_version_no_update: versions are append-only');
END;

CREATE TRIGGER model_experiment_variant_version_no_delete BEFORE DELETE ON model_experiment_variant_version
WHEN NOT EXISTS (SELECT 1 FROM model_experiment e WHERE e.experiment = OLD.experiment
  AND (e.status = 'draft' OR (e.status = 'completed' AND e.archived)))
BEGIN
  SELECT RAISE(ABORT, 'model_experiment_variant_version_no_delete: versions are append-only');
END;

CREATE TRIGGER model_experiment_variant_version_no_replace BEFORE INSERT ON model_experiment_variant_version
WHEN EXISTS (SELECT 1 FROM model_experiment_variant_version v WHERE v.id = NEW.id OR (NOT NEW.withdrawn
  AND NOT v.withdrawn AND v.experiment = NEW.experiment AND v.variant = NEW.variant AND v.version = NEW.version))
BEGIN
  SELECT RAISE(ABORT, 'model_experiment_variant_version_no_replace: versions are append-only');
END;

CREATE TRIGGER model_experiment_started_insert AFTER INSERT ON model_experiment
WHEN NEW.status = 'active' AND NEW.started_at IS NULL
BEGIN
  UPDATE model_experiment SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE experiment = NEW.experiment;
END;

CREATE TRIGGER model_experiment_started_update AFTER UPDATE ON model_experiment
WHEN OLD.started_at IS NOT NULL AND NEW.started_at IS NOT OLD.started_at
BEGIN
  UPDATE model_experiment SET started_at = OLD.started_at WHERE experiment = NEW.experiment;
END;

CREATE TRIGGER model_experiment_started_active AFTER UPDATE ON model_experiment
WHEN OLD.started_at IS NULL AND NEW.status = 'active' AND NEW.started_at IS NULL
BEGIN
  UPDATE model_experiment SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE experiment = NEW.experiment;
END;

CREATE VIEW effective_policies (tenant, preset, banned_providers, banned_models, preferred_providers, stacks, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, budget_daily_cents, budget_monthly_cents) AS
SELECT p.tenant AS tenant,
  p.preset AS preset,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM tenant_banned_providers l WHERE l.tenant = p.tenant ORDER BY provider) listed) AS banned_providers,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT model AS name FROM tenant_banned_models l WHERE l.tenant = p.tenant ORDER BY model) listed) AS banned_models,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM tenant_preferred_providers l WHERE l.tenant = p.tenant ORDER BY provider) listed) AS preferred_providers,
  (SELECT '[' || group_concat('"' || name || '"', ',') || ']' FROM (SELECT stack AS name FROM tenant_stacks l WHERE l.tenant = p.tenant ORDER BY stack) listed) AS stacks,
  p.objective AS objective,
  p.weight_quality_bp AS weight_quality_bp,
  p.weight_latency_bp AS weight_latency_bp,
  p.weight_cost_bp AS weight_cost_bp,
  p.min_quality_bp AS min_quality_bp,
  p.fallback_enabled AS fallback_enabled,
  p.fallback_cost_penalty_bp AS fallback_cost_penalty_bp,
  p.compliance_veto_threshold_bp AS compliance_veto_threshold_bp,
  p.max_quality_loss_bp AS max_quality_loss_bp,
  p.budget_daily_cents AS budget_daily_cents,
  p.budget_monthly_cents AS budget_monthly_cents
FROM tenant_routing_policy p
UNION ALL
SELECT NULL AS tenant,
  p.preset AS preset,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM default_banned_providers l ORDER BY provider) listed) AS banned_providers,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT model AS name FROM default_banned_models l ORDER BY model) listed) AS banned_models,
  (SELECT '[' || coalesce(group_concat('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM default_preferred_providers l ORDER BY provider) listed) AS preferred_providers,
  (SELECT '[' || group_concat('"' || name || '"', ',') || ']' FROM (SELECT stack AS name FROM default_stacks l ORDER BY stack) listed) AS stacks,
  p.objective AS objective,
  p.weight_quality_bp AS weight_quality_bp,
  p.weight_latency_bp AS weight_latency_bp,
  p.weight_cost_bp AS weight_cost_bp,
  p.min_quality_bp AS min_quality_bp,
  p.fallback_enabled AS fallback_enabled,
  p.fallback_cost_penalty_bp AS fallback_cost_penalty_bp,
  p.compliance_veto_threshold_bp AS compliance_veto_threshold_bp,
  p.max_quality_loss_bp AS max_quality_loss_bp,
  NULL AS budget_daily_cents,
  NULL AS budget_monthly_cents
FROM routing_defaults p;

CREATE VIEW model_ranks (tenant, model, plain_rank, penalised_rank) AS
WITH halves AS (
  SELECT m.model, m.provider, m.quality_bp, m.output_ratio_bp * (m.output_pusd / 1000000) AS high,
    m.output_ratio_bp * (m.output_pusd % 1000000) + m.input_pusd * 10000 AS low,
    s.cost_best_pusd AS best, s.cost_worst_pusd AS worst, s.cost_worst_pusd - s.cost_best_pusd AS width,
    s.latency_worst_ms - s.latency_best_ms AS duration,
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM models m CROSS JOIN routing_scoring s
), costs AS (
  SELECT halves.*, high / 100 + low / 100000000 + (high % 100 * 1000000 + low % 100000000) / 100000000 AS blended_1,
    (high % 100 * 1000000 + low % 100000000) % 100000000 AS blended_0
  FROM halves
), policies AS (
  SELECT p.tenant AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp / 100 END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp / 100 END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp / 100 END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM tenant_routing_policy p CROSS JOIN costs c LEFT JOIN tenant_preferred_providers f ON f.tenant = p.tenant AND f.provider = c.provider
  UNION ALL
  SELECT NULL AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp / 100 END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp / 100 END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp / 100 END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM routing_defaults p CROSS JOIN costs c LEFT JOIN default_preferred_providers f ON f.provider = c.provider
), priced AS (
  SELECT policies.*, wq * quality_bp * duration + 10000 * wl * speed AS a, 10000 * wc * duration AS b,
    blended_1 * 10000 + blended_0 * 10000 / 100000000 AS plain_cost_1, blended_0 * 10000 % 100000000 AS plain_cost_0,
    blended_1 * penalty + blended_0 * penalty / 100000000 AS fallback_cost_1,
    blended_0 * penalty % 100000000 AS fallback_cost_0
  FROM policies
), saved AS (
  SELECT priced.*, CASE WHEN plain_cost_1 < best THEN width WHEN plain_cost_1 >= worst THEN 0
      ELSE worst - plain_cost_1 - (plain_cost_0 > 0) END AS plain_saved_1,
    CASE WHEN plain_cost_1 < best OR plain_cost_1 >= worst OR plain_cost_0 = 0 THEN 0
      ELSE 100000000 - plain_cost_0 END AS plain_saved_0,
    CASE WHEN fallback_cost_1 < best THEN width WHEN fallback_cost_1 >= worst THEN 0
      ELSE worst - fallback_cost_1 - (fallback_cost_0 > 0) END AS fallback_saved_1,
    CASE WHEN fallback_cost_1 < best OR fallback_cost_1 >= worst OR fallback_cost_0 = 0 THEN 0
      ELSE 100000000 - fallback_cost_0 END AS fallback_saved_0
  FROM priced
), products AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    (b % 100000000) * plain_saved_0 AS score_0,
    (b / 100000000) * plain_saved_0 + (a % 100000000) * (width % 100000000) + (b % 100000000) * (plain_saved_1 % 100000000) AS score_1,
    (a / 100000000) * (width % 100000000) + (a % 100000000) * (width / 100000000) + (b / 100000000) * (plain_saved_1 % 100000000) + (b % 100000000) * (plain_saved_1 / 100000000) AS score_2,
    (a / 100000000) * (width / 100000000) + (b / 100000000) * (plain_saved_1 / 100000000) AS score_3,
    (b % 100000000) * fallback_saved_0 AS penalised_0,
    (b / 100000000) * fallback_saved_0 + (a % 100000000) * (width % 100000000) + (b % 100000000) * (fallback_saved_1 % 100000000) AS penalised_1,
    (a / 100000000) * (width % 100000000) + (a % 100000000) * (width / 100000000) + (b / 100000000) * (fallback_saved_1 % 100000000) + (b % 100000000) * (fallback_saved_1 / 100000000) AS penalised_2,
    (a / 100000000) * (width / 100000000) + (b / 100000000) * (fallback_saved_1 / 100000000) AS penalised_3
  FROM saved
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    score_3 + (score_2 + (score_1 + score_0 / 100000000) / 100000000) / 100000000 AS score_high,
    (score_2 + (score_1 + score_0 / 100000000) / 100000000) % 100000000 * 100000000 + (score_1 + score_0 / 100000000) % 100000000 AS score_middle, score_0 % 100000000 AS score_low,
    penalised_3 + (penalised_2 + (penalised_1 + penalised_0 / 100000000) / 100000000) / 100000000 AS penalised_high,
    (penalised_2 + (penalised_1 + penalised_0 / 100000000) / 100000000) % 100000000 * 100000000 + (penalised_1 + penalised_0 / 100000000) % 100000000 AS penalised_middle, penalised_0 % 100000000 AS penalised_low
  FROM products
)
SELECT tenant, model, row_number() OVER (PARTITION BY tenant ORDER BY outside, score_high DESC, score_middle DESC, score_low DESC, blended_1, blended_0, quality_bp DESC, model) AS plain_rank,
  row_number() OVER (PARTITION BY tenant ORDER BY outside, penalised_high DESC, penalised_middle DESC, penalised_low DESC, blended_1, blended_0, quality_bp DESC, model) AS penalised_rank
FROM scored;

CREATE VIEW feature_chains (tenant, feature, position, model, origin) AS
WITH halves AS (
  SELECT m.model, m.provider, m.quality_bp, m.output_ratio_bp * (m.output_pusd / 1000000) AS high,
    m.output_ratio_bp * (m.output_pusd % 1000000) + m.input_pusd * 10000 AS low,
    s.cost_best_pusd AS best, s.cost_worst_pusd AS worst, s.cost_worst_pusd - s.cost_best_pusd AS width,
    s.latency_worst_ms - s.latency_best_ms AS duration,
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM models m CROSS JOIN routing_scoring s
), costs AS (
  SELECT halves.*, high / 100 + low / 100000000 + (high % 100 * 1000000 + low % 100000000) / 100000000 AS blended_1,
    (high % 100 * 1000000 + low % 100000000) % 100000000 AS blended_0
  FROM halves
), policies AS (
  SELECT p.tenant AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp / 100 END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp / 100 END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp / 100 END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM tenant_routing_policy p CROSS JOIN costs c LEFT JOIN tenant_preferred_providers f ON f.tenant = p.tenant AND f.provider = c.provider
  UNION ALL
  SELECT NULL AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp / 100 END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp / 100 END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp / 100 END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM routing_defaults p CROSS JOIN costs c LEFT JOIN default_preferred_providers f ON f.provider = c.provider
), priced AS (
  SELECT policies.*, wq * quality_bp * duration + 10000 * wl * speed AS a, 10000 * wc * duration AS b,
    blended_1 * 10000 + blended_0 * 10000 / 100000000 AS plain_cost_1, blended_0 * 10000 % 100000000 AS plain_cost_0,
    blended_1 * penalty + blended_0 * penalty / 100000000 AS fallback_cost_1,
    blended_0 * penalty % 100000000 AS fallback_cost_0
  FROM policies
), saved AS (
  SELECT priced.*, CASE WHEN plain_cost_1 < best THEN width WHEN plain_cost_1 >= worst THEN 0
      ELSE worst - plain_cost_1 - (plain_cost_0 > 0) END AS plain_saved_1,
    CASE WHEN plain_cost_1 < best OR plain_cost_1 >= worst OR plain_cost_0 = 0 THEN 0
      ELSE 100000000 - plain_cost_0 END AS plain_saved_0,
    CASE WHEN fallback_cost_1 < best THEN width WHEN fallback_cost_1 >= worst THEN 0
      ELSE worst - fallback_cost_1 - (fallback_cost_0 > 0) END AS fallback_saved_1,
    CASE WHEN fallback_cost_1 < best OR fallback_cost_1 >= worst OR fallback_cost_0 = 0 THEN 0
      ELSE 100000000 - fallback_cost_0 END AS fallback_saved_0
  FROM priced
), products AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    (b % 100000000) * plain_saved_0 AS score_0,
    (b / 100000000) * plain_saved_0 + (a % 100000000) * (width % 100000000) + (b % 100000000) * (plain_saved_1 % 100000000) AS score_1,
    (a / 100000000) * (width % 100000000) + (a % 100000000) * (width / 100000000) + (b / 100000000) * (plain_saved_1 % 100000000) + (b % 100000000) * (plain_saved_1 / 100000000) AS score_2,
    (a / 100000000) * (width / 100000000) + (b / 100000000) * (plain_saved_1 / 100000000) AS score_3,
    (b % 100000000) * fallback_saved_0 AS penalised_0,
    (b / 100000000) * fallback_saved_0 + (a % 100000000) * (width % 100000000) + (b % 100000000) * (fallback_saved_1 % 100000000) AS penalised_1,
    (a / 100000000) * (width % 100000000) + (a % 100000000) * (width / 100000000) + (b / 100000000) * (fallback_saved_1 % 100000000) + (b % 100000000) * (fallback_saved_1 / 100000000) AS penalised_2,
    (a / 100000000) * (width / 100000000) + (b / 100000000) * (fallback_saved_1 / 100000000) AS penalised_3
  FROM saved
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended_1, blended_0, quality_bp,
    score_3 + (score_2 + (score_1 + score_0 / 100000000) / 100000000) / 100000000 AS score_high,
    (score_2 + (score_1 + score_0 / 100000000) / 100000000) % 100000000 * 100000000 + (score_1 + score_0 / 100000000) % 100000000 AS score_middle, score_0 % 100000000 AS score_low,
    penalised_3 + (penalised_2 + (penalised_1 + penalised_0 / 100000000) / 100000000) / 100000000 AS penalised_high,
    (penalised_2 + (penalised_1 + penalised_0 / 100000000) / 100000000) % 100000000 * 100000000 + (penalised_1 + penalised_0 / 100000000) % 100000000 AS penalised_middle, penalised_0 % 100000000 AS penalised_low
  FROM products
), policy_fallbacks AS (
  SELECT tenant, fallback_enabled FROM tenant_routing_policy
  UNION ALL
  SELECT NULL AS tenant, fallback_enabled FROM routing_defaults
), ranked AS (
  SELECT tenant, model, row_number() OVER (PARTITION BY tenant ORDER BY outside, penalised_high DESC, penalised_middle DESC, penalised_low DESC, blended_1, blended_0, quality_bp DESC, model) AS place FROM scored WHERE fallback_enabled
), declared AS (
  SELECT feature, 0 AS tier, 0 AS place, model FROM feature_models WHERE status = 'primary'
  UNION ALL
  SELECT f.feature, 1 AS tier, min(f.position) AS place, f.model FROM feature_fallbacks f
  WHERE NOT EXISTS (SELECT 1 FROM feature_models r
    WHERE r.feature = f.feature AND r.model = f.model AND r.status = 'primary')
  GROUP BY f.feature, f.model
), candidates AS (
  SELECT f.feature, m.model FROM features f JOIN targets t ON t.target = f.then_target
    JOIN models m ON m.active AND m.listed
    JOIN providers p ON p.provider = m.provider
  WHERE (t.candidates = 'all'
      OR (t.candidates = 'logical' AND m.logical_slug = t.logical_slug)
      OR (t.candidates = 'models' AND EXISTS (SELECT 1 FROM target_models c
        WHERE c.target = t.target AND c.model = m.model))
      OR (t.candidates = 'stacks' AND EXISTS (SELECT 1 FROM target_stacks c
        WHERE c.target = t.target AND c.stack = p.stack)))
    AND NOT EXISTS (SELECT 1 FROM feature_models r
      WHERE r.feature = f.feature AND r.model = m.model AND r.status IN ('primary', 'retired'))
    AND NOT EXISTS (SELECT 1 FROM feature_fallbacks r WHERE r.feature = f.feature AND r.model = m.model)
), links AS (
  SELECT t.tenant, d.feature, d.tier, d.place, d.model FROM policy_fallbacks t CROSS JOIN declared d
  WHERE t.fallback_enabled OR d.tier = 0
  UNION ALL
  SELECT r.tenant, c.feature, 2 AS tier, r.place, c.model FROM candidates c JOIN ranked r ON r.model = c.model
)
SELECT tenant, feature, row_number() OVER (PARTITION BY tenant, feature ORDER BY tier, place) AS position, model,
  CASE tier WHEN 0 THEN 'primary' WHEN 1 THEN 'fallback' ELSE 'then' END AS origin
FROM links;

CREATE VIEW experiment_slots (public_model_id, first_slot, last_slot, experiment, status, variant, version, model) AS
WITH answering AS (
  SELECT e.experiment, e.public_model_id, e.status, e.on_pause, e.winner FROM model_experiment e
  WHERE NOT e.archived AND (e.status IN ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM model_experiment o WHERE o.public_model_id = e.public_model_id AND NOT o.archived
      AND o.status IN ('active', 'paused'))))
), serving AS (
  SELECT v.experiment, v.variant, v.version, v.model FROM model_experiment_variant_version v
  WHERE NOT v.withdrawn AND NOT EXISTS (SELECT 1 FROM model_experiment_variant_version n
    WHERE n.experiment = v.experiment AND n.variant = v.variant AND NOT n.withdrawn AND n.version > v.version)
), owned AS (
  SELECT experiment, variant, first_slot, last_slot FROM model_experiment_variant_slot
  UNION ALL
  SELECT w.experiment, w.variant, w.until - w.weight_bp AS first_slot, w.until - 1 AS last_slot FROM (
    SELECT v.experiment, v.variant, v.weight_bp,
      sum(v.weight_bp) OVER (PARTITION BY v.experiment ORDER BY v.position) AS until
    FROM model_experiment_variant v) w
  WHERE NOT EXISTS (SELECT 1 FROM model_experiment_variant_slot s WHERE s.experiment = w.experiment)
), assigned AS (
  SELECT a.public_model_id, o.first_slot, o.last_slot, a.experiment, a.status, o.variant
  FROM answering a JOIN owned o ON o.experiment = a.experiment WHERE a.status = 'active'
  UNION ALL
  SELECT a.public_model_id, 0 AS first_slot, 9999 AS last_slot, a.experiment, a.status,
    CASE WHEN a.status = 'completed' THEN a.winner WHEN a.on_pause = 'control' THEN (
      SELECT v.variant FROM model_experiment_variant v
      WHERE v.experiment = a.experiment AND v.position = 0) END AS variant
  FROM answering a WHERE a.status <> 'active'
)
SELECT a.public_model_id, a.first_slot, a.last_slot, a.experiment, a.status, a.variant, s.version, s.model
FROM assigned a LEFT JOIN serving s ON s.experiment = a.experiment AND s.variant = a.variant;

CREATE VIEW model_shares (logical, model, share_bp, first_slot, last_slot) AS
SELECT logical, model, share_bp, until - share_bp AS first_slot, until - 1 AS last_slot FROM (
  SELECT m.logical_slug AS logical, m.model, m.share_bp,
    sum(m.share_bp) OVER (PARTITION BY m.logical_slug ORDER BY coalesce(m.shared_as, m.model)) AS until
  FROM models m WHERE m.share_bp IS NOT NULL) dealt;
