BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE INDEX CONCURRENTLY notes_by_size ON public.notes (size);
--           ^^^^^^^^^^^^

COMMIT;
