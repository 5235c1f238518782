BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

INSERT INTO public.notes (note) VALUES
  ('one line');

UPDATE public.notes SET note = 'two
--                             ^^^^
lines'
WHERE note = 'x';

COMMIT;
