BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

UPDATE public.people SET name = 'ALTER TABLE' WHERE name = 'x';

COMMIT;
