BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.notes (
  size INTEGER,
  CONSTRAINT notes_size_check CHECK (size BETWEEN 0 AND 9)
--                                   ^^^^
);

COMMIT;
