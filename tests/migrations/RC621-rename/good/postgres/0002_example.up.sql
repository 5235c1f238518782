BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

ALTER TABLE public.people ADD COLUMN title TEXT DEFAULT 'RENAME TO';

COMMIT;
