BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

-- routecomp:allow RC613 reason="notes_size_range takes its place"
ALTER TABLE public.notes DROP CONSTRAINT notes_size_check;

ALTER TABLE public.notes ADD CONSTRAINT notes_owner_check CHECK (owner <> 'DROP CONSTRAINT') NOT VALID;

COMMIT;
