-- Migration 0019: what the schema of routecomp 0.2 added holds for every row.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_base_url_check;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_stream_path_check;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_over_https;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_adapter_known;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_auth_known;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_key_and_auth;

ALTER TABLE public.providers VALIDATE CONSTRAINT providers_region_signed;

COMMIT;
