CREATE FUNCTION public.routecomp_assert(what text, ok boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF ok IS NOT TRUE THEN
    RAISE EXCEPTION '%', what USING ERRCODE = '23514', CONSTRAINT = 'routecomp_assert';
  END IF;
END
$body$;

CREATE TABLE public.providers (
  provider TEXT NOT NULL,
  adapter TEXT NOT NULL,
  base_url TEXT NOT NULL,
  chat_path TEXT NOT NULL,
  stream_path TEXT,
  auth TEXT,
  region TEXT,
  allow_http BOOLEAN NOT NULL DEFAULT FALSE,
  api_key_env TEXT,
  stack TEXT NOT NULL,
  params TEXT,
  rpm DECIMAL,
  tpm DECIMAL,
  parallel DECIMAL,
  connect_ms DECIMAL,
  first_token_ms DECIMAL,
  total_ms DECIMAL,
  description TEXT,
  owner TEXT,
  CONSTRAINT providers_pkey PRIMARY KEY (provider),
  CONSTRAINT providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT providers_adapter_check CHECK (adapter COLLATE "C" ~ '^[a-z][a-z0-9_-]{0,62}$'),
  CONSTRAINT providers_base_url_check CHECK (base_url COLLATE "C" ~ '^[!-~]+$'
  AND REPLACE(REPLACE(REPLACE(base_url, '#', ''), '?', ''), '\', '') = base_url),
  CONSTRAINT providers_chat_path_check CHECK (chat_path COLLATE "C" ~ '^[!-~]+$'
  AND REPLACE(REPLACE(chat_path, '#', ''), '\', '') = chat_path),
  CONSTRAINT providers_stream_path_check CHECK (stream_path IS NULL
  OR (
    stream_path COLLATE "C" ~ '^[!-~]+$'
    AND REPLACE(REPLACE(stream_path, '#', ''), '\', '') = stream_path
  )),
  CONSTRAINT providers_api_key_env_check CHECK (api_key_env IS NULL OR (
    api_key_env COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'
  )),
  CONSTRAINT providers_stack_check CHECK (stack COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT providers_rpm_check CHECK (rpm IS NULL OR (
    rpm >= 1 AND rpm <= 1000000000 AND rpm = TRUNC(rpm)
  )),
  CONSTRAINT providers_tpm_check CHECK (tpm IS NULL OR (
    tpm >= 1 AND tpm <= 1000000000 AND tpm = TRUNC(tpm)
  )),
  CONSTRAINT providers_parallel_check CHECK (parallel IS NULL
  OR (
    parallel >= 1 AND parallel <= 1000000000 AND parallel = TRUNC(parallel)
  )),
  CONSTRAINT providers_connect_ms_check CHECK (connect_ms IS NULL
  OR (
    connect_ms >= 1 AND connect_ms <= 1000000000 AND connect_ms = TRUNC(connect_ms)
  )),
  CONSTRAINT providers_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    first_token_ms >= 1
    AND first_token_ms <= 1000000000
    AND first_token_ms = TRUNC(first_token_ms)
  )),
  CONSTRAINT providers_total_ms_check CHECK (total_ms IS NULL
  OR (
    total_ms >= 1 AND total_ms <= 1000000000 AND total_ms = TRUNC(total_ms)
  )),
  CONSTRAINT providers_stack_word CHECK (SUBSTRING(stack FROM 1 FOR 6) <> 'avoid-'),
  CONSTRAINT providers_base_url_host CHECK (SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1) ~ '^[^@:]'
  AND POSITION(
    '@' IN SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)
  ) = 0),
  CONSTRAINT providers_chat_path_relative CHECK (NOT chat_path ~ '^[A-Za-z][A-Za-z0-9+.-]*://'
  AND (
    stream_path IS NULL OR NOT stream_path ~ '^[A-Za-z][A-Za-z0-9+.-]*://'
  )),
  CONSTRAINT providers_over_https CHECK (SUBSTRING(LOWER(base_url) FROM 1 FOR 8) = 'https://'
  OR (
    SUBSTRING(LOWER(base_url) FROM 1 FOR 16) = 'http://localhost'
    AND SUBSTRING(SUBSTRING(LOWER(base_url) FROM 17) || '/' FROM 1 FOR 1) IN (':', '/')
  )
  OR (
    SUBSTRING(LOWER(base_url) FROM 1 FOR 11) = 'http://127.'
    AND SUBSTRING(TRIM(LEADING '0123456789.' FROM SUBSTRING(LOWER(base_url) FROM 12)) || '/' FROM 1 FOR 1) IN (':', '/')
  )
  OR (
    SUBSTRING(LOWER(base_url) FROM 1 FOR 8) = 'http://['
    AND SUBSTRING(TRIM(LEADING '0:' FROM SUBSTRING(LOWER(base_url) FROM 9)) FROM 1 FOR 2) = '1]'
    AND SUBSTRING(SUBSTRING(TRIM(LEADING '0:' FROM SUBSTRING(LOWER(base_url) FROM 9)) FROM 3) || '/' FROM 1 FOR 1) IN (':', '/')
  )
  OR (
    allow_http
    AND SUBSTRING(LOWER(base_url) FROM 1 FOR 7) = 'http://'
    AND NOT LOWER(
      SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
    ) IN (
      'metadata',
      'metadata.google.internal',
      'instance-data',
      'instance-data.ec2.internal'
    )
    AND (
      (
        SUBSTRING(LOWER(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)) FROM 1 FOR 3) IN ('[fc', '[fd')
        AND SUBSTRING(LOWER(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)) FROM 6 FOR 1) = ':'
        AND SUBSTRING(LOWER(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)) FROM 1 FOR 10) <> '[fd00:ec2:'
        AND SUBSTRING(LOWER(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1)) FROM 1 FOR 11) <> '[fd00:0ec2:'
      )
      OR (
        TRIM(LEADING '0123456789.' FROM LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )) = ''
        AND (
          SUBSTRING(LOWER(
            SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
          ) FROM 1 FOR 3) = '10.'
          OR SUBSTRING(LOWER(
            SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
          ) FROM 1 FOR 8) = '192.168.'
          OR SUBSTRING(LOWER(
            SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
          ) FROM 1 FOR 7) IN (
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
            SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
          ),
          '.',
          ''
        ) = LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
        AND TRIM(LEADING '0123456789.' FROM LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )) <> ''
        AND SUBSTRING(LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        ) FROM 1 FOR 2) <> '0x'
        AND SUBSTRING(LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        ) FROM 1 FOR 1) <> '['
      )
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 5) = '.local'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 8) = '.internal'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 3) = '.lan'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 9) = '.home.arpa'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 3) = '.svc'
      OR SUBSTRING(LOWER(
        SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
      ) FROM LENGTH(
        LOWER(
          SPLIT_PART(SPLIT_PART(SUBSTRING(base_url FROM POSITION('://' IN base_url) + 3), '/', 1), ':', 1)
        )
      ) - 13) = '.cluster.local'
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
    SUBSTRING(auth FROM 1 FOR 7) = 'header:'
    AND SUBSTRING(auth FROM 8) <> ''
    AND TRIM(LEADING '!#$%&''*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ' FROM SUBSTRING(auth FROM 8)) = ''
    AND NOT LOWER(SUBSTRING(auth FROM 8)) IN (
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
    AND SUBSTRING(LOWER(SUBSTRING(auth FROM 8)) FROM 1 FOR 6) <> 'proxy-'
    AND SUBSTRING(LOWER(SUBSTRING(auth FROM 8)) FROM 1 FOR 12) <> 'x-forwarded-'
  )),
  CONSTRAINT providers_paths_sound CHECK (auth IS NULL
  OR (
    REPLACE(REPLACE(REPLACE(chat_path, '{model}', ''), '{', ''), '}', '') = REPLACE(chat_path, '{model}', '')
    AND LENGTH(chat_path) - LENGTH(REPLACE(chat_path, '{model}', '')) <= 7
    AND LENGTH(chat_path) - LENGTH(REPLACE(chat_path, '?', '')) <= 1
    AND SUBSTRING(chat_path FROM LENGTH(chat_path)) <> '?'
    AND (
      stream_path IS NULL
      OR (
        REPLACE(REPLACE(REPLACE(stream_path, '{model}', ''), '{', ''), '}', '') = REPLACE(stream_path, '{model}', '')
        AND LENGTH(stream_path) - LENGTH(REPLACE(stream_path, '{model}', '')) <= 7
        AND LENGTH(stream_path) - LENGTH(REPLACE(stream_path, '?', '')) <= 1
        AND SUBSTRING(stream_path FROM LENGTH(stream_path)) <> '?'
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
    auth IS NOT NULL AND auth = 'sigv4'
  ))
);

CREATE TABLE public.provider_query (
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  position DECIMAL NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT provider_query_pkey PRIMARY KEY (provider, name),
  CONSTRAINT provider_query_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT provider_query_name_check CHECK (name COLLATE "C" ~ '^[ -~]*$'),
  CONSTRAINT provider_query_position_check CHECK (position >= 0 AND position <= 1000000000 AND position = TRUNC(position)),
  CONSTRAINT provider_query_value_check CHECK (value COLLATE "C" ~ '^[ -~]*$'),
  CONSTRAINT provider_query_named CHECK (name <> ''),
  CONSTRAINT provider_query_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.provider_headers (
  provider TEXT NOT NULL,
  header TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT provider_headers_pkey PRIMARY KEY (provider, header),
  CONSTRAINT provider_headers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT provider_headers_header_check CHECK (header COLLATE "C" ~ '^[!#$%&''*+.^_`|~0-9a-z-]+$'),
  CONSTRAINT provider_headers_value_check CHECK (value COLLATE "C" ~ '^[ -~]*$'),
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
  AND SUBSTRING(header FROM 1 FOR 6) <> 'proxy-'
  AND SUBSTRING(header FROM 1 FOR 12) <> 'x-forwarded-'),
  CONSTRAINT provider_headers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.provider_secret_headers (
  provider TEXT NOT NULL,
  header TEXT NOT NULL,
  variable TEXT NOT NULL,
  CONSTRAINT provider_secret_headers_pkey PRIMARY KEY (provider, header),
  CONSTRAINT provider_secret_headers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT provider_secret_headers_header_check CHECK (header COLLATE "C" ~ '^[!#$%&''*+.^_`|~0-9a-z-]+$'),
  CONSTRAINT provider_secret_headers_variable_check CHECK (variable COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'),
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
  AND SUBSTRING(header FROM 1 FOR 6) <> 'proxy-'
  AND SUBSTRING(header FROM 1 FOR 12) <> 'x-forwarded-'),
  CONSTRAINT provider_secret_headers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.models (
  model TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_model_name TEXT NOT NULL,
  logical_slug TEXT,
  quality_bp DECIMAL NOT NULL,
  input_pusd DECIMAL NOT NULL,
  output_pusd DECIMAL NOT NULL,
  output_ratio_bp DECIMAL NOT NULL DEFAULT 5000,
  latency_ms DECIMAL NOT NULL,
  context_window DECIMAL NOT NULL,
  min_output_tokens DECIMAL NOT NULL DEFAULT 0,
  max_output_tokens DECIMAL,
  compliance_bp DECIMAL NOT NULL DEFAULT 10000,
  share_bp DECIMAL,
  api_key_env TEXT,
  params TEXT,
  rpm DECIMAL,
  tpm DECIMAL,
  parallel DECIMAL,
  connect_ms DECIMAL,
  first_token_ms DECIMAL,
  total_ms DECIMAL,
  sunset TEXT,
  successor TEXT,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  listed BOOLEAN NOT NULL DEFAULT TRUE,
  description TEXT,
  owner TEXT,
  shared_as TEXT,
  CONSTRAINT models_pkey PRIMARY KEY (model),
  CONSTRAINT models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT models_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT models_provider_model_name_check CHECK (provider_model_name COLLATE "C" ~ '^[!-~]+$'),
  CONSTRAINT models_logical_slug_check CHECK (logical_slug IS NULL
  OR (
    logical_slug COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT models_quality_bp_check CHECK (quality_bp >= 0 AND quality_bp <= 10000 AND quality_bp = TRUNC(quality_bp)),
  CONSTRAINT models_input_pusd_check CHECK (input_pusd >= 0 AND input_pusd <= 1000000000000 AND input_pusd = TRUNC(input_pusd)),
  CONSTRAINT models_output_pusd_check CHECK (output_pusd >= 0
  AND output_pusd <= 1000000000000
  AND output_pusd = TRUNC(output_pusd)),
  CONSTRAINT models_output_ratio_bp_check CHECK (output_ratio_bp >= 0
  AND output_ratio_bp <= 10000000000
  AND output_ratio_bp = TRUNC(output_ratio_bp)),
  CONSTRAINT models_latency_ms_check CHECK (latency_ms >= 0 AND latency_ms <= 1000000000 AND latency_ms = TRUNC(latency_ms)),
  CONSTRAINT models_context_window_check CHECK (context_window >= 1
  AND context_window <= 1000000000
  AND context_window = TRUNC(context_window)),
  CONSTRAINT models_min_output_tokens_check CHECK (min_output_tokens >= 0
  AND min_output_tokens <= 1000000000
  AND min_output_tokens = TRUNC(min_output_tokens)),
  CONSTRAINT models_max_output_tokens_check CHECK (max_output_tokens IS NULL
  OR (
    max_output_tokens >= 1
    AND max_output_tokens <= 1000000000
    AND max_output_tokens = TRUNC(max_output_tokens)
  )),
  CONSTRAINT models_compliance_bp_check CHECK (compliance_bp >= 0
  AND compliance_bp <= 10000
  AND compliance_bp = TRUNC(compliance_bp)),
  CONSTRAINT models_share_bp_check CHECK (share_bp IS NULL
  OR (
    share_bp >= 1 AND share_bp <= 10000 AND share_bp = TRUNC(share_bp)
  )),
  CONSTRAINT models_api_key_env_check CHECK (api_key_env IS NULL OR (
    api_key_env COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'
  )),
  CONSTRAINT models_rpm_check CHECK (rpm IS NULL OR (
    rpm >= 1 AND rpm <= 1000000000 AND rpm = TRUNC(rpm)
  )),
  CONSTRAINT models_tpm_check CHECK (tpm IS NULL OR (
    tpm >= 1 AND tpm <= 1000000000 AND tpm = TRUNC(tpm)
  )),
  CONSTRAINT models_parallel_check CHECK (parallel IS NULL
  OR (
    parallel >= 1 AND parallel <= 1000000000 AND parallel = TRUNC(parallel)
  )),
  CONSTRAINT models_connect_ms_check CHECK (connect_ms IS NULL
  OR (
    connect_ms >= 1 AND connect_ms <= 1000000000 AND connect_ms = TRUNC(connect_ms)
  )),
  CONSTRAINT models_first_token_ms_check CHECK (first_token_ms IS NULL
  OR (
    first_token_ms >= 1
    AND first_token_ms <= 1000000000
    AND first_token_ms = TRUNC(first_token_ms)
  )),
  CONSTRAINT models_total_ms_check CHECK (total_ms IS NULL
  OR (
    total_ms >= 1 AND total_ms <= 1000000000 AND total_ms = TRUNC(total_ms)
  )),
  CONSTRAINT models_sunset_check CHECK (sunset IS NULL
  OR (
    sunset COLLATE "C" ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
    AND SUBSTRING(sunset FROM 1 FOR 4) <> '0000'
    AND SUBSTRING(sunset FROM 6 FOR 2) >= '01'
    AND SUBSTRING(sunset FROM 6 FOR 2) <= '12'
    AND SUBSTRING(sunset FROM 9 FOR 2) >= '01'
    AND (
      SUBSTRING(sunset FROM 9 FOR 2) <= '28'
      OR (
        SUBSTRING(sunset FROM 9 FOR 2) <= '30' AND SUBSTRING(sunset FROM 6 FOR 2) <> '02'
      )
      OR (
        SUBSTRING(sunset FROM 9 FOR 2) = '31'
        AND SUBSTRING(sunset FROM 6 FOR 2) IN ('01', '03', '05', '07', '08', '10', '12')
      )
      OR (
        SUBSTRING(sunset FROM 9 FOR 2) = '29'
        AND (
          SUBSTRING(sunset FROM 3 FOR 2) IN (
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
            SUBSTRING(sunset FROM 3 FOR 2) = '00'
            AND SUBSTRING(sunset FROM 1 FOR 2) IN (
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
    successor COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT models_shared_as_check CHECK (shared_as IS NULL
  OR (
    shared_as COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT models_output_bounds CHECK (max_output_tokens IS NULL OR min_output_tokens <= max_output_tokens),
  CONSTRAINT models_share_of_logical CHECK (share_bp IS NULL OR logical_slug IS NOT NULL),
  CONSTRAINT models_shared_as_share CHECK (shared_as IS NULL OR share_bp IS NOT NULL),
  CONSTRAINT models_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  ),
  CONSTRAINT models_successor_fkey FOREIGN KEY (successor) REFERENCES public.models (
    model
  ) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE public.model_aliases (
  alias TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT model_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT model_aliases_alias_check CHECK (alias COLLATE "C" ~ '^[!-)+-~]+( [!-)+-~]+)*$' AND LENGTH(alias) <= 255),
  CONSTRAINT model_aliases_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_aliases_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.model_capabilities (
  model TEXT NOT NULL,
  capability TEXT NOT NULL,
  CONSTRAINT model_capabilities_pkey PRIMARY KEY (model, capability),
  CONSTRAINT model_capabilities_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_capabilities_capability_check CHECK (capability COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_capabilities_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.targets (
  target TEXT NOT NULL,
  candidates TEXT NOT NULL,
  logical_slug TEXT,
  min_quality_bp DECIMAL,
  description TEXT,
  owner TEXT,
  CONSTRAINT targets_pkey PRIMARY KEY (target),
  CONSTRAINT targets_target_check CHECK (target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT targets_candidates_check CHECK (candidates IN ('all', 'models', 'stacks', 'logical')),
  CONSTRAINT targets_logical_slug_check CHECK (logical_slug IS NULL
  OR (
    logical_slug COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT targets_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    min_quality_bp >= 0
    AND min_quality_bp <= 10000
    AND min_quality_bp = TRUNC(min_quality_bp)
  )),
  CONSTRAINT targets_logical CHECK ((
    candidates = 'logical'
  ) = (
    logical_slug IS NOT NULL
  ))
);

CREATE TABLE public.target_aliases (
  alias TEXT NOT NULL,
  target TEXT NOT NULL,
  CONSTRAINT target_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT target_aliases_alias_check CHECK (alias COLLATE "C" ~ '^([!-)+-~]+( [!-)+-~]+)*|([!-)+-~]+( [!-)+-~]+)* ?)?[*])$'
  AND LENGTH(alias) <= 255),
  CONSTRAINT target_aliases_target_check CHECK (target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_aliases_target_fkey FOREIGN KEY (target) REFERENCES public.targets (
    target
  )
);

CREATE TABLE public.target_models (
  target TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT target_models_pkey PRIMARY KEY (target, model),
  CONSTRAINT target_models_target_check CHECK (target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_models_target_fkey FOREIGN KEY (target) REFERENCES public.targets (
    target
  ),
  CONSTRAINT target_models_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.target_stacks (
  target TEXT NOT NULL,
  stack TEXT NOT NULL,
  CONSTRAINT target_stacks_pkey PRIMARY KEY (target, stack),
  CONSTRAINT target_stacks_target_check CHECK (target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_stacks_stack_check CHECK (stack COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT target_stacks_target_fkey FOREIGN KEY (target) REFERENCES public.targets (
    target
  )
);

CREATE TABLE public.features (
  feature TEXT NOT NULL,
  then_target TEXT,
  min_quality_bp DECIMAL,
  description TEXT,
  owner TEXT,
  CONSTRAINT features_pkey PRIMARY KEY (feature),
  CONSTRAINT features_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT features_then_target_check CHECK (then_target IS NULL
  OR (
    then_target COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT features_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    min_quality_bp >= 0
    AND min_quality_bp <= 10000
    AND min_quality_bp = TRUNC(min_quality_bp)
  )),
  CONSTRAINT features_then_target_fkey FOREIGN KEY (then_target) REFERENCES public.targets (
    target
  )
);

CREATE TABLE public.feature_aliases (
  alias TEXT NOT NULL,
  feature TEXT NOT NULL,
  CONSTRAINT feature_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT feature_aliases_alias_check CHECK (alias COLLATE "C" ~ '^[!-)+-~]+( [!-)+-~]+)*$' AND LENGTH(alias) <= 255),
  CONSTRAINT feature_aliases_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_aliases_feature_fkey FOREIGN KEY (feature) REFERENCES public.features (
    feature
  )
);

CREATE TABLE public.feature_models (
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  status TEXT NOT NULL,
  position DECIMAL NOT NULL,
  sample_bp DECIMAL,
  max_daily_cents DECIMAL,
  CONSTRAINT feature_models_pkey PRIMARY KEY (feature, model),
  CONSTRAINT feature_models_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_models_status_check CHECK (status IN ('primary', 'shadow', 'retired')),
  CONSTRAINT feature_models_position_check CHECK (position >= 0 AND position <= 1000000000 AND position = TRUNC(position)),
  CONSTRAINT feature_models_sample_bp_check CHECK (sample_bp IS NULL
  OR (
    sample_bp >= 1 AND sample_bp <= 10000 AND sample_bp = TRUNC(sample_bp)
  )),
  CONSTRAINT feature_models_max_daily_cents_check CHECK (max_daily_cents IS NULL
  OR (
    max_daily_cents >= 0
    AND max_daily_cents <= 100000000000
    AND max_daily_cents = TRUNC(max_daily_cents)
  )),
  CONSTRAINT feature_models_sample_on_shadow CHECK (sample_bp IS NULL OR status = 'shadow'),
  CONSTRAINT feature_models_cap_needs_sample CHECK (max_daily_cents IS NULL OR sample_bp IS NOT NULL),
  CONSTRAINT feature_models_feature_fkey FOREIGN KEY (feature) REFERENCES public.features (
    feature
  ),
  CONSTRAINT feature_models_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.feature_fallbacks (
  feature TEXT NOT NULL,
  position DECIMAL NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT feature_fallbacks_pkey PRIMARY KEY (feature, position),
  CONSTRAINT feature_fallbacks_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_fallbacks_position_check CHECK (position >= 0 AND position <= 1000000000 AND position = TRUNC(position)),
  CONSTRAINT feature_fallbacks_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT feature_fallbacks_feature_fkey FOREIGN KEY (feature) REFERENCES public.features (
    feature
  ),
  CONSTRAINT feature_fallbacks_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.routing_defaults (
  single DECIMAL NOT NULL DEFAULT 1,
  model TEXT NOT NULL,
  unknown_tenant TEXT NOT NULL DEFAULT 'default',
  preset TEXT NOT NULL DEFAULT 'balanced',
  objective TEXT NOT NULL DEFAULT 'weighted',
  weight_quality_bp DECIMAL NOT NULL DEFAULT 4000,
  weight_latency_bp DECIMAL NOT NULL DEFAULT 3000,
  weight_cost_bp DECIMAL NOT NULL DEFAULT 3000,
  min_quality_bp DECIMAL,
  fallback_enabled BOOLEAN NOT NULL DEFAULT TRUE,
  fallback_cost_penalty_bp DECIMAL NOT NULL DEFAULT 500,
  compliance_veto_threshold_bp DECIMAL NOT NULL DEFAULT 5000,
  max_quality_loss_bp DECIMAL NOT NULL DEFAULT 1000,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_defaults_pkey PRIMARY KEY (single),
  CONSTRAINT routing_defaults_single_check CHECK (single >= 1 AND single <= 1 AND single = TRUNC(single)),
  CONSTRAINT routing_defaults_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT routing_defaults_unknown_tenant_check CHECK (unknown_tenant IN ('default', 'reject')),
  CONSTRAINT routing_defaults_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT routing_defaults_objective_check CHECK (objective IN ('weighted', 'cheapest')),
  CONSTRAINT routing_defaults_weight_quality_bp_check CHECK (weight_quality_bp >= 0
  AND weight_quality_bp <= 10000
  AND weight_quality_bp = TRUNC(weight_quality_bp)),
  CONSTRAINT routing_defaults_weight_latency_bp_check CHECK (weight_latency_bp >= 0
  AND weight_latency_bp <= 10000
  AND weight_latency_bp = TRUNC(weight_latency_bp)),
  CONSTRAINT routing_defaults_weight_cost_bp_check CHECK (weight_cost_bp >= 0
  AND weight_cost_bp <= 10000
  AND weight_cost_bp = TRUNC(weight_cost_bp)),
  CONSTRAINT routing_defaults_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    min_quality_bp >= 0
    AND min_quality_bp <= 10000
    AND min_quality_bp = TRUNC(min_quality_bp)
  )),
  CONSTRAINT routing_defaults_fallback_cost_penalty_bp_check CHECK (fallback_cost_penalty_bp >= 0
  AND fallback_cost_penalty_bp <= 10000
  AND fallback_cost_penalty_bp = TRUNC(fallback_cost_penalty_bp)),
  CONSTRAINT routing_defaults_compliance_veto_threshold_bp_check CHECK (compliance_veto_threshold_bp >= 0
  AND compliance_veto_threshold_bp <= 10000
  AND compliance_veto_threshold_bp = TRUNC(compliance_veto_threshold_bp)),
  CONSTRAINT routing_defaults_max_quality_loss_bp_check CHECK (max_quality_loss_bp >= 0
  AND max_quality_loss_bp <= 10000
  AND max_quality_loss_bp = TRUNC(max_quality_loss_bp)),
  CONSTRAINT routing_defaults_weights_sum CHECK (weight_quality_bp + weight_latency_bp + weight_cost_bp = 10000),
  CONSTRAINT routing_defaults_weights_steps CHECK (weight_quality_bp % 100 = 0
  AND weight_latency_bp % 100 = 0
  AND weight_cost_bp % 100 = 0),
  CONSTRAINT routing_defaults_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.default_banned_providers (
  provider TEXT NOT NULL,
  CONSTRAINT default_banned_providers_pkey PRIMARY KEY (provider),
  CONSTRAINT default_banned_providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT default_banned_providers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.default_banned_models (
  model TEXT NOT NULL,
  CONSTRAINT default_banned_models_pkey PRIMARY KEY (model),
  CONSTRAINT default_banned_models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')
);

CREATE TABLE public.default_preferred_providers (
  provider TEXT NOT NULL,
  CONSTRAINT default_preferred_providers_pkey PRIMARY KEY (provider),
  CONSTRAINT default_preferred_providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT default_preferred_providers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.default_stacks (
  stack TEXT NOT NULL,
  CONSTRAINT default_stacks_pkey PRIMARY KEY (stack),
  CONSTRAINT default_stacks_stack_check CHECK (stack COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')
);

CREATE TABLE public.default_routes (
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT default_routes_pkey PRIMARY KEY (feature),
  CONSTRAINT default_routes_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT default_routes_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT default_routes_model_fkey FOREIGN KEY (model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.routing_scoring (
  single DECIMAL NOT NULL DEFAULT 1,
  cost_best_pusd DECIMAL NOT NULL,
  cost_worst_pusd DECIMAL NOT NULL,
  latency_best_ms DECIMAL NOT NULL,
  latency_worst_ms DECIMAL NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_scoring_pkey PRIMARY KEY (single),
  CONSTRAINT routing_scoring_single_check CHECK (single >= 1 AND single <= 1 AND single = TRUNC(single)),
  CONSTRAINT routing_scoring_cost_best_pusd_check CHECK (cost_best_pusd >= 0
  AND cost_best_pusd <= 1000000000000
  AND cost_best_pusd = TRUNC(cost_best_pusd)),
  CONSTRAINT routing_scoring_cost_worst_pusd_check CHECK (cost_worst_pusd >= 0
  AND cost_worst_pusd <= 1000000000000
  AND cost_worst_pusd = TRUNC(cost_worst_pusd)),
  CONSTRAINT routing_scoring_latency_best_ms_check CHECK (latency_best_ms >= 0
  AND latency_best_ms <= 1000000000
  AND latency_best_ms = TRUNC(latency_best_ms)),
  CONSTRAINT routing_scoring_latency_worst_ms_check CHECK (latency_worst_ms >= 0
  AND latency_worst_ms <= 1000000000
  AND latency_worst_ms = TRUNC(latency_worst_ms)),
  CONSTRAINT routing_scoring_cost_order CHECK (cost_best_pusd < cost_worst_pusd),
  CONSTRAINT routing_scoring_latency_order CHECK (latency_best_ms < latency_worst_ms)
);

CREATE TABLE public.routing_resilience (
  single DECIMAL NOT NULL DEFAULT 1,
  failures DECIMAL NOT NULL DEFAULT 5,
  window_s DECIMAL NOT NULL DEFAULT 60,
  cooloff_s DECIMAL NOT NULL DEFAULT 60,
  max_attempts DECIMAL NOT NULL DEFAULT 5,
  retries DECIMAL NOT NULL DEFAULT 0,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_resilience_pkey PRIMARY KEY (single),
  CONSTRAINT routing_resilience_single_check CHECK (single >= 1 AND single <= 1 AND single = TRUNC(single)),
  CONSTRAINT routing_resilience_failures_check CHECK (failures >= 1 AND failures <= 1000000000 AND failures = TRUNC(failures)),
  CONSTRAINT routing_resilience_window_s_check CHECK (window_s >= 1 AND window_s <= 1000000000 AND window_s = TRUNC(window_s)),
  CONSTRAINT routing_resilience_cooloff_s_check CHECK (cooloff_s >= 1 AND cooloff_s <= 1000000000 AND cooloff_s = TRUNC(cooloff_s)),
  CONSTRAINT routing_resilience_max_attempts_check CHECK (max_attempts >= 1
  AND max_attempts <= 1000000000
  AND max_attempts = TRUNC(max_attempts)),
  CONSTRAINT routing_resilience_retries_check CHECK (retries >= 0 AND retries <= 1000000000 AND retries = TRUNC(retries))
);

CREATE TABLE public.routing_presets (
  preset TEXT NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_presets_pkey PRIMARY KEY (preset),
  CONSTRAINT routing_presets_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback'))
);

CREATE TABLE public.tenant_routing_policy (
  tenant TEXT NOT NULL,
  preset TEXT NOT NULL DEFAULT 'balanced',
  objective TEXT NOT NULL DEFAULT 'weighted',
  weight_quality_bp DECIMAL NOT NULL DEFAULT 4000,
  weight_latency_bp DECIMAL NOT NULL DEFAULT 3000,
  weight_cost_bp DECIMAL NOT NULL DEFAULT 3000,
  min_quality_bp DECIMAL,
  fallback_enabled BOOLEAN NOT NULL DEFAULT TRUE,
  fallback_cost_penalty_bp DECIMAL NOT NULL DEFAULT 500,
  compliance_veto_threshold_bp DECIMAL NOT NULL DEFAULT 5000,
  max_quality_loss_bp DECIMAL NOT NULL DEFAULT 1000,
  budget_daily_cents DECIMAL,
  budget_monthly_cents DECIMAL,
  description TEXT,
  owner TEXT,
  CONSTRAINT tenant_routing_policy_pkey PRIMARY KEY (tenant),
  CONSTRAINT tenant_routing_policy_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_routing_policy_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT tenant_routing_policy_objective_check CHECK (objective IN ('weighted', 'cheapest')),
  CONSTRAINT tenant_routing_policy_weight_quality_bp_check CHECK (weight_quality_bp >= 0
  AND weight_quality_bp <= 10000
  AND weight_quality_bp = TRUNC(weight_quality_bp)),
  CONSTRAINT tenant_routing_policy_weight_latency_bp_check CHECK (weight_latency_bp >= 0
  AND weight_latency_bp <= 10000
  AND weight_latency_bp = TRUNC(weight_latency_bp)),
  CONSTRAINT tenant_routing_policy_weight_cost_bp_check CHECK (weight_cost_bp >= 0
  AND weight_cost_bp <= 10000
  AND weight_cost_bp = TRUNC(weight_cost_bp)),
  CONSTRAINT tenant_routing_policy_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    min_quality_bp >= 0
    AND min_quality_bp <= 10000
    AND min_quality_bp = TRUNC(min_quality_bp)
  )),
  CONSTRAINT tenant_routing_policy_fallback_cost_penalty_bp_check CHECK (fallback_cost_penalty_bp >= 0
  AND fallback_cost_penalty_bp <= 10000
  AND fallback_cost_penalty_bp = TRUNC(fallback_cost_penalty_bp)),
  CONSTRAINT tenant_routing_policy_compliance_veto_threshold_bp_check CHECK (compliance_veto_threshold_bp >= 0
  AND compliance_veto_threshold_bp <= 10000
  AND compliance_veto_threshold_bp = TRUNC(compliance_veto_threshold_bp)),
  CONSTRAINT tenant_routing_policy_max_quality_loss_bp_check CHECK (max_quality_loss_bp >= 0
  AND max_quality_loss_bp <= 10000
  AND max_quality_loss_bp = TRUNC(max_quality_loss_bp)),
  CONSTRAINT tenant_routing_policy_budget_daily_cents_check CHECK (budget_daily_cents IS NULL
  OR (
    budget_daily_cents >= 0
    AND budget_daily_cents <= 100000000000
    AND budget_daily_cents = TRUNC(budget_daily_cents)
  )),
  CONSTRAINT tenant_routing_policy_budget_monthly_cents_check CHECK (budget_monthly_cents IS NULL
  OR (
    budget_monthly_cents >= 0
    AND budget_monthly_cents <= 100000000000
    AND budget_monthly_cents = TRUNC(budget_monthly_cents)
  )),
  CONSTRAINT tenant_routing_policy_weights_sum CHECK (weight_quality_bp + weight_latency_bp + weight_cost_bp = 10000),
  CONSTRAINT tenant_routing_policy_weights_steps CHECK (weight_quality_bp % 100 = 0
  AND weight_latency_bp % 100 = 0
  AND weight_cost_bp % 100 = 0),
  CONSTRAINT tenant_routing_policy_preset_fkey FOREIGN KEY (preset) REFERENCES public.routing_presets (
    preset
  )
);

CREATE TABLE public.tenant_banned_providers (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  CONSTRAINT tenant_banned_providers_pkey PRIMARY KEY (tenant, provider),
  CONSTRAINT tenant_banned_providers_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_banned_providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_banned_providers_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE,
  CONSTRAINT tenant_banned_providers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.tenant_banned_models (
  tenant TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT tenant_banned_models_pkey PRIMARY KEY (tenant, model),
  CONSTRAINT tenant_banned_models_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_banned_models_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_banned_models_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE
);

CREATE TABLE public.tenant_preferred_providers (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  CONSTRAINT tenant_preferred_providers_pkey PRIMARY KEY (tenant, provider),
  CONSTRAINT tenant_preferred_providers_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_preferred_providers_provider_check CHECK (provider COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_preferred_providers_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE,
  CONSTRAINT tenant_preferred_providers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

CREATE TABLE public.tenant_stacks (
  tenant TEXT NOT NULL,
  stack TEXT NOT NULL,
  CONSTRAINT tenant_stacks_pkey PRIMARY KEY (tenant, stack),
  CONSTRAINT tenant_stacks_tenant_check CHECK (tenant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_stacks_stack_check CHECK (stack COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenant_stacks_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE
);

CREATE TABLE public.preference_floors (
  floor TEXT NOT NULL,
  quality_bp DECIMAL NOT NULL,
  CONSTRAINT preference_floors_pkey PRIMARY KEY (floor),
  CONSTRAINT preference_floors_floor_check CHECK (floor COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT preference_floors_quality_bp_check CHECK (quality_bp >= 0 AND quality_bp <= 10000 AND quality_bp = TRUNC(quality_bp))
);

CREATE TABLE public.routing_preferences (
  single DECIMAL NOT NULL DEFAULT 1,
  default_preference TEXT NOT NULL,
  dial_quality_bp DECIMAL NOT NULL,
  dial_balanced_bp DECIMAL NOT NULL,
  dial_cost_bp DECIMAL NOT NULL,
  clamp_low TEXT NOT NULL,
  clamp_high TEXT NOT NULL,
  gate_env TEXT,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_preferences_pkey PRIMARY KEY (single),
  CONSTRAINT routing_preferences_single_check CHECK (single >= 1 AND single <= 1 AND single = TRUNC(single)),
  CONSTRAINT routing_preferences_default_preference_check CHECK (default_preference IN ('quality', 'balanced', 'cost')),
  CONSTRAINT routing_preferences_dial_quality_bp_check CHECK (dial_quality_bp >= -10000
  AND dial_quality_bp <= 10000
  AND dial_quality_bp = TRUNC(dial_quality_bp)),
  CONSTRAINT routing_preferences_dial_balanced_bp_check CHECK (dial_balanced_bp >= -10000
  AND dial_balanced_bp <= 10000
  AND dial_balanced_bp = TRUNC(dial_balanced_bp)),
  CONSTRAINT routing_preferences_dial_cost_bp_check CHECK (dial_cost_bp >= -10000
  AND dial_cost_bp <= 10000
  AND dial_cost_bp = TRUNC(dial_cost_bp)),
  CONSTRAINT routing_preferences_clamp_low_check CHECK (clamp_low COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT routing_preferences_clamp_high_check CHECK (clamp_high COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT routing_preferences_gate_env_check CHECK (gate_env IS NULL OR (
    gate_env COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'
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
  CONSTRAINT routing_preferences_clamp_low_fkey FOREIGN KEY (clamp_low) REFERENCES public.preference_floors (
    floor
  ),
  CONSTRAINT routing_preferences_clamp_high_fkey FOREIGN KEY (clamp_high) REFERENCES public.preference_floors (
    floor
  )
);

CREATE TABLE public.model_experiment (
  experiment TEXT NOT NULL,
  public_model_id TEXT NOT NULL,
  status TEXT NOT NULL,
  archived BOOLEAN NOT NULL DEFAULT FALSE,
  salt TEXT NOT NULL,
  on_pause TEXT NOT NULL DEFAULT 'reject',
  on_unavailable TEXT NOT NULL DEFAULT 'reject',
  winner TEXT,
  started_at TIMESTAMPTZ,
  description TEXT,
  owner TEXT,
  CONSTRAINT model_experiment_pkey PRIMARY KEY (experiment),
  CONSTRAINT model_experiment_experiment_check CHECK (experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_public_model_id_check CHECK (public_model_id COLLATE "C" ~ '^[!-)+-~]+( [!-)+-~]+)*$'
  AND LENGTH(public_model_id) <= 255),
  CONSTRAINT model_experiment_status_check CHECK (status IN ('draft', 'active', 'paused', 'completed')),
  CONSTRAINT model_experiment_salt_check CHECK (REPLACE(salt, ':', '') = salt),
  CONSTRAINT model_experiment_on_pause_check CHECK (on_pause IN ('reject', 'control')),
  CONSTRAINT model_experiment_on_unavailable_check CHECK (on_unavailable IN ('reject', 'control')),
  CONSTRAINT model_experiment_winner_check CHECK (winner IS NULL
  OR (
    winner COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT model_experiment_archived_not_active CHECK (NOT (
    archived AND status = 'active'
  )),
  CONSTRAINT model_experiment_winner_completed CHECK (winner IS NULL OR status = 'completed')
);

CREATE TABLE public.model_experiment_variant (
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  position DECIMAL NOT NULL,
  label TEXT,
  weight_bp DECIMAL NOT NULL,
  CONSTRAINT model_experiment_variant_pkey PRIMARY KEY (experiment, variant),
  CONSTRAINT model_experiment_variant_experiment_check CHECK (experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_variant_check CHECK (variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_position_check CHECK (position >= 0 AND position <= 1000000000 AND position = TRUNC(position)),
  CONSTRAINT model_experiment_variant_weight_bp_check CHECK (weight_bp >= 1 AND weight_bp <= 10000 AND weight_bp = TRUNC(weight_bp)),
  CONSTRAINT model_experiment_variant_experiment_fkey FOREIGN KEY (experiment) REFERENCES public.model_experiment (
    experiment
  )
);

CREATE TABLE public.model_experiment_variant_slot (
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  first_slot DECIMAL NOT NULL,
  last_slot DECIMAL NOT NULL,
  CONSTRAINT model_experiment_variant_slot_pkey PRIMARY KEY (experiment, first_slot),
  CONSTRAINT model_experiment_variant_slot_experiment_check CHECK (experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_slot_variant_check CHECK (variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_slot_first_slot_check CHECK (first_slot >= 0 AND first_slot <= 9999 AND first_slot = TRUNC(first_slot)),
  CONSTRAINT model_experiment_variant_slot_last_slot_check CHECK (last_slot >= 0 AND last_slot <= 9999 AND last_slot = TRUNC(last_slot)),
  CONSTRAINT model_experiment_variant_slot_order CHECK (first_slot <= last_slot),
  CONSTRAINT model_experiment_variant_slot_experiment_variant_fkey FOREIGN KEY (experiment, variant) REFERENCES public.model_experiment_variant (
    experiment,
    variant
  )
);

CREATE TABLE public.model_experiment_variant_version (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  version DECIMAL NOT NULL,
  model TEXT NOT NULL,
  api_key_env TEXT,
  withdrawn BOOLEAN NOT NULL DEFAULT FALSE,
  serving_model TEXT GENERATED ALWAYS AS (CASE WHEN withdrawn THEN NULL ELSE model END) STORED,
  CONSTRAINT model_experiment_variant_version_pkey PRIMARY KEY (id),
  CONSTRAINT model_experiment_variant_version_experiment_check CHECK (experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_version_variant_check CHECK (variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_version_version_check CHECK (version >= 1 AND version <= 1000000000 AND version = TRUNC(version)),
  CONSTRAINT model_experiment_variant_version_model_check CHECK (model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_experiment_variant_version_api_key_env_check CHECK (api_key_env IS NULL OR (
    api_key_env COLLATE "C" ~ '^[A-Za-z_][A-Za-z0-9_]*$'
  )),
  CONSTRAINT model_experiment_variant_version_experiment_variant_fkey FOREIGN KEY (experiment, variant) REFERENCES public.model_experiment_variant (
    experiment,
    variant
  ),
  CONSTRAINT model_experiment_variant_version_serving_model_fkey FOREIGN KEY (serving_model) REFERENCES public.models (
    model
  )
);

CREATE TABLE public.model_promotions (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  feature TEXT NOT NULL,
  from_model TEXT,
  to_model TEXT,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT SESSION_USER,
  happened_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  migration TEXT NOT NULL,
  CONSTRAINT model_promotions_pkey PRIMARY KEY (id),
  CONSTRAINT model_promotions_feature_check CHECK (feature COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
  CONSTRAINT model_promotions_from_model_check CHECK (from_model IS NULL
  OR (
    from_model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT model_promotions_to_model_check CHECK (to_model IS NULL
  OR (
    to_model COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
  )),
  CONSTRAINT model_promotions_kind_check CHECK (kind IN ('initial', 'promotion', 'rollback', 'swap', 'removed')),
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

CREATE TABLE public.provider_health_checks (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  latency_ms DECIMAL,
  checked_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT provider_health_checks_pkey PRIMARY KEY (id),
  CONSTRAINT provider_health_checks_outcome_check CHECK (outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')),
  CONSTRAINT provider_health_checks_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    latency_ms >= 0 AND latency_ms <= 1000000000 AND latency_ms = TRUNC(latency_ms)
  ))
);

CREATE TABLE public.circuit_breakers (
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'closed',
  consecutive_failures DECIMAL NOT NULL DEFAULT 0,
  trip_count DECIMAL NOT NULL DEFAULT 0,
  open_until TIMESTAMPTZ,
  opened_at TIMESTAMPTZ,
  half_open_at TIMESTAMPTZ,
  closed_at TIMESTAMPTZ,
  last_failure_at TIMESTAMPTZ,
  last_success_at TIMESTAMPTZ,
  CONSTRAINT circuit_breakers_pkey PRIMARY KEY (provider, model),
  CONSTRAINT circuit_breakers_state_check CHECK (state IN ('closed', 'open', 'half_open')),
  CONSTRAINT circuit_breakers_consecutive_failures_check CHECK (consecutive_failures >= 0
  AND consecutive_failures <= 1000000000
  AND consecutive_failures = TRUNC(consecutive_failures)),
  CONSTRAINT circuit_breakers_trip_count_check CHECK (trip_count >= 0 AND trip_count <= 1000000000 AND trip_count = TRUNC(trip_count))
);

CREATE TABLE public.routing_outcomes (
  day DATE NOT NULL,
  outcome_id TEXT NOT NULL,
  begun_at TIMESTAMPTZ NOT NULL,
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
  version DECIMAL,
  slot DECIMAL,
  latency_ms DECIMAL,
  first_token_ms DECIMAL,
  input_tokens DECIMAL,
  output_tokens DECIMAL,
  cost_pusd DECIMAL,
  error_class TEXT,
  CONSTRAINT routing_outcomes_pkey PRIMARY KEY (day, outcome_id)
)
PARTITION BY RANGE (day);

CREATE TABLE public.routing_outcomes_default PARTITION OF public.routing_outcomes DEFAULT;

CREATE TABLE public.routing_attempts (
  day DATE NOT NULL,
  outcome_id TEXT NOT NULL,
  number DECIMAL NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  latency_ms DECIMAL,
  error_class TEXT,
  CONSTRAINT routing_attempts_pkey PRIMARY KEY (day, outcome_id, number)
)
PARTITION BY RANGE (day);

CREATE TABLE public.routing_attempts_default PARTITION OF public.routing_attempts DEFAULT;

ALTER TABLE public.model_experiment ADD CONSTRAINT model_experiment_experiment_winner_fkey FOREIGN KEY (experiment, winner) REFERENCES public.model_experiment_variant (experiment, variant) DEFERRABLE INITIALLY DEFERRED;

COMMENT ON TABLE public.providers IS 'Hosts of models.';

COMMENT ON COLUMN public.providers.provider IS 'The provider''s name.';

COMMENT ON COLUMN public.providers.adapter IS 'How your service speaks to it: one of the wire contracts of docs/semantics.md, section 2, which also says what counts where the other keys are left out.';

COMMENT ON COLUMN public.providers.base_url IS 'Absolute base URL; https, or http for this machine itself (localhost), or with allow_http for a host of your own network.';

COMMENT ON COLUMN public.providers.chat_path IS 'Path of the chat call, joined to base_url with exactly one slash. {model} in it becomes the model''s provider_model_name. Default: the adapter''s.';

COMMENT ON COLUMN public.providers.stream_path IS 'Path of the call that streams, where that is not chat_path.';

COMMENT ON COLUMN public.providers.auth IS 'How the key is sent; null in rows that were written before there was this column.';

COMMENT ON COLUMN public.providers.region IS 'AWS region in which calls are signed; with auth: sigv4 only. Default: the host''s.';

COMMENT ON COLUMN public.providers.allow_http IS 'true: plain http to a host of your own network is meant. Default false.';

COMMENT ON COLUMN public.providers.api_key_env IS 'Name of the environment variable that holds the key. Never the key itself. Required, unless auth is sigv4, oauth or none.';

COMMENT ON COLUMN public.providers.stack IS 'Region word of your choice. Tenants (`stacks: [eu]`) and callers (`stack: eu`, `avoid-china`) filter by it, so it never begins with avoid-.';

COMMENT ON COLUMN public.providers.params IS 'Any JSON but null that goes upstream in the body of every request; never model, messages or stream, and no credential. A model''s own replace these, key by key at the top. Default none.';

COMMENT ON COLUMN public.providers.rpm IS 'Most requests a minute. Default none.';

COMMENT ON COLUMN public.providers.tpm IS 'Most tokens a minute. Default none.';

COMMENT ON COLUMN public.providers.parallel IS 'Most requests at once. Default none.';

COMMENT ON COLUMN public.providers.connect_ms IS 'Longest wait for a connection, in milliseconds. Default none.';

COMMENT ON COLUMN public.providers.first_token_ms IS 'Longest wait for the first token, in milliseconds. Default none.';

COMMENT ON COLUMN public.providers.total_ms IS 'Longest wait for the whole answer, in milliseconds. Default none.';

COMMENT ON COLUMN public.providers.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.providers.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.provider_query IS 'What is appended to the URLs of a provider, a row for each name.';

COMMENT ON COLUMN public.provider_query.provider IS 'The provider.';

COMMENT ON COLUMN public.provider_query.name IS 'The name, as the author writes it: it is percent-encoded in the URL.';

COMMENT ON COLUMN public.provider_query.position IS 'The place in the declared order of the provider''s query, from 0.';

COMMENT ON COLUMN public.provider_query.value IS 'The value, likewise.';

COMMENT ON TABLE public.provider_headers IS 'Headers that are sent to a provider as they are: the adapter''s and the declared ones.';

COMMENT ON COLUMN public.provider_headers.provider IS 'The provider.';

COMMENT ON COLUMN public.provider_headers.header IS 'The name, in small letters.';

COMMENT ON COLUMN public.provider_headers.value IS 'The value.';

COMMENT ON TABLE public.provider_secret_headers IS 'Headers with a secret value that are sent to a provider.';

COMMENT ON COLUMN public.provider_secret_headers.provider IS 'The provider.';

COMMENT ON COLUMN public.provider_secret_headers.header IS 'The name, in small letters.';

COMMENT ON COLUMN public.provider_secret_headers.variable IS 'The environment variable that holds the value. Never the value itself.';

COMMENT ON TABLE public.models IS 'Deployable models, each at one provider.';

COMMENT ON COLUMN public.models.model IS 'The model''s name: what decisions and audits record.';

COMMENT ON COLUMN public.models.provider IS 'The provider that hosts it, declared under `providers`.';

COMMENT ON COLUMN public.models.provider_model_name IS 'The name that goes upstream. Default: the slug.';

COMMENT ON COLUMN public.models.logical_slug IS 'Models that share one are the same model on several hosts; a caller who names it gets the host that ranks best.';

COMMENT ON COLUMN public.models.quality_bp IS 'How good its answers are, 0 to 1, at most four decimals. Compared with the quality floors, and weighed in the score. In basis points.';

COMMENT ON COLUMN public.models.input_pusd IS 'US dollars per million input tokens, at most six decimals. In micro-dollars.';

COMMENT ON COLUMN public.models.output_pusd IS 'US dollars per million output tokens, at most six decimals. In micro-dollars.';

COMMENT ON COLUMN public.models.output_ratio_bp IS 'Expected output tokens per input token, for its blended cost (input price + output_ratio x output price). Default 0.5. In basis points.';

COMMENT ON COLUMN public.models.latency_ms IS 'Median latency to expect, in whole milliseconds.';

COMMENT ON COLUMN public.models.context_window IS 'Most tokens of input and output together.';

COMMENT ON COLUMN public.models.min_output_tokens IS 'Fewest output tokens a caller must allow, for models that think before they answer. Default 0.';

COMMENT ON COLUMN public.models.max_output_tokens IS 'Most output tokens it answers with: a caller who asks for more is not served by it, and its expected output is no longer than that. Default none.';

COMMENT ON COLUMN public.models.compliance_bp IS 'Your compliance score, 0 to 1: a policy''s compliance_veto_threshold shuts out what lies below it. Default 1. In basis points.';

COMMENT ON COLUMN public.models.share_bp IS 'Its part of its logical model''s load, above 0, at most four decimals; the shares of one logical_slug add up to exactly 1. Default none: it takes no part. In basis points.';

COMMENT ON COLUMN public.models.api_key_env IS 'Name of the environment variable that holds its key. Default: the provider''s.';

COMMENT ON COLUMN public.models.params IS 'Any JSON but null that goes upstream in the body of every request; never model, messages or stream, and no credential. They replace the provider''s, key by key at the top. Default none.';

COMMENT ON COLUMN public.models.rpm IS 'Most requests a minute. Default none.';

COMMENT ON COLUMN public.models.tpm IS 'Most tokens a minute. Default none.';

COMMENT ON COLUMN public.models.parallel IS 'Most requests at once. Default none.';

COMMENT ON COLUMN public.models.connect_ms IS 'Longest wait for a connection, in milliseconds. Default none.';

COMMENT ON COLUMN public.models.first_token_ms IS 'Longest wait for the first token, in milliseconds. Default none.';

COMMENT ON COLUMN public.models.total_ms IS 'Longest wait for the whole answer, in milliseconds. Default none.';

COMMENT ON COLUMN public.models.sunset IS 'The day on which the provider ends it, YYYY-MM-DD. Default none.';

COMMENT ON COLUMN public.models.successor IS 'The model that follows it after its sunset. Default none.';

COMMENT ON COLUMN public.models.active IS 'false takes it out of every route. Default true.';

COMMENT ON COLUMN public.models.listed IS 'false: only features and experiments that name it reach it, no target and no caller. Default true.';

COMMENT ON COLUMN public.models.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.models.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON COLUMN public.models.shared_as IS 'The slug that orders its share for one release after a rename.';

COMMENT ON TABLE public.model_aliases IS 'Other names callers may send for a model.';

COMMENT ON COLUMN public.model_aliases.alias IS 'Other names of this very model, which callers may send as `model`, in printable ASCII. Default none.';

COMMENT ON COLUMN public.model_aliases.model IS 'The model.';

COMMENT ON TABLE public.model_capabilities IS 'What models can do, a row for each word.';

COMMENT ON COLUMN public.model_capabilities.model IS 'The model.';

COMMENT ON COLUMN public.model_capabilities.capability IS 'What it can do, in words of your choice. A caller''s `stream` needs streaming, `tools` needs tools. Default none.';

COMMENT ON TABLE public.targets IS 'Names callers send as `model` to be routed automatically.';

COMMENT ON COLUMN public.targets.target IS 'The target''s name.';

COMMENT ON COLUMN public.targets.candidates IS 'The models it ranks: all, {models: [...]}, {stacks: [...]} or {logical: slug}. Active, listed models only.';

COMMENT ON COLUMN public.targets.logical_slug IS 'All hosts of this logical model.';

COMMENT ON COLUMN public.targets.min_quality_bp IS 'Quality floor of this target, 0 to 1. Default none. In basis points.';

COMMENT ON COLUMN public.targets.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.targets.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.target_aliases IS 'Other names callers may send for a target.';

COMMENT ON COLUMN public.target_aliases.alias IS 'Other names callers may send as `model`, in printable ASCII. One that ends in `*` stands for every name that begins so and is not declared; the longest such alias counts. Default none.';

COMMENT ON COLUMN public.target_aliases.target IS 'The target.';

COMMENT ON TABLE public.target_models IS 'The models of a target that lists them.';

COMMENT ON COLUMN public.target_models.target IS 'The target.';

COMMENT ON COLUMN public.target_models.model IS 'Exactly these models.';

COMMENT ON TABLE public.target_stacks IS 'The stacks of a target that selects by them.';

COMMENT ON COLUMN public.target_stacks.target IS 'The target.';

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON TABLE public.features IS 'Call sites in the product.';

COMMENT ON COLUMN public.features.feature IS 'The feature''s name.';

COMMENT ON COLUMN public.features.then_target IS 'The target whose ranking continues the chain after the fallbacks. Default none.';

COMMENT ON COLUMN public.features.min_quality_bp IS 'Quality floor of this feature, 0 to 1. Default none; never inherited from `then`. In basis points.';

COMMENT ON COLUMN public.features.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.features.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.feature_aliases IS 'Names callers may send for a feature.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMENT ON COLUMN public.feature_aliases.feature IS 'The feature.';

COMMENT ON TABLE public.feature_models IS 'The registry: each model''s status in a feature.';

COMMENT ON COLUMN public.feature_models.feature IS 'The feature.';

COMMENT ON COLUMN public.feature_models.model IS 'The model.';

COMMENT ON COLUMN public.feature_models.status IS 'primary serves (exactly one per feature); shadow is a candidate for it; retired is history and never serves.';

COMMENT ON COLUMN public.feature_models.position IS 'The place in the declared order of the feature''s models, from 0.';

COMMENT ON COLUMN public.feature_models.sample_bp IS 'Shadow only: the share of requests mirrored to it, above 0, at most 1. Without it nothing is mirrored. In basis points.';

COMMENT ON COLUMN public.feature_models.max_daily_cents IS 'Shadow only, with sample: most US dollars a day the service that mirrors may spend. In cents.';

COMMENT ON TABLE public.feature_fallbacks IS 'Models tried after a feature''s primary, in declared order.';

COMMENT ON COLUMN public.feature_fallbacks.feature IS 'The feature.';

COMMENT ON COLUMN public.feature_fallbacks.position IS 'The place in the declared order of the feature''s fallbacks, from 0.';

COMMENT ON COLUMN public.feature_fallbacks.model IS 'Models tried after the primary, in this order. Default none.';

COMMENT ON TABLE public.routing_defaults IS 'What answers below the registry, and the policy of requests without a tenant.';

COMMENT ON COLUMN public.routing_defaults.single IS 'Always 1: there is one row of the defaults.';

COMMENT ON COLUMN public.routing_defaults.model IS 'The model that answers when `routes` names none for the feature.';

COMMENT ON COLUMN public.routing_defaults.unknown_tenant IS 'What an undeclared tenant gets: default (the default policy) or reject (no answer). Default `default`.';

COMMENT ON COLUMN public.routing_defaults.preset IS 'The preset of the default policy.';

COMMENT ON COLUMN public.routing_defaults.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.routing_defaults.weight_quality_bp IS 'Share of quality in the score, in basis points.';

COMMENT ON COLUMN public.routing_defaults.weight_latency_bp IS 'Share of latency in the score, in basis points.';

COMMENT ON COLUMN public.routing_defaults.weight_cost_bp IS 'Share of cost in the score, in basis points.';

COMMENT ON COLUMN public.routing_defaults.min_quality_bp IS 'Quality floor, 0 to 1; the higher one of this and the feature''s or target''s counts. Default: the preset''s, else none. In basis points.';

COMMENT ON COLUMN public.routing_defaults.fallback_enabled IS 'false cuts every chain to its pick, and for a feature only the primary is ever tried. Default: the preset''s, else true.';

COMMENT ON COLUMN public.routing_defaults.fallback_cost_penalty_bp IS 'Percent by which cost counts more when fallbacks are ranked, 0 to 100. Default: the preset''s, else 5.00. In basis points.';

COMMENT ON COLUMN public.routing_defaults.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON COLUMN public.routing_defaults.max_quality_loss_bp IS 'How much quality a caller''s latency budget may cost, 0 to 1. Default: the preset''s, else 0.10. In basis points.';

COMMENT ON COLUMN public.routing_defaults.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_defaults.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.default_banned_providers IS 'Providers that the default policy never uses.';

COMMENT ON COLUMN public.default_banned_providers.provider IS 'The provider that is banned.';

COMMENT ON TABLE public.default_banned_models IS 'Models that the default policy never uses.';

COMMENT ON COLUMN public.default_banned_models.model IS 'A model, or a logical model, that is banned.';

COMMENT ON TABLE public.default_preferred_providers IS 'Providers that the default policy ranks before all others, as one group.';

COMMENT ON COLUMN public.default_preferred_providers.provider IS 'The provider that is preferred.';

COMMENT ON TABLE public.default_stacks IS 'The only stacks that the default policy uses; without a row, all.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON TABLE public.default_routes IS 'The model per feature that answers when the registry cannot.';

COMMENT ON COLUMN public.default_routes.feature IS 'The feature, declared or not.';

COMMENT ON COLUMN public.default_routes.model IS 'The model per feature that answers when the registry cannot: no usable table, or a feature that is not declared. Default none.';

COMMENT ON TABLE public.routing_scoring IS 'The fixed scales that scores are measured on.';

COMMENT ON COLUMN public.routing_scoring.single IS 'Always 1: there is one row of the scales.';

COMMENT ON COLUMN public.routing_scoring.cost_best_pusd IS 'The blended cost that scores 1 (as does all below it), in US dollars. In micro-dollars.';

COMMENT ON COLUMN public.routing_scoring.cost_worst_pusd IS 'The blended cost that scores 0 (as does all above it), in US dollars; above best. In micro-dollars.';

COMMENT ON COLUMN public.routing_scoring.latency_best_ms IS 'The latency in milliseconds that scores 1.';

COMMENT ON COLUMN public.routing_scoring.latency_worst_ms IS 'The latency in milliseconds that scores 0; above best.';

COMMENT ON COLUMN public.routing_scoring.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_scoring.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.routing_resilience IS 'How services try and give up.';

COMMENT ON COLUMN public.routing_resilience.single IS 'Always 1: there is one row of the settings.';

COMMENT ON COLUMN public.routing_resilience.failures IS 'Failures within the window that open a model''s circuit. Default 5.';

COMMENT ON COLUMN public.routing_resilience.window_s IS 'The window in which failures count, in seconds. Default 60.';

COMMENT ON COLUMN public.routing_resilience.cooloff_s IS 'How long an open circuit stays open, in seconds. Default 60.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON COLUMN public.routing_resilience.retries IS 'How often your service tries one model again before the next. Default 0.';

COMMENT ON COLUMN public.routing_resilience.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_resilience.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.routing_presets IS 'The five presets; a tenant''s row already holds what its preset says.';

COMMENT ON COLUMN public.routing_presets.preset IS 'The preset''s name.';

COMMENT ON COLUMN public.routing_presets.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_presets.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.tenant_routing_policy IS 'The effective policy of each tenant: its own values, completed by its preset.';

COMMENT ON COLUMN public.tenant_routing_policy.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_routing_policy.preset IS 'The preset that completes what is left out here. Default balanced.';

COMMENT ON COLUMN public.tenant_routing_policy.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.tenant_routing_policy.weight_quality_bp IS 'Share of quality in the score, in basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.weight_latency_bp IS 'Share of latency in the score, in basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.weight_cost_bp IS 'Share of cost in the score, in basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.min_quality_bp IS 'Quality floor, 0 to 1; the higher one of this and the feature''s or target''s counts. Default: the preset''s, else none. In basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.fallback_enabled IS 'false cuts every chain to its pick, and for a feature only the primary is ever tried. Default: the preset''s, else true.';

COMMENT ON COLUMN public.tenant_routing_policy.fallback_cost_penalty_bp IS 'Percent by which cost counts more when fallbacks are ranked, 0 to 100. Default: the preset''s, else 5.00. In basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.max_quality_loss_bp IS 'How much quality a caller''s latency budget may cost, 0 to 1. Default: the preset''s, else 0.10. In basis points.';

COMMENT ON COLUMN public.tenant_routing_policy.budget_daily_cents IS 'Most US dollars a day (UTC), at most two decimals. Default none. In cents.';

COMMENT ON COLUMN public.tenant_routing_policy.budget_monthly_cents IS 'Most US dollars a month (UTC), at most two decimals. Default none. In cents.';

COMMENT ON COLUMN public.tenant_routing_policy.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.tenant_routing_policy.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.tenant_banned_providers IS 'Providers that a tenant never uses.';

COMMENT ON COLUMN public.tenant_banned_providers.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_banned_providers.provider IS 'The provider that is banned.';

COMMENT ON TABLE public.tenant_banned_models IS 'Models that a tenant never uses.';

COMMENT ON COLUMN public.tenant_banned_models.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_banned_models.model IS 'A model, or a logical model, that is banned.';

COMMENT ON TABLE public.tenant_preferred_providers IS 'Providers that a tenant ranks before all others, as one group.';

COMMENT ON COLUMN public.tenant_preferred_providers.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_preferred_providers.provider IS 'The provider that is preferred.';

COMMENT ON TABLE public.tenant_stacks IS 'The only stacks that a tenant uses; without a row, all.';

COMMENT ON COLUMN public.tenant_stacks.tenant IS 'The tenant.';

COMMENT ON COLUMN public.tenant_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON TABLE public.preference_floors IS 'Quality floors by name.';

COMMENT ON COLUMN public.preference_floors.floor IS 'The floor''s name.';

COMMENT ON COLUMN public.preference_floors.quality_bp IS 'Quality floors by name, 0 to 1. `good` is the floor of a request for which nothing declares one; the clamp names two of them. In basis points.';

COMMENT ON TABLE public.routing_preferences IS 'The caller''s dial between quality and cost; without a row there is none.';

COMMENT ON COLUMN public.routing_preferences.single IS 'Always 1: there is one row of the dial.';

COMMENT ON COLUMN public.routing_preferences.default_preference IS 'The preference of a request that names none. It leaves the floor untouched: its entry of the dial is 0.';

COMMENT ON COLUMN public.routing_preferences.dial_quality_bp IS 'What preference quality adds to the floor, -1 to 1; not below the default preference''s. In basis points.';

COMMENT ON COLUMN public.routing_preferences.dial_balanced_bp IS 'What preference balanced adds to the floor, -1 to 1. In basis points.';

COMMENT ON COLUMN public.routing_preferences.dial_cost_bp IS 'What preference cost adds to the floor, -1 to 1; not above the default preference''s. In basis points.';

COMMENT ON COLUMN public.routing_preferences.clamp_low IS 'The floor below which the dial moves nothing.';

COMMENT ON COLUMN public.routing_preferences.clamp_high IS 'The floor above which the dial moves nothing.';

COMMENT ON COLUMN public.routing_preferences.gate_env IS 'The environment variable of the service that opens the dial when it is "1"; until then every preference behaves as the default. Default: always shut.';

COMMENT ON COLUMN public.routing_preferences.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.routing_preferences.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.model_experiment IS 'A/B tests, each on one public model id.';

COMMENT ON COLUMN public.model_experiment.experiment IS 'The experiment''s name.';

COMMENT ON COLUMN public.model_experiment.public_model_id IS 'The id callers send as `model`: any name in printable ASCII, without `*`.';

COMMENT ON COLUMN public.model_experiment.status IS 'draft (answers nobody), active, paused (see on_pause) or completed (final; answers only with a winner).';

COMMENT ON COLUMN public.model_experiment.archived IS 'true takes it out of routing; never while active. Default false.';

COMMENT ON COLUMN public.model_experiment.salt IS 'What the units'' slots are drawn with; no two experiments share one, and it never changes once active. Default: the slug.';

COMMENT ON COLUMN public.model_experiment.on_pause IS 'What a paused experiment does: reject every call, or serve control, the first declared variant. Default reject.';

COMMENT ON COLUMN public.model_experiment.on_unavailable IS 'What answers where the model of the assigned variant, or of the winner, is unavailable or cannot serve the request: reject the call, or serve control, the first declared variant. Default reject.';

COMMENT ON COLUMN public.model_experiment.winner IS 'Completed only: the variant that from then on serves everyone.';

COMMENT ON COLUMN public.model_experiment.started_at IS 'When it was first active; kept when it is activated again.';

COMMENT ON COLUMN public.model_experiment.description IS 'What this is for, in your words. Shown by `routecomp show` and in reports; changes no decision.';

COMMENT ON COLUMN public.model_experiment.owner IS 'Who answers for it: a team, a person, a mailbox. Changes no decision.';

COMMENT ON TABLE public.model_experiment_variant IS 'The arms of experiments.';

COMMENT ON COLUMN public.model_experiment_variant.experiment IS 'The experiment.';

COMMENT ON COLUMN public.model_experiment_variant.variant IS 'The variant''s id.';

COMMENT ON COLUMN public.model_experiment_variant.position IS 'The place in the declared order of the variants; the first is the control, from 0.';

COMMENT ON COLUMN public.model_experiment_variant.label IS 'What people read; the id is what counts.';

COMMENT ON COLUMN public.model_experiment_variant.weight_bp IS 'Share of units (users) it gets, above 0, at most four decimals; those of all variants add up to exactly 1. In basis points.';

COMMENT ON TABLE public.model_experiment_variant_slot IS 'Slots a variant owns, where the author says which.';

COMMENT ON COLUMN public.model_experiment_variant_slot.experiment IS 'The experiment.';

COMMENT ON COLUMN public.model_experiment_variant_slot.variant IS 'The variant''s id.';

COMMENT ON COLUMN public.model_experiment_variant_slot.first_slot IS 'The first slot of the range.';

COMMENT ON COLUMN public.model_experiment_variant_slot.last_slot IS 'The last slot of the range.';

COMMENT ON TABLE public.model_experiment_variant_version IS 'The upstreams of variants, append-only; the last one that is not withdrawn serves.';

COMMENT ON COLUMN public.model_experiment_variant_version.id IS 'In order of appending.';

COMMENT ON COLUMN public.model_experiment_variant_version.experiment IS 'The experiment.';

COMMENT ON COLUMN public.model_experiment_variant_version.variant IS 'The variant''s id.';

COMMENT ON COLUMN public.model_experiment_variant_version.version IS '1, 2, 3 … in order; never changed once the experiment is active.';

COMMENT ON COLUMN public.model_experiment_variant_version.model IS 'The model that serves this version, declared under `models`.';

COMMENT ON COLUMN public.model_experiment_variant_version.api_key_env IS 'Name of an environment variable whose key takes the place of the provider''s. Never the key itself.';

COMMENT ON COLUMN public.model_experiment_variant_version.withdrawn IS 'True once a migration took it back; the row stays as history.';

COMMENT ON COLUMN public.model_experiment_variant_version.serving_model IS 'The model, while it is not withdrawn: history holds no model back.';

COMMENT ON TABLE public.model_promotions IS 'Every change of a primary, append-only.';

COMMENT ON COLUMN public.model_promotions.id IS 'In order of appending.';

COMMENT ON COLUMN public.model_promotions.feature IS 'The feature.';

COMMENT ON COLUMN public.model_promotions.from_model IS 'The primary before; none where the feature is new.';

COMMENT ON COLUMN public.model_promotions.to_model IS 'The primary after; none where the feature is gone.';

COMMENT ON COLUMN public.model_promotions.kind IS 'initial: the feature is new; promotion: the new primary was a shadow; rollback: the inverse of the promotion before it; swap: the new primary was no shadow; removed: the feature is gone.';

COMMENT ON COLUMN public.model_promotions.actor IS 'Who ran the migration, as the database knows it.';

COMMENT ON COLUMN public.model_promotions.happened_at IS 'When, by the database''s clock.';

COMMENT ON COLUMN public.model_promotions.migration IS 'The migration that did it, by the name of its file.';

COMMENT ON TABLE public.provider_health_checks IS 'What probes found. No foreign key: retired models keep their history.';

COMMENT ON COLUMN public.provider_health_checks.id IS 'In order of writing.';

COMMENT ON COLUMN public.provider_health_checks.provider IS 'The provider, declared or of a last resort.';

COMMENT ON COLUMN public.provider_health_checks.model IS 'The model, likewise.';

COMMENT ON COLUMN public.provider_health_checks.outcome IS 'What came of the probe.';

COMMENT ON COLUMN public.provider_health_checks.latency_ms IS 'How long it took, in milliseconds.';

COMMENT ON COLUMN public.provider_health_checks.checked_at IS 'When, by the database''s clock.';

COMMENT ON TABLE public.circuit_breakers IS 'The state of each provider''s and model''s circuit, which all services share.';

COMMENT ON COLUMN public.circuit_breakers.provider IS 'The provider, declared or of a last resort.';

COMMENT ON COLUMN public.circuit_breakers.model IS 'The model, likewise.';

COMMENT ON COLUMN public.circuit_breakers.state IS 'closed lets calls through, open stops them, half_open tries one.';

COMMENT ON COLUMN public.circuit_breakers.consecutive_failures IS 'Failures since the last success, as services tell; it trips nothing.';

COMMENT ON COLUMN public.circuit_breakers.trip_count IS 'How often it opened.';

COMMENT ON COLUMN public.circuit_breakers.open_until IS 'Until when it stays open, in UTC; of two the later holds.';

COMMENT ON COLUMN public.circuit_breakers.opened_at IS 'When that was last, in UTC: opened.';

COMMENT ON COLUMN public.circuit_breakers.half_open_at IS 'When that was last, in UTC: half open.';

COMMENT ON COLUMN public.circuit_breakers.closed_at IS 'When that was last, in UTC: closed.';

COMMENT ON COLUMN public.circuit_breakers.last_failure_at IS 'When that was last, in UTC: last failure.';

COMMENT ON COLUMN public.circuit_breakers.last_success_at IS 'When that was last, in UTC: last success.';

COMMENT ON TABLE public.routing_outcomes IS 'One row for each call that asked the router.';

COMMENT ON COLUMN public.routing_outcomes.day IS 'The day on which the call began, in UTC.';

COMMENT ON COLUMN public.routing_outcomes.outcome_id IS 'What the service calls it from when it begins, so that writing twice is writing once.';

COMMENT ON COLUMN public.routing_outcomes.begun_at IS 'When the call began, on its `day`.';

COMMENT ON COLUMN public.routing_outcomes.request_id IS 'The caller''s id of the request.';

COMMENT ON COLUMN public.routing_outcomes.tenant IS 'The tenant of the request.';

COMMENT ON COLUMN public.routing_outcomes.route IS 'The kind of route.';

COMMENT ON COLUMN public.routing_outcomes.route_name IS 'The name of the route, as the decision has it.';

COMMENT ON COLUMN public.routing_outcomes.source IS 'The table, or the rung of the ladder that answered; none where no rung did.';

COMMENT ON COLUMN public.routing_outcomes.status IS 'The decision''s status.';

COMMENT ON COLUMN public.routing_outcomes.outcome IS 'What came of the call. fell_back: another model than the first one tried answered; rejected: no model was asked.';

COMMENT ON COLUMN public.routing_outcomes.reasons IS 'The decision''s flags, as a JSON list of texts.';

COMMENT ON COLUMN public.routing_outcomes.ruleset_hash IS 'The hash of the table that decided; none without a table.';

COMMENT ON COLUMN public.routing_outcomes.model IS 'The model that was picked, declared or a last resort.';

COMMENT ON COLUMN public.routing_outcomes.answered_by IS 'The model that answered.';

COMMENT ON COLUMN public.routing_outcomes.experiment IS 'The experiment.';

COMMENT ON COLUMN public.routing_outcomes.variant IS 'The variant that was assigned.';

COMMENT ON COLUMN public.routing_outcomes.version IS 'The version of the variant.';

COMMENT ON COLUMN public.routing_outcomes.slot IS 'The slot of the unit.';

COMMENT ON COLUMN public.routing_outcomes.latency_ms IS 'How long the call took, in milliseconds.';

COMMENT ON COLUMN public.routing_outcomes.first_token_ms IS 'How long its first token took, in milliseconds.';

COMMENT ON COLUMN public.routing_outcomes.input_tokens IS 'Tokens that were sent.';

COMMENT ON COLUMN public.routing_outcomes.output_tokens IS 'Tokens that came back.';

COMMENT ON COLUMN public.routing_outcomes.cost_pusd IS 'What it cost, in pico-dollars.';

COMMENT ON COLUMN public.routing_outcomes.error_class IS 'The kind of the error that ended it.';

COMMENT ON TABLE public.routing_attempts IS 'One row for each try of a model within a call.';

COMMENT ON COLUMN public.routing_attempts.day IS 'The day on which the call began, in UTC.';

COMMENT ON COLUMN public.routing_attempts.outcome_id IS 'What the service calls it from when it begins, so that writing twice is writing once.';

COMMENT ON COLUMN public.routing_attempts.number IS 'The number of the try within the call, from 1.';

COMMENT ON COLUMN public.routing_attempts.model IS 'The model that was asked.';

COMMENT ON COLUMN public.routing_attempts.outcome IS 'What came of the try.';

COMMENT ON COLUMN public.routing_attempts.latency_ms IS 'How long it took, in milliseconds.';

COMMENT ON COLUMN public.routing_attempts.error_class IS 'The kind of its error.';

CREATE INDEX providers_by_stack ON public.providers (stack);

CREATE INDEX models_by_logical_slug ON public.models (logical_slug);

CREATE INDEX targets_by_logical_slug ON public.targets (logical_slug);

CREATE INDEX target_stacks_by_stack ON public.target_stacks (stack);

CREATE UNIQUE INDEX feature_models_one_primary ON public.feature_models (feature) WHERE status = 'primary';

CREATE INDEX tenant_banned_models_by_model ON public.tenant_banned_models (model);

CREATE INDEX tenant_stacks_by_stack ON public.tenant_stacks (stack);

CREATE UNIQUE INDEX model_experiment_one_running ON public.model_experiment (public_model_id) WHERE status IN ('active', 'paused');

CREATE UNIQUE INDEX model_experiment_one_winner ON public.model_experiment (public_model_id) WHERE status = 'completed' AND winner IS NOT NULL AND NOT archived;

CREATE UNIQUE INDEX model_experiment_salt ON public.model_experiment (salt);

CREATE INDEX model_experiment_by_public_model_id ON public.model_experiment (public_model_id);

CREATE UNIQUE INDEX model_experiment_variant_version_live ON public.model_experiment_variant_version (experiment, variant, version) WHERE NOT withdrawn;

CREATE INDEX model_promotions_by_feature ON public.model_promotions (feature, id DESC);

CREATE INDEX provider_health_checks_newest ON public.provider_health_checks (provider, model, checked_at DESC);

CREATE INDEX circuit_breakers_state ON public.circuit_breakers (state);

CREATE INDEX routing_outcomes_by_time ON public.routing_outcomes (begun_at);

CREATE INDEX routing_outcomes_by_tenant ON public.routing_outcomes (tenant, begun_at);

CREATE INDEX routing_outcomes_by_variant ON public.routing_outcomes (experiment, variant) WHERE experiment IS NOT NULL;

CREATE FUNCTION public.routecomp_started() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    NEW.started_at := coalesce(OLD.started_at, NEW.started_at);
  END IF;
  IF NEW.status = 'active' THEN
    NEW.started_at := coalesce(NEW.started_at, now());
  END IF;
  RETURN NEW;
END
$body$;

CREATE TRIGGER model_experiment_started BEFORE INSERT OR UPDATE ON public.model_experiment
FOR EACH ROW EXECUTE FUNCTION public.routecomp_started();

CREATE FUNCTION public.routecomp_check_feature(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF EXISTS (SELECT 1 FROM public.features f WHERE f.feature = subject) AND NOT EXISTS (SELECT 1 FROM public.feature_models fm WHERE fm.feature = subject AND fm.status = 'primary') THEN
    RAISE EXCEPTION 'feature % has no primary', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_have_a_primary';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND NOT m.active) THEN
    RAISE EXCEPTION 'feature % has a primary that is not active', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_active';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND m.quality_bp < (SELECT f.min_quality_bp FROM public.features f WHERE f.feature = subject)) THEN
    RAISE EXCEPTION 'feature % has a primary below its min_quality', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_above_floor';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND m.compliance_bp < d.compliance_veto_threshold_bp) THEN
    RAISE EXCEPTION 'feature % has a primary below the default policy''s compliance', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_compliance';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND (EXISTS (SELECT 1 FROM public.default_banned_providers b WHERE b.provider = m.provider) OR EXISTS (SELECT 1 FROM public.default_banned_models b WHERE b.model = m.model OR b.model = m.logical_slug))) THEN
    RAISE EXCEPTION 'feature % has a primary that the default policy bans', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_not_banned';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_models fm JOIN public.models m ON m.model = fm.model JOIN public.providers p ON p.provider = m.provider CROSS JOIN public.routing_defaults d WHERE fm.feature = subject AND fm.status = 'primary' AND EXISTS (SELECT 1 FROM public.default_stacks s) AND NOT EXISTS (SELECT 1 FROM public.default_stacks s WHERE s.stack = p.stack)) THEN
    RAISE EXCEPTION 'feature % has a primary outside of the default policy''s stacks', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_primary_in_stacks';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_fallbacks b JOIN public.feature_models fm ON fm.feature = b.feature AND fm.model = b.model WHERE b.feature = subject AND fm.status = 'retired') THEN
    RAISE EXCEPTION 'feature % has a retired model among its fallbacks', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_no_retired_fallback';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_fallbacks b JOIN public.feature_models fm ON fm.feature = b.feature AND fm.model = b.model WHERE b.feature = subject AND fm.status = 'primary') THEN
    RAISE EXCEPTION 'feature % has its primary among its fallbacks', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_no_primary_fallback';
  END IF;
  IF EXISTS (SELECT 1 FROM public.feature_fallbacks b WHERE b.feature = subject GROUP BY b.model HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'feature % has a model among its fallbacks twice', subject
      USING ERRCODE = '23514', CONSTRAINT = 'features_fallbacks_apart';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_feature_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_feature(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_feature(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_target(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF EXISTS (SELECT 1 FROM public.targets t WHERE t.target = subject AND NOT ((t.candidates = 'models') = EXISTS (SELECT 1 FROM public.target_models c WHERE c.target = subject) AND (t.candidates = 'stacks') = EXISTS (SELECT 1 FROM public.target_stacks c WHERE c.target = subject))) THEN
    RAISE EXCEPTION 'target % lists what its selector does not say, or lists nothing', subject
      USING ERRCODE = '23514', CONSTRAINT = 'targets_have_candidates';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_target_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_target(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_target(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_experiment(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (SELECT coalesce(sum(v.weight_bp), 10000) FROM public.model_experiment_variant v WHERE v.experiment = subject) <> 10000 THEN
    RAISE EXCEPTION 'experiment % has variant weights that do not add up to 1', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_weights_sum';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment e WHERE e.experiment = subject AND e.status IN ('active', 'paused')) AND (SELECT count(*) FROM public.model_experiment_variant v WHERE v.experiment = subject) < 2 THEN
    RAISE EXCEPTION 'experiment % runs with fewer than two variants', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_have_variants';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment e WHERE e.experiment = subject AND (e.status IN ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL))) AND EXISTS (SELECT 1 FROM public.model_experiment_variant v WHERE v.experiment = subject AND NOT EXISTS (SELECT 1 FROM public.model_experiment_variant_version x WHERE x.experiment = subject AND NOT x.withdrawn AND x.variant = v.variant)) THEN
    RAISE EXCEPTION 'experiment % has a variant without a version', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_have_versions';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment_variant_version x WHERE x.experiment = subject AND NOT x.withdrawn GROUP BY x.variant HAVING max(x.version) <> count(*)) THEN
    RAISE EXCEPTION 'experiment % has versions that are not 1, 2, 3 … in order', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_versions_in_order';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment_variant v WHERE v.experiment = subject GROUP BY v.position HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'experiment % has two variants of one position', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_variants_in_order';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment_variant_slot s WHERE s.experiment = subject) AND EXISTS (SELECT 1 FROM public.model_experiment_variant v WHERE v.experiment = subject AND v.weight_bp <> (SELECT coalesce(sum(s.last_slot - s.first_slot + 1), 0) FROM public.model_experiment_variant_slot s WHERE s.experiment = subject AND s.variant = v.variant)) THEN
    RAISE EXCEPTION 'experiment % has slots that do not match its variants'' weights', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_slots_owned';
  END IF;
  IF EXISTS (SELECT 1 FROM public.model_experiment_variant_slot a JOIN public.model_experiment_variant_slot b ON a.experiment = b.experiment AND a.first_slot < b.first_slot AND a.last_slot >= b.first_slot WHERE a.experiment = subject) THEN
    RAISE EXCEPTION 'experiment % has a slot that two ranges own', subject
      USING ERRCODE = '23514', CONSTRAINT = 'experiments_slots_apart';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_experiment_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_experiment(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_experiment(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_preferences(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF EXISTS (SELECT 1 FROM public.routing_preferences r JOIN public.preference_floors l ON l.floor = r.clamp_low JOIN public.preference_floors h ON h.floor = r.clamp_high WHERE l.quality_bp > h.quality_bp) THEN
    RAISE EXCEPTION 'preferences clamp the dial between floors in the wrong order'
      USING ERRCODE = '23514', CONSTRAINT = 'preferences_clamp_order';
  END IF;
  IF EXISTS (SELECT 1 FROM public.routing_preferences r) AND NOT EXISTS (SELECT 1 FROM public.preference_floors l WHERE l.floor = 'good') THEN
    RAISE EXCEPTION 'preferences have no floor `good`'
      USING ERRCODE = '23514', CONSTRAINT = 'preferences_have_good';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_preferences_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_preferences(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_preferences(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_name(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (CASE WHEN EXISTS (SELECT 1 FROM public.models u WHERE u.model = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.models u WHERE u.logical_slug = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.targets u WHERE u.target = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.target_aliases u WHERE u.alias = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.feature_aliases u WHERE u.alias = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.model_aliases u WHERE u.alias = subject) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM public.model_experiment u WHERE u.public_model_id = subject) THEN 1 ELSE 0 END) > 1 THEN
    RAISE EXCEPTION 'name % means several of: model, logical model, target, alias, public model id', subject
      USING ERRCODE = '23514', CONSTRAINT = 'names_mean_one_thing';
  END IF;
  IF EXISTS (SELECT 1 FROM public.targets t WHERE t.logical_slug = subject) AND NOT EXISTS (SELECT 1 FROM public.models m WHERE m.logical_slug = subject) THEN
    RAISE EXCEPTION 'name % is the logical model of a target, and no model is its host', subject
      USING ERRCODE = '23514', CONSTRAINT = 'logical_names_have_hosts';
  END IF;
  IF (EXISTS (SELECT 1 FROM public.default_banned_models b WHERE b.model = subject) OR EXISTS (SELECT 1 FROM public.tenant_banned_models b WHERE b.model = subject)) AND NOT EXISTS (SELECT 1 FROM public.models m WHERE m.model = subject) AND NOT EXISTS (SELECT 1 FROM public.models m WHERE m.logical_slug = subject) THEN
    RAISE EXCEPTION 'name % is banned, and is neither a model nor a logical model', subject
      USING ERRCODE = '23514', CONSTRAINT = 'bans_name_models';
  END IF;
  IF EXISTS (WITH RECURSIVE later (model) AS (SELECT m.successor FROM public.models m WHERE m.model = subject UNION SELECT m.successor FROM public.models m JOIN later ON m.model = later.model WHERE m.successor IS NOT NULL) SELECT 1 FROM later WHERE later.model = subject) THEN
    RAISE EXCEPTION 'name % follows itself as successor', subject
      USING ERRCODE = '23514', CONSTRAINT = 'successors_end';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_name_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_name(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_name(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_stack(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (EXISTS (SELECT 1 FROM public.target_stacks s WHERE s.stack = subject) OR EXISTS (SELECT 1 FROM public.default_stacks s WHERE s.stack = subject) OR EXISTS (SELECT 1 FROM public.tenant_stacks s WHERE s.stack = subject)) AND NOT EXISTS (SELECT 1 FROM public.providers p WHERE p.stack = subject) THEN
    RAISE EXCEPTION 'stack % is used, and no provider is in it', subject
      USING ERRCODE = '23514', CONSTRAINT = 'stacks_have_providers';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_stack_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_stack(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_stack(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_load(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF (SELECT coalesce(sum(m.share_bp), 10000) FROM public.models m WHERE m.logical_slug = subject) <> 10000 THEN
    RAISE EXCEPTION 'load % has shares that do not add up to 1', subject
      USING ERRCODE = '23514', CONSTRAINT = 'model_shares_sum';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_load_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_load(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_load(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_check_provider(subject text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF EXISTS (SELECT 1 FROM public.provider_headers h JOIN public.provider_secret_headers s ON s.provider = h.provider AND s.header = h.header WHERE h.provider = subject) THEN
    RAISE EXCEPTION 'provider % is sent a header twice', subject
      USING ERRCODE = '23514', CONSTRAINT = 'providers_headers_apart';
  END IF;
  IF EXISTS (SELECT 1 FROM public.providers p WHERE p.provider = subject AND (CASE p.auth WHEN 'bearer' THEN 'authorization' WHEN 'x-api-key' THEN 'x-api-key' WHEN 'api-key' THEN 'api-key' WHEN 'x-goog-api-key' THEN 'x-goog-api-key' ELSE lower(substr(p.auth, 8)) END IN (SELECT h.header FROM public.provider_headers h WHERE h.provider = subject UNION ALL SELECT s.header FROM public.provider_secret_headers s WHERE s.provider = subject))) THEN
    RAISE EXCEPTION 'provider % is sent another header of the name of the one that carries its key', subject
      USING ERRCODE = '23514', CONSTRAINT = 'providers_key_header_apart';
  END IF;
  IF EXISTS (SELECT 1 FROM public.provider_query q WHERE q.provider = subject GROUP BY q.position HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'provider % has two names of the query of one position', subject
      USING ERRCODE = '23514', CONSTRAINT = 'providers_query_in_order';
  END IF;
END
$body$;

CREATE FUNCTION public.routecomp_provider_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    IF TG_OP <> 'DELETE' THEN
      PERFORM public.routecomp_check_provider(to_jsonb(NEW) ->> named);
    END IF;
    IF TG_OP <> 'INSERT' THEN
      PERFORM public.routecomp_check_provider(to_jsonb(OLD) ->> named);
    END IF;
  END LOOP;
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_model_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  PERFORM public.routecomp_check_feature(fm.feature) FROM public.feature_models fm
    WHERE fm.model = NEW.model AND fm.status = 'primary';
  RETURN NULL;
END
$body$;

CREATE FUNCTION public.routecomp_all_features_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  PERFORM public.routecomp_check_feature(f.feature) FROM public.features f;
  RETURN NULL;
END
$body$;

CREATE CONSTRAINT TRIGGER features_holds
AFTER INSERT OR UPDATE OR DELETE ON public.features
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_feature_changed('feature');

CREATE CONSTRAINT TRIGGER feature_models_holds
AFTER INSERT OR UPDATE OR DELETE ON public.feature_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_feature_changed('feature');

CREATE CONSTRAINT TRIGGER feature_fallbacks_holds
AFTER INSERT OR UPDATE OR DELETE ON public.feature_fallbacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_feature_changed('feature');

CREATE CONSTRAINT TRIGGER models_holds
AFTER UPDATE OF active, quality_bp, compliance_bp, provider, logical_slug ON public.models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_model_changed();

CREATE CONSTRAINT TRIGGER providers_holds
AFTER UPDATE OF stack ON public.providers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER routing_defaults_holds
AFTER INSERT OR UPDATE OF compliance_veto_threshold_bp OR DELETE ON public.routing_defaults
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER default_banned_providers_holds
AFTER INSERT OR UPDATE OR DELETE ON public.default_banned_providers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER default_banned_models_holds
AFTER INSERT OR UPDATE OR DELETE ON public.default_banned_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER default_stacks_holds
AFTER INSERT OR UPDATE OR DELETE ON public.default_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_all_features_changed();

CREATE CONSTRAINT TRIGGER targets_holds
AFTER INSERT OR UPDATE OR DELETE ON public.targets
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_target_changed('target');

CREATE CONSTRAINT TRIGGER target_models_holds
AFTER INSERT OR UPDATE OR DELETE ON public.target_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_target_changed('target');

CREATE CONSTRAINT TRIGGER target_stacks_holds
AFTER INSERT OR UPDATE OR DELETE ON public.target_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_target_changed('target');

CREATE CONSTRAINT TRIGGER model_experiment_holds
AFTER INSERT OR UPDATE OR DELETE ON public.model_experiment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_experiment_changed('experiment');

CREATE CONSTRAINT TRIGGER model_experiment_variant_holds
AFTER INSERT OR UPDATE OR DELETE ON public.model_experiment_variant
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_experiment_changed('experiment');

CREATE CONSTRAINT TRIGGER model_experiment_variant_slot_holds
AFTER INSERT OR UPDATE OR DELETE ON public.model_experiment_variant_slot
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_experiment_changed('experiment');

CREATE CONSTRAINT TRIGGER model_experiment_variant_version_holds
AFTER INSERT OR UPDATE OR DELETE ON public.model_experiment_variant_version
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_experiment_changed('experiment');

CREATE CONSTRAINT TRIGGER routing_preferences_holds
AFTER INSERT OR UPDATE OR DELETE ON public.routing_preferences
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_preferences_changed('preferences');

CREATE CONSTRAINT TRIGGER preference_floors_holds
AFTER INSERT OR UPDATE OR DELETE ON public.preference_floors
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_preferences_changed('preferences');

CREATE CONSTRAINT TRIGGER models_names_hold
AFTER INSERT OR UPDATE OF model, logical_slug, successor OR DELETE ON public.models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('model', 'logical_slug', 'successor');

CREATE CONSTRAINT TRIGGER targets_names_hold
AFTER INSERT OR UPDATE OF target, logical_slug OR DELETE ON public.targets
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('target', 'logical_slug');

CREATE CONSTRAINT TRIGGER target_aliases_names_hold
AFTER INSERT OR UPDATE OF alias OR DELETE ON public.target_aliases
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('alias');

CREATE CONSTRAINT TRIGGER feature_aliases_names_hold
AFTER INSERT OR UPDATE OF alias OR DELETE ON public.feature_aliases
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('alias');

CREATE CONSTRAINT TRIGGER model_aliases_names_hold
AFTER INSERT OR UPDATE OF alias OR DELETE ON public.model_aliases
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('alias');

CREATE CONSTRAINT TRIGGER model_experiment_names_hold
AFTER INSERT OR UPDATE OF public_model_id OR DELETE ON public.model_experiment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('public_model_id');

CREATE CONSTRAINT TRIGGER default_banned_models_names_hold
AFTER INSERT OR UPDATE OF model OR DELETE ON public.default_banned_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('model');

CREATE CONSTRAINT TRIGGER tenant_banned_models_names_hold
AFTER INSERT OR UPDATE OF model OR DELETE ON public.tenant_banned_models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_name_changed('model');

CREATE CONSTRAINT TRIGGER providers_stacks_hold
AFTER INSERT OR UPDATE OF stack OR DELETE ON public.providers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_stack_changed('stack');

CREATE CONSTRAINT TRIGGER target_stacks_stacks_hold
AFTER INSERT OR UPDATE OF stack OR DELETE ON public.target_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_stack_changed('stack');

CREATE CONSTRAINT TRIGGER default_stacks_stacks_hold
AFTER INSERT OR UPDATE OF stack OR DELETE ON public.default_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_stack_changed('stack');

CREATE CONSTRAINT TRIGGER tenant_stacks_stacks_hold
AFTER INSERT OR UPDATE OF stack OR DELETE ON public.tenant_stacks
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_stack_changed('stack');

CREATE CONSTRAINT TRIGGER models_loads_hold
AFTER INSERT OR UPDATE OF logical_slug, share_bp OR DELETE ON public.models
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_load_changed('logical_slug');

CREATE CONSTRAINT TRIGGER providers_providers_hold
AFTER INSERT OR UPDATE OF auth OR DELETE ON public.providers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_provider_changed('provider');

CREATE CONSTRAINT TRIGGER provider_query_holds
AFTER INSERT OR UPDATE OR DELETE ON public.provider_query
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_provider_changed('provider');

CREATE CONSTRAINT TRIGGER provider_headers_holds
AFTER INSERT OR UPDATE OR DELETE ON public.provider_headers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_provider_changed('provider');

CREATE CONSTRAINT TRIGGER provider_secret_headers_holds
AFTER INSERT OR UPDATE OR DELETE ON public.provider_secret_headers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION public.routecomp_provider_changed('provider');

CREATE FUNCTION public.routecomp_routing_outcomes_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.day >= '0001-01-01' AND NEW.day <= '9999-12-31') THEN 'routing_outcomes_day_check'
    WHEN NOT (NEW.route IS NULL OR (NEW.route IN ('feature', 'target', 'logical', 'experiment', 'direct'))) THEN 'routing_outcomes_route_check'
    WHEN NOT (NEW.source IS NULL OR (NEW.source IN ('table', 'default_route', 'default_model', 'last_resort'))) THEN 'routing_outcomes_source_check'
    WHEN NOT (NEW.status IN ('ok', 'rejected_policy', 'rejected_unavailable', 'rejected_floor', 'rejected_cost', 'rejected_experiment', 'unknown_model')) THEN 'routing_outcomes_status_check'
    WHEN NOT (NEW.outcome IN ('succeeded', 'fell_back', 'failed', 'rejected', 'cancelled')) THEN 'routing_outcomes_outcome_check'
    WHEN NOT (NEW.experiment IS NULL OR (NEW.experiment COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_experiment_check'
    WHEN NOT (NEW.variant IS NULL OR (NEW.variant COLLATE "C" ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$')) THEN 'routing_outcomes_variant_check'
    WHEN NOT (NEW.version IS NULL OR (NEW.version >= 1 AND NEW.version <= 1000000000 AND NEW.version = trunc(NEW.version))) THEN 'routing_outcomes_version_check'
    WHEN NOT (NEW.slot IS NULL OR (NEW.slot >= 0 AND NEW.slot <= 9999 AND NEW.slot = trunc(NEW.slot))) THEN 'routing_outcomes_slot_check'
    WHEN NOT (NEW.latency_ms IS NULL OR (NEW.latency_ms >= 0 AND NEW.latency_ms <= 1000000000 AND NEW.latency_ms = trunc(NEW.latency_ms))) THEN 'routing_outcomes_latency_ms_check'
    WHEN NOT (NEW.first_token_ms IS NULL OR (NEW.first_token_ms >= 0 AND NEW.first_token_ms <= 1000000000 AND NEW.first_token_ms = trunc(NEW.first_token_ms))) THEN 'routing_outcomes_first_token_ms_check'
    WHEN NOT (NEW.input_tokens IS NULL OR (NEW.input_tokens >= 0 AND NEW.input_tokens <= 1000000000 AND NEW.input_tokens = trunc(NEW.input_tokens))) THEN 'routing_outcomes_input_tokens_check'
    WHEN NOT (NEW.output_tokens IS NULL OR (NEW.output_tokens >= 0 AND NEW.output_tokens <= 1000000000 AND NEW.output_tokens = trunc(NEW.output_tokens))) THEN 'routing_outcomes_output_tokens_check'
    WHEN NOT (NEW.cost_pusd IS NULL OR (NEW.cost_pusd >= 0 AND NEW.cost_pusd <= 9223372036854775807 AND NEW.cost_pusd = trunc(NEW.cost_pusd))) THEN 'routing_outcomes_cost_pusd_check'
    WHEN NOT (CAST(NEW.begun_at AT TIME ZONE 'UTC' AS DATE) = NEW.day) THEN 'routing_outcomes_day_of_call'
    WHEN NOT (NEW.outcome = 'rejected' OR (NEW.status <> 'unknown_model' AND substr(NEW.status, 1, 9) <> 'rejected_')) THEN 'routing_outcomes_rejected'
    WHEN NOT (NEW.outcome <> 'rejected' OR NEW.answered_by IS NULL) THEN 'routing_outcomes_rejected_unanswered'
    WHEN NOT (substr(NEW.reasons, 1, 1) = '[') THEN 'routing_outcomes_reasons_list'
    END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'a row of routing_outcomes violates %', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'routing_outcomes';
  END IF;
  RETURN NULL;
END
$body$;

CREATE TRIGGER routing_outcomes_holds AFTER INSERT OR UPDATE ON public.routing_outcomes
FOR EACH ROW EXECUTE FUNCTION public.routecomp_routing_outcomes_holds();

CREATE FUNCTION public.routecomp_routing_attempts_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.day >= '0001-01-01' AND NEW.day <= '9999-12-31') THEN 'routing_attempts_day_check'
    WHEN NOT (NEW.number >= 1 AND NEW.number <= 1000000000 AND NEW.number = trunc(NEW.number)) THEN 'routing_attempts_number_check'
    WHEN NOT (NEW.outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')) THEN 'routing_attempts_outcome_check'
    WHEN NOT (NEW.latency_ms IS NULL OR (NEW.latency_ms >= 0 AND NEW.latency_ms <= 1000000000 AND NEW.latency_ms = trunc(NEW.latency_ms))) THEN 'routing_attempts_latency_ms_check'
    END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'a row of routing_attempts violates %', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'routing_attempts';
  END IF;
  RETURN NULL;
END
$body$;

CREATE TRIGGER routing_attempts_holds AFTER INSERT OR UPDATE ON public.routing_attempts
FOR EACH ROW EXECUTE FUNCTION public.routecomp_routing_attempts_holds();

CREATE FUNCTION public.routecomp_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
END
$body$;

CREATE FUNCTION public.routecomp_version_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'withdrawn' - 'serving_model') = (to_jsonb(OLD) - 'withdrawn' - 'serving_model')
      AND (NEW.withdrawn OR NOT OLD.withdrawn) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM public.model_experiment e WHERE e.experiment = OLD.experiment
      AND (e.status = 'draft' OR (e.status = 'completed' AND e.archived))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'versions are append-only once an experiment is no draft: % is refused', TG_OP
    USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
END
$body$;

CREATE FUNCTION public.routecomp_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  RAISE EXCEPTION '% keeps its one row: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
END
$body$;

CREATE TRIGGER routing_defaults_stays BEFORE DELETE ON public.routing_defaults
FOR EACH ROW EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_defaults_no_truncate BEFORE TRUNCATE ON public.routing_defaults
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_resilience_stays BEFORE DELETE ON public.routing_resilience
FOR EACH ROW EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_resilience_no_truncate BEFORE TRUNCATE ON public.routing_resilience
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_scoring_stays BEFORE DELETE ON public.routing_scoring
FOR EACH ROW EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER routing_scoring_no_truncate BEFORE TRUNCATE ON public.routing_scoring
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_stays();

CREATE TRIGGER model_promotions_append_only BEFORE UPDATE OR DELETE ON public.model_promotions
FOR EACH ROW EXECUTE FUNCTION public.routecomp_append_only();

CREATE TRIGGER model_promotions_no_truncate BEFORE TRUNCATE ON public.model_promotions
FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_append_only();

CREATE TRIGGER model_experiment_variant_version_append_only BEFORE UPDATE OR DELETE
ON public.model_experiment_variant_version FOR EACH ROW EXECUTE FUNCTION public.routecomp_version_kept();

CREATE TRIGGER model_experiment_variant_version_no_truncate BEFORE TRUNCATE
ON public.model_experiment_variant_version FOR EACH STATEMENT EXECUTE FUNCTION public.routecomp_append_only();

ALTER TABLE public.model_promotions ENABLE ALWAYS TRIGGER model_promotions_append_only;

ALTER TABLE public.model_promotions ENABLE ALWAYS TRIGGER model_promotions_no_truncate;

ALTER TABLE public.model_experiment_variant_version
ENABLE ALWAYS TRIGGER model_experiment_variant_version_append_only;

ALTER TABLE public.model_experiment_variant_version
ENABLE ALWAYS TRIGGER model_experiment_variant_version_no_truncate;

REVOKE UPDATE, DELETE, TRUNCATE ON public.model_promotions FROM PUBLIC;

REVOKE DELETE, TRUNCATE ON public.model_experiment_variant_version FROM PUBLIC;

CREATE VIEW public.effective_policies (tenant, preset, banned_providers, banned_models, preferred_providers, stacks, objective, weight_quality_bp, weight_latency_bp, weight_cost_bp, min_quality_bp, fallback_enabled, fallback_cost_penalty_bp, compliance_veto_threshold_bp, max_quality_loss_bp, budget_daily_cents, budget_monthly_cents) AS
SELECT p.tenant AS tenant,
  p.preset AS preset,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM public.tenant_banned_providers l WHERE l.tenant = p.tenant ORDER BY provider COLLATE "C") listed) AS banned_providers,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT model AS name FROM public.tenant_banned_models l WHERE l.tenant = p.tenant ORDER BY model COLLATE "C") listed) AS banned_models,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM public.tenant_preferred_providers l WHERE l.tenant = p.tenant ORDER BY provider COLLATE "C") listed) AS preferred_providers,
  (SELECT '[' || string_agg('"' || name || '"', ',') || ']' FROM (SELECT stack AS name FROM public.tenant_stacks l WHERE l.tenant = p.tenant ORDER BY stack COLLATE "C") listed) AS stacks,
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
FROM public.tenant_routing_policy p
UNION ALL
SELECT NULL AS tenant,
  p.preset AS preset,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM public.default_banned_providers l ORDER BY provider COLLATE "C") listed) AS banned_providers,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT model AS name FROM public.default_banned_models l ORDER BY model COLLATE "C") listed) AS banned_models,
  (SELECT '[' || coalesce(string_agg('"' || name || '"', ','), '') || ']' FROM (SELECT provider AS name FROM public.default_preferred_providers l ORDER BY provider COLLATE "C") listed) AS preferred_providers,
  (SELECT '[' || string_agg('"' || name || '"', ',') || ']' FROM (SELECT stack AS name FROM public.default_stacks l ORDER BY stack COLLATE "C") listed) AS stacks,
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
FROM public.routing_defaults p;

COMMENT ON VIEW public.effective_policies IS 'Every field of each tenant''s policy, completed by its preset and the defaults; where the tenant is NULL, that of requests without one. Lists are JSON; `stacks` is NULL where all are allowed.';

CREATE VIEW public.model_ranks (tenant, model, plain_rank, penalised_rank) AS
WITH costs AS (
  SELECT m.model, m.provider, m.quality_bp, m.input_pusd * 10000 + m.output_ratio_bp * m.output_pusd AS blended,
    s.cost_best_pusd * 100000000 AS best, s.cost_worst_pusd * 100000000 AS worst,
    (s.cost_worst_pusd - s.cost_best_pusd) * 100000000 AS width, s.latency_worst_ms - s.latency_best_ms AS duration,
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM public.models m CROSS JOIN public.routing_scoring s
), policies AS (
  SELECT p.tenant AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM public.tenant_routing_policy p CROSS JOIN costs c LEFT JOIN public.tenant_preferred_providers f ON f.tenant = p.tenant AND f.provider = c.provider
  UNION ALL
  SELECT NULL AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM public.routing_defaults p CROSS JOIN costs c LEFT JOIN public.default_preferred_providers f ON f.provider = c.provider
), priced AS (
  SELECT policies.*, blended * 10000 AS plain_cost, blended * penalty AS fallback_cost,
    width * (wq * quality_bp * duration + wl * 10000 * speed) AS fixed
  FROM policies
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended, quality_bp,
    fixed + wc * 10000 * duration * (CASE WHEN plain_cost <= best THEN width WHEN plain_cost >= worst THEN 0 ELSE worst - plain_cost END) AS score,
    fixed + wc * 10000 * duration * (CASE WHEN fallback_cost <= best THEN width WHEN fallback_cost >= worst THEN 0 ELSE worst - fallback_cost END) AS penalised_score
  FROM priced
)
SELECT tenant, model, row_number() OVER (PARTITION BY tenant ORDER BY outside, score DESC, blended, quality_bp DESC, model COLLATE "C") AS plain_rank,
  row_number() OVER (PARTITION BY tenant ORDER BY outside, penalised_score DESC, blended, quality_bp DESC, model COLLATE "C") AS penalised_rank
FROM scored;

COMMENT ON VIEW public.model_ranks IS 'The place of each model in the plain and the penalised order of each tenant''s policy, from 1; where the tenant is NULL, of requests without one.';

CREATE VIEW public.feature_chains (tenant, feature, position, model, origin) AS
WITH costs AS (
  SELECT m.model, m.provider, m.quality_bp, m.input_pusd * 10000 + m.output_ratio_bp * m.output_pusd AS blended,
    s.cost_best_pusd * 100000000 AS best, s.cost_worst_pusd * 100000000 AS worst,
    (s.cost_worst_pusd - s.cost_best_pusd) * 100000000 AS width, s.latency_worst_ms - s.latency_best_ms AS duration,
    CASE WHEN m.latency_ms <= s.latency_best_ms THEN s.latency_worst_ms - s.latency_best_ms
      WHEN m.latency_ms >= s.latency_worst_ms THEN 0 ELSE s.latency_worst_ms - m.latency_ms END AS speed
  FROM public.models m CROSS JOIN public.routing_scoring s
), policies AS (
  SELECT p.tenant AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM public.tenant_routing_policy p CROSS JOIN costs c LEFT JOIN public.tenant_preferred_providers f ON f.tenant = p.tenant AND f.provider = c.provider
  UNION ALL
  SELECT NULL AS tenant, c.*, CASE WHEN f.provider IS NULL THEN 1 ELSE 0 END AS outside,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_quality_bp END AS wq,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_latency_bp END AS wl,
    CASE WHEN p.objective = 'cheapest' THEN 0 ELSE p.weight_cost_bp END AS wc,
    10000 + p.fallback_cost_penalty_bp AS penalty, p.fallback_enabled
  FROM public.routing_defaults p CROSS JOIN costs c LEFT JOIN public.default_preferred_providers f ON f.provider = c.provider
), priced AS (
  SELECT policies.*, blended * 10000 AS plain_cost, blended * penalty AS fallback_cost,
    width * (wq * quality_bp * duration + wl * 10000 * speed) AS fixed
  FROM policies
), scored AS (
  SELECT tenant, fallback_enabled, model, outside, blended, quality_bp,
    fixed + wc * 10000 * duration * (CASE WHEN plain_cost <= best THEN width WHEN plain_cost >= worst THEN 0 ELSE worst - plain_cost END) AS score,
    fixed + wc * 10000 * duration * (CASE WHEN fallback_cost <= best THEN width WHEN fallback_cost >= worst THEN 0 ELSE worst - fallback_cost END) AS penalised_score
  FROM priced
), policy_fallbacks AS (
  SELECT tenant, fallback_enabled FROM public.tenant_routing_policy
  UNION ALL
  SELECT NULL AS tenant, fallback_enabled FROM public.routing_defaults
), ranked AS (
  SELECT tenant, model, row_number() OVER (PARTITION BY tenant ORDER BY outside, penalised_score DESC, blended, quality_bp DESC, model COLLATE "C") AS place FROM scored WHERE fallback_enabled
), declared AS (
  SELECT feature, 0 AS tier, 0 AS place, model FROM public.feature_models WHERE status = 'primary'
  UNION ALL
  SELECT f.feature, 1 AS tier, min(f.position) AS place, f.model FROM public.feature_fallbacks f
  WHERE NOT EXISTS (SELECT 1 FROM public.feature_models r
    WHERE r.feature = f.feature AND r.model = f.model AND r.status = 'primary')
  GROUP BY f.feature, f.model
), candidates AS (
  SELECT f.feature, m.model FROM public.features f JOIN public.targets t ON t.target = f.then_target
    JOIN public.models m ON m.active AND m.listed
    JOIN public.providers p ON p.provider = m.provider
  WHERE (t.candidates = 'all'
      OR (t.candidates = 'logical' AND m.logical_slug = t.logical_slug)
      OR (t.candidates = 'models' AND EXISTS (SELECT 1 FROM public.target_models c
        WHERE c.target = t.target AND c.model = m.model))
      OR (t.candidates = 'stacks' AND EXISTS (SELECT 1 FROM public.target_stacks c
        WHERE c.target = t.target AND c.stack = p.stack)))
    AND NOT EXISTS (SELECT 1 FROM public.feature_models r
      WHERE r.feature = f.feature AND r.model = m.model AND r.status IN ('primary', 'retired'))
    AND NOT EXISTS (SELECT 1 FROM public.feature_fallbacks r WHERE r.feature = f.feature AND r.model = m.model)
), links AS (
  SELECT t.tenant, d.feature, d.tier, d.place, d.model FROM policy_fallbacks t CROSS JOIN declared d
  WHERE t.fallback_enabled OR d.tier = 0
  UNION ALL
  SELECT r.tenant, c.feature, 2 AS tier, r.place, c.model FROM candidates c JOIN ranked r ON r.model = c.model
)
SELECT tenant, feature, row_number() OVER (PARTITION BY tenant, feature ORDER BY tier, place) AS position, model,
  CASE tier WHEN 0 THEN 'primary' WHEN 1 THEN 'fallback' ELSE 'then' END AS origin
FROM links;

COMMENT ON VIEW public.feature_chains IS 'The models that a feature tries for each tenant, in order, from 1, before any filter and any share; where the tenant is NULL, for requests without one.';

CREATE VIEW public.experiment_slots (public_model_id, first_slot, last_slot, experiment, status, variant, version, model) AS
WITH answering AS (
  SELECT e.experiment, e.public_model_id, e.status, e.on_pause, e.winner FROM public.model_experiment e
  WHERE NOT e.archived AND (e.status IN ('active', 'paused') OR (e.status = 'completed' AND e.winner IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM public.model_experiment o WHERE o.public_model_id = e.public_model_id AND NOT o.archived
      AND o.status IN ('active', 'paused'))))
), serving AS (
  SELECT v.experiment, v.variant, v.version, v.model FROM public.model_experiment_variant_version v
  WHERE NOT v.withdrawn AND NOT EXISTS (SELECT 1 FROM public.model_experiment_variant_version n
    WHERE n.experiment = v.experiment AND n.variant = v.variant AND NOT n.withdrawn AND n.version > v.version)
), owned AS (
  SELECT experiment, variant, first_slot, last_slot FROM public.model_experiment_variant_slot
  UNION ALL
  SELECT w.experiment, w.variant, w.until - w.weight_bp AS first_slot, w.until - 1 AS last_slot FROM (
    SELECT v.experiment, v.variant, v.weight_bp,
      sum(v.weight_bp) OVER (PARTITION BY v.experiment ORDER BY v.position) AS until
    FROM public.model_experiment_variant v) w
  WHERE NOT EXISTS (SELECT 1 FROM public.model_experiment_variant_slot s WHERE s.experiment = w.experiment)
), assigned AS (
  SELECT a.public_model_id, o.first_slot, o.last_slot, a.experiment, a.status, o.variant
  FROM answering a JOIN owned o ON o.experiment = a.experiment WHERE a.status = 'active'
  UNION ALL
  SELECT a.public_model_id, 0 AS first_slot, 9999 AS last_slot, a.experiment, a.status,
    CASE WHEN a.status = 'completed' THEN a.winner WHEN a.on_pause = 'control' THEN (
      SELECT v.variant FROM public.model_experiment_variant v
      WHERE v.experiment = a.experiment AND v.position = 0) END AS variant
  FROM answering a WHERE a.status <> 'active'
)
SELECT a.public_model_id, a.first_slot, a.last_slot, a.experiment, a.status, a.variant, s.version, s.model
FROM assigned a LEFT JOIN serving s ON s.experiment = a.experiment AND s.variant = a.variant;

COMMENT ON VIEW public.experiment_slots IS 'The variant and the model that serve each range of slots of a public model id today: one whole range where one variant serves everyone, without a variant where the experiment is paused and rejects.';

CREATE VIEW public.model_shares (logical, model, share_bp, first_slot, last_slot) AS
SELECT logical, model, share_bp, until - share_bp AS first_slot, until - 1 AS last_slot FROM (
  SELECT m.logical_slug AS logical, m.model, m.share_bp,
    sum(m.share_bp) OVER (PARTITION BY m.logical_slug ORDER BY coalesce(m.shared_as, m.model) COLLATE "C") AS until
  FROM public.models m WHERE m.share_bp IS NOT NULL) dealt;

COMMENT ON VIEW public.model_shares IS 'The models that share the load of a logical model, active or not, and the slots that each owns: the one that serves a request where it survives every filter.';
