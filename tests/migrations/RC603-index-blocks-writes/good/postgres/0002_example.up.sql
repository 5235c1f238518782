BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.new_notes (
  size NUMERIC NOT NULL
);

CREATE INDEX new_notes_by_size ON public.new_notes (size);

COMMIT;
