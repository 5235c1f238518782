BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

CREATE TABLE public.other (
  note TEXT NOT NULL
);

INSERT INTO public.other (note) VALUES ('DROP TABLE notes');

COMMIT;
