BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.notes (
  penalty_pct NUMERIC(4,2) NOT NULL,
  CONSTRAINT notes_penalty_pct_check CHECK (penalty_pct BETWEEN 0 AND 100)
--                                                                    ^^^
);

COMMIT;
