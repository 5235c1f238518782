BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

DELETE FROM public.notes
WHERE note = 'x';

WITH gone AS (SELECT note FROM public.notes) SELECT note FROM gone;

COMMIT;
