-- Migration 0028: what the schema of routecomp 0.2 added holds for every row.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_chat_path_relative;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_over_https;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_auth_known;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_paths_sound;

ALTER TABLE public.provider_query VALIDATE CONSTRAINT provider_query_named;

ALTER TABLE public.provider_headers VALIDATE CONSTRAINT provider_headers_allowed;

ALTER TABLE public.provider_secret_headers VALIDATE CONSTRAINT provider_secret_headers_allowed;

COMMIT;
