BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.new_notes (
  size NUMERIC NOT NULL
);

ALTER TABLE public.new_notes ADD CONSTRAINT new_notes_size_check CHECK (size BETWEEN 0 AND 9);

ALTER TABLE public.notes ADD CONSTRAINT notes_size_check CHECK (size BETWEEN 0 AND 9) NOT VALID;

COMMIT;
