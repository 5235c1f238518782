-- Migration 0002: 1 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('CONFLICT: providers azure-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'azure-eu' AND api_key_env = 'AZURE_OPENAI_API_KEY_SWC'));

UPDATE public.providers SET api_key_env = 'AZURE_OPENAI_SWC_API_KEY'
WHERE provider = 'azure-eu' AND api_key_env = 'AZURE_OPENAI_API_KEY_SWC';

COMMIT;
