-- Migration 0018: the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

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
  CONSTRAINT provider_secret_headers_provider_fkey FOREIGN KEY (provider) REFERENCES public.providers (
    provider
  )
);

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.providers DROP CONSTRAINT providers_url_repeats;

ALTER TABLE public.providers ADD COLUMN stream_path TEXT;

ALTER TABLE public.providers ADD COLUMN auth TEXT;

ALTER TABLE public.providers ADD COLUMN region TEXT;

ALTER TABLE public.providers ADD COLUMN allow_http BOOLEAN NOT NULL DEFAULT FALSE;

-- routecomp:allow RC613 reason="the schema of routecomp 0.2 has another one, or none"
ALTER TABLE public.providers DROP CONSTRAINT providers_base_url_check, ADD CONSTRAINT providers_base_url_check CHECK (base_url COLLATE "C" ~ '^[!-~]+$'
  AND REPLACE(REPLACE(REPLACE(base_url, '#', ''), '?', ''), '\', '') = base_url) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_stream_path_check CHECK (stream_path IS NULL
  OR (
    stream_path COLLATE "C" ~ '^[!-~]+$'
    AND REPLACE(REPLACE(stream_path, '#', ''), '\', '') = stream_path
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_over_https CHECK (SUBSTRING(LOWER(base_url) FROM 1 FOR 8) = 'https://'
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
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_adapter_known CHECK (auth IS NULL
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
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_auth_known CHECK (auth IS NULL
  OR auth IN ('bearer', 'x-api-key', 'api-key', 'x-goog-api-key', 'sigv4', 'oauth', 'none')
  OR SUBSTRING(auth FROM 1 FOR 7) = 'header:') NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_key_and_auth CHECK (auth IS NULL
  OR (
    api_key_env IS NULL
  ) = (
    auth IN ('sigv4', 'oauth', 'none')
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_region_signed CHECK (region IS NULL OR (
    auth IS NOT NULL AND auth = 'sigv4'
  )) NOT VALID;

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON COLUMN public.routing_resilience.failures IS 'Failures within the window that open a model''s circuit. Default 5.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON COLUMN public.tenant_routing_policy.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.tenant_routing_policy.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON COLUMN public.tenant_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMENT ON COLUMN public.providers.stream_path IS 'Path of the call that streams, where that is not chat_path.';

COMMENT ON COLUMN public.providers.auth IS 'How the key is sent; null in rows that were written before there was this column.';

COMMENT ON COLUMN public.providers.region IS 'AWS region in which calls are signed; with auth: sigv4 only. Default: the host''s.';

COMMENT ON COLUMN public.providers.allow_http IS 'true: plain http to a host of your own network is meant. Default false.';

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

COMMIT;
