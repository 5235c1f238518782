BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = 0; -- SET LOCAL statement_timeout = '10min'

INSERT INTO public.notes (note) VALUES ('SET LOCAL statement_timeout = ''10min''');
--^^^^

COMMIT;
