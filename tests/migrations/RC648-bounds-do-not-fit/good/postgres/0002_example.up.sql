BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.notes (
  penalty_pct NUMERIC(5,2) NOT NULL,
  size SMALLINT NOT NULL,
  CONSTRAINT notes_penalty_pct_check CHECK (penalty_pct BETWEEN 0 AND 100),
  CONSTRAINT notes_size_check CHECK (size BETWEEN -32767 AND 32767)
);

COMMIT;
