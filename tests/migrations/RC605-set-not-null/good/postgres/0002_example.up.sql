BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

ALTER TABLE public.notes ADD CONSTRAINT notes_size_there CHECK (size IS NOT NULL) NOT VALID;

COMMIT;
