BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

DELETE FROM public.notes;
--^^^^

UPDATE public.people SET name = 'WHERE name = 1' WHERE 1 = 1;
--^^^^

COMMIT;
