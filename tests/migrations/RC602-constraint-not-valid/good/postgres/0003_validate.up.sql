BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

ALTER TABLE public.notes VALIDATE CONSTRAINT notes_size_check;

COMMIT;
