-- Migration 0016: the way back, 1 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('CONFLICT: model_experiment assistant-plus-2 is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.model_experiment WHERE experiment = 'assistant-plus-2' AND on_unavailable = 'control'));

UPDATE public.model_experiment SET on_unavailable = 'reject'
WHERE experiment = 'assistant-plus-2' AND on_unavailable = 'control';

COMMIT;
