BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.other (
  note TEXT NOT NULL
);

DROP TABLE public.notes;
--         ^^^^^^^^^^^^

COMMIT;
