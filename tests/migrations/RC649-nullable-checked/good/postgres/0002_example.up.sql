BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.notes (
  size INTEGER NOT NULL,
  depth INTEGER,
  CONSTRAINT notes_size_check CHECK (size BETWEEN 0 AND 9),
  CONSTRAINT notes_depth_check CHECK (depth IS NULL OR depth BETWEEN 0 AND 9)
);

COMMIT;
