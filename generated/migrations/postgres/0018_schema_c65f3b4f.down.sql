-- Migration 0018: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('column stream_path of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE stream_path IS NOT NULL));

SELECT public.routecomp_assert('column auth of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE auth IS NOT NULL));

SELECT public.routecomp_assert('column region of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE region IS NOT NULL));

SELECT public.routecomp_assert('column allow_http of table providers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.providers WHERE allow_http IS NOT NULL AND allow_http <> FALSE));

SELECT public.routecomp_assert('table provider_query holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.provider_query));

SELECT public.routecomp_assert('table provider_headers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.provider_headers));

SELECT public.routecomp_assert('table provider_secret_headers holds what its way back would lose', NOT EXISTS (SELECT 1 FROM public.provider_secret_headers));

ALTER TABLE public.providers DROP CONSTRAINT providers_stream_path_check;

ALTER TABLE public.providers DROP CONSTRAINT providers_over_https;

ALTER TABLE public.providers DROP CONSTRAINT providers_adapter_known;

ALTER TABLE public.providers DROP CONSTRAINT providers_auth_known;

ALTER TABLE public.providers DROP CONSTRAINT providers_key_and_auth;

ALTER TABLE public.providers DROP CONSTRAINT providers_region_signed;

ALTER TABLE public.providers DROP COLUMN stream_path;

ALTER TABLE public.providers DROP COLUMN auth;

ALTER TABLE public.providers DROP COLUMN region;

ALTER TABLE public.providers DROP COLUMN allow_http;

ALTER TABLE public.providers DROP CONSTRAINT providers_base_url_check, ADD CONSTRAINT providers_base_url_check CHECK (base_url COLLATE "C" ~ '^[!-~]+$'
  AND REPLACE(REPLACE(REPLACE(base_url, '#', ''), '?', ''), '\', '') = base_url
  AND (
    SUBSTRING(LOWER(base_url) FROM 1 FOR 8) = 'https://'
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
  )) NOT VALID;

ALTER TABLE public.providers ADD CONSTRAINT providers_url_repeats CHECK (NOT REGEXP_REPLACE(base_url, '^[^/]*//[^/]*', '') || '/' || SPLIT_PART(chat_path, '?', 1) ~ '(^|/)([^/]+)/+\2(/|$)') NOT VALID;

DROP TABLE public.provider_secret_headers;

DROP TABLE public.provider_headers;

DROP TABLE public.provider_query;

COMMENT ON COLUMN public.target_stacks.stack IS 'All models of the providers in these stacks.';

COMMENT ON COLUMN public.default_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON COLUMN public.routing_resilience.failures IS 'Failures within the window that open a model''s circuit. Default 5.';

COMMENT ON COLUMN public.routing_resilience.max_attempts IS 'Most models of one chain: every chain is cut to it. Default 5.';

COMMENT ON COLUMN public.tenant_routing_policy.objective IS 'weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the preset''s, else weighted.';

COMMENT ON COLUMN public.tenant_routing_policy.compliance_veto_threshold_bp IS 'Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset''s, else 0.50. In basis points.';

COMMENT ON COLUMN public.tenant_stacks.stack IS 'A region word, as providers declare it.';

COMMENT ON COLUMN public.feature_aliases.alias IS 'Names that callers may send as `model` and that take this feature''s chain, in printable ASCII. Default none.';

COMMIT;
