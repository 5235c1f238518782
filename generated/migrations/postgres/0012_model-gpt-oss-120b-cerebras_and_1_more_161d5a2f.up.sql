-- Migration 0012: 2 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('CONFLICT: models gpt-oss-120b-cerebras is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-oss-120b-cerebras' AND share_bp IS NULL));

UPDATE public.models SET share_bp = 4000
WHERE model = 'gpt-oss-120b-cerebras' AND share_bp IS NULL;

SELECT public.routecomp_assert('CONFLICT: models gpt-oss-120b-groq is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.models WHERE model = 'gpt-oss-120b-groq' AND share_bp IS NULL));

UPDATE public.models SET share_bp = 6000
WHERE model = 'gpt-oss-120b-groq' AND share_bp IS NULL;

COMMIT;
