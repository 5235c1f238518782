BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.notes (
  size NUMERIC NOT NULL,
  count INTEGER NOT NULL,
  CONSTRAINT notes_size_check CHECK (size >= 0 AND size <= 100),
  CONSTRAINT notes_count_check CHECK (count >= 0)
);

COMMIT;
