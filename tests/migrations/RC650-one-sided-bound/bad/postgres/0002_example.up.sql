BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.notes (
  size NUMERIC NOT NULL,
  CONSTRAINT notes_size_check CHECK (size >= 0)
--                                           ^
);

COMMIT;
